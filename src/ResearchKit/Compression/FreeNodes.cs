using System.Diagnostics;

namespace ResearchKit;

/// <summary>
/// Replaces a function's d objects by d' synthetic ones with the same moments in every cell: cubature nodes that may move.
/// </summary>
/// <remarks>
/// <para>
/// A subset needs as many objects as there are moments, N = C(m+k, k) (Tchakaloff, T2 of arXiv 2510.00504). A node that
/// may move has m + 1 unknowns, so about N / (m + 1) suffice: in one dimension exactly ceil((k+1)/2), the Gauss rule; in
/// more 1.0 to 1.2 times N / (m + 1) are found by damped Gauss-Newton on the moment equations and node elimination (Xiao
/// and Gimbutas, 2010).
/// </para>
/// <para>
/// So a budget d' pays for about m + 1 times as many moments as <see cref="Compressor.Compress"/> keeps with it. They are
/// spent on degrees beyond k (<see cref="FreeNodeOptions.DegreesBeyond"/>): a smooth function's error then falls as that of
/// degree k + 3. What unknowns a cell has to spare meets the most important combinations of the degree after that.
/// </para>
/// <para>
/// The price: nodes are none of the original objects. Where a cell's equations have no solution that was found to full
/// precision (coordinates that doubles cannot resolve, points on a curved surface), a subset takes its place. And a cell
/// costs some tens of Cholesky factorisations of order N: milliseconds at N = 50, seconds at N = 400, minutes beyond 800.
/// </para>
/// </remarks>
public static class FreeNodes
{
    /// <summary>Compresses a set to at most d' free nodes.</summary>
    /// <param name="set">d objects in R^m with nonnegative weights.</param>
    /// <param name="options">What to keep and how many nodes to spend.</param>
    /// <returns>The nodes. A set of at most d' objects of positive weight comes back as it is.</returns>
    /// <exception cref="ArgumentException">The moment space does not fit the set, whitens or separates, or the budget cannot hold its moments.</exception>
    /// <exception cref="ArithmeticException">The coordinates or weights span more than double precision holds.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static SyntheticSet Compress(WeightedPoints set, FreeNodeOptions options)
    {
        var clock = Stopwatch.StartNew();
        (MomentSpace space, PointTable table) = Begin(set, options);
        SyntheticSet result = table.Count <= options.Budget
            ? SyntheticRun.Unchanged(set, space, SyntheticRun.Method, clock)
            : SyntheticRun.Collect(set, space, Parallelism.Unwrap(() => SyntheticRun.Reduce(table, space, options, options.DegreesBeyond)), clock);
        options.Progress?.Report(new CompressionProgress("done", 1));
        return result;
    }

    /// <summary>
    /// As few nodes as can be found for a whole set as one cell: a Gauss cubature rule for its measure. Takes milliseconds
    /// to a second up to a hundred moments (in convex hulls about ten times longer).
    /// </summary>
    /// <param name="set">Objects with nonnegative weights.</param>
    /// <param name="options">What to keep; the budget is the most nodes that are acceptable.</param>
    /// <exception cref="ArgumentException">The moment space does not fit the set, whitens or separates, or more nodes than the budget were needed.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static unsafe SyntheticSet Fewest(WeightedPoints set, FreeNodeOptions options)
    {
        var clock = Stopwatch.StartNew();
        (MomentSpace space, PointTable table) = Begin(set, options);
        var plan = SyntheticPlan.For(space, Math.Max(options.Budget, table.Count), 0);
        using var worker = new GaussCell([space], plan.Watched, options.Containment, options.Seed) { Cancellation = options.CancellationToken };
        LocalFrame frame = table.Frame(0, table.Count);
        NodeCell nodes;
        fixed (double* rows = table.Rows, weights = table.Weights)
            nodes = worker.Reduce(rows, weights, table.Count, frame, 0, 0);
        if (nodes.Count > options.Budget) throw SyntheticRun.Impossible(space, options.Budget, nodes.Count);
        SyntheticSet result = SyntheticRun.Collect(set, space, new SyntheticCells(table, [new Cell(0, table.Count, frame)], [nodes], plan), clock);
        options.Progress?.Report(new CompressionProgress("done", 1));
        return result;
    }

    private static (MomentSpace Space, PointTable Table) Begin(WeightedPoints set, FreeNodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        MomentSpace space = options.Validated(set.Dimension);
        options.CancellationToken.ThrowIfCancellationRequested();
        options.Progress?.Report(new CompressionProgress("partition", 0));
        return (space, new PointTable(set, options.Parallel()));
    }
}
