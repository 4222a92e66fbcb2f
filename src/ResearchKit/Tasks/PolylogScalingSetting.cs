using ResearchKit.Baselines;

namespace ResearchKit.Tasks;

/// <summary>
/// The curve that arXiv 2510.00504 announces and does not show: the loss of a model trained on d' = floor(c ln^m d) weighted
/// objects made of d, which should fall like exp(-a' d'^(1/m)) where that of d objects falls like d^-a.
/// </summary>
/// <remarks>
/// <para>
/// The task is <see cref="SmoothRegressionTask"/> (a = 1), the objects are compressed by <see cref="FreeLabels"/> without
/// regard to the model, and both trainings start alike and end at their optimum. The degree is the highest of which a
/// cell fits d', so it grows like d'^(1/m) as T7 asks, at m = 2 up to <see cref="MostDegree"/>, beyond which cells are cut.
/// </para>
/// <para>
/// With d' ~ ln^m d and a loss p sigma^2 / d the exponential is what follows if nothing is lost in the compression; what is
/// tested is that nothing is. A model of p parameters has no need that d' grow for ever, a compressor that does not
/// know the model has.
/// </para>
/// </remarks>
public sealed record PolylogScalingSetting
{
    /// <summary>The highest degree k of the labels at m = 2: a cell keeps 2k in x, 91 moments.</summary>
    public const int MostDegree = 6;

    /// <summary>At m = 1 so many objects are reduced at a time, and the results together: every merge keeps the moments.</summary>
    private const int Chunk = 1 << 14;

    /// <summary>m, 1 or 2.</summary>
    public int Features { get; init; } = 1;

    /// <summary>d.</summary>
    public required int Count { get; init; }

    /// <summary>c in d' = floor(c ln^m d).</summary>
    public double Constant { get; init; } = 3;

    /// <summary>sigma of the labels.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>Seed of data, start and baseline.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>d'.</summary>
    public int Budget => BudgetOf(Features, Constant, Count);

    /// <summary>floor(c ln^m d).</summary>
    public static int BudgetOf(int features, double constant, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        return (int)(constant * Math.Pow(Math.Log(count), features) + 1e-9);
    }

    /// <summary>The least d whose budget is d': the sizes at which nothing is lost to rounding d' down.</summary>
    /// <param name="features">m.</param>
    /// <param name="constant">c.</param>
    /// <param name="budget">d', at least 1.</param>
    /// <exception cref="OverflowException">More than an array holds.</exception>
    public static int CountFor(int features, double constant, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        int count = checked((int)Math.Ceiling(Math.Exp(Math.Pow(budget / constant, 1.0 / features))));
        while (count > 2 && BudgetOf(features, constant, count - 1) >= budget) count--;
        while (BudgetOf(features, constant, count) < budget) count++;
        return count;
    }

    /// <summary>The highest degree k of which one cell is planned to fit the budget.</summary>
    private static int DegreeFor(int features, int budget)
    {
        int most = features == 1 ? byte.MaxValue / 2 : MostDegree, degree = 0;
        while (degree < most && SyntheticPlan.Nodes(MomentSpace.TotalDegree(features, 2 * (degree + 1)), SyntheticPlan.PromisedSlack) <= budget) degree++;
        return degree;
    }

    /// <summary>Draws the data, compresses them, and trains on both.</summary>
    /// <param name="cancellation">Cancels within the compression and between the steps of a fit.</param>
    /// <exception cref="ArgumentException">A budget below the number of parameters, or not below d.</exception>
    public PolylogScalingPoint Run(CancellationToken cancellation = default)
    {
        SmoothRegressionTask task = SmoothRegressionTask.Of(Features, Noise);
        if (Budget < task.ParameterCount || Budget >= Count)
            throw new ArgumentOutOfRangeException("options", Budget, $"d' = {Budget} for d = {Count}; it must be at least {task.ParameterCount}, the number of parameters, and below d. Change the constant c = {Constant} or d.");
        WeightedPoints set = task.Draw(Count, Seed);
        double[] start = task.Start(Seed);
        SyntheticSet few = Compressed(set, cancellation);
        CompressedSet random = UniformSubset.Compress(set, new CompressionOptions { Budget = Budget, Degree = 1, Seed = Seed });
        return new PolylogScalingPoint(Features, Count, Budget, few.Count, few.Certificate.Degree / 2, few.Certificate.Cells, Seed, Excess(set), Excess(few.Points), Excess(random.Points(set)));

        double Excess(WeightedPoints points) => task.ExcessLoss(task.Fit(points, start, cancellation));
    }

    /// <summary>d' free nodes with free labels, of the highest degree for which they are found.</summary>
    /// <param name="set">Objects (x, y).</param>
    /// <param name="cancellation">Cancels within a cell.</param>
    public SyntheticSet Compressed(WeightedPoints set, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        for (int degree = DegreeFor(Features, Budget); ; degree--)
        {
            var options = new FreeNodeOptions { Budget = Budget, Degree = degree, Seed = Seed, CancellationToken = cancellation };
            try
            {
                return FreeLabels.Compress(Features == 1 ? Merged(set, options) : set, Features, options);
            }
            catch (ArgumentOutOfRangeException) when (degree > 1)
            {
                // Where nodes are not found, a cell takes a subset, which does not fit: a lower degree does.
            }
        }
    }

    /// <summary>The set reduced chunk by chunk to nodes with the same moments in x and y; a small set is handed back.</summary>
    private static WeightedPoints Merged(WeightedPoints set, FreeNodeOptions options)
    {
        // A part that fits into the budget would come back as it is.
        int chunk = Math.Max(Chunk, checked(4 * options.Budget));
        if (set.Count <= chunk) return set;
        List<double> rows = [], weights = [];
        for (int from = 0; from < set.Count; from += chunk)
        {
            int count = Math.Min(chunk, set.Count - from);
            double[]? masses = set.IsUniform ? null : set.Weights.Slice(from, count).ToArray();
            WeightedPoints part = new(set.Coordinates.Slice(from * set.Dimension, count * set.Dimension).ToArray(), set.Dimension, masses);
            WeightedPoints nodes = FreeLabels.Compress(part, set.Dimension - 1, options).Points;
            rows.AddRange(nodes.Coordinates);
            for (int i = 0; i < nodes.Count; i++) weights.Add(nodes.WeightOf(i));
        }
        return Merged(new WeightedPoints([.. rows], set.Dimension, [.. weights]), options);
    }
}

/// <summary>Losses above the noise of one size and seed.</summary>
/// <param name="Features">m.</param>
/// <param name="Count">d.</param>
/// <param name="Budget">d' allowed.</param>
/// <param name="Kept">Nodes used, at most d'.</param>
/// <param name="Degree">k.</param>
/// <param name="Cells">Cells cut.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Original">Trained on d objects.</param>
/// <param name="Compressed">Trained on the nodes.</param>
/// <param name="Random">Trained on d' random objects.</param>
public sealed record PolylogScalingPoint(int Features, int Count, int Budget, int Kept, int Degree, int Cells, int Seed, double Original, double Compressed, double Random);
