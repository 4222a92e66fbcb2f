namespace ResearchKit.Networks;

/// <summary>The types of models that can be compressed.</summary>
internal static class NetworkKinds
{
    private static readonly Dictionary<Type, object> Known = new()
    {
        [typeof(TwoLayerNetwork)] = new TwoLayerKind(),
        [typeof(DeepNetwork)] = new DeepKind(),
        [typeof(AttentionLayer)] = new AttentionKind(),
    };

    /// <summary>The names of the types.</summary>
    public static IEnumerable<string> Supported => Known.Keys.Select(static t => t.Name).Order();

    /// <summary>The kind of a type, or null.</summary>
    public static object? Find(Type model) => Known.GetValueOrDefault(model);
}

/// <summary>Two-layer networks: neurons (v, w, b), the output bias kept apart.</summary>
internal sealed class TwoLayerKind : NetworkKind<TwoLayerNetwork>
{
    public override NetworkObjectLayout Layout(TwoLayerNetwork model)
        => new(model, [("output.weight", [NetworkObjectLayout.None, 0]), ("hidden.weight", [NetworkObjectLayout.None, 0]), ("hidden.bias", [0])]);

    public override int LinearCoordinates(TwoLayerNetwork model, int set) => model.OutputSize;

    public override TwoLayerNetwork Create(TwoLayerNetwork like, double[][] weights)
        => new(like.InputSize, weights[0].Length, like.OutputSize, like.Activation, weights[0]);

    public override TwoLayerNetwork Initialise(TwoLayerNetwork like, int[] widths, int seed)
        => TwoLayerNetwork.Initialised(like.InputSize, widths[0], seed, like.OutputSize, like.Activation);
}

/// <summary>Deep networks: a neuron is its outgoing weights, its incoming weights and its bias.</summary>
internal sealed class DeepKind : NetworkKind<DeepNetwork>
{
    public override NetworkObjectLayout Layout(DeepNetwork model)
    {
        var axes = new List<(string, int[])>();
        // From the last layer: of each set the outgoing weights then come first.
        for (int l = model.ObjectSets; l >= 0; l--)
        {
            axes.Add(($"layers.{l}.weight", [l < model.ObjectSets ? l : NetworkObjectLayout.None, l > 0 ? l - 1 : NetworkObjectLayout.None]));
            if (l < model.ObjectSets) axes.Add(($"layers.{l}.bias", [l]));
        }
        return new NetworkObjectLayout(model, axes);
    }

    public override int LinearCoordinates(DeepNetwork model, int set) => set + 1 < model.ObjectSets ? model.Widths[set + 1] : model.OutputSize;

    public override DeepNetwork Create(DeepNetwork like, double[][] weights)
        => new(like.InputSize, [.. weights.Select(w => w.Length)], like.OutputSize, like.Activation, weights);

    public override DeepNetwork Initialise(DeepNetwork like, int[] widths, int seed)
        => DeepNetwork.Initialised(like.InputSize, widths, seed, like.OutputSize, like.Activation);
}

/// <summary>Attention layers: heads (U, Wv, Wq, Wk).</summary>
internal sealed class AttentionKind : NetworkKind<AttentionLayer>
{
    public override NetworkObjectLayout Layout(AttentionLayer model)
        => new(model, [.. new[] { "output.weight", "value.weight", "query.weight", "key.weight" }.Select(name => (name, new[] { NetworkObjectLayout.None, 0 }))]);

    public override int LinearCoordinates(AttentionLayer model, int set) => model.HeadSize;

    public override AttentionLayer Create(AttentionLayer like, double[][] weights)
        => new(weights[0].Length, like.InputSize, like.HeadSize, like.EveryPosition, weights[0]);

    public override AttentionLayer Initialise(AttentionLayer like, int[] widths, int seed)
        => AttentionLayer.Initialised(widths[0], seed, like.InputSize, like.HeadSize, like.EveryPosition);
}
