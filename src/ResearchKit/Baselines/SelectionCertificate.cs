using System.Diagnostics;

namespace ResearchKit.Baselines;

/// <summary>
/// The certificate of a selection without cells of its own: the whole set is the one cell, and moments are compared in
/// its local frame and orthonormal Legendre product basis.
/// </summary>
internal static unsafe class SelectionCertificate
{
    /// <summary>What the reduction itself knows; all zero where no moment matrix was formed.</summary>
    public readonly record struct Work(int MaxRank, double MaxDiameter, long Bytes);

    public static CompressedSet Certify(string method, WeightedPoints set, MomentSpace space, int[] indices, double[] weights, CompressionOptions options, Work work, long startTimestamp)
    {
        double[] difference = RidgeProbes.Difference(set, indices, weights);
        LocalFrame frame = LocalFrame.Of(set);
        MomentSpace? watched = space.WithDefect(space.Layer + 1);
        ProductBasis basis = ProductBasis.Of(watched ?? space);
        var totals = new MomentTotals(basis.Count);
        using (var kernel = new MomentKernel())
        {
            // Moments of the difference of weights, not differences of moments: nothing large cancels.
            fixed (double* p = set.CoordinateArray, w = difference)
                kernel.SumCompensated(basis, frame, p, w, set.Count, totals);
        }
        double residual = 0, defect = 0;
        for (int e = 0; e < space.Count; e++) residual = Math.Max(residual, Math.Abs(totals[e]));
        for (int e = space.Count; e < basis.Count; e++) defect += totals[e] * totals[e];
        var certificate = new Certificate
        {
            Method = method,
            MomentSpace = space.Name,
            OriginalCount = set.Count,
            Count = indices.Length,
            Moments = space.Count,
            Cells = 1,
            MaxRank = work.MaxRank,
            OriginalMass = set.Mass,
            Mass = CompensatedSum.Of(weights),
            MaxMomentResidual = residual / set.Mass,
            NextDegreeDefect = watched is null ? double.NaN : Math.Sqrt(defect / (basis.Count - space.Count)) / set.Mass,
            MaxCellDiameter = work.MaxDiameter,
            ProbeError = options.Probes > 0
                ? RidgeProbes.Error(set, difference, frame, options.Seed, options.Probes, options.Parallel())
                : double.NaN,
            Seconds = Stopwatch.GetElapsedTime(startTimestamp).TotalSeconds,
            Bytes = work.Bytes + 8L * set.Count,
        };
        return new CompressedSet(indices, weights, certificate);
    }
}
