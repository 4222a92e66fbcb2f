namespace ResearchKit.Networks;

/// <summary>Inputs with their targets, one row each, and optional weights.</summary>
public sealed class Samples
{
    private readonly double[] inputs, targets, weights;

    /// <summary>Takes the arrays as they are, without a copy.</summary>
    /// <param name="inputs">count x <paramref name="inputSize"/> values, row-major.</param>
    /// <param name="targets">count x <paramref name="targetSize"/> values, row-major.</param>
    /// <param name="inputSize">Numbers per input, at least 1.</param>
    /// <param name="targetSize">Numbers per target, at least 1.</param>
    /// <param name="weights">One nonnegative weight per sample with a positive sum; null or empty for 1 each.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, nothing is there, or a value is NaN, infinite or (a weight) negative.</exception>
    public Samples(double[] inputs, double[] targets, int inputSize, int targetSize = 1, double[]? weights = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetSize, 1);
        if (inputs.Length == 0 || inputs.Length % inputSize != 0)
            throw new ArgumentException($"{inputs.Length} input values are not a positive whole number of rows of {inputSize}.", nameof(inputs));
        Count = inputs.Length / inputSize;
        if (targets.Length != (long)Count * targetSize)
            throw new ArgumentException($"{targets.Length} target values were given; {Count} samples of {targetSize} need {(long)Count * targetSize}.", nameof(targets));
        RequireFinite(inputs, inputSize, "Input", nameof(inputs));
        RequireFinite(targets, targetSize, "Target", nameof(targets));
        weights ??= [];
        if (weights.Length != 0 && weights.Length != Count)
            throw new ArgumentException($"{weights.Length} weights were given for {Count} samples; pass one each, or none for 1 each.", nameof(weights));
        double mass = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0) || double.IsInfinity(weights[i]))
                throw new ArgumentException($"The weight of sample {i} is {weights[i]}; weights must be finite and nonnegative.", nameof(weights));
            mass += weights[i];
        }
        if (weights.Length > 0 && !(mass > 0 && double.IsFinite(mass)))
            throw new ArgumentException($"The weights sum to {mass}; their sum must be positive and finite.", nameof(weights));
        (this.inputs, this.targets, this.weights) = (inputs, targets, weights);
        (InputSize, TargetSize) = (inputSize, targetSize);
    }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>Numbers per input.</summary>
    public int InputSize { get; }

    /// <summary>Numbers per target.</summary>
    public int TargetSize { get; }

    /// <summary>All inputs, count x <see cref="InputSize"/>, row-major.</summary>
    public ReadOnlySpan<double> Inputs => inputs;

    /// <summary>All targets, count x <see cref="TargetSize"/>, row-major.</summary>
    public ReadOnlySpan<double> Targets => targets;

    /// <summary>One weight per sample; empty when each has weight 1.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>The weight of a sample, 1 where none are given.</summary>
    internal double WeightOf(int sample) => weights.Length == 0 ? 1 : weights[sample];

    private static void RequireFinite(double[] values, int width, string what, string name)
    {
        int bad = NonFinite.IndexOf(values);
        if (bad >= 0)
            throw new ArgumentException($"{what} {bad % width} of sample {bad / width} is {values[bad]}; every value must be finite.", name);
    }
}
