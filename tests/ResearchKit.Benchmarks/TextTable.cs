using System.Globalization;

namespace ResearchKit.Benchmarks;

/// <summary>A plain aligned table: the first column to the left, numbers to the right.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> rows = [header];

    public void Add(params string[] cells) => rows.Add(cells);

    public void Print(string title)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length))];
        foreach (string[] row in rows)
            Console.WriteLine(string.Join("  ", row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
    }

    public static string Number(double value, string format = "F2") => value.ToString(format, CultureInfo.InvariantCulture);

    public static string Milliseconds(double seconds) => Number(1e3 * seconds, seconds < 0.1 ? "F2" : "F0") + " ms";

    public static string Megabytes(double bytes) => Number(bytes / 1e6, "F1") + " MB";
}
