namespace ResearchKit.Networks;

/// <summary>Turns a weighted model into an ordinary one.</summary>
public static class WeightFolding
{
    /// <summary>
    /// A model of the same type and function whose weights are 1: every c is multiplied into what leaves its object (the
    /// output weights of a neuron, the output projection of a head).
    /// </summary>
    /// <param name="model">A two-layer network, deep network or attention layer; not changed.</param>
    /// <remarks>
    /// For inference: the predictions are the same to rounding, and by fewer multiplications. Its training is another one, for
    /// without c there is no 1/c rule.
    /// </remarks>
    /// <exception cref="ArgumentException">The model is of another type.</exception>
    public static WeightedModel Fold(WeightedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        WeightedModel plain = model switch
        {
            TwoLayerNetwork network => new TwoLayerNetwork(network.InputSize, network.Width, network.OutputSize, network.Activation),
            DeepNetwork network => new DeepNetwork(network.InputSize, network.Widths, network.OutputSize, network.Activation),
            AttentionLayer layer => new AttentionLayer(layer.Heads, layer.InputSize, layer.HeadSize, layer.EveryPosition),
            _ => throw Unknown(model),
        };
        model.Parameters.CopyTo(plain.Parameters);
        for (int set = 0; set < model.ObjectSets; set++)
        {
            ReadOnlySpan<double> c = model.ObjectWeights(set);
            Span<double> leaving = plain.Block(model is DeepNetwork ? $"layers.{set + 1}.weight" : "output.weight");
            // In each of these blocks the objects run fastest.
            for (int i = 0; i < leaving.Length; i++) leaving[i] *= c[i % c.Length];
        }
        return plain;
    }

    internal static ArgumentException Unknown(WeightedModel model) =>
        new($"A {model.GetType().Name} has no known file layout; use a {nameof(TwoLayerNetwork)}, {nameof(DeepNetwork)} or {nameof(AttentionLayer)}.", nameof(model));
}
