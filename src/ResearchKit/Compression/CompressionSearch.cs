using System.Diagnostics;

namespace ResearchKit;

/// <summary>
/// Chooses the degree at a budget, and degree and budget for a tolerance, by compressing and measuring: the estimate of
/// every trial is that of its certificate. Each trial is what <see cref="Compressor.Compress"/> returns for its budget and degree.
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

    private readonly WeightedPoints set;
    private readonly CompressionOptions options;
    private readonly CompressionOptions inner;
    private readonly ErrorProbes probes;
    private readonly Stopwatch clock;
    private readonly int objects;
    private readonly List<CompressionTrial> trials = [];
    private readonly Dictionary<int, MomentSpace> spaces = [];

    public CompressionSearch(WeightedPoints set, CompressionOptions options, ErrorProbes probes, Stopwatch clock)
    {
        this.set = set;
        this.options = options;
        this.probes = probes;
        this.clock = clock;
        inner = options with { Progress = null };
        objects = new PointTable(set).Count;
    }

    /// <summary>Searches as the options ask.</summary>
    public CompressedSet Run()
    {
        CompressedSet best = (options.Tolerance, options.ChoosesDegree) switch
        {
            ({ } tolerance, true) => FewestByDegree(tolerance),
            ({ } tolerance, false) => FewestByBudget(options.Space(set.Dimension), tolerance),
            _ => BestDegree(options.RequireBudget()),
        };
        options.Progress?.Report(new CompressionProgress("done", 1));
        return new CompressedSet(best.Indices.ToArray(), best.Weights.ToArray(),
            best.Certificate with { Trials = trials.AsReadOnly(), Seconds = clock.Elapsed.TotalSeconds });
    }

    /// <summary>The degree with the least estimate at a budget.</summary>
    private CompressedSet BestDegree(int budget)
    {
        if (budget >= objects) return Trial(SpaceOf(0), budget);
        CompressedSet? best = null;
        int bad = 0;
        var tried = new HashSet<int>();
        for (int cells = 1; cells <= budget && bad < 2; cells *= 2)
        {
            int degree = LargestDegree(budget / cells);
            if (!tried.Add(degree)) continue;
            bad = Keep(Trial(SpaceOf(degree), budget)) ? 0 : bad + 1;
        }
        int centre = best!.Certificate.Degree;
        foreach (int degree in (ReadOnlySpan<int>)[centre - 1, centre + 1])
            if (degree >= 0 && degree <= LargestDegree(budget) && tried.Add(degree)) Keep(Trial(SpaceOf(degree), budget));
        return best;

        // Whether the trial is not hopeless.
        bool Keep(CompressedSet trial)
        {
            double error = trial.Certificate.EstimatedError;
            if (best is null || error < best.Certificate.EstimatedError) best = trial;
            return error <= Hopeless * best.Certificate.EstimatedError;
        }
    }

    private CompressedSet Trial(MomentSpace space, int budget)
    {
        inner.CancellationToken.ThrowIfCancellationRequested();
        CompressedSet result = Compressor.Once(set, space, budget, inner, probes, clock);
        trials.Add(new CompressionTrial(space.Degree, budget, result.Count, result.Certificate.Cells, result.Certificate.EstimatedError));
        // How many trials there will be is not known: about a dozen.
        options.Progress?.Report(new CompressionProgress("search", 0.99 * (1 - Math.Exp(-trials.Count / 8.0))));
        return result;
    }

    /// <summary>The largest degree whose moments fit a cell of so many objects; -1 for none.</summary>
    private int LargestDegree(int perCell)
    {
        int k = -1;
        while (k < 254 && MomentSpace.CountOf(set.Dimension, k + 1) <= Math.Min(perCell, MostMoments)) k++;
        return k;
    }

    private MomentSpace SpaceOf(int degree)
    {
        // One object per degree: bases are cached by it.
        if (!spaces.TryGetValue(degree, out MomentSpace? space)) spaces[degree] = space = options.SpaceOf(set.Dimension, degree);
        return space;
    }
}
