using System.Globalization;

namespace ResearchKit.Cli;

/// <summary>How a CSV file is laid out.</summary>
/// <param name="Delimiter">Comma, semicolon or tab.</param>
/// <param name="HasHeader">False when the first record holds numbers only: it is data then.</param>
/// <param name="Names">The columns; c1, c2, ... without a header.</param>
internal sealed record CsvShape(char Delimiter, bool HasHeader, string[] Names)
{
    public static CsvShape Of(string path)
    {
        string? first = File.ReadLines(path).FirstOrDefault(l => !string.IsNullOrWhiteSpace(l))
            ?? throw new CliException($"'{path}' holds no records.", "A header and at least one row are needed.");
        char delimiter = CsvRecords.DelimiterOf(first);
        string[] fields = CsvRecords.Read(path, delimiter).First().Fields;
        bool header = !fields.All(f => double.TryParse(f, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        return new CsvShape(delimiter, header, header ? [.. fields.Select(f => f.Trim())] : [.. fields.Select((_, i) => $"c{i + 1}")]);
    }
}
