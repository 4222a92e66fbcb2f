namespace ResearchKit;

/// <summary>Operation counts of a compression, and a rough speed to turn them into seconds.</summary>
internal static class CostModel
{
    /// <summary>Sustained operations per second of one core in reductions, and per point overheads of the partition.</summary>
    private const double FlopsPerSecond = 4e9, SecondsPerSplit = 10e-9;

    public static CostEstimate Estimate(int count, MomentSpace space, CompressionOptions options)
    {
        int budget = options.RequireBudget();
        if (count <= budget) return new CostEstimate(0, 1e-9 * count, 8.0 * count);
        double n = space.Count;
        (double evaluated, double combined) = Rows(space, options.MomentsOnly);
        int cells = Math.Max(1, budget / space.Count);
        double perCell = (double)count / cells;
        // Direct cells: factor, Lagrange values, exchanges and descent; larger ones shrink by groups first.
        double direct = Math.Min(perCell, 16 * n);
        double reduce = cells * direct * n * (2 * n + 4 * (combined - n)) * 1.5;
        double passes = 2.0 * count * evaluated * 1.2;
        double flops = reduce + passes;
        int threads = options.MaxDegreeOfParallelism == -1 ? Environment.ProcessorCount : Math.Min(options.MaxDegreeOfParallelism, Environment.ProcessorCount);
        double partition = SecondsPerSplit * count * Math.Max(1, Math.Log2(cells)) * space.Dimension;
        return new CostEstimate(flops, (flops / FlopsPerSecond + partition) / Math.Max(1, Math.Min(threads, cells)), Bytes(count, space, budget, options));
    }

    /// <summary>Every degree that an automatic choice may try at a budget.</summary>
    public static CostEstimate EstimateSearch(int count, int dimension, CompressionOptions options)
    {
        double flops = 0, seconds = 0, bytes = 0;
        foreach (int degree in CompressionSearch.Degrees(dimension, Math.Min(options.RequireBudget(), count)))
        {
            CostEstimate one = Estimate(count, options.SpaceOf(dimension, degree), options);
            (flops, seconds, bytes) = (flops + one.Flops, seconds + one.Seconds, Math.Max(bytes, one.Bytes));
        }
        return new CostEstimate(flops, seconds, bytes);
    }

    /// <summary>Memory beyond the input: the reordered copy (unless one cell needs no order), and one worker's matrices per thread.</summary>
    public static long Bytes(int count, MomentSpace space, int budget, CompressionOptions options)
    {
        long threads = options.MaxDegreeOfParallelism == -1 ? Environment.ProcessorCount : options.MaxDegreeOfParallelism;
        long perCell = Math.Min(16L * space.Count, 1 + (long)count * space.Count / Math.Max(1, budget));
        long copy = budget < 2 * space.Count ? 0 : (8L * space.Dimension + 12) * count;
        return copy + threads * 8L * perCell * (long)Rows(space, options.MomentsOnly).Evaluated * 3;
    }

    /// <summary>Rows that are evaluated (with both watched layers), and rows that take part in the elimination.</summary>
    private static (double Evaluated, double Combined) Rows(MomentSpace space, bool momentsOnly)
    {
        double n = space.Count;
        if (momentsOnly) return (n, n);
        double next = space.CountOfLayer(space.Layer + 1);
        if (!MomentSpace.CanWatch(n, next)) return (n, n);
        double further = space.CountOfLayer(space.Layer + 2);
        if (!CellPlan.CanWatchBoth(n, next + further)) further = 0;
        return (n + next + further, n + Math.Min(next + further, 1.5 * next));
    }
}
