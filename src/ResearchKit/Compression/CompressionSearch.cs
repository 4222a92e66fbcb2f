using System.Diagnostics;

namespace ResearchKit;

/// <summary>
/// Chooses the degree at a budget, and degree and budget for a tolerance, by compressing and measuring: the estimate of
/// every trial is that of its certificate. Each trial is what <see cref="Compressor.Compress"/> returns for its budget and
/// degree, or the like with cells cut where the error is largest (<see cref="CellRefinement"/>).
/// </summary>
/// <remarks>
/// A budget d' buys L cells of degree k where L N_k is about d': one cell of high degree, or many of low degree. For
/// smooth functions the error falls exponentially in k at fixed L (T7) and algebraically in L at fixed k (T4), so trials
/// run over L = 1, 2, 4, ... with the degree that each can afford.
/// </remarks>
internal sealed partial class CompressionSearch
{
    /// <summary>Moments of a cell at most: the work of a cell grows with their cube (500 take about half a second).</summary>
    private const int MostMoments = 500;

    /// <summary>A number of cells this many times worse than the best is on the wrong side of it.</summary>
    private const double Hopeless = 10;

    /// <summary>Cells by which it is judged whether errors gather in few places, and the part of the worst quarter from which they do.</summary>
    private const int UnevenCells = 8;

    private const double UnevenPart = 0.9;

    private readonly WeightedPoints set;
    private readonly CompressionOptions options;
    private readonly CompressionOptions inner;
    private readonly ErrorProbes probes;
    private readonly Stopwatch clock;
    private readonly int objects;
    private readonly int[] classes;
    private readonly List<CompressionTrial> trials = [];
    private readonly Dictionary<int, MomentSpace> spaces = [];
    private bool? uneven;

    public CompressionSearch(WeightedPoints set, CompressionOptions options, ErrorProbes probes, Stopwatch clock)
    {
        this.set = set;
        this.options = options;
        this.probes = probes;
        this.clock = clock;
        inner = options with { Progress = null };
        var table = new PointTable(set);
        objects = table.Count;
        int separated = (options.MomentSpace?.Metric ?? options.Metric)?.Separated ?? -1;
        classes = separated < 0 ? [objects] : [.. table.GroupBy(separated).Select(range => range.Count)];
    }

    /// <summary>Searches as the options ask.</summary>
    public CompressedSet Run()
    {
        CompressedSet best = (options.Tolerance * BudgetBracket.Caution, options.ChoosesDegree) switch
        {
            ({ } tolerance, true) => FewestByDegree(tolerance),
            ({ } tolerance, false) => FewestOf(options.Space(set.Dimension), tolerance),
            _ => BestDegree(options.RequireBudget()),
        };
        options.Progress?.Report(new CompressionProgress("done", 1));
        return best.With(best.Certificate with { Trials = trials.AsReadOnly(), Seconds = clock.Elapsed.TotalSeconds });
    }

    private CompressedSet FewestOf(MomentSpace space, double tolerance)
        => BudgetBracket.Fewest(BudgetOf(1, space.Count), objects, tolerance, budget => Trial(space, budget));

    /// <summary>The degree with the least estimate at a budget.</summary>
    private CompressedSet BestDegree(int budget)
    {
        if (budget >= objects) return Trial(SpaceOf(0), budget);
        CompressedSet? best = null;
        int bad = 0;
        var tried = new HashSet<int>();
        foreach (int degree in Degrees(set.Dimension, budget))
        {
            if (bad == 2) break;
            tried.Add(degree);
            bad = Keep(TryTrial(degree, budget)) ? 0 : bad + 1;
        }
        // No degree could be kept: let the least say why.
        if (best is null) return Trial(SpaceOf(0), budget);
        int centre = best.Certificate.Degree;
        foreach (int degree in (ReadOnlySpan<int>)[centre - 1, centre + 1])
            if (degree >= 0 && degree <= LargestDegree(budget) && tried.Add(degree)) Keep(TryTrial(degree, budget));
        return best;

        // Whether the trial is not hopeless.
        bool Keep(CompressedSet? trial)
        {
            if (ErrorOf(trial) < ErrorOf(best)) best = trial;
            return ErrorOf(trial) <= Hopeless * ErrorOf(best);
        }
    }

    /// <summary>
    /// A trial of a degree; null where the budget cannot hold its moments in every class, or double precision cannot at
    /// all (far outliers).
    /// </summary>
    private CompressedSet? TryTrial(int degree, int budget)
    {
        if (budget < BudgetOf(1, (int)MomentSpace.CountOf(set.Dimension, degree))) return null;
        try
        {
            return Trial(SpaceOf(degree), budget);
        }
        catch (ArithmeticException)
        {
            return null;
        }
    }

    private static double ErrorOf(CompressedSet? trial) => trial?.Certificate.EstimatedError ?? double.PositiveInfinity;

    /// <summary>
    /// One compression; where errors gather in few cells, also one whose cells follow the error, and of the two the better.
    /// </summary>
    private CompressedSet Trial(MomentSpace space, int budget)
    {
        inner.CancellationToken.ThrowIfCancellationRequested();
        CompressedSet result = Record(Compressor.Once(set, space, budget, inner, probes, clock), space, budget, false);
        if (result.Certificate.Cells < UnevenCells || !Uneven(space)) return result;
        CompressedSet refined = Record(CellRefinement.Run(set, space, budget, inner, probes, clock), space, budget, true);
        return refined.Certificate.EstimatedError < result.Certificate.EstimatedError ? refined : result;
    }

    private bool Uneven(MomentSpace space)
        // Refinement cuts the set's own coordinates, and anywhere.
        => uneven ??= space.Metric is { Map: null, Separated: < 0 } && CellRefinement.Unevenness(set, space, UnevenCells, inner, probes) > UnevenPart;

    private CompressedSet Record(CompressedSet result, MomentSpace space, int budget, bool refined)
    {
        trials.Add(new CompressionTrial(space.Degree, budget, result.Count, result.Certificate.Cells, refined, result.Certificate.EstimatedError));
        // How many trials there will be is not known: about a dozen.
        options.Progress?.Report(new CompressionProgress("search", 0.99 * (1 - Math.Exp(-trials.Count / 8.0))));
        return result;
    }

    /// <summary>The degrees that 1, 2, 4, ... cells can afford, high degrees first.</summary>
    public static IEnumerable<int> Degrees(int dimension, int budget)
    {
        int last = -1;
        for (int cells = 1; cells <= budget; cells *= 2)
        {
            int degree = LargestDegree(dimension, budget / cells);
            if (degree != last) yield return last = degree;
        }
    }

    /// <summary>The largest degree whose moments fit a cell of so many objects; -1 for none.</summary>
    private static int LargestDegree(int dimension, int perCell)
    {
        int k = -1;
        while (k < 254 && MomentSpace.CountOf(dimension, k + 1) <= Math.Min(perCell, Math.Clamp(dimension + 1, MostMoments, MomentSpace.MaxCount))) k++;
        return k;
    }

    private int LargestDegree(int perCell) => LargestDegree(set.Dimension, perCell);

    /// <summary>What so many cells of N moments take in every class, none of which takes more than its objects; one class is the whole set.</summary>
    private int BudgetOf(int cells, int moments) => classes.Sum(count => (int)Math.Min(count, (long)cells * moments));

    private MomentSpace SpaceOf(int degree)
    {
        // One object per degree: bases are cached by it.
        if (!spaces.TryGetValue(degree, out MomentSpace? space)) spaces[degree] = space = options.SpaceOf(set.Dimension, degree);
        return space;
    }
}
