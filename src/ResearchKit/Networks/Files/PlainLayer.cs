namespace ResearchKit.Networks;

/// <summary>A fully connected layer as PyTorch stores it.</summary>
/// <param name="Name">Its name, e.g. "0" or "fc1".</param>
/// <param name="Outputs">Rows of the weight.</param>
/// <param name="Inputs">Columns of the weight.</param>
/// <param name="Weight">Outputs x inputs.</param>
/// <param name="Bias">One per output.</param>
internal sealed record PlainLayer(string Name, int Outputs, int Inputs, double[] Weight, double[] Bias)
{
    /// <summary>The layers of an ordinary network: of a model whose weights are 1.</summary>
    public static List<PlainLayer> Of(WeightedModel model) => model switch
    {
        TwoLayerNetwork network =>
        [
            new("0", network.Width, network.InputSize, OrdinaryTensors.Turned(network.Block("hidden.weight"), network.InputSize, network.Width), network.Block("hidden.bias").ToArray()),
            new("2", network.OutputSize, network.Width, network.Block("output.weight").ToArray(), network.Block("output.bias").ToArray()),
        ],
        DeepNetwork network => [.. Enumerable.Range(0, network.Widths.Count + 1).Select(l => OfBlocks(network, l))],
        _ => throw WeightFolding.Unknown(model),
    };

    /// <summary>The tensors under PyTorch's names, as in a Sequential with an activation between any two layers.</summary>
    public IEnumerable<Tensor> Tensors =>
    [
        new($"{Name}.weight", [Outputs, Inputs], Weight),
        new($"{Name}.bias", [Outputs], Bias),
    ];

    /// <summary>The network of layers in their order: two layers or a deep one, with weights 1.</summary>
    public static WeightedModel Network(IReadOnlyList<PlainLayer> layers, Activation activation)
    {
        if (layers.Count == 2)
        {
            PlainLayer hidden = layers[0], output = layers[1];
            var network = new TwoLayerNetwork(hidden.Inputs, hidden.Outputs, output.Outputs, activation);
            OrdinaryTensors.Turned(hidden.Weight, hidden.Outputs, hidden.Inputs).CopyTo(network.Block("hidden.weight"));
            hidden.Bias.CopyTo(network.Block("hidden.bias"));
            output.Weight.CopyTo(network.Block("output.weight"));
            output.Bias.CopyTo(network.Block("output.bias"));
            return network;
        }
        var deep = new DeepNetwork(layers[0].Inputs, [.. layers.SkipLast(1).Select(layer => layer.Outputs)], layers[^1].Outputs, activation);
        for (int l = 0; l < layers.Count; l++)
        {
            layers[l].Weight.CopyTo(deep.Block($"layers.{l}.weight"));
            layers[l].Bias.CopyTo(deep.Block($"layers.{l}.bias"));
        }
        return deep;
    }

    /// <summary>The layers among tensors by their names, in the file's order; a missing bias is 0.</summary>
    /// <exception cref="InvalidDataException">A tensor is no part of a fully connected layer, or has the wrong shape.</exception>
    public static List<PlainLayer> Find(TensorFile file, string path)
    {
        List<PlainLayer> layers = [];
        foreach (Tensor tensor in file.Tensors)
        {
            string name = tensor.Name[..Math.Max(0, tensor.Name.LastIndexOf('.'))];
            if (tensor.Name == $"{name}.bias" && file.Find($"{name}.weight") is not null) continue;
            if (tensor.Name != $"{name}.weight")
                throw new InvalidDataException($"Tensor '{tensor.Name}' of '{path}' is no weight or bias of a layer with a weight; only fully connected layers ('NAME.weight' and 'NAME.bias') can be loaded: save a network of these.");
            if (tensor.Shape.Count != 2)
                throw new InvalidDataException($"Tensor '{tensor.Name}' of '{path}' has the shape {tensor.ShapeText}; a fully connected layer's weight has two extents, [outputs, inputs]: save a network of such layers.");
            int outputs = tensor.Shape[0];
            Tensor? bias = file.Find($"{name}.bias");
            if (bias is not null && !bias.Shape.SequenceEqual([outputs]))
                throw new InvalidDataException($"Tensor '{bias.Name}' of '{path}' has the shape {bias.ShapeText}; for '{tensor.Name}' of shape {tensor.ShapeText} it must be [{outputs}].");
            layers.Add(new PlainLayer(name, outputs, tensor.Shape[1], tensor.Values, bias?.Values ?? new double[outputs]));
        }
        return layers;
    }

    private static PlainLayer OfBlocks(DeepNetwork network, int layer)
    {
        IReadOnlyList<int> shape = network.Blocks[2 * layer].Shape;
        return new PlainLayer($"{2 * layer}", shape[0], shape[1], network.Block($"layers.{layer}.weight").ToArray(), network.Block($"layers.{layer}.bias").ToArray());
    }
}
