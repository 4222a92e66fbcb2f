using System.Globalization;
using System.Text;

namespace ResearchKit.Notebooks;

/// <summary>Point clouds: the vertices of Wavefront .obj files, and .xyz text.</summary>
internal static class PointData
{
    private static readonly char[] s_blanks = [' ', '\t'];

    /// <summary>Lines <c>v x y z</c>; a fourth number (weight or colour) and all other lines are passed over.</summary>
    public static NumericTable ReadObj(string path, DataOptions options, CancellationToken cancel)
    {
        var builder = new TableBuilder(path, ["x", "y", "z"], options);
        long line = 0;
        foreach (string text in Lines(path, cancel))
        {
            line++;
            if (!text.StartsWith("v ", StringComparison.Ordinal) && !text.StartsWith("v\t", StringComparison.Ordinal)) continue;
            string[] cells = text.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length < 4)
                throw new DataFileException(path, "a vertex needs three coordinates", "Complete the line: v x y z.", line, null, text.Trim());
            foreach (var (index, column) in builder.Wanted) column.Add(Encoding.UTF8.GetBytes(cells[index + 1]), line);
        }

        if (builder.Wanted[0].Column.Count == 0) throw new DataFileException(path, "the file has no vertices (lines 'v x y z')", "Check that this is a Wavefront .obj file.");
        return builder.Finish();
    }

    /// <summary>Three or more numbers a line, between blanks; first an optional count, as molecules have it; # comments.</summary>
    public static NumericTable ReadXyz(string path, DataOptions options, CancellationToken cancel)
    {
        TableBuilder? builder = null;
        long line = 0;
        int width = 0;
        long? promised = null;
        foreach (string text in Lines(path, cancel))
        {
            line++;
            string[] cells = text.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length == 0 || cells[0].StartsWith('#')) continue;
            if (builder is null && promised is null && cells.Length == 1 && long.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            {
                promised = count;
                continue;
            }

            if (builder is null)
            {
                width = cells.Length;
                if (width < 3) throw new DataFileException(path, $"a point needs three coordinates, the line has {width}", "Write x, y and z between blanks.", line, null, text.Trim());
                builder = new TableBuilder(path, [.. Enumerable.Range(0, width).Select(i => i < 3 ? "xyz"[i].ToString() : $"c{i + 1}")], options);
            }

            if (cells.Length != width)
                throw new DataFileException(path, $"the line has {cells.Length} numbers where the first has {width}", "Complete the line.", line, null, text.Trim());
            foreach (var (index, column) in builder.Wanted) column.Add(Encoding.UTF8.GetBytes(cells[index]), line);
        }

        if (builder is null) throw new DataFileException(path, "the file has no points", "Write x, y and z between blanks, one point a line.");
        int rows = builder.Wanted[0].Column.Count;
        if (promised is long p && p != rows)
            throw new DataFileException(path, $"the first line promises {p} points, the file has {rows}", "Check that it was copied to its end, or correct the count.", 1, null, p.ToString(CultureInfo.InvariantCulture));
        return builder.Finish();
    }

    private static IEnumerable<string> Lines(string path, CancellationToken cancel)
    {
        foreach (string line in File.ReadLines(path))
        {
            cancel.ThrowIfCancellationRequested();
            yield return line;
        }
    }
}
