using System.Diagnostics;
using ResearchKit.Tasks;

namespace ResearchKit.Baselines;

/// <summary>
/// The paper's own compression algorithm, written from its description: the reference against which this library's
/// <see cref="Compressor"/> is compared in error and time. For work, use the compressor.
/// </summary>
/// <remarks>
/// <para>Two stages take d objects to d' (the budget):</para>
/// <list type="number">
/// <item><description>Rounds, while more than <c>farFactor</c> x d' objects are left: weighted mini-batch k-means into n / 2N clusters;
/// every cluster of more than N objects is peeled to N (raw monomials, one decomposition per removed object). A round
/// about halves the set, so a tenfold compression takes three.</description></item>
/// <item><description>Neighbourhoods: the tightest N + 1 objects lose one, over and over, until d' are left (d' at the
/// least; fewer only where one step empties several weights at once, as on grids).</description></item>
/// </list>
/// <para>The number of singular value decompositions is d - d' (one per removed object, each of an N x (N + 1) matrix,
/// O(N^3)), so the cost is O((d - d') N^3). At m = 3, k = 5, d = 1000, d' = 100 a run made 888 in rounds and 12 in
/// neighbourhoods; at d = 4000, d' = 400, 3552 and 48.</para>
/// <para>What the description leaves open, and the choice made here. "Far from the target": above 2d' by default. On the
/// task of Fig. 2 that gives 0.8 to 2.2 times the published geometric means (10 trials); 4 leaves the last halving to the
/// neighbourhoods and gives 0.2 to 1.0 times, in about the same time (m = 2..3, k = 3..5, d = 1000..4000). Clusters per
/// round: n / 2N, so that a mean cluster can lose half. Points of a decomposition within a cluster: the first N + 1 in
/// index order, which gives the smallest matrix that has a null vector for certain. Null vector: the last right singular
/// vector; direction: the one whose end is nearer. Smallest diameter: smallest distance to the N-th neighbour. Absolute
/// tolerance 1e-12: on entries, weights and singular values, after weights are scaled to mean 1 (the paper has c = 1).
/// Clusters of a round run in parallel and neighbours are searched in a k-d tree, so that only the algorithm's own cost shows.</para>
/// <para>The certificate measures the whole set as one cell; its largest diameter is that of the sets that were peeled,
/// its rank counts singular values above 1e-12. Both are 0 when nothing had to go.</para>
/// </remarks>
public static class PaperAlgorithm
{
    /// <summary>Rounds go on while more than this many times the budget is left. The published errors are met best with 2.</summary>
    public const double DefaultFarFactor = 2;

    /// <summary>Compresses a set to at most <see cref="CompressionOptions.Budget"/> objects with the same moments.</summary>
    /// <param name="set">d objects. Raw monomials need coordinates of order 1.</param>
    /// <param name="options">Budget, moments, seed, parallelism, progress and cancellation. Objects without weight are
    /// dropped first; when the rest fits the budget, it is returned with its weights unchanged.</param>
    /// <param name="farFactor">At least 1; larger gives more of the work to neighbourhoods, infinity all of it.</param>
    /// <returns>A selection; the same bits for any thread count.</returns>
    /// <exception cref="ArgumentException">The moment space has another dimension than the set, or whitens or separates.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The budget binds and is below N (T2 promises no fewer), or is below 1.</exception>
    /// <exception cref="InvalidOperationException">Coordinates so large that raw monomials overflow or swamp the null vector.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; checked before every decomposition.</exception>
    public static CompressedSet Compress(WeightedPoints set, CompressionOptions options, double farFactor = DefaultFarFactor)
    {
        long start = Stopwatch.GetTimestamp();
        if (!(farFactor >= 1))
            throw new ArgumentOutOfRangeException(nameof(farFactor), farFactor, "The far factor must be at least 1: rounds cannot go below the budget.");
        MomentSpace space = BaselineOptions.Require(set, options);
        int[] points = BaselineOptions.WithWeight(set);
        var weights = new double[set.Count];
        var work = default(SelectionCertificate.Work);
        int budget = options.RequireBudget();
        if (points.Length > budget)
        {
            if (budget < space.Count)
                throw new ArgumentOutOfRangeException(nameof(options), budget, $"The budget d' must be at least N = {space.Count}, the moments of {space.Name}, or at least the {points.Length} objects with weight; raise the budget or lower the degree.");
            double scale = set.Mass / points.Length;
            foreach (int i in points) weights[i] = set.WeightOf(i) / scale;
            work = new Run(set, space, options, weights, farFactor).Reduce(points);
            points = [.. points.Where(i => weights[i] > 0)];
            // Null vectors of raw monomials are as good as the monomials' condition: what the mass has drifted by is taken out.
            scale *= set.Mass / (scale * CompensatedSum.Of([.. points.Select(i => weights[i])]));
            foreach (int i in points) weights[i] *= scale;
        }
        else
        {
            foreach (int i in points) weights[i] = set.WeightOf(i);
        }
        return SelectionCertificate.Certify("paper reference", set, space, points, [.. points.Select(i => weights[i])], options, work, start);
    }

