namespace ResearchKit;

/// <summary>
/// Measured errors |f' - f|, f = (1/mass) sum_i c_i g(w_i), over the probe functions g of a compression: root mean
/// squares per family, NaN for a family without probes.
/// </summary>
/// <remarks>
/// Ridge functions g(x) = phi(a.t + b): t is x in the frame of the whole set (its bounding box mapped to [-1, 1]^m), a is
/// uniform on the sphere of radius <see cref="CompressionOptions.ProbeScale"/>, b standard normal; both are the same for all four phi.
/// </remarks>
public sealed record ProbeErrors
{
    /// <summary>phi = 1 / (1 + exp(-z)).</summary>
    public double Sigmoid { get; init; } = double.NaN;

    /// <summary>phi = tanh z.</summary>
    public double Tanh { get; init; } = double.NaN;

    /// <summary>phi = max(0, z). Its kink violates the paper's Assumption 1, so it does not count for the estimate.</summary>
    public double Relu { get; init; } = double.NaN;

    /// <summary>phi = cos z.</summary>
    public double Cosine { get; init; } = double.NaN;

    /// <summary>The caller's <see cref="CompressionOptions.ProbeFunctions"/>, in their own units.</summary>
    public double Own { get; init; } = double.NaN;

    /// <summary>The largest error of any probe that counts: the caller's own where there are any, else sigmoid, tanh and cosine.</summary>
    public double Largest { get; init; } = double.NaN;
}

/// <summary>The ridge functions in the order of their sums.</summary>
internal enum RidgeFamily
{
    Sigmoid,
    Tanh,
    Relu,
    Cosine,
}
