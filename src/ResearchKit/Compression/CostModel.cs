using System.Globalization;

namespace ResearchKit;

/// <summary>Operation counts of a compression, and a rough speed to turn them into seconds.</summary>
internal static class CostModel
{
    /// <summary>Sustained operations per second of one core: in reductions of many moments (half of it at <see cref="HalfRate"/>), and in passes over moments.</summary>
    private const double FlopsPerSecond = 3e10, HalfRate = 100, PassFlopsPerSecond = 8e9;

    /// <summary>Of the partition, per point, level and coordinate; and of any compression at all.</summary>
    private const double SecondsPerSplit = 8e-9, LeastSeconds = 5e-4;

    /// <summary>Buffers of a worker in units of its moment matrix: null vectors, exchanges, candidates, and what freed memory is kept.</summary>
    private const double MatricesPerWorker = 5;

    public static CostEstimate Estimate(int count, MomentSpace space, CompressionOptions options)
    {
        int budget = options.RequireBudget();
        if (count <= budget) return new CostEstimate(0, 1e-9 * count, 8.0 * count);
        double n = space.Count;
        (double evaluated, double combined) = Rows(space, options.MomentsOnly);
        int cells = Math.Max(1, budget / space.Count);
        double perCell = (double)count / cells;
        // Factor, Lagrange values, exchanges and descent, of a sample where there is more to choose from.
        double direct = Math.Min(perCell, 6 * n);
        double reduce = cells * direct * n * (2 * n + 4 * (combined - n)) * 1.5;
        double passes = 2.0 * count * evaluated * 1.2;
        double flops = reduce + passes;
        int threads = Threads(options);
        double partition = SecondsPerSplit * count * (0.2 + Math.Log2(cells)) * space.Dimension;
        double seconds = reduce / (FlopsPerSecond * n / (n + HalfRate)) + passes / PassFlopsPerSecond + partition;
        return new CostEstimate(flops, LeastSeconds + seconds / Math.Max(1, Math.Min(threads, cells)), Bytes(count, space, budget, options));
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

    /// <summary>Memory beyond the input: the reordered copy, and one worker's matrices per thread.</summary>
    public static long Bytes(int count, MomentSpace space, int budget, CompressionOptions options)
        => Copy(count, space, budget) + Threads(options) * Worker(count, space, budget, options.MomentsOnly);

    /// <summary>
    /// The threads whose matrices fit into the memory that may be taken; results do not depend on their number.
    /// </summary>
    /// <exception cref="InsufficientMemoryException">One thread's matrices do not fit.</exception>
    public static ParallelOptions Fitting(int count, MomentSpace space, int budget, CompressionOptions options)
    {
        ParallelOptions parallel = options.Parallel();
        long limit = options.MaxBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, copy = Copy(count, space, budget), worker = Worker(count, space, budget, options.MomentsOnly);
        long fit = Math.Max(0, limit - copy) / Math.Max(1, worker);
        if (fit < 1 && count > budget)
            throw new InsufficientMemoryException(string.Create(CultureInfo.InvariantCulture, $"{count} objects with the {space.Count} moments of {space.Name} need about {(copy + worker) / 1e9:G3} GB beside the objects themselves, and {limit / 1e9:G3} GB {(options.MaxBytes is null ? "are there" : $"are allowed ({nameof(CompressionOptions.MaxBytes)})")}. Lower the degree, take a space of fewer moments, or set {nameof(CompressionOptions.MomentsOnly)}."));
        if (fit < Threads(options)) parallel.MaxDegreeOfParallelism = (int)fit;
        return parallel;
    }

    private static int Threads(CompressionOptions options)
        => options.MaxDegreeOfParallelism == -1 ? Environment.ProcessorCount : Math.Min(options.MaxDegreeOfParallelism, Environment.ProcessorCount);

    /// <summary>The reordered copy, unless one cell needs no order.</summary>
    private static long Copy(int count, MomentSpace space, int budget) => budget < 2 * space.Count ? 0 : (8L * space.Dimension + 12) * count;

    /// <summary>The moment matrix, the null vectors and the exchanges of the largest cell that is reduced at once.</summary>
    private static long Worker(int count, MomentSpace space, int budget, bool momentsOnly)
    {
        double evaluated = Rows(space, momentsOnly).Evaluated, most = Math.Max(2.0 * space.Count, Math.Min(16.0 * space.Count, Math.Max(6.0 * space.Count, 1.2e6 / evaluated)));
        double points = Math.Min(Math.Min(most, count), 1 + (double)count * space.Count / Math.Max(1, budget));
        return (long)Math.Min(long.MaxValue / 4, 8 * points * evaluated * MatricesPerWorker);
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