    private sealed class Run(WeightedPoints set, MomentSpace space, CompressionOptions options, double[] weights, double farFactor)
    {
        private readonly double[] coordinates = set.CoordinateArray;
        private readonly int m = set.Dimension;
        private readonly int budget = options.RequireBudget();
        private readonly List<NullVectorPeeler> peelers = [];
        private int original;
        private int gone;

        public SelectionCertificate.Work Reduce(int[] points)
        {
            original = points.Length;
            var random = new SeededRandom(options.Seed);
            while (points.Length > farFactor * budget)
            {
                int before = points.Length;
                Round(points, ref random);
                points = [.. points.Where(i => weights[i] > 0)];
                if (points.Length == before) break;
            }
            Report("peel neighbourhoods", points.Length);
            NeighbourhoodPeeling.Run(NewPeeler(), coordinates, m, weights, points, space.Count, budget,
                options.CancellationToken, left => Report("peel neighbourhoods", left));
            long matrices = 8L * (space.Count + 1) * (space.Count + 1) * 4 * peelers.Count;
            return new(peelers.Max(p => p.MaxRank), peelers.Max(p => p.MaxDiameter), matrices + 8L * points.Length * (2 * m + 4) + 12L * set.Count);
        }

        private void Round(int[] points, ref SeededRandom random)
        {
            int n = points.Length, moments = space.Count;
            var rows = new double[n * m];
            for (int i = 0; i < n; i++) coordinates.AsSpan(points[i] * m, m).CopyTo(rows.AsSpan(i * m));
            double[] mass = [.. points.Select(i => weights[i])];
            List<int[]> clusters = MiniBatchKMeans.Split(rows, m, mass, Math.Max(1, n / (2 * moments)), ref random, options.CancellationToken);
            // The quota is dealt out beforehand, in order, so that threads cannot overdraw it together.
            int quota = n - budget;
            var targets = new int[clusters.Count];
            for (int c = 0; c < targets.Length; c++)
            {
                int excess = Math.Min(quota, Math.Max(0, clusters[c].Length - moments));
                quota -= excess;
                targets[c] = clusters[c].Length - excess;
            }
            gone = original - n;
            ParallelOptions parallel = options.Parallel();
            Parallelism.Unwrap(() => Parallel.For(0, targets.Length, parallel, NewPeeler, (c, _, peeler) =>
            {
                PeelCluster(peeler, [.. clusters[c].Select(i => points[i])], targets[c]);
                return peeler;
            }, _ => { }));
        }

        private void PeelCluster(NullVectorPeeler peeler, List<int> cluster, int target)
        {
            var subset = new int[space.Count + 1];
            while (cluster.Count > target)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                cluster.CopyTo(0, subset, 0, subset.Length);
                peeler.Step(subset);
                int removed = cluster.RemoveAll(i => weights[i] == 0);
                Report("peel clusters", original - Interlocked.Add(ref gone, removed));
            }
        }

        private NullVectorPeeler NewPeeler()
        {
            var peeler = new NullVectorPeeler(coordinates, m, space, weights);
            lock (peelers) peelers.Add(peeler);
            return peeler;
        }

        private void Report(string stage, int left) =>
            options.Progress?.Report(new CompressionProgress(stage, Math.Min(1, (original - left) / (double)(original - budget))));
    }
}
