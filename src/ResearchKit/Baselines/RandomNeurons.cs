using ResearchKit.Networks;

namespace ResearchKit.Baselines;

/// <summary>
/// The plainest baseline for networks: d' objects of every set drawn uniformly, their weights scaled so that the mass is kept
/// (c = d/d' each in an unweighted network; the paper's own baseline lacks that factor).
/// </summary>
public static class RandomNeurons
{
    /// <summary>Draws.</summary>
    /// <param name="network">A two-layer or deep network, or an attention layer.</param>
    /// <param name="options">Budget and seed; the space is not used.</param>
    /// <exception cref="ArgumentException">A parameter that is not finite, or a budget below 1.</exception>
    public static CompressedNetwork<TModel> Compress<TModel>(TModel network, NetworkCompressionOptions options)
        where TModel : WeightedModel
        => NetworkBaseline.Select(network, options, static (objects, _, chosen) => UniformSubset.Compress(objects, chosen));
}
