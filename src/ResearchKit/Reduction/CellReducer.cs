namespace ResearchKit;

/// <summary>
/// Reduces the points of one cell to at most rank many with the same moments. One instance belongs to one worker and
/// keeps its buffers.
/// </summary>
/// <remarks>
/// <para>
/// Up to <see cref="DirectLimit"/> points are factored directly. Of more, a sample of six points per moment is given weights
/// that have the moments of all (<see cref="Calibration"/>), and is reduced in their place: a large cell costs one pass
/// over its moments and a reduction whose cost does not grow with it.
/// </para>
/// <para>
/// Where the sample does not have the moments (a far outlier that it misses, moments that are dependent on it), points are
/// summed into groups of neighbours in the given order: a group's mean is one point of moment space, the groups are
/// reduced to N, and the points of the N groups that remain, their weights rescaled, go through the same again. Each round
/// shrinks the points by the ratio of groups to N. That is always possible.
/// </para>
/// </remarks>
internal sealed unsafe partial class CellReducer : IDisposable
{
    /// <summary>Combinations of watched moments that are looked at, in units of the number of moments of the next degree.</summary>
    private const double CombinationFactor = 1.5;

    /// <summary>The last attempt at a cell whose moments were lost.</summary>
    private const int LastAttempt = 3;

    /// <summary>By how much more counts as rounding at each attempt: up to 3e-8.</summary>
    private const double NoiseGrowth = 100;

    private readonly ProductBasis basis;
    private readonly ProductBasis extended;
    private readonly MomentKernel kernel = new();
    private readonly MomentFactor factor = new();
    private readonly Elimination elimination = new();
    private readonly NativeBuffer matrix = new();
    private readonly NativeBuffer gathered = new();
    private readonly NativeBuffer columnWeights = new();
    private readonly DefectMetric metric;
    private readonly double[] combined;
    private readonly double[] inherited;
    private readonly int rows;
    private readonly bool steep;
    private readonly int candidateFactor;
    private int kept;
    private bool samples;
    private int[] columnOrder = [];
    private int[] positions = new int[64];
    private double[] weights = new double[64];

    /// <summary>A reducer for the cells of a plan.</summary>
    public CellReducer(CellPlan plan)
    {
        int most = plan.KeptBy(0);
        basis = ProductBasis.Of(plan.Matched);
        extended = ProductBasis.Of(plan.Watched);
        WatchesDefect = plan.WatchesDefect;
        candidateFactor = plan.Watched.Count > plan.KeptBy(0) ? ChoosingCandidates : PlainCandidates;
        metric = new DefectMetric(plan.Watched, basis.Count, plan.UnmatchedLayer, plan.Box);
        steep = plan.Matched.MaxDegrees.Max() >= SteepDegree;
        rows = Math.Max(most, basis.Count + Math.Min(metric.Count, (int)(CombinationFactor * metric.Next)));
        metric.Combinations = rows - basis.Count;
        combined = new double[metric.Count];
        inherited = new double[metric.Count];
        Neighbours = new NeighbourDefect(metric);
        Totals = new MomentTotals(extended.Count);
        DirectLimit = Math.Max(2 * most, Math.Min(16 * most, (1200 << 10) / extended.Count));
    }

    /// <summary>Moments of the matched degrees: the fewest that a cell keeps.</summary>
    public int Moments => basis.Count;

    /// <summary>What neighbouring cells left.</summary>
    public NeighbourDefect Neighbours { get; }

    /// <summary>The number of points that are factored at once.</summary>
    public int DirectLimit { get; }

    /// <summary>False when the next degree has too many moments to be watched.</summary>
    public bool WatchesDefect { get; }

    /// <summary>Numerical rank of the last cell's moment matrix.</summary>
    public int Rank { get; private set; }

    /// <summary>Moments of the last cell as it was given, in its frame: the matched degrees, then the watched ones.</summary>
    public MomentTotals Totals { get; }

