namespace ResearchKit;

/// <summary>
/// A range of the table that is compressed by itself with a budget of its own: the whole set, or the objects of one value
/// of a separated coordinate (one class).
/// </summary>
internal sealed class Region
{
    /// <summary>Regions of fewer objects run side by side, larger ones in turn with all threads inside.</summary>
    private const int Large = 1 << 14;

    private readonly int start;
    private readonly int count;
    private readonly int budget;
    private readonly CellPlan? plan;

    private Region(int start, int count, LocalFrame frame, MomentSpace space, int budget, bool momentsOnly, bool squeeze = false)
    {
        this.start = start;
        this.count = count;
        this.budget = budget;
        Cells = [new Cell(start, count, frame)];
        if (budget < count || (squeeze && count > 1)) plan = CellPlan.For(frame, space, budget, momentsOnly);
    }

    /// <summary>The cells, once cut.</summary>
    public Cell[] Cells { get; private set; }

    /// <summary>The regions of a set, with budgets that sum to the given one.</summary>
    /// <param name="table">More objects than the budget; reordered where a coordinate is separated.</param>
    /// <param name="space">The moments that every cell keeps.</param>
    /// <param name="budget">d'.</param>
    /// <param name="momentsOnly">Whether no defect is watched.</param>
    public static Region[] Of(PointTable table, MomentSpace space, int budget, bool momentsOnly)
    {
        if (space.Metric.Separated < 0) return [new Region(0, table.Count, table.Frame(0, table.Count), space, budget, momentsOnly)];
        (int Start, int Count)[] ranges = table.GroupBy(space.Metric.Separated);
        LocalFrame[] frames = [.. ranges.Select(r => table.Frame(r.Start, r.Count))];
        int[] budgets = Shares(table, ranges, frames, space, budget);
        // Where whole classes are too much, those of few objects may still have fewer independent moments than objects; not
        // where even one object of each class is too much (continuous labels: an attempt would only delay the refusal).
        bool squeeze = ranges.Length <= budget && budgets.Sum(n => (long)n) > budget;
        return [.. ranges.Select((r, i) => new Region(r.Start, r.Count, frames[i], space, budgets[i], momentsOnly, squeeze))];
    }

    /// <summary>Works on every region with no more threads than allowed.</summary>
    /// <param name="regions">The regions.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    /// <param name="work">What to do with the region of a number, and with how many threads.</param>
    public static void ForEach(Region[] regions, ParallelOptions parallel, Action<int, ParallelOptions> work)
    {
        bool[] large = [.. regions.Select(r => regions.Length == 1 || r.count >= Large)];
        for (int i = 0; i < regions.Length; i++)
            if (large[i]) work(i, parallel);
        var one = new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = parallel.CancellationToken };
        Parallel.For(0, regions.Length, parallel, i =>
        {
            if (!large[i]) work(i, one);
        });
    }

    /// <summary>Cuts the region into the cells of its plan.</summary>
    public void Cut(PointTable table, MomentSpace space, ParallelOptions parallel)
    {
        if (plan is not null) Cells = CellPartition.Build(table, space, plan.Cells, parallel, plan.KeptBy(0), Cells[0]);
    }

    /// <summary>Reduces the cells; a region that fits its budget stays as it is.</summary>
    public CellResult[] Reduce(PointTable table, CompressionOptions options, ParallelOptions parallel, CellProgress progress)
    {
        if (plan is not null) return CellRun.Reduce(table, Cells, plan, options, parallel, progress);
        progress.Done();
        var rows = new int[count];
        var weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = start + i;
            weights[i] = table.Weights is { } given ? given[start + i] : 1.0;
        }
        return [new CellResult(rows, weights, 0, table.Mass(start, count), default)];
    }

    /// <summary>
    /// Every region gets at least its N moments (or all its few objects, where the budget allows); beyond that, budgets spread the error evenly as
    /// cells of a partition do (<see cref="CellPartition.LogShare"/>).
    /// </summary>
    private static int[] Shares(PointTable table, (int Start, int Count)[] ranges, LocalFrame[] frames, MomentSpace space, int budget)
    {
        int[] least = [.. ranges.Select(r => Math.Min(r.Count, space.Count))];
        // Too little: reductions find out whether the ranks are smaller.
        if (least.Sum(n => (long)n) >= budget) return least;
        double[] logs = [.. ranges.Select((r, i) => CellPartition.LogShare(space, table.Mass(r.Start, r.Count), frames[i]))];
        double top = logs.Max();
        double[] shares = [.. logs.Select(l => Math.Exp(l - top))];
        // The common factor at which clamped shares sum to the budget, by bisection of its logarithm.
        double low = -800, high = 800;
        for (int i = 0; i < 100; i++)
        {
            double middle = 0.5 * (low + high);
            if (Wanted(Math.Exp(middle)).Sum() > budget) high = middle;
            else low = middle;
        }
        double[] wanted = Wanted(Math.Exp(low));
        int[] result = [.. wanted.Select(w => (int)w)];
        int left = budget - result.Sum();
        // What rounding leaves goes to the largest fractions, then to whoever has objects to spare.
        int[] order = [.. Enumerable.Range(0, result.Length).OrderByDescending(i => wanted[i] - result[i]).ThenBy(i => i)];
        while (left > 0)
        {
            foreach (int i in order)
            {
                if (left == 0 || result[i] == ranges[i].Count) continue;
                result[i]++;
                left--;
            }
        }
        return result;

        double[] Wanted(double factor)
            => [.. shares.Select((s, i) => Math.Clamp(factor * s * budget, least[i], ranges[i].Count))];
    }
}

/// <summary>Counts cells of all regions and reports them as progress from 0.1 to 0.95.</summary>
/// <param name="target">Receives the progress; null for nobody.</param>
/// <param name="cells">Number of cells.</param>
internal sealed class CellProgress(IProgress<CompressionProgress>? target, int cells)
{
    private readonly Lock gate = new();
    private int done;

    /// <summary>One cell more is done.</summary>
    public void Done()
    {
        if (target is null) return;
        // Counted and reported in one go: two threads must not report out of order.
        lock (gate) target.Report(new CompressionProgress("reduce", 0.1 + 0.85 * ++done / cells));
    }
}
