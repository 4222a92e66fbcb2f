using System.Diagnostics;

namespace ResearchKit;

/// <summary>Collects cells into a result with its certificate.</summary>
internal static class CertificateBuilder
{
    /// <summary>
    /// Cells and what became of them as a result. Cells that were cut in other coordinates than the set's own (whitened
    /// ones) have no Taylor bound.
    /// </summary>
    public static CompressedSet Build(WeightedPoints set, PointTable table, Cell[] cells, CellResult[] results, MomentSpace space, CompressionOptions options, ErrorProbes? probes, Stopwatch clock, bool mapped = false)
    {
        int total = results.Sum(r => r.Rows.Length);
        var indices = new int[total];
        var weights = new double[total];
        int at = 0, rank = 0;
        double kept = 0, nextSquare = 0, diameter = 0;
        for (int c = 0; c < cells.Length; c++)
        {
            CellResult r = results[c];
            for (int i = 0; i < r.Rows.Length; i++, at++)
            {
                indices[at] = table.IndexOf(r.Rows[i]);
                weights[at] = r.Weights[i];
            }
            rank = Math.Max(rank, r.Rank);
            kept = Math.Max(kept, r.Residual.Kept);
            double share = r.Mass / set.Mass;
            nextSquare += share * r.Residual.Next * r.Residual.Next;
            diameter = Math.Max(diameter, cells[c].Frame.Diameter(space.Metric));
        }
        Array.Sort(indices, weights);
        return Finish(set, indices, weights, new Measured(space, cells.Length, rank, kept, Math.Sqrt(nextSquare), diameter,
            CostModel.Bytes(set.Count, space, indices.Length, options), mapped ? null : Bounds(set, cells, results, space)), probes, clock);
    }

    /// <summary>The set itself, when it already fits the budget.</summary>
    public static CompressedSet Unchanged(WeightedPoints set, PointTable table, MomentSpace space, ErrorProbes? probes, Stopwatch clock)
    {
        int[] indices = [.. table.Indices];
        double[] weights = table.Weights is { } given ? [.. given] : [.. Enumerable.Repeat(1.0, table.Count)];
        // The table may have been reordered by a partition.
        Array.Sort(indices, weights);
        return Finish(set, indices, weights, new Measured(space, 0, 0, 0, 0, 0, 0, new CellBounds(space, [], [], [])), probes, clock);
    }

    private static CompressedSet Finish(WeightedPoints set, int[] indices, double[] weights, Measured measured, ErrorProbes? probes, Stopwatch clock)
    {
        ProbeErrors errors = probes?.Measure(indices, weights) ?? new ProbeErrors();
        return new CompressedSet(indices, weights, new Certificate
        {
            Method = "moment cells",
            MomentSpace = measured.Space.Name,
            OriginalCount = set.Count,
            Count = indices.Length,
            Degree = measured.Space.Degree,
            Moments = measured.Space.Count,
            Cells = measured.Cells,
            MaxRank = measured.Rank,
            OriginalMass = set.Mass,
            Mass = CompensatedSum.Of(weights),
            MaxMomentResidual = measured.Kept,
            NextDegreeDefect = measured.Next,
            MaxCellDiameter = measured.Diameter,
            ProbeErrors = errors,
            EstimatedError = errors.Largest,
            CellBounds = measured.Bounds,
            Seconds = clock.Elapsed.TotalSeconds,
            Bytes = measured.Bytes,
        });
    }

    private static CellBounds Bounds(WeightedPoints set, Cell[] cells, CellResult[] results, MomentSpace space)
    {
        int m = set.Dimension;
        // Rank 0 marks a range of a pyramid that was left as it is: it has no error.
        int[] reduced = [.. Enumerable.Range(0, cells.Length).Where(c => results[c].Rank > 0)];
        var sides = new double[reduced.Length * m];
        for (int c = 0; c < reduced.Length; c++)
            for (int j = 0; j < m; j++)
                sides[c * m + j] = 0.5 * cells[reduced[c]].Frame.Upper[j] - 0.5 * cells[reduced[c]].Frame.Lower[j];
        return new CellBounds(space, sides, [.. reduced.Select(c => results[c].Mass / set.Mass)], [.. reduced.Select(c => results[c].Residual.Kept)]);
    }

    /// <summary>What a method measured on its own result.</summary>
    private readonly record struct Measured(MomentSpace Space, int Cells, int Rank, double Kept, double Next, double Diameter, long Bytes, CellBounds? Bounds);
}
