namespace ResearchKit.Networks;

/// <summary>One named array inside a model's flat parameter vector.</summary>
/// <param name="Name">Its name in files, e.g. "hidden.weight".</param>
/// <param name="Offset">Where it starts in <see cref="WeightedModel.Parameters"/>.</param>
/// <param name="Shape">Its extents, row-major, the last running fastest.</param>
public sealed record ParameterBlock(string Name, int Offset, IReadOnlyList<int> Shape)
{
    /// <summary>The number of values, the product of the extents.</summary>
    public int Length => Shape.Aggregate(1, static (product, extent) => checked(product * extent));
}
