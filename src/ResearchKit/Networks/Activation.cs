namespace ResearchKit.Networks;

/// <summary>The nonlinearity sigma of a hidden neuron.</summary>
public enum Activation
{
    /// <summary>max(z, 0), with derivative 0 at 0.</summary>
    Relu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + exp(-z)).</summary>
    Sigmoid,

    /// <summary>z Phi(z) with the standard normal distribution function Phi (the exact form, PyTorch's default).</summary>
    Gelu,
}
