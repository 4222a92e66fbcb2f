using ResearchKit.Networks;

namespace ResearchKit.Baselines;

/// <summary>The baseline of training from scratch: a network of width d', freshly initialised, that has seen nothing of the original.</summary>
public static class SmallNetwork
{
    /// <summary>Initialises.</summary>
    /// <param name="network">Gives everything but width and parameters.</param>
    /// <param name="options">Budget (no set becomes wider than the original's) and seed.</param>
    /// <exception cref="ArgumentException">A parameter that is not finite, or a budget below 1.</exception>
    public static CompressedNetwork<TModel> Create<TModel>(TModel network, NetworkCompressionOptions options)
        where TModel : WeightedModel
    {
        NetworkBaseline.Require(network, options);
        NetworkKind<TModel> kind = NetworkKind<TModel>.Instance;
        int[] widths = [.. kind.Layout(network).Widths.Select(w => Math.Min(w, options.Budget))];
        return new CompressedNetwork<TModel>("small network", kind.Initialise(network, widths, options.Seed), [], [], network.Parameters.Length);
    }
}