    /// <summary>Positions (within the cell) of the points kept by the last reduction, ascending.</summary>
    public ReadOnlySpan<int> Positions => positions.AsSpan(0, Count);

    /// <summary>Their weights.</summary>
    public ReadOnlySpan<double> Weights => weights.AsSpan(0, Count);

    /// <summary>The number of points kept by the last reduction.</summary>
    public int Count { get; private set; }

    /// <summary>Cancels within a reduction.</summary>
    public CancellationToken Cancellation
    {
        set => factor.Cancellation = elimination.Cancellation = tableau.Cancellation = least.Cancellation = calibration.Cancellation = value;
    }

    /// <summary>Threads for a single large cell; null for one.</summary>
    public ParallelOptions? Inner
    {
        get;
        set => field = elimination.Inner = value;
    }

    /// <summary>Reduces a cell and repairs it, more carefully as long as the result has not got the moments.</summary>
    /// <param name="points">count x m row-major coordinates.</param>
    /// <param name="given">count positive weights, or null for 1.</param>
    /// <param name="count">Number of points.</param>
    /// <param name="frame">The cell's frame.</param>
    /// <param name="keep">Number of moments to keep.</param>
    /// <param name="mass">The cell's mass.</param>
    /// <param name="measure">Sets <see cref="Totals"/> to other moments than those of the points, before the repair aims at them; null for none.</param>
    /// <returns>What is left; not checked.</returns>
    public CellResidual ReduceAndRepair(double* points, double* given, int count, LocalFrame frame, int keep, double mass, Action? measure = null)
    {
        for (int attempt = 0; ; attempt++)
        {
            Reduce(points, given, count, frame, keep, attempt);
            measure?.Invoke();
            CellResidual residual = Repair(points, frame, mass);
            if (residual.Holds || attempt == LastAttempt) return residual;
        }
    }

    /// <summary>Reduces a cell.</summary>
    /// <param name="points">count x m row-major coordinates.</param>
    /// <param name="given">count positive weights, or null for 1.</param>
    /// <param name="count">Number of points.</param>
    /// <param name="frame">The cell's frame.</param>
    /// <param name="keep">Number of moments to keep: those of the matched degrees, and the heaviest combinations of the next.</param>
    /// <param name="attempt">
    /// 0 at first; after a result without the moments 1 to <see cref="LastAttempt"/>. All points are then candidates, and
    /// ever larger Lagrange values count as rounding: where points on a lattice leave many weights at 0 and many values
    /// are 0 but for rounding, one of these may have become a pivot.
    /// </param>
    private void Reduce(double* points, double* given, int count, LocalFrame frame, int keep, int attempt)
    {
        samples = attempt == 0;
        elimination.Noise = RatioTest.Noise * Math.Pow(NoiseGrowth, attempt);
        Totals.Clear();
        kept = keep;
        metric.SetCell(frame);
        SetUnit(given, count);
        given = InUnits(given, count);
        if (unit == 1) Neighbours.Start(combined);
        else Array.Clear(combined);
        fixed (double* c = combined) metric.Transform(c, 1);
        combined.CopyTo(inherited, 0);

        bool first = true, needTotals = count <= DirectLimit;
        if (!needTotals)
        {
            MeasureTotals(points, given, count, frame);
            if (TrySample(points, given, count, frame, true, ref needTotals)) return;
        }
        Count = count;
        double* p = points;
        double* w = given;
        while (Count > (first ? DirectLimit : Math.Min(DirectLimit, 3 * Wanted / 2)))
        {
            ShrinkByGroups(p, w, Count, frame, first);
            first = false;
            p = Gather(points);
            w = columnWeights.Ensure(Count);
            weights.AsSpan(0, Count).CopyTo(new Span<double>(w, Count));
        }
        if (first) TakeAll(given, count);
        ReduceColumns(p, Count, frame, needTotals, w);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        kernel.Dispose();
        elimination.Dispose();
        tableau.Dispose();
        calibration.Dispose();
        matrix.Dispose();
        gathered.Dispose();
        columnWeights.Dispose();
        inUnits.Dispose();
        fine.Dispose();
        places.Dispose();
        least.Dispose();
        sample.Dispose();
    }

