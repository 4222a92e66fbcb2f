using System.Diagnostics;
using ResearchKit.Tasks;

namespace ResearchKit.Baselines;

/// <summary>
/// Kernel thinning (Dwivedi and Mackey, 2021), near-linear in d by the recursion of Compress++ (Shetty, Dwivedi and
/// Mackey, 2022): d' objects of equal weight whose maximum mean discrepancy (MMD) in a Gaussian kernel is about
/// 1/d' instead of the uniform subset's 1/sqrt(d').
/// </summary>
/// <remarks>
/// <para>Written from the papers' descriptions. Steps, on the objects in a seeded random order:</para>
/// <list type="number">
/// <item><description>Compress: while at least 8 d' objects are left, halve them by the self-balancing walk (kt.split with
/// the target kernel itself) in chunks. The chunks double from round to round while the set is halved, which is Compress's
/// tree of four-way merges read level by level; the last round is one chunk. More than <see cref="LargestChunk"/> objects
/// are never walked together.</description></item>
/// <item><description>Thin: halve twice more, to fewer than 2 d' objects. The candidates are what step 1 left.</description></item>
/// <item><description>Drop: d' is rarely d / 2^g. The one object whose loss lowers the MMD to the whole set most is taken
/// out until d' are left. (Starting from a random d' 2^g of the d objects instead, as the papers do, would cost a sampling
/// error of order (d' 2^g)^(-1/2), above the MMD that is to be reached.)</description></item>
/// <item><description>Swap (kt.swap): each of the d' objects in turn is exchanged for the candidate, not yet chosen, that
/// lowers the MMD to the whole set most; it stays where none does.</description></item>
/// </list>
/// <para>The failure probability 1/2 of a walk is spread evenly over its pairs. kt.split's other coresets are not compared,
/// since the swaps start from one. An odd object out in a round stays with probability 1/2. The cost is
/// O(d d' + d'^2 log(d/d')) kernel values. Chunks and kernel sums run in parallel, each in a fixed order: the same bits
/// for any thread count.</para>
/// </remarks>
public static partial class KernelThinning
{
    /// <summary>Objects that one walk takes at most; its cost is quadratic.</summary>
    public const int LargestChunk = 16384;

    /// <summary>In smaller chunks a walk balances little; larger ones cost next to nothing up to here.</summary>
    private const int SmallestChunk = 64;

    /// <summary>Step 1 leaves at least this many times d' objects for the thinning proper.</summary>
    private const int Oversampling = 4;

    /// <summary>Thins a set to exactly <see cref="CompressionOptions.Budget"/> objects of weight mass / d' each.</summary>
    /// <param name="set">d objects whose positive weights are all equal; those without weight are never chosen.</param>
    /// <param name="options">Budget, seed, parallelism, progress and cancellation; degree or moment space serve the
    /// certificate alone. When the objects with weight fit the budget, they are returned with their weights unchanged.</param>
    /// <param name="bandwidth">The kernel's bandwidth s in units of the coordinates; when null the median distance of
    /// (a seeded 1000 of) the objects.</param>
    /// <exception cref="ArgumentException">Unequal weights: a walk that halves cannot tell them apart; a moment space that whitens or separates.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A budget below 1, or a bandwidth that is not positive and finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; checked every few hundred kernel sums.</exception>
    public static CompressedSet Compress(WeightedPoints set, CompressionOptions options, double? bandwidth = null)
    {
        long start = Stopwatch.GetTimestamp();
        MomentSpace space = BaselineOptions.Require(set, options);
        if (bandwidth is { } s && !(s > 0 && double.IsFinite(s)))
            throw new ArgumentOutOfRangeException(nameof(bandwidth), s, "The bandwidth must be positive and finite, in the units of the coordinates; null takes the median distance.");
        int[] points = BaselineOptions.WithWeight(set);
        RequireEqual(set, points);
        int budget = options.RequireBudget();
        if (points.Length <= budget)
            return SelectionCertificate.Certify("kernel thinning", set, space, points, [.. points.Select(set.WeightOf)], options, default, start);

        var random = new SeededRandom(options.Seed);
        random.Shuffle(points.AsSpan());
        GaussianKernel kernel = GaussianKernel.Of(set, points, bandwidth, options.Seed);
        int[] chosen = Parallelism.Unwrap(() => Thin(kernel, budget, options));
        int[] indices = [.. chosen.Select(i => points[i])];
        Array.Sort(indices);
        var weights = new double[indices.Length];
        Array.Fill(weights, set.Mass / indices.Length);
        long bytes = 8L * points.Length * (2 * set.Dimension + 6);
        options.Progress?.Report(new CompressionProgress("done", 1));
        return SelectionCertificate.Certify("kernel thinning", set, space, indices, weights, options, new(0, 0, bytes), start);
    }

    private static int[] Thin(GaussianKernel kernel, int budget, CompressionOptions options)
    {
        int[] left = [.. Enumerable.Range(0, kernel.Count)];
        int rounds = 0;
        while (left.Length >> (rounds + 1) >= Oversampling * budget) rounds++;
        int round = 0;
        for (; round < rounds; round++)
        {
            // The last round walks its whole input, the one before twice as many objects in chunks of half that, ...
            int chunk = (left.Length >> (rounds - 1 - round)) >> (rounds - 1 - round);
            left = Halve(kernel, left, Math.Clamp(chunk, SmallestChunk, LargestChunk), round, options);
            Report(options, "compress", 0.2 * (round + 1) / rounds);
        }
        int[] candidates = left;
        for (; left.Length >= 2 * budget; round++) left = Halve(kernel, left, LargestChunk, round, options);
        Report(options, "split", 0.3);
        return new Refinement(kernel, candidates, options).Run(left, budget);
    }

    private static void Report(CompressionOptions options, string stage, double fraction) =>
        options.Progress?.Report(new CompressionProgress(stage, fraction));

    private static void RequireEqual(WeightedPoints set, int[] points)
    {
        if (set.IsUniform) return;
        double first = set.WeightOf(points[0]);
        foreach (int i in points)
            if (set.WeightOf(i) != first)
                throw new ArgumentException($"Object {i} has weight {set.WeightOf(i)}, object {points[0]} has {first}; kernel thinning halves sets of equal weight and cannot tell unequal ones apart. Use {nameof(UniformSubset)}, {nameof(KMeansCentroids)} or {nameof(Compressor)} for weighted sets.", nameof(set));
    }
}
