using ResearchKit.Tasks;

namespace ResearchKit.Baselines;

/// <summary>Weighted mini-batch k-means (Sculley, 2010): the clustering of the paper's rounds.</summary>
/// <remarks>
/// k-means++ seeds, then batches of 1024 uniform draws until about three passes are made; each drawn point pulls its
/// nearest centre by the share of its weight in all weight that the centre has seen. A last pass assigns every point.
/// </remarks>
internal static class MiniBatchKMeans
{
    private const int BatchSize = 1024;
    private const int Passes = 3;
    private const int LeastBatches = 20;

    /// <summary>Splits row-major points into at most <paramref name="clusters"/> groups.</summary>
    /// <returns>The point indices of each nonempty cluster, ascending.</returns>
    public static List<int[]> Split(double[] coordinates, int m, double[] weights, int clusters, ref SeededRandom random, CancellationToken cancel)
    {
        int n = coordinates.Length / m;
        int[] seeds = PlusPlusSeeding.Draw(coordinates, m, weights, clusters, ref random, cancel);
        var centres = new double[seeds.Length * m];
        for (int c = 0; c < seeds.Length; c++) coordinates.AsSpan(seeds[c] * m, m).CopyTo(centres.AsSpan(c * m));
        var seen = new double[seeds.Length];
        int batches = Math.Max(LeastBatches, Passes * n / BatchSize);
        var drawn = new int[BatchSize];
        var nearest = new int[BatchSize];
        for (int batch = 0; batch < batches; batch++)
        {
            cancel.ThrowIfCancellationRequested();
            var tree = new NeighbourTree([.. centres], m);
            for (int b = 0; b < BatchSize; b++)
            {
                drawn[b] = random.NextInt(n);
                nearest[b] = NearestTo(tree, coordinates.AsSpan(drawn[b] * m, m));
            }
            for (int b = 0; b < BatchSize; b++)
                Pull(centres.AsSpan(nearest[b] * m, m), coordinates.AsSpan(drawn[b] * m, m), weights[drawn[b]], ref seen[nearest[b]]);
        }
        return Assign(coordinates, m, centres);
    }

    private static void Pull(Span<double> centre, ReadOnlySpan<double> point, double weight, ref double seen)
    {
        seen += weight;
        double rate = weight / seen;
        for (int j = 0; j < centre.Length; j++) centre[j] += rate * (point[j] - centre[j]);
    }

    private static List<int[]> Assign(double[] coordinates, int m, double[] centres)
    {
        var tree = new NeighbourTree(centres, m);
        var members = new List<int>[centres.Length / m];
        for (int i = 0; i < coordinates.Length / m; i++)
            (members[NearestTo(tree, coordinates.AsSpan(i * m, m))] ??= []).Add(i);
        return [.. members.Where(list => list is not null).Select(list => list.ToArray())];
    }

    private static int NearestTo(NeighbourTree tree, ReadOnlySpan<double> point)
    {
        int best = 0;
        double distance = double.PositiveInfinity;
        tree.Nearest(point, ref best, ref distance);
        return best;
    }
}
