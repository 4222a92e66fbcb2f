using ResearchKit.Tasks;

namespace ResearchKit;

/// <summary>The error of a selection on seeded random ridge functions tanh(a.x + b): smooth, but no polynomial.</summary>
internal static class RidgeProbes
{
    /// <summary>Root mean square error of the mean over the options' probes.</summary>
    public static double Error(WeightedPoints set, ReadOnlySpan<int> indices, ReadOnlySpan<double> weights, CompressionOptions options)
        => Error(set, Difference(set, indices, weights), LocalFrame.Of(set), options.Seed, options.Probes, options.Parallel());

    /// <summary>Compressed minus original weight of every object.</summary>
    public static double[] Difference(WeightedPoints set, ReadOnlySpan<int> indices, ReadOnlySpan<double> weights)
    {
        var difference = new double[set.Count];
        for (int i = 0; i < difference.Length; i++) difference[i] = -set.WeightOf(i);
        for (int i = 0; i < indices.Length; i++) difference[indices[i]] += weights[i];
        return difference;
    }

    /// <summary>The same for a difference of weights.</summary>
    public static double Error(WeightedPoints set, double[] difference, LocalFrame frame, int seed, int probes, ParallelOptions parallel)
    {
        int m = set.Dimension;
        var errors = new double[probes];
        Parallel.For(0, probes, parallel, probe =>
        {
            // A stream per probe, so that probe i is the same however many there are.
            var random = new SeededRandom(seed, probe + 1);
            var a = new double[m];
            random.FillNormal(a);
            double b = random.NextNormal();
            for (int j = 0; j < m; j++)
            {
                a[j] *= frame.InverseHalfWidth[j];
                b -= a[j] * frame.Center[j];
            }
            var sum = new CompensatedSum();
            ReadOnlySpan<double> x = set.Coordinates;
            for (int i = 0; i < difference.Length; i++)
            {
                if (difference[i] == 0) continue;
                double z = b;
                for (int j = 0; j < m; j++) z += a[j] * x[i * m + j];
                sum.Add(difference[i] * Math.Tanh(z));
            }
            errors[probe] = sum.Total / set.Mass;
        });
        double squares = 0;
        foreach (double e in errors) squares += e * e;
        return Math.Sqrt(squares / probes);
    }
}