    private void TakeAll(double* given, int count)
    {
        Reserve(count);
        for (int i = 0; i < count; i++)
        {
            positions[i] = i;
            weights[i] = given == null ? 1.0 : given[i];
        }
    }

    /// <summary>One point per column: evaluate, factor, eliminate.</summary>
    private void ReduceColumns(double* p, int count, LocalFrame frame, bool needTotals, double* given)
    {
        if (TrySample(p, given, count, frame, false, ref needTotals)) return;
        int stride = NativeBuffer.Padded(count);
        double* a = matrix.Ensure((long)extended.Count * stride);
        kernel.Evaluate(extended, frame, p, count, a, stride);
        if (needTotals) Totals.Add(WeightedRowSums(a, count, stride));
        else AddDefect(a, count, stride);
        int[] order = Identity(count);
        int n;
        fixed (int* o = order)
        fixed (double* w = weights)
            n = Eliminate(a, count, stride, o, w, rows);
        Array.Sort(order, weights, 0, n);
        for (int i = 0; i < n; i++) positions[i] = positions[order[i]];
        Count = n;
    }

    /// <summary>Reduces columns to the rank, in view of the first rows: the kept ones and, as residuals, the watched ones after them.</summary>
    private int Eliminate(double* a, int count, int stride, int* order, double* w, int first)
    {
        if (first > basis.Count) metric.Transform(a + (long)basis.Count * stride, stride);
        elimination.SetResiduals(first - kept);
        StartDefect[..(first - kept)].CopyTo(elimination.Defect);
        factor.Factor(a, first, kept, count, stride, order, w);
        Rank = factor.Rank;
        factor.SolveLagrange(a, count, stride);
        factor.Interpolate(a, kept, first, count, stride, Inner);
        return elimination.Run(factor, a, kept, count, stride, order, w);
    }

    /// <summary>Adds what rounds over groups have changed of the watched moments to the defect that a round starts from.</summary>
    private void AddDefect(double* a, int count, int stride)
    {
        double[] lost = WeightedRowSums(a, count, stride)[basis.Count..];
        for (int e = 0; e < lost.Length; e++) lost[e] -= Totals[basis.Count + e];
        fixed (double* c = lost) metric.Transform(c, 1);
        for (int e = 0; e < lost.Length; e++) combined[e] = inherited[e] + lost[e];
    }

    /// <summary>What the residual rows start from: the neighbours' defect, and that of rounds over groups.</summary>
    private Span<double> StartDefect => combined.AsSpan(kept - basis.Count, rows - kept);

    private double* Gather(double* points)
    {
        int m = basis.Dimension;
        double* target = gathered.Ensure((long)Count * m);
        for (int i = 0; i < Count; i++)
            for (int j = 0; j < m; j++) target[(long)i * m + j] = points[(long)positions[i] * m + j];
        return target;
    }

    /// <summary>For every row of the matrix, the sum over columns of weight times value: as exact as the repair that aims at it.</summary>
    private double[] WeightedRowSums(double* a, int count, int stride)
    {
        var sums = new double[extended.Count];
        fixed (double* w = weights)
            for (int e = 0; e < sums.Length; e++) sums[e] = -Difference(0, e, a + (long)e * stride, w, count);
        return sums;
    }

    /// <summary>A moment minus what weighted points have of it: as if in twice the precision where it is matched.</summary>
    private double Difference(double moment, int e, double* row, double* w, int count) =>
        e < basis.Count ? DotProduct.Difference(moment, row, w, count) : moment - DotProduct.Of(row, w, count);

    private int[] Identity(int count)
    {
        if (columnOrder.Length < count) columnOrder = new int[count];
        for (int i = 0; i < count; i++) columnOrder[i] = i;
        return columnOrder;
    }
}
