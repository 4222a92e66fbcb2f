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

    /// <summary>Compresses the heads of an attention layer.</summary>
    /// <param name="layer">d weighted heads (U, Wv, Wq, Wk).</param>
    /// <param name="options">d' and how to run; <see cref="ObjectSpace.Heads"/> is the space when none is given. No refit.</param>
    /// <returns>The smaller layer with its selection. A layer of at most d' heads comes back unchanged.</returns>
    /// <exception cref="ArgumentException">A parameter that is not finite, a budget that cannot hold the moments, or a refit.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static CompressedNetwork<AttentionLayer> Compress(AttentionLayer layer, NetworkCompressionOptions options)
    {
        NetworkKind<AttentionLayer>.RequireFinite(layer);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Refit is not null)
            throw new ArgumentException("A Refit was given; heads are selected as they are: leave it out.", nameof(options));
        return Select(NetworkKind<AttentionLayer>.Instance, layer, options, options.Space ?? ObjectSpace.Heads());
    }

    /// <summary>Compresses every hidden layer of a deep network, from the first to the last.</summary>
    /// <param name="network">Weighted neurons in every hidden layer.</param>
    /// <param name="probes">Inputs from where the network is used, count x its input size, row-major; a few hundred or more. They tell which neurons are alike.</param>
    /// <param name="options">
    /// d' for each layer, and how to run. Its space measures neurons by <paramref name="coordinates"/> coordinates of their
    /// pre-activations; total degree 2 of them, unscaled, when none is given.
    /// </param>
    /// <param name="coordinates">m, how many principal coordinates of the pre-activations describe a neuron; at least 1.</param>
    /// <returns>The smaller network with a selection of each layer. With a refit the weights between layers have changed.</returns>
    /// <remarks>
    /// <para>
    /// A neuron of a deep layer has a thousand incoming and outgoing weights, too many for moments; as a function on the
    /// probes it has few coordinates: its pre-activations' leading principal ones (of their second moments, uncentred; in the
    /// first layer these are (w, b) in another basis). Moments are kept of these, not of the outgoing weights.
    /// </para>
    /// <para>
    /// So a plain selection keeps the sum of any smooth function over a layer, and with it the kernels of the layers, but not
    /// the network's function: every next neuron adds the kept ones up by weights of its own, random signs that no selection
    /// of a tenth can keep. A refit (<see cref="NetworkCompressionOptions.Refit"/>) changes these weights by least squares so
    /// that the next pre-activations are the original's on its inputs. The function follows from that, whichever neurons are
    /// kept: uniformly drawn ones with a refit are as close at initialisation. What is kept matters for training.
    /// </para>
    /// <para>
    /// Another order of the neurons changes the last bits of the principal coordinates, and may so lead to another selection,
    /// as good as this one.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">A parameter that is not finite, a budget that cannot hold the moments, bad probes.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static CompressedNetwork<DeepNetwork> Compress(DeepNetwork network, double[] probes, NetworkCompressionOptions options, int coordinates = 6)
    {
        NetworkKind<DeepNetwork>.RequireFinite(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(coordinates, 1);
        OptionsCheck.Require(options.For(null));
        options.Refit?.Require(network.InputSize);
        new OutputRefit { Inputs = probes }.Require(network.InputSize);
        using var compression = new DeepCompression(network, probes, coordinates, options);
        return compression.Run();
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
