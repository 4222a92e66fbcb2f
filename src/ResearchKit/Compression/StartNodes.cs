using ResearchKit.Baselines;
using ResearchKit.Tasks;

namespace ResearchKit.Networks;

/// <summary>The nodes that a descent to support points starts from: in every group a member of each of its k-means cells, with equal masses.</summary>
/// <remarks>Members, unlike means, are spread as the neurons are.</remarks>
internal sealed class StartNodes
{
    /// <summary>Keeps the stream of members apart from the clusters' own.</summary>
    private const long Stream = 78;

    /// <summary>Draws nodes.</summary>
    /// <param name="rows">Coordinates of different neurons, more of them than the budget.</param>
    /// <param name="neurons">Their weights.</param>
    /// <param name="groups">Their groups.</param>
    /// <param name="budget">The number of nodes, at least one for each group that is there.</param>
    /// <param name="scales">The metric of the cells, one number per coordinate.</param>
    /// <param name="options">Seed, threads, cancellation.</param>
    public StartNodes(double[][] rows, WeightedPoints neurons, int[] groups, int budget, double[] scales, CompressionOptions options)
    {
        int[][] members = [.. Enumerable.Range(0, rows.Length).GroupBy(i => groups[i]).OrderBy(g => g.Key).Select(g => g.ToArray())];
        var random = new SeededRandom(options.Seed, Stream);
        var (nodes, masses, of) = (new List<double[]>(), new List<double>(), new List<int>());
        int[] shares = Shares([.. members.Select(g => g.Sum(neurons.WeightOf))], [.. members.Select(g => g.Length)], budget);
        for (int g = 0; g < members.Length; g++)
        {
            int[] mine = members[g];
            var scaled = new WeightedPoints([.. mine.SelectMany(i => rows[i].Select((x, q) => scales[q] * x))], scales.Length, [.. mine.Select(neurons.WeightOf)]);
            CentroidSet cells = KMeansCentroids.Compress(scaled, options with { Budget = shares[g], Progress = null });
            var chosen = new int[cells.Count];
            var seen = new int[cells.Count];
            for (int i = 0; i < mine.Length; i++)
            {
                int cell = cells.Assignment[i];
                if (random.NextInt(++seen[cell]) == 0) chosen[cell] = mine[i];
            }
            double mass = scaled.Mass / cells.Count;
            foreach (int i in chosen)
            {
                nodes.Add([.. rows[i]]);
                masses.Add(mass);
                of.Add(groups[i]);
            }
        }
        (Rows, Masses, Groups) = ([.. nodes], [.. masses], [.. of]);
    }

    /// <summary>Coordinates of every node.</summary>
    public double[][] Rows { get; }

    /// <summary>Mass of every node.</summary>
    public double[] Masses { get; }

    /// <summary>Group of every node.</summary>
    public int[] Groups { get; }

    /// <summary>Nodes of every group: in proportion to its mass, at least one, at most its neurons.</summary>
    private static int[] Shares(double[] masses, int[] counts, int budget)
    {
        if (masses.Length == 1) return [budget];
        int first = (int)Math.Round(budget * (masses[0] / (masses[0] + masses[1])));
        first = Math.Clamp(first, Math.Max(1, budget - counts[1]), Math.Min(counts[0], budget - 1));
        return [first, budget - first];
    }
}
