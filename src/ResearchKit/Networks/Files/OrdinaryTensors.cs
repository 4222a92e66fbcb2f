namespace ResearchKit.Networks;

/// <summary>Models whose weights are 1 under the names and in the shapes that PyTorch gives them.</summary>
internal static class OrdinaryTensors
{
    public static TensorFile Of(WeightedModel plain)
    {
        if (plain is not AttentionLayer layer)
            return new TensorFile(ModelKind.Metadata(plain, ModelKind.Ordinary), [.. PlainLayer.Of(plain).SelectMany(l => l.Tensors)]);
        int rows = layer.Heads * layer.HeadSize;
        Tensor[] tensors = [.. layer.Blocks.Select(block => new Tensor(block.Name, ShapeOf(block.Name, rows), Turned(layer.Block(block.Name), layer.HeadSize, layer.Heads)))];
        return new TensorFile(ModelKind.Metadata(plain, ModelKind.OrdinaryAttention), tensors);
    }

    public static AttentionLayer Attention(TensorFile file, string path, Activation? activation)
    {
        ModelTensors.RequireNone(activation, path);
        int size = ModelKind.Count(file, path, "head_size"), rows = ModelTensors.Matrix(file, path, "query.weight").Shape[0];
        if (rows % size != 0)
            throw new InvalidDataException($"Tensor 'query.weight' of '{path}' has {rows} rows, no whole number of heads of {size}: export the model again.");
        var layer = new AttentionLayer(rows / size, ModelKind.Count(file, path, "tokens"), size, ModelKind.Flag(file, path, "every_position"));
        foreach (ParameterBlock block in layer.Blocks)
            Turned(ModelTensors.Get(file, path, block.Name, ShapeOf(block.Name, rows)).Values, layer.Heads, size).CopyTo(layer.Block(block.Name));
        ModelTensors.RequireAllUsed(file, path, [.. layer.Blocks.Select(block => block.Name)]);
        return layer;
    }

    private static int[] ShapeOf(string name, int rows) => name == "output.weight" ? [1, rows] : [rows, 1];

    /// <summary>A rows x columns array with its extents exchanged.</summary>
    public static double[] Turned(ReadOnlySpan<double> matrix, int rows, int columns)
    {
        var result = new double[matrix.Length];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j];
        return result;
    }
}
