namespace ResearchKit.Networks;

/// <summary>
/// Compresses the objects of a network (T5, arXiv 2510.00504): a smaller one of the same type whose weighted objects have the
/// same moments, and whose training, with the 1/c rule, follows the original's.
/// </summary>
/// <remarks>
/// <para>
/// Objects are compressed as they stand, at initialisation or after any number of steps; a network that has weights c already
/// gives them as masses, so compressing twices compounds. What no object owns (the output bias) is kept as it is.
/// </para>
/// <para>The result has the same bits for any number of threads.</para>
/// </remarks>
public static partial class NetworkCompressor
{
    /// <summary>Compresses the hidden neurons of a two-layer network.</summary>
    /// <param name="network">d weighted neurons (v, w, b).</param>
    /// <param name="options">d', what to keep, and how to run.</param>
    /// <returns>
    /// The smaller network with its selection. A network of at most d' neurons comes back unchanged (a refit included).
    /// </returns>
    /// <exception cref="ArgumentException">A parameter that is not finite, a budget that cannot hold the moments, bad probes.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static CompressedNetwork<TwoLayerNetwork> Compress(TwoLayerNetwork network, NetworkCompressionOptions options)
    {
        NetworkKind<TwoLayerNetwork>.RequireFinite(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Refit?.Require(network.InputSize);
        CompressedNetwork<TwoLayerNetwork> result = Select(NetworkKind<TwoLayerNetwork>.Instance, network, options, options.Space ?? ObjectSpace.ForNetwork(network.Activation));
        if (options.Refit is { } refit && result.Network.Width < network.Width) TwoLayerRefit.Apply(network, result.Network, refit, options);
        return result;
    }

    /// <summary>Moment cells for every set of a model's objects.</summary>
    private static CompressedNetwork<TModel> Select<TModel>(NetworkKind<TModel> kind, TModel model, NetworkCompressionOptions options, ObjectSpace space)
        where TModel : WeightedModel
    {
        NetworkObjectLayout layout = kind.Layout(model);
        var sets = new CompressedSet[layout.Widths.Length];
        for (int s = 0; s < sets.Length; s++)
        {
            var order = new CanonicalOrder(layout.Objects(model, s));
            sets[s] = order.Restore(space.Compress(order.Sorted, kind.LinearCoordinates(model, s), options));
        }
        return NetworkSelection.Make(kind, model, sets);
    }
}
