using System.Diagnostics;

namespace ResearchKit;

/// <summary>
/// Compress once, read every budget: a k-d tree whose leaves hold at most 2N objects, each node reduced to at most N by
/// merging its two children. Every cut through the tree is a valid compression.
/// </summary>
/// <remarks>
/// A budget is met by merging siblings in the order of mass times diameter^(k+1), the error a merge may add (T3), until
/// d' is reached; the last merge stops exactly there and keeps moments beyond degree k with what it may spare. Building
/// costs about 2.7 d N^2 operations, reading a budget next to nothing. At equal budget the result of
/// <see cref="Compressor.Compress"/>, whose cells are cut for that one budget, is usually somewhat more accurate.
/// </remarks>
public sealed class CompressionPyramid
{
    private readonly WeightedPoints set;
    private readonly PointTable table;
    private readonly MomentSpace space;
    private readonly PyramidNode[] nodes;
    private readonly int[] mergeOrder;
    private readonly CompressionOptions options;
    private readonly ErrorProbes? probes;
    private readonly bool mapped;

    private CompressionPyramid(WeightedPoints set, PointTable table, MomentSpace space, PyramidNode[] nodes, CompressionOptions options, bool mapped)
    {
        this.mapped = mapped;
        this.set = set;
        this.table = table;
        this.space = space;
        this.nodes = nodes;
        this.options = options;
        probes = ErrorProbes.For(set, options);
        mergeOrder = new int[nodes.Length];
        for (int i = 0; i < mergeOrder.Length; i++) mergeOrder[i] = i;
        // Nodes are numbered children first, and a parent's key is at least its children's: ties keep that order.
        double[] keys = [.. nodes.Select(n => n.Key)];
        Array.Sort(mergeOrder, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
    }

    /// <summary>The smallest budget that can be read: the rank of the whole set's moments.</summary>
    public int SmallestBudget => nodes[^1].Rows.Length;

    /// <summary>Builds the tree over a set.</summary>
    /// <param name="set">d objects in R^m.</param>
    /// <param name="options">Degree or moment space, threads, progress and cancellation; the budget is not used.</param>
    /// <exception cref="ArgumentException">
    /// A tolerance (that is what <see cref="AtTolerance"/> is for) or an automatic degree; the moment space does not fit
    /// the set, or separates values that a pyramid would merge.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static CompressionPyramid Build(WeightedPoints set, CompressionOptions options)
    {
        MomentSpace space = Compressor.Validated(set, options, needsGoal: false);
        if (space.Metric.Separated >= 0)
            throw new ArgumentException($"The moment space separates the values of coordinate {space.Metric.Separated}, and a pyramid merges everything in the end; use {nameof(Compressor)}.{nameof(Compressor.Compress)}, or build a pyramid for each value.", nameof(options));
        options.CancellationToken.ThrowIfCancellationRequested();
        (WeightedPoints points, space) = Compressor.Mapped(set, space);
        var table = new PointTable(points);
        PyramidNode[] nodes = Parallelism.Unwrap(() => PyramidBuilder.Build(table, space, options));
        return new CompressionPyramid(set, table, space, nodes, options, mapped: points != set);
    }

    /// <summary>The compression to at most <paramref name="budget"/> objects.</summary>
    /// <param name="budget">d', at least <see cref="SmallestBudget"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The budget cannot hold the moments.</exception>
    public CompressedSet At(int budget)
    {
        var clock = Stopwatch.StartNew();
        if (budget < 1 || (budget < SmallestBudget && budget < table.Count))
            throw Compressor.Impossible(space, budget, SmallestBudget);
        if (budget >= table.Count)
            return CertificateBuilder.Unchanged(set, table, space, probes, clock);

        var alive = new HashSet<int>();
        var leaves = new List<int>();
        for (int i = 0; i < nodes.Length; i++) if (nodes[i].Left < 0) leaves.Add(i);
        int count = table.Count;
        foreach (int index in mergeOrder)
        {
            PyramidNode node = nodes[index];
            int before = node.Left < 0 ? node.Count : nodes[node.Left].Rows.Length + nodes[node.Right].Rows.Length;
            int after = count - before + node.Rows.Length;
            if (node.Left >= 0)
            {
                alive.Remove(node.Left);
                alive.Remove(node.Right);
            }
            alive.Add(index);
            count = after;
            if (count <= budget) return Collect(alive, leaves, index, budget - count, clock);
        }
        return Collect(alive, leaves, nodes.Length - 1, 0, clock);
    }

    /// <summary>
    /// The compression to the fewest objects (up to 8 percent) whose <see cref="Certificate.EstimatedError"/> is at most
    /// <paramref name="tolerance"/>: the budget is searched, nothing is reduced anew.
    /// </summary>
    /// <param name="tolerance">Absolute error of the mean, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A tolerance that is not positive and finite.</exception>
    /// <exception cref="InvalidOperationException">The pyramid was built without probes.</exception>
    public CompressedSet AtTolerance(double tolerance)
    {
        OptionsCheck.RequireTolerance(tolerance, nameof(tolerance));
        if (probes is null)
            throw new InvalidOperationException("The pyramid was built without probes, so it cannot estimate errors; set Probes (32 is usual) or ProbeFunctions in the options that build it.");
        var trials = new List<CompressionTrial>();
        CompressedSet best = BudgetBracket.Fewest(Math.Min(SmallestBudget, table.Count), table.Count, tolerance * BudgetBracket.Caution, budget =>
        {
            CompressedSet read = At(budget);
            trials.Add(new CompressionTrial(space.Degree, budget, read.Count, read.Certificate.Cells, false, read.Certificate.EstimatedError));
            return read;
        });
        return best.With(best.Certificate with { Trials = trials.AsReadOnly() });
    }

    private CompressedSet Collect(HashSet<int> alive, List<int> leaves, int last, int spare, Stopwatch clock)
    {
        // A spare budget goes to the last merge: it keeps that many moments more. A merge of smaller rank than N has spent
        // less than N: what it may keep is counted from there.
        int more = nodes[last].Rows.Length + spare - space.Count;
        PyramidNode final = spare > 0 && more > 0 ? PyramidBuilder.Reread(table, space, nodes, last, more) : nodes[last];
        var cells = new List<Cell>();
        var results = new List<CellResult>();
        foreach (int index in alive.Order())
        {
            PyramidNode n = index == last ? final : nodes[index];
            cells.Add(new Cell(n.Start, n.Count, n.Frame));
            results.Add(new CellResult(n.Rows, n.Weights, n.Rank, n.Mass, n.Residual));
        }
        foreach (int leaf in leaves)
        {
            if (Covered(leaf, alive)) continue;
            PyramidNode n = nodes[leaf];
            cells.Add(new Cell(n.Start, n.Count, n.Frame));
            results.Add(PyramidBuilder.Untouched(table, n));
        }
        return CertificateBuilder.Build(set, table, [.. cells], [.. results], space, options, probes, clock, mapped);
    }

    private bool Covered(int leaf, HashSet<int> alive)
    {
        for (int i = leaf; i >= 0; i = nodes[i].Parent)
            if (alive.Contains(i)) return true;
        return false;
    }
}
