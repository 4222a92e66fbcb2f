namespace ResearchKit.Networks;

/// <summary>The types of models that can be compressed.</summary>
internal static class NetworkKinds
{
    private static readonly Dictionary<Type, object> Known = new()
    {
        [typeof(TwoLayerNetwork)] = new TwoLayerKind(),
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
