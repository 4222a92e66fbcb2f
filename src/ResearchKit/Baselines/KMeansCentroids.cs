using ResearchKit.Tasks;

namespace ResearchKit.Baselines;

/// <summary>
/// The k-means baseline: k-means++ seeds, Lloyd iterations, each cluster replaced by its mean with the cluster's mass.
/// It keeps the mass and the first moments cell by cell; its error is that of k = 1 in T3, with the smallest cells.
/// </summary>
/// <remarks>
/// Seeding and assignment search k-d trees, so that d = 128000 and d' = 12800 take seconds. Assignments run in parallel,
/// one object at a time; sums run serially in index order: the same bits for any thread count. A cluster that loses all
/// its mass moves to the object with the largest weight times squared distance.
/// </remarks>
public static class KMeansCentroids
{
    /// <summary>Lloyd iterations at most, when not said otherwise.</summary>
    public const int DefaultIterations = 25;

    /// <summary>Iterations end when one lowers the inertia by less than this part of it.</summary>
    public const double RelativeTolerance = 1e-4;

    private const int Block = 1024;

    /// <summary>Clusters a set into at most <see cref="CompressionOptions.Budget"/> centroids.</summary>
    /// <param name="set">d objects. Those without weight are assigned but move nothing.</param>
    /// <param name="options">Budget, seed, parallelism, progress and cancellation; degree and moment space do not matter.</param>
    /// <param name="maxIterations">Lloyd iterations at most, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A budget or an iteration number below 1.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; checked several times per iteration.</exception>
    public static CentroidSet Compress(WeightedPoints set, CompressionOptions options, int maxIterations = DefaultIterations)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        OptionsCheck.Require(options);
        if (maxIterations < 1)
            throw new ArgumentOutOfRangeException(nameof(maxIterations), maxIterations, "At least 1 Lloyd iteration is needed.");
        options.CancellationToken.ThrowIfCancellationRequested();
        var random = new SeededRandom(options.Seed);
        int[] seeds = PlusPlusSeeding.Draw(set.CoordinateArray, set.Dimension, set.Weights, Math.Min(options.RequireBudget(), set.Count), ref random, options.CancellationToken);
        var centres = new double[seeds.Length * set.Dimension];
        for (int c = 0; c < seeds.Length; c++) set[seeds[c]].CopyTo(centres.AsSpan(c * set.Dimension));
        return Refine(set, centres, options, maxIterations);
    }

    /// <summary>Lloyd iterations from given centres, which are overwritten.</summary>
    internal static CentroidSet Refine(WeightedPoints set, double[] centres, CompressionOptions options, int maxIterations) =>
        new Lloyd(set, centres, options).Run(maxIterations);

    private sealed class Lloyd
    {
        private readonly WeightedPoints set;
        private readonly CompressionOptions options;
        private readonly int m;
        private readonly double[] centres;
        private readonly double[] mass;
        private readonly int[] assignment;
        private readonly double[] distance;

        public Lloyd(WeightedPoints set, double[] centres, CompressionOptions options)
        {
            this.set = set;
            this.centres = centres;
            this.options = options;
            m = set.Dimension;
            mass = new double[centres.Length / m];
            assignment = new int[set.Count];
            distance = new double[set.Count];
        }

        public CentroidSet Run(int maxIterations)
        {
            double inertia = Assign();
            bool converged = false;
            int iteration = 0;
            while (!converged && iteration < maxIterations)
            {
                Average();
                ReseedEmpty();
                double next = Assign();
                converged = inertia - next <= RelativeTolerance * inertia;
                inertia = next;
                iteration++;
                options.Progress?.Report(new CompressionProgress("k-means", converged ? 1 : (double)iteration / maxIterations));
            }
            // Centroids proper: the means of the final clusters, so that mass and first moments are kept exactly.
            Average();
            return Result(iteration, converged);
        }

        /// <summary>Assigns every object to its nearest centre and returns the inertia.</summary>
        private double Assign()
        {
            var tree = new NeighbourTree([.. centres], m);
            double[] coordinates = set.CoordinateArray;
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = options.CancellationToken };
            Parallel.For(0, (set.Count + Block - 1) / Block, parallel, block =>
            {
                for (int i = block * Block; i < Math.Min(set.Count, (block + 1) * Block); i++)
                {
                    ReadOnlySpan<double> x = coordinates.AsSpan(i * m, m);
                    // The old centre is a good first bound and prunes most of the tree.
                    int best = assignment[i];
                    double nearest = NeighbourTree.SquaredDistance(x, centres.AsSpan(best * m, m));
                    tree.Nearest(x, ref best, ref nearest);
                    (assignment[i], distance[i]) = (best, nearest);
                }
            });
            return Inertia();
        }

        private double Inertia()
        {
            var sum = new CompensatedSum();
            for (int i = 0; i < set.Count; i++) sum.Add(set.WeightOf(i) * distance[i]);
            return sum.Total;
        }

        /// <summary>Moves every centre with mass to the mean of its cluster; the others stay.</summary>
        private void Average()
        {
            var sums = new CompensatedSum[centres.Length];
            var masses = new CompensatedSum[mass.Length];
            for (int i = 0; i < set.Count; i++)
            {
                double weight = set.WeightOf(i);
                int c = assignment[i];
                masses[c].Add(weight);
                for (int j = 0; j < m; j++) sums[c * m + j].Add(weight * set[i][j]);
            }
            for (int c = 0; c < mass.Length; c++)
            {
                mass[c] = masses[c].Total;
                if (!(mass[c] > 0)) continue;
                for (int j = 0; j < m; j++) centres[c * m + j] = sums[c * m + j].Total / mass[c];
            }
        }

        private void ReseedEmpty()
        {
            int[] empty = [.. Enumerable.Range(0, mass.Length).Where(c => !(mass[c] > 0))];
            if (empty.Length == 0) return;
            int[] worst = [.. Enumerable.Range(0, set.Count)
                .Where(i => set.WeightOf(i) * distance[i] > 0)
                .OrderByDescending(i => set.WeightOf(i) * distance[i]).ThenBy(i => i).Take(empty.Length)];
            for (int e = 0; e < worst.Length; e++) set[worst[e]].CopyTo(centres.AsSpan(empty[e] * m, m));
        }

        /// <summary>Drops centres without mass and renumbers the assignment.</summary>
        private CentroidSet Result(int iterations, bool converged)
        {
            int[] kept = [.. Enumerable.Range(0, mass.Length).Where(c => mass[c] > 0)];
            double[] rows = [.. kept.SelectMany(c => new ArraySegment<double>(centres, c * m, m))];
            double[] weights = [.. kept.Select(c => mass[c])];
            var number = new int[mass.Length];
            for (int k = 0; k < kept.Length; k++) number[kept[k]] = k;
            var tree = new NeighbourTree(rows, m);
            for (int i = 0; i < set.Count; i++)
            {
                bool lost = !(mass[assignment[i]] > 0);
                int best = lost ? 0 : number[assignment[i]];
                distance[i] = lost ? double.PositiveInfinity : NeighbourTree.SquaredDistance(set[i], rows.AsSpan(best * m, m));
                if (lost) tree.Nearest(set[i], ref best, ref distance[i]);
                assignment[i] = best;
            }
            return new CentroidSet(new WeightedPoints(rows, m, weights), assignment, Inertia(), iterations, converged);
        }
    }
}
