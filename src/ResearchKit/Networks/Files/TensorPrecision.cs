namespace ResearchKit.Networks;

/// <summary>How the numbers of a model stand in a file.</summary>
public enum TensorPrecision
{
    /// <summary>64-bit floating point: a model comes back with the same bits.</summary>
    Float64,

    /// <summary>32-bit floating point, PyTorch's default: half the size, values rounded to 24 bits.</summary>
    Float32,
}
