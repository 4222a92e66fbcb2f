using System.Globalization;
using System.Text;
using CsvHelper;

namespace ResearchKit.Notebooks;

/// <summary>Comma-separated values by RFC 4180: quotes, quoted line breaks, CRLF or LF, byte order mark; UTF-8, invariant numbers.</summary>
internal static class CsvData
{
    /// <summary>The name by which a first column without one can be asked for.</summary>
    private const string IndexColumn = "index";

    public static NumericTable Read(string path, DataOptions options, CancellationToken cancel)
    {
        RefuseUtf16(path);
        using CsvReader csv = CsvReader.FromFile(path, new CsvReaderOptions
        {
            HasHeader = false, Separator = options.Separator, SkipEmptyLines = true, TrackLineNumbers = true, TrimWhitespace = false,
            MalformedData = CsvMalformedDataHandling.Throw, FieldCountMismatch = CsvFieldCountHandling.Allow, FormatProvider = CultureInfo.InvariantCulture,
        });
        try
        {
            if (!csv.Read()) throw new DataFileException(path, "the file is empty", "Check that it was written to its end.");
            int width = csv.FieldCount;
            string[] first = [.. Enumerable.Range(0, width).Select(csv.GetString)];
            if (width == 1 && options.Separator == ',' && first[0].IndexOfAny([';', '\t']) is >= 0 and int at)
                throw new DataFileException(path, "the cells seem to be separated by another character than a comma", $"Set Separator = '{(first[0][at] == '\t' ? "\\t" : first[0][at])}'.", 1, null, first[0]);
            bool numeric = first.All(IsNumber);
            bool header = options.Header ?? !numeric;
            string[] names = header ? [.. first.Select(f => f.Trim())] : [.. first.Select((_, i) => $"c{i + 1}")];
            bool index = width > 1 && names[0].Length == 0 && !names.Contains(IndexColumn);
            if (index) names[0] = IndexColumn;
            // A row's number is no coordinate: it is read only where it is asked for by name.
            var builder = new TableBuilder(path, names, index && options.Columns is null ? options with { Columns = names[1..] } : options);
            if (index && options.Columns is null) builder.Find($"The first column has no name, as the index that pandas writes: left out (read it by Columns as '{IndexColumn}').");
            if (options.Header is null && numeric) builder.Find($"The first row holds numbers only: read as data, columns named c1 to c{width}.");
            if (!header) AddRow(csv, builder);
            long rows = 0;
            while (csv.Read())
            {
                if ((++rows & 4095) == 0) cancel.ThrowIfCancellationRequested();
                if (csv.FieldCount != width)
                    throw new DataFileException(path, $"the row has {csv.FieldCount} cells where the first row has {width}", "Complete the row, or put quotes around cells that hold the separator.", csv.LineNumber, null, Encoding.UTF8.GetString(csv.RawRecord).TrimEnd());
                AddRow(csv, builder);
            }

            return builder.Finish();
        }
        catch (CsvFormatException e)
        {
            throw new DataFileException(path, "the quoting is broken (" + e.Message.TrimEnd('.') + ")", "Double the quotes inside quoted cells and close each quote.", e.LineNumber > 0 ? e.LineNumber : null, inner: e);
        }
    }

    /// <summary>Writes a header and rows with the shortest digits that give the same doubles back.</summary>
    public static void Write(string path, NumericTable table, IReadOnlyList<double>? weights) => SafeFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', table.Columns.Concat(weights is null ? [] : [DataFile.WeightColumn]).Select(Field)));
        for (int r = 0; r < table.Rows; r++)
        {
            for (int c = 0; c < table.Columns.Count; c++)
            {
                if (c > 0) writer.Write(',');
                writer.Write(table.RowMajor[((long)r * table.Columns.Count) + c].ToString("R", CultureInfo.InvariantCulture));
            }

            if (weights is not null) writer.Write("," + weights[r].ToString("R", CultureInfo.InvariantCulture));
            writer.WriteLine();
        }
    });

    /// <summary>A cell, quoted where RFC 4180 asks for it.</summary>
    public static string Field(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : text;

    private static void AddRow(CsvReader csv, TableBuilder builder)
    {
        long line = csv.LineNumber;
        foreach (var (index, column) in builder.Wanted) column.Add(csv.GetSpan(index), line);
    }

    private static bool IsNumber(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static void RefuseUtf16(string path)
    {
        using FileStream stream = File.OpenRead(path);
        int a = stream.ReadByte(), b = stream.ReadByte();
        if ((a, b) is (0xFF, 0xFE) or (0xFE, 0xFF))
            throw new DataFileException(path, "the file is UTF-16", "Save it as UTF-8.");
    }
}
