namespace ResearchKit.Networks;

/// <summary>Inputs on which the output weights of kept objects are fitted to the original's function.</summary>
/// <remarks>
/// The output is linear in v, so the change of v that restores the original's function on given inputs is a linear
/// least-squares problem. Of all changes the one of least sum_j c_j |dv_j|^2 is taken: what gradient flow in v would arrive
/// at. Input weights and c stay. At PyTorch's start of 2-d-1 ReLU networks (10^4 -> 10^3, cells of directions) the function's
/// error on unseen inputs falls from 4.8e-2 to 1.4e-2 for a change of 13% in v, and with a ridge of 1e-6 to 1.9e-3 for 68%.
/// </remarks>
public sealed record OutputRefit
{
    /// <summary>Probe inputs, count x the model's input size, row-major; several per kept object, from where the model will be used.</summary>
    public required double[] Inputs { get; init; }

    /// <summary>
    /// lambda relative to the mean diagonal of the normal matrix, positive and finite: a smaller one follows the original
    /// closer on the probes and moves the weights more.
    /// </summary>
    public double Ridge { get; init; } = 1e-3;

    internal void Require(int inputSize)
    {
        ArgumentNullException.ThrowIfNull(Inputs);
        if (Inputs.Length == 0 || Inputs.Length % inputSize != 0)
            throw new ArgumentException($"{Inputs.Length} probe values are not a positive whole number of inputs of {inputSize}.", "options");
        int bad = NonFinite.IndexOf(Inputs);
        if (bad >= 0)
            throw new ArgumentException($"Value {bad % inputSize} of probe input {bad / inputSize} is {Inputs[bad]}; every probe must be finite.", "options");
        if (!(Ridge > 0) || double.IsInfinity(Ridge))
            throw new ArgumentOutOfRangeException("options", Ridge, $"Ridge = {Ridge}; it must be positive and finite (1e-3 is usual).");
    }
}
