namespace ResearchKit.Networks;

/// <summary>Models as they are: their parameter blocks and object weights as tensors.</summary>
internal static class ModelTensors
{
    public static TensorFile Of(WeightedModel model, TensorPrecision precision)
    {
        string kind = model switch
        {
            TwoLayerNetwork => ModelKind.TwoLayer,
            DeepNetwork => ModelKind.Deep,
            AttentionLayer => ModelKind.Attention,
            _ => throw WeightFolding.Unknown(model),
        };
        List<Tensor> tensors = [.. model.Blocks.Select(block => new Tensor(block.Name, block.Shape, model.Block(block.Name).ToArray()))];
        for (int set = 0; set < model.ObjectSets; set++)
        {
            double[] c = model.ObjectWeights(set).ToArray();
            int small = precision == TensorPrecision.Float32 ? Array.FindIndex(c, value => (float)value == 0) : -1;
            if (small >= 0)
                throw new ArgumentException($"The weight c of object {small} is {c[small]}, which {precision} rounds to 0; save it as {TensorPrecision.Float64}.", nameof(precision));
            tensors.Add(new Tensor(NameOf(set), [c.Length], c));
        }
        return new TensorFile(ModelKind.Metadata(model, kind), tensors);
    }

    public static WeightedModel Model(TensorFile file, string path, Activation? activation)
    {
        WeightedModel model;
        switch (ModelKind.Of(file, path))
        {
            case ModelKind.TwoLayer:
                Tensor hidden = Matrix(file, path, "hidden.weight"), output = Matrix(file, path, "output.weight");
                model = new TwoLayerNetwork(hidden.Shape[0], hidden.Shape[1], output.Shape[0], ModelKind.Activation(file, path, activation), Weights(file, path, 0));
                break;
            case ModelKind.Deep:
                List<Tensor> layers = [Matrix(file, path, "layers.0.weight"), Matrix(file, path, "layers.1.weight")];
                while (file.Find($"layers.{layers.Count}.weight") is not null) layers.Add(Matrix(file, path, $"layers.{layers.Count}.weight"));
                int sets = layers.Count - 1;
                model = new DeepNetwork(layers[0].Shape[1], [.. layers.Take(sets).Select(layer => layer.Shape[0])], layers[^1].Shape[0], ModelKind.Activation(file, path, activation),
                    [.. Enumerable.Range(0, sets).Select(set => Weights(file, path, set))]);
                break;
            default:
                RequireNone(activation, path);
                Tensor query = Matrix(file, path, "query.weight");
                model = new AttentionLayer(query.Shape[1], ModelKind.Count(file, path, "tokens"), query.Shape[0], ModelKind.Flag(file, path, "every_position"), Weights(file, path, 0));
                break;
        }
        foreach (ParameterBlock block in model.Blocks) Get(file, path, block.Name, block.Shape).Values.CopyTo(model.Block(block.Name));
        RequireAllUsed(file, path, [.. model.Blocks.Select(block => block.Name), .. Enumerable.Range(0, model.ObjectSets).Select(NameOf)]);
        return model;
    }

    /// <summary>A tensor of a given shape.</summary>
    public static Tensor Get(TensorFile file, string path, string name, IReadOnlyList<int> shape)
    {
        Tensor tensor = Require(file, path, name);
        return tensor.Shape.SequenceEqual(shape) ? tensor
            : throw new InvalidDataException($"Tensor '{name}' of '{path}' has the shape {tensor.ShapeText}; beside the others it must have {Tensor.Text(shape)}: save the model again.");
    }

    public static Tensor Matrix(TensorFile file, string path, string name)
    {
        Tensor tensor = Require(file, path, name);
        return tensor.Shape.Count == 2 ? tensor
            : throw new InvalidDataException($"Tensor '{name}' of '{path}' has the shape {tensor.ShapeText}; it must have two extents: save the model again.");
    }

    public static void RequireAllUsed(TensorFile file, string path, string[] names)
    {
        if (file.Tensors.FirstOrDefault(tensor => !names.Contains(tensor.Name)) is { } extra)
            throw new InvalidDataException($"Tensor '{extra.Name}' of '{path}' is no part of its model, which has {string.Join(", ", names)}: save the model again.");
    }

    public static void RequireNone(Activation? activation, string path)
    {
        if (activation is { } given)
            throw new ArgumentException($"'{path}' holds an attention layer, which has no activation, and {given} was asked for; leave the activation out.", nameof(activation));
    }

    private static Tensor Require(TensorFile file, string path, string name) => file.Find(name)
        ?? throw new InvalidDataException($"'{path}' has no tensor '{name}', which a model of its kind needs; it has {string.Join(", ", file.Tensors.Select(tensor => tensor.Name))}: save the model again.");

    private static double[] Weights(TensorFile file, string path, int set) => Require(file, path, NameOf(set)).Values;

    private static string NameOf(int set) => $"objects.{set}.weight";
}
