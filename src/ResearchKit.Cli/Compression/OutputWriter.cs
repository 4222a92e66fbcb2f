using System.Globalization;
using System.Text;

namespace ResearchKit.Cli;

/// <summary>
/// Writes the kept rows: every column of the original as it stood there, then the 0-based data row and the weight. The
/// file appears complete or not at all.
/// </summary>
internal static class OutputWriter
{
    /// <summary>Endings that can be written, per kind of input.</summary>
    public static string[] EndingsFor(string input) => FileKind.IsPoints(input) ? [".csv", ".xyz"] : FileKind.IsParquet(input) ? [".csv", ".parquet"] : [".csv"];

    /// <param name="input">The original file.</param>
    /// <param name="output">The file to write; its ending decides the format.</param>
    /// <param name="rows">0-based data rows of the original, ascending.</param>
    /// <param name="weights">One weight per row.</param>
    /// <param name="points">All columns of the input, for one without a table of its own (.obj, .xyz).</param>
    public static AddedColumns Write(string input, string output, int[] rows, double[] weights, PointColumns? points)
    {
        AddedColumns names = new("row", "weight");
        OutputFolder.WriteAtomically(output, stream =>
        {
            if (FileKind.IsPoints(input))
                WritePoints(stream, output, rows, weights, points!);
            else if (FileKind.IsParquet(output))
                ParquetRows.CopyAsync(input, stream, rows, weights, names = AddedColumns.Beside(ParquetRows.NamesAsync(input).GetAwaiter().GetResult())).GetAwaiter().GetResult();
            else if (FileKind.IsParquet(input))
                names = WriteParquetAsCsv(stream, input, rows, weights);
            else
                names = CopyCsv(stream, input, rows, weights);
        });
        return names;
    }

    private static AddedColumns CopyCsv(Stream stream, string input, int[] rows, double[] weights)
    {
        CsvShape shape = CsvShape.Of(input);
        AddedColumns names = AddedColumns.Beside(shape.Names);
        using StreamWriter writer = Text(stream);
        char d = shape.Delimiter;
        bool headerWritten = false;
        int row = 0, next = 0;
        foreach (CsvRecord record in CsvRecords.Read(input, d))
        {
            if (!headerWritten)
            {
                headerWritten = true;
                writer.Write($"{(shape.HasHeader ? record.Raw : string.Join(d, shape.Names))}{d}{names.Row}{d}{names.Weight}\n");
                if (shape.HasHeader) continue;
            }
            if (next == rows.Length) break;
            if (row++ != rows[next]) continue;
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{record.Raw}{d}{rows[next]}{d}{weights[next]:R}\n"));
            next++;
        }
        if (next < rows.Length)
            throw new InvalidDataException($"'{input}' changed while it was compressed: row {rows[next]} is gone.");
        return names;
    }

    private static AddedColumns WriteParquetAsCsv(Stream stream, string input, int[] rows, double[] weights)
    {
        (string[] columns, string[][] cells) = ParquetRows.ReadTextAsync(input, rows).GetAwaiter().GetResult();
        AddedColumns names = AddedColumns.Beside(columns);
        using StreamWriter writer = Text(stream);
        writer.Write(string.Join(',', columns.Append(names.Row).Append(names.Weight).Select(c => CsvRecords.Quote(c, ','))) + "\n");
        for (int i = 0; i < rows.Length; i++)
        {
            foreach (string[] column in cells) writer.Write(CsvRecords.Quote(column[i], ',') + ",");
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{rows[i]},{weights[i]:R}\n"));
        }
        return names;
    }

    private static void WritePoints(Stream stream, string output, int[] rows, double[] weights, PointColumns points)
    {
        using StreamWriter writer = Text(stream);
        bool csv = !FileKind.IsPoints(output);
        char s = csv ? ',' : ' ';
        // Readers of .xyz take the first three numbers and skip lines that begin with '#'.
        writer.Write($"{(csv ? "" : "# ")}{string.Join(s, points.Names)}{s}row{s}weight\n");
        int m = points.Names.Count;
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < m; j++) writer.Write(string.Create(CultureInfo.InvariantCulture, $"{points.Columns[j][rows[i]]:R}{s}"));
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{rows[i]}{s}{weights[i]:R}\n"));
        }
    }

    private static StreamWriter Text(Stream stream) => new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
}

/// <summary>The columns of a point cloud.</summary>
/// <param name="Names">x, y, z and what follows.</param>
/// <param name="Columns">Values per column, one per row of the file.</param>
internal sealed record PointColumns(IReadOnlyList<string> Names, IReadOnlyList<double[]> Columns);

/// <summary>File formats by their endings.</summary>
internal static class FileKind
{
    public static readonly string[] Inputs = [".csv", ".tsv", ".txt", ".parquet", ".obj", ".xyz"];

    public static bool IsParquet(string path) => Ends(path, ".parquet");

    public static bool IsPoints(string path) => Ends(path, ".obj") || Ends(path, ".xyz");

    private static bool Ends(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
