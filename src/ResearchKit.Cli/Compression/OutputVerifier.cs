using System.Globalization;

namespace ResearchKit.Cli;

/// <summary>What reading the output back has shown.</summary>
/// <param name="Comparison">Mass and moments against the input's.</param>
/// <param name="Problems">Anything else that is wrong, worst first; empty if the file is what it should be.</param>
internal sealed record Verification(MomentComparison Comparison, IReadOnlyList<string> Problems)
{
    /// <summary>Round-off of sums over a few million terms stays well below; a changed digit does not.</summary>
    public const double Tolerance = 1e-12;

    public bool Holds => Problems.Count == 0 && Comparison.MassResidual <= Tolerance && Comparison.MaxResidual <= Tolerance;
}

/// <summary>
/// Reads a written output back from the disk and checks it against the input: rows that exist, once each, with the
/// values they had; positive weights; and all moments up to degree k of the whole data.
/// </summary>
internal static class OutputVerifier
{
    /// <param name="source">The input.</param>
    /// <param name="output">The file to check.</param>
    /// <param name="added">The names of its columns for row and weight.</param>
    /// <param name="degree">k.</param>
    /// <param name="cancellation">Cancels the sums.</param>
    public static Verification Verify(SourceData source, string output, AddedColumns added, int degree, CancellationToken cancellation)
    {
        int m = source.Points.Dimension;
        OutputRows rows = Read(output, added, source.Names, source.Fills);
        var objectOfRow = new Dictionary<long, int>(source.Rows.Length);
        for (int i = 0; i < source.Rows.Length; i++) objectOfRow[source.Rows[i]] = i;
        var seen = new HashSet<long>();
        for (int i = 0; i < rows.Rows.Length; i++)
        {
            if (rows.Rows[i] is not { } row) continue;
            if (!objectOfRow.TryGetValue(row, out int o))
                rows.Problems.Add($"the row in line {i + 2} is '{row}', which is no row of the input");
            else if (!seen.Add(row))
                rows.Problems.Add($"row {row} occurs twice");
            else if (!source.Points[o].SequenceEqual(rows.Points.AsSpan(i * m, m)))
                rows.Problems.Add($"row {row} has other values than in the input");
        }
        MomentComparison comparison = MomentVerifier.Compare([.. source.Points.Coordinates], source.Points.IsUniform ? null : [.. source.Points.Weights],
            rows.Points, rows.Weights, m, degree, cancellation);
        return new Verification(comparison, rows.Problems);
    }

    /// <summary>Reads an output back.</summary>
    /// <param name="output">The file.</param>
    /// <param name="added">The names of its columns for row and weight.</param>
    /// <param name="names">The coordinates.</param>
    /// <param name="fills">What stands in for a missing cell of each.</param>
    public static OutputRows Read(string output, AddedColumns added, IReadOnlyList<string> names, IReadOnlyList<double?> fills)
    {
        (string[] header, string[][] cells) = Read(output);
        int m = names.Count, count = cells.Length;
        int rowColumn = IndexOf(header, added.Row, output), weightColumn = IndexOf(header, added.Weight, output);
        int[] columns = [.. names.Select(n => IndexOf(header, n, output))];
        var result = new OutputRows(new double[count * m], new double[count], new long?[count], []);
        for (int i = 0; i < count; i++)
        {
            string[] line = cells[i];
            if (line.Length != header.Length)
            {
                result.Problems.Add($"line {i + 2} has {line.Length} fields, not {header.Length}");
                continue;
            }
            double weight = result.Weights[i] = Number(line[weightColumn]) ?? double.NaN;
            if (!(weight > 0) || double.IsInfinity(weight)) result.Problems.Add($"the weight in line {i + 2} is '{line[weightColumn]}', not a positive number");
            for (int j = 0; j < m; j++)
                result.Points[i * m + j] = Number(line[columns[j]]) is { } x && !double.IsNaN(x) ? x : fills[j] ?? double.NaN;
            if (long.TryParse(line[rowColumn], CultureInfo.InvariantCulture, out long row)) result.Rows[i] = row;
            else result.Problems.Add($"the row in line {i + 2} is '{line[rowColumn]}', which is no row of the input");
        }
        return result;
    }

    private static (string[] Header, string[][] Cells) Read(string output)
    {
        if (FileKind.IsParquet(output))
        {
            (string[] names, string[][] columns) = ParquetRows.ReadTextAsync(output, null).GetAwaiter().GetResult();
            return (names, [.. Enumerable.Range(0, columns[0].Length).Select(i => columns.Select(c => c[i]).ToArray())]);
        }
        if (FileKind.IsPoints(output))
        {
            string[][] lines = [.. File.ReadLines(output).Select(l => l.TrimStart('#', ' ').Split(' '))];
            return (lines[0], lines[1..]);
        }
        CsvRecord[] records = [.. CsvRecords.Read(output, CsvShape.Of(output).Delimiter)];
        if (records.Length == 0) throw new InvalidDataException($"'{output}' is empty.");
        return ([.. records[0].Fields.Select(f => f.Trim())], [.. records.Skip(1).Select(r => r.Fields)]);
    }

    private static int IndexOf(string[] header, string name, string output)
    {
        int index = Array.IndexOf(header, name);
        return index >= 0 ? index : throw new InvalidDataException($"'{output}' has no column '{name}'.");
    }

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}

/// <summary>An output as it was read back.</summary>
/// <param name="Points">Coordinates, row-major.</param>
/// <param name="Weights">Weights.</param>
/// <param name="Rows">Rows of the input; null where there is no number.</param>
/// <param name="Problems">What was wrong with the lines.</param>
internal sealed record OutputRows(double[] Points, double[] Weights, long?[] Rows, List<string> Problems);
