using System.Diagnostics;

namespace ResearchKit;

/// <summary>Collects cells into a result with its certificate.</summary>
internal static class CertificateBuilder
{
    public static CompressedSet Build(WeightedPoints set, PointTable table, Cell[] cells, CellResult[] results, MomentSpace space, CompressionOptions options, Stopwatch clock)
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
            CostModel.Bytes(set.Count, space, options)), options, clock);
    }

    /// <summary>The set itself, when it already fits the budget.</summary>
    public static CompressedSet Unchanged(WeightedPoints set, PointTable table, MomentSpace space, CompressionOptions options, Stopwatch clock)
    {
        int[] indices = [.. table.Indices];
        double[] weights = table.Weights is { } given ? [.. given] : [.. Enumerable.Repeat(1.0, table.Count)];
        // The table may have been reordered by a partition.
        Array.Sort(indices, weights);
        return Finish(set, indices, weights, new Measured(space, 0, 0, 0, 0, 0, 0), options, clock);
    }

    /// <summary>What a method measured on its own result.</summary>
    internal readonly record struct Measured(MomentSpace Space, int Cells, int Rank, double Kept, double Next, double Diameter, long Bytes);

    public static CompressedSet Finish(WeightedPoints set, int[] indices, double[] weights, Measured measured, CompressionOptions options, Stopwatch clock)
    {
        double probe = options.Probes > 0 ? RidgeProbes.Error(set, indices, weights, options) : double.NaN;
        return new CompressedSet(indices, weights, new Certificate
        {
            Method = "moment cells",
            MomentSpace = measured.Space.Name,
            OriginalCount = set.Count,
            Count = indices.Length,
            Moments = measured.Space.Count,
            Cells = measured.Cells,
            MaxRank = measured.Rank,
            OriginalMass = set.Mass,
            Mass = CompensatedSum.Of(weights),
            MaxMomentResidual = measured.Kept,
            NextDegreeDefect = measured.Next,
            MaxCellDiameter = measured.Diameter,
            ProbeError = probe,
            Seconds = clock.Elapsed.TotalSeconds,
            Bytes = measured.Bytes,
        });
    }
}
