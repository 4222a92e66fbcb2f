using ResearchKit.Networks;

namespace ResearchKit.Tests.Training;

/// <summary>The smallest weighted model: f(x) = bias + sum_j c_j w_j.x, objects w_j with weights c_j, gradients by hand.</summary>
internal sealed unsafe class LinearModel : WeightedModel
{
    private readonly int inputs;
    private readonly double[] weights;

    public LinearModel(int inputs, double[] weights)
        : base([new ParameterBlock("rows", 0, [weights.Length, inputs]), new ParameterBlock("bias", weights.Length * inputs, [1])])
        => (this.inputs, this.weights) = (inputs, weights);

    public LinearModel(int inputs, int width = 1)
        : this(inputs, [.. Enumerable.Repeat(1.0, width)])
    {
    }

    /// <summary>Told every batch that a gradient is asked for.</summary>
    public Action<double[]>? OnGradient { get; init; }

    /// <summary>Predicts -f instead.</summary>
    public bool Negated { get; init; }

    /// <summary>Calls of <see cref="Arrange"/>.</summary>
    public int Arranged { get; private set; }

    public override int InputSize => inputs;

    public override int OutputSize => 1;

    public override int ObjectSets => 1;

    public override ReadOnlySpan<double> ObjectWeights(int set = 0) => weights;

    public override WeightedModel Clone()
    {
        var copy = new LinearModel(inputs, weights) { Negated = Negated };
        Parameters.CopyTo(copy.Parameters);
        return copy;
    }

    public override void Arrange() => Arranged++;

    public override void DivideByObjectWeights(Span<double> gradient)
    {
        for (int i = 0; i < weights.Length * inputs; i++) gradient[i] /= weights[i / inputs];
    }

    protected override void Forward(double* x, int count, double* predictions, bool keep, int threads)
    {
        if (keep) OnGradient?.Invoke(new ReadOnlySpan<double>(x, count * inputs).ToArray());
        for (int s = 0; s < count; s++)
        {
            double sum = Parameters[^1];
            for (int i = 0; i < weights.Length * inputs; i++) sum += weights[i / inputs] * (Parameters[i] * x[s * inputs + i % inputs]);
            predictions[s] = Negated ? -sum : sum;
        }
    }

    protected override void Backward(double* x, int count, double* predictionGradient, double* gradient, int threads)
    {
        new Span<double>(gradient, Parameters.Length).Clear();
        for (int s = 0; s < count; s++)
        {
            double change = Negated ? -predictionGradient[s] : predictionGradient[s];
            gradient[Parameters.Length - 1] += change;
            for (int i = 0; i < weights.Length * inputs; i++)
                gradient[i] += change * (weights[i / inputs] * x[s * inputs + i % inputs]);
        }
    }
}
