using System.Globalization;

namespace ResearchKit.Cli;

/// <summary>
/// Chooses coordinates and weights and applies the policies. Every column of the file gets a finding: nothing is left
/// out, filled in or kept silently.
/// </summary>
internal static class SourceReader
{
    public static SourceData Read(CompressRequest request, CancellationToken cancellation)
        => Choose(request, RawTable.Read(request.Input, cancellation));

    /// <summary>The same for columns that are read already.</summary>
    public static SourceData Choose(CompressRequest request, RawTable table)
    {
        RawColumn? weight = request.WeightColumn is { } w ? Find(table, w, "--weight-column") : null;
        var findings = table.Columns.ToDictionary(c => c.Name, c => new ColumnFinding(c.Name, "carried along", "not among --columns"));
        List<RawColumn> coordinates = Coordinates(request, table, weight, findings);
        coordinates = WithoutConstants(request, coordinates, findings);
        (int[] rows, double?[] fills) = Present(request, table, coordinates, findings);
        double[]? weights = weight is null ? null : Weights(weight, rows, findings);
        return new SourceData
        {
            Points = new WeightedPoints(Values(coordinates, rows, fills), coordinates.Count, weights),
            Names = [.. coordinates.Select(c => c.Name)],
            Rows = rows,
            RowCount = table.RowCount,
            Findings = [.. table.Columns.Select(c => findings[c.Name])],
            Fills = fills,
            PointColumns = FileKind.IsPoints(request.Input) ? new([.. table.Columns.Select(c => c.Name)], [.. table.Columns.Select(c => c.Values.ToArray())]) : null,
        };
    }

    private static RawColumn Find(RawTable table, string name, string option)
    {
        if (table.Columns.FirstOrDefault(c => c.Name == name) is { } column) return column;
        string[] names = [.. table.Columns.Select(c => c.Name)];
        throw new CliException($"{option}: there is no column '{name}'.", $"{Suggestions.Question(name, names)} Columns there: {string.Join(", ", names)}.".TrimStart());
    }

