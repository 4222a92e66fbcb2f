using ResearchKit.Networks;

namespace ResearchKit.Baselines;

/// <summary>Magnitude pruning, by whole objects: those with the largest c |v| |(w, b)| stay.</summary>
public static class MagnitudePruning
{
    /// <summary>Prunes.</summary>
    /// <param name="network">A two-layer or deep network, or an attention layer (|U| |(Wq, Wk, Wv)|).</param>
    /// <param name="options">Budget; neither seed nor space are used.</param>
    /// <param name="rescale">Whether the kept weights c are scaled so that the mass is kept; as they are otherwise.</param>
    /// <exception cref="ArgumentException">A parameter that is not finite, or a budget below 1.</exception>
    public static CompressedNetwork<TModel> Compress<TModel>(TModel network, NetworkCompressionOptions options, bool rescale = false)
        where TModel : WeightedModel
        => NetworkBaseline.Select(network, options, (objects, linear, chosen) => Largest(objects, linear, chosen, rescale));

    /// <summary>The indices of the largest objects, ascending; equal ones by their index.</summary>
    internal static int[] Largest(WeightedPoints objects, int linear, int count)
        => [.. Enumerable.Range(0, objects.Count)
            .OrderByDescending(i => objects.WeightOf(i) * Norm(objects[i][..linear]) * Norm(objects[i][linear..]))
            .ThenBy(static i => i).Take(count).Order()];

    private static CompressedSet Largest(WeightedPoints objects, int linear, CompressionOptions options, bool rescale)
    {
        long start = NetworkBaseline.Start();
        int[] kept = Largest(objects, linear, options.RequireBudget());
        double[] weights = [.. kept.Select(objects.WeightOf)];
        double factor = rescale ? objects.Mass / CompensatedSum.Of(weights) : 1;
        for (int i = 0; i < weights.Length; i++) weights[i] *= factor;
        return NetworkBaseline.Certify(rescale ? "magnitude pruning, rescaled" : "magnitude pruning", objects, kept, weights, options, start);
    }

    private static double Norm(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double x in values) sum += x * x;
        return Math.Sqrt(sum);
    }
}
