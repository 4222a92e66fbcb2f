namespace ResearchKit.Benchmarks;

/// <summary>One plain pass over a set that only computes its moments: what a compression to one cell cannot beat.</summary>
internal static unsafe class MomentPass
{
    /// <summary>Points per task; fixed chunks, so that every thread count gives the same sums.</summary>
    private const int Share = 64 * MomentKernel.Chunk;

    /// <summary>The compensated moments of a set in a given frame, with the library's own kernel.</summary>
    public static MomentTotals Run(WeightedPoints set, MomentSpace space, LocalFrame frame, int threads)
    {
        ProductBasis basis = ProductBasis.Of(space);
        int shares = (set.Count + Share - 1) / Share;
        var totals = new MomentTotals[shares];
        fixed (double* points = set.CoordinateArray)
        {
            // Lambdas cannot capture a fixed local.
            nint address = (nint)points;
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
            Parallel.For(0, shares, parallel, static () => new MomentKernel(), (s, _, kernel) =>
            {
                long start = (long)s * Share;
                totals[s] = new MomentTotals(space.Count);
                kernel.SumCompensated(basis, frame, (double*)address + start * set.Dimension, null, Math.Min(Share, set.Count - start), totals[s]);
                return kernel;
            }, static kernel => kernel.Dispose());
        }
        for (int s = 1; s < shares; s++) totals[0].Add(totals[s]);
        return totals[0];
    }
}
