namespace ResearchKit.Networks;

/// <summary>A named array of a file, row-major, whatever its precision there.</summary>
internal sealed record Tensor(string Name, IReadOnlyList<int> Shape, double[] Values)
{
    public string ShapeText => Text(Shape);

    public static string Text(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";
}

/// <summary>What a safetensors file holds: arrays by name and text about them.</summary>
internal sealed record TensorFile(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<Tensor> Tensors)
{
    public Tensor? Find(string name) => Tensors.FirstOrDefault(t => t.Name == name);
}
