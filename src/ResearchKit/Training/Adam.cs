using System.Numerics;

namespace ResearchKit.Training;

/// <summary>Adam as in PyTorch (without amsgrad): running means of the gradient and of its square, both without bias.</summary>
/// <remarks>
/// At step t: g += weightDecay w; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// w -= learningRate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon). Epsilon stands outside of the root.
/// </remarks>
public unsafe class Adam : Optimizer
{
    private readonly bool decoupled;
    private double stepSize, inverseRoot, shrink, decay;

    /// <summary>Makes the rule.</summary>
    /// <param name="beta1">The decay of the mean gradient, in [0, 1).</param>
    /// <param name="beta2">The decay of the mean squared gradient, in [0, 1).</param>
    /// <param name="epsilon">Added to the root of the mean square; nonnegative.</param>
    /// <param name="weightDecay">Nonnegative; its multiple of the parameters is added to the gradient.</param>
    public Adam(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : this(beta1, beta2, epsilon, weightDecay, decoupled: false)
    {
    }

    private protected Adam(double beta1, double beta2, double epsilon, double weightDecay, bool decoupled)
        : base(2)
    {
        Beta1 = Hyperparameter.Decay(beta1, nameof(beta1));
        Beta2 = Hyperparameter.Decay(beta2, nameof(beta2));
        Epsilon = Hyperparameter.Nonnegative(epsilon, nameof(epsilon));
        WeightDecay = Hyperparameter.Nonnegative(weightDecay, nameof(weightDecay));
        this.decoupled = decoupled;
    }

    /// <summary>The decay of the mean gradient.</summary>
    public double Beta1 { get; }

    /// <summary>The decay of the mean squared gradient.</summary>
    public double Beta2 { get; }

    /// <summary>Added to the root of the mean square.</summary>
    public double Epsilon { get; }

    /// <summary>The weight decay.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    public override string Description
        => $"{(decoupled ? "AdamW" : "Adam")}(beta1 = {Hyperparameter.Text(Beta1)}, beta2 = {Hyperparameter.Text(Beta2)}, epsilon = {Hyperparameter.Text(Epsilon)}, weightDecay = {Hyperparameter.Text(WeightDecay)})";

    private protected override Optimizer Fresh() => new Adam(Beta1, Beta2, Epsilon, WeightDecay);

    private protected override void Prepare(double learningRate)
    {
        stepSize = learningRate / (1 - Math.Pow(Beta1, Steps));
        inverseRoot = 1 / Math.Sqrt(1 - Math.Pow(Beta2, Steps));
        shrink = decoupled ? 1 - learningRate * WeightDecay : 1;
        decay = decoupled ? 0 : WeightDecay;
    }

    private protected override void Update(double* parameters, double* gradient, int from, int to)
    {
        double fresh1 = 1 - Beta1, fresh2 = 1 - Beta2;
        Vector<double> epsilon = new(Epsilon);
        fixed (double* mean = State(0), square = State(1))
        {
            for (int i = from; i < to; i += Vector<double>.Count)
            {
                Vector<double> w = Vector.Load(parameters + i), g = Vector.Load(gradient + i) + decay * w;
                Vector<double> m = Beta1 * Vector.Load(mean + i) + fresh1 * g;
                Vector<double> v = Beta2 * Vector.Load(square + i) + fresh2 * g * g;
                Vector.Store(m, mean + i);
                Vector.Store(v, square + i);
                Vector.Store(shrink * w - stepSize * m / (inverseRoot * Vector.SquareRoot(v) + epsilon), parameters + i);
            }
        }
    }
}

/// <summary>AdamW as in PyTorch: <see cref="Adam"/> whose weight decay acts on the parameters, w *= 1 - learningRate weightDecay, and not on the gradient.</summary>
public sealed class AdamW : Adam
{
    /// <summary>Makes the rule.</summary>
    /// <param name="beta1">The decay of the mean gradient, in [0, 1).</param>
    /// <param name="beta2">The decay of the mean squared gradient, in [0, 1).</param>
    /// <param name="epsilon">Added to the root of the mean square; nonnegative.</param>
    /// <param name="weightDecay">Nonnegative; the parameters shrink by learningRate times this at every step.</param>
    public AdamW(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01)
        : base(beta1, beta2, epsilon, weightDecay, decoupled: true)
    {
    }

    private protected override Optimizer Fresh() => new AdamW(Beta1, Beta2, Epsilon, WeightDecay);
}
