using System.Text;

namespace ResearchKit.Cli;

/// <summary>One record of a CSV file.</summary>
/// <param name="Line">The 1-based line that it begins in.</param>
/// <param name="Raw">Its text as it stands in the file, without the line end.</param>
/// <param name="Fields">Its fields, unquoted.</param>
internal readonly record struct CsvRecord(int Line, string Raw, string[] Fields);

/// <summary>
/// Splits a CSV file into records and keeps each record's own text, so that selected rows can be written back
/// untouched: quotes, padding and the writing of numbers included.
/// </summary>
internal static class CsvRecords
{
    /// <summary>Reads records one after the other; blank lines are skipped.</summary>
    /// <exception cref="InvalidDataException">A quote is never closed.</exception>
    public static IEnumerable<CsvRecord> Read(string path, char delimiter)
    {
        using var reader = new StreamReader(path, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true, 1 << 16);
        int line = 0;
        while (reader.ReadLine() is { } raw)
        {
            int first = ++line;
            // A quoted field may run over lines.
            while (IsOpen(raw, delimiter))
            {
                if (reader.ReadLine() is not { } next)
                    throw new InvalidDataException($"'{path}' line {first}: a quoted field is never closed. Close it with a quote, or double the quotes inside fields.");
                raw += "\n" + next;
                line++;
            }
            if (!string.IsNullOrWhiteSpace(raw)) yield return new CsvRecord(first, raw, Split(raw, delimiter));
        }
    }

    /// <summary>The delimiter of the header: comma, semicolon or tab, whichever occurs most often outside quotes.</summary>
    public static char DelimiterOf(string header)
    {
        char best = ',';
        int most = 0;
        foreach (char candidate in new[] { ',', ';', '\t' })
        {
            int count = Split(header, candidate).Length;
            if (count > most) (best, most) = (candidate, count);
        }
        return best;
    }

    public static string Quote(string field, char delimiter) =>
        field.AsSpan().IndexOfAny(delimiter, '"', '\n') >= 0 || field.Contains('\r', StringComparison.Ordinal)
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    /// <summary>True when the text ends inside a quoted field. A doubled quote closes and opens again.</summary>
    internal static bool IsOpen(string raw, char delimiter)
    {
        bool quoted = false, atStart = true, mayReopen = false;
        foreach (char c in raw)
        {
            if (c != '"')
            {
                mayReopen = false;
                atStart = !quoted && c == delimiter;
                continue;
            }
            // A quote in the middle of a bare field is an ordinary character.
            if (quoted) (quoted, mayReopen) = (false, true);
            else if (atStart || mayReopen) quoted = true;
            atStart = false;
        }
        return quoted;
    }

    internal static string[] Split(string raw, char delimiter)
    {
        if (!raw.Contains('"', StringComparison.Ordinal)) return raw.Split(delimiter);
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < raw.Length; i++)
        {
            char c = raw[i];
            if (quoted)
            {
                if (c != '"') field.Append(c);
                else if (i + 1 < raw.Length && raw[i + 1] == '"') { field.Append('"'); i++; }
                else quoted = false;
            }
            else if (c == '"' && field.Length == 0) quoted = true;
            else if (c == delimiter) { fields.Add(field.ToString()); field.Clear(); }
            else field.Append(c);
        }
        fields.Add(field.ToString());
        return [.. fields];
    }
}