    private static List<RawColumn> Coordinates(CompressRequest request, RawTable table, RawColumn? weight, Dictionary<string, ColumnFinding> findings)
    {
        bool named = request.Columns.Count > 0;
        if (request.Columns.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new CliException($"--columns names '{twice.Key}' twice.", "Name each column once.");
        var result = new List<RawColumn>();
        foreach (RawColumn c in named ? request.Columns.Select(n => Find(table, n, "--columns")) : table.Columns)
        {
            if (c == weight)
            {
                if (named) throw new CliException($"'{c.Name}' is both in --columns and the --weight-column.", "Leave it out of --columns.");
                continue;
            }
            if (c.Texts > 0 && (named || !c.IsText))
                throw new CliException($"Column '{c.Name}' holds '{c.FirstText}' in row {c.FirstTextRow}, which is no number ({c.Texts} such {(c.Texts == 1 ? "cell" : "cells")}, {c.Numbers} numbers).",
                    "Mend the cells, leave them empty and choose --missing, or leave the column out of --columns.");
            if (c.IsText && request.Text == TextChoice.Error)
                throw new CliException($"Column '{c.Name}' is text ('{c.FirstText}' in row {c.FirstTextRow}); only numbers can be compressed by.",
                    "--text drop carries it along without compressing by it; --columns names the coordinates to use.");
            if (c.IsText)
            {
                findings[c.Name] = new(c.Name, "carried along", $"text, e.g. '{c.FirstText}' (--text drop)");
                continue;
            }
            if (c.FirstInfinite >= 0)
                throw new CliException($"Column '{c.Name}' holds {c.Values[c.FirstInfinite].ToString(CultureInfo.InvariantCulture)} in row {c.FirstInfinite}; coordinates must be finite.", "Mend or remove that row.");
            if (c.Numbers == 0)
                throw new CliException($"Column '{c.Name}' has no values at all.", "Leave it out of --columns.");
            findings[c.Name] = new(c.Name, "coordinate", "");
            result.Add(c);
        }
        return result.Count > 0 ? result : throw new CliException($"'{request.Input}' has no numeric column to compress by.", "Choose --columns, or make a column numeric.");
    }

    private static List<RawColumn> WithoutConstants(CompressRequest request, List<RawColumn> coordinates, Dictionary<string, ColumnFinding> findings)
    {
        var result = new List<RawColumn>();
        foreach (RawColumn c in coordinates)
        {
            double first = c.Values.First(v => !double.IsNaN(v));
            if (c.Values.Count > 1 && c.Values.All(v => double.IsNaN(v) || v == first))
            {
                string value = $"constant {first.ToString("R", CultureInfo.InvariantCulture)}";
                if (request.Constant == ConstantChoice.Error)
                    throw new CliException($"Column '{c.Name}' is {value} in all {c.Values.Count} rows.", "--constant drop carries it along without compressing by it; --constant keep keeps it.");
                bool drop = request.Constant == ConstantChoice.Drop;
                findings[c.Name] = new(c.Name, drop ? "carried along" : "coordinate", $"{value}{(drop ? " (--constant drop)" : "; --constant drop would save moments")}");
                if (drop) continue;
            }
            result.Add(c);
        }
        return result.Count > 0 ? result : throw new CliException("Every coordinate is constant, and --constant drop leaves none.", "Use --constant keep, or other --columns.");
    }

    private static (int[] Rows, double?[] Fills) Present(CompressRequest request, RawTable table, List<RawColumn> coordinates, Dictionary<string, ColumnFinding> findings)
    {
        var fills = new double?[coordinates.Count];
        for (int j = 0; j < coordinates.Count; j++)
        {
            RawColumn c = coordinates[j];
            if (c.Missing == 0) continue;
            string found = $"{c.Missing} of {c.Values.Count} cells missing, first in row {c.FirstMissing}";
            if (request.Missing == MissingChoice.Error)
                throw new CliException($"Column '{c.Name}': {found}.", "--missing drop leaves such rows out; --missing mean uses the column's mean; --columns can leave the column out.");
            if (request.Missing == MissingChoice.Mean) fills[j] = c.Mean();
            string note = request.Missing == MissingChoice.Drop ? "their rows left out (--missing drop)" : $"counted as the mean {fills[j]!.Value.ToString("G6", CultureInfo.InvariantCulture)} (--missing mean)";
            string before = findings[c.Name].Note;
            findings[c.Name] = new(c.Name, "coordinate", $"{(before.Length > 0 ? before + "; " : "")}{found}; {note}");
        }
        int[] rows = request.Missing == MissingChoice.Drop
            ? [.. Enumerable.Range(0, table.RowCount).Where(r => coordinates.TrueForAll(c => !double.IsNaN(c.Values[r])))]
            : [.. Enumerable.Range(0, table.RowCount)];
        return rows.Length > 0 ? (rows, fills) : throw new CliException("No row has all its coordinates, and --missing drop leaves none.", "Use --missing mean, or leave the emptiest columns out of --columns.");
    }

    private static double[] Weights(RawColumn column, int[] rows, Dictionary<string, ColumnFinding> findings)
    {
        var weights = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            double w = column.Values[rows[i]];
            if (!(w >= 0) || double.IsInfinity(w))
                throw new CliException($"--weight-column '{column.Name}': row {rows[i]} {(double.IsNaN(w) ? "has no number" : $"has {w.ToString("R", CultureInfo.InvariantCulture)}")}; weights must be finite and not negative.",
                    "Mend or remove that row; compress positive and negative weights as two files.");
            weights[i] = w;
        }
        if (weights.All(w => w == 0))
            throw new CliException($"--weight-column '{column.Name}': all weights are 0.", "At least one must be positive.");
        findings[column.Name] = new(column.Name, "weight", "");
        return weights;
    }

    private static double[] Values(List<RawColumn> coordinates, int[] rows, double?[] fills)
    {
        int m = coordinates.Count;
        if ((long)rows.Length * m > Array.MaxLength)
            throw new CliException($"{rows.Length} rows of {m} coordinates are too many for one array; at most {Array.MaxLength / m} rows.", "Split the file, or use fewer --columns.");
        var values = new double[rows.Length * m];
        for (int j = 0; j < m; j++)
        {
            IReadOnlyList<double> column = coordinates[j].Values;
            for (int i = 0; i < rows.Length; i++)
            {
                double v = column[rows[i]];
                values[i * m + j] = double.IsNaN(v) ? fills[j]!.Value : v;
            }
        }
        return values;
    }
}
