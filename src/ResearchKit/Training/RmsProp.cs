using System.Numerics;

namespace ResearchKit.Training;

/// <summary>RMSprop as in PyTorch: the gradient over the root of its running mean square.</summary>
/// <remarks>
/// g += weightDecay w; v = alpha v + (1 - alpha) g^2; centred also a = alpha a + (1 - alpha) g and v - a^2 in place of v
/// under the root; s = g / (sqrt(v) + epsilon); with momentum b = momentum b + s and s = b; w -= learningRate s.
/// </remarks>
public sealed unsafe class RmsProp : Optimizer
{
    private double rate;

    /// <summary>Makes the rule.</summary>
    /// <param name="alpha">The decay of the mean square, in [0, 1).</param>
    /// <param name="epsilon">Added to the root; nonnegative.</param>
    /// <param name="momentum">Nonnegative; 0 for none.</param>
    /// <param name="centered">Whether the variance stands under the root instead of the mean square.</param>
    /// <param name="weightDecay">Nonnegative; its multiple of the parameters is added to the gradient.</param>
    public RmsProp(double alpha = 0.99, double epsilon = 1e-8, double momentum = 0, bool centered = false, double weightDecay = 0)
        : base(1 + (momentum > 0 ? 1 : 0) + (centered ? 1 : 0))
    {
        Alpha = Hyperparameter.Decay(alpha, nameof(alpha));
        Epsilon = Hyperparameter.Nonnegative(epsilon, nameof(epsilon));
        Momentum = Hyperparameter.Nonnegative(momentum, nameof(momentum));
        WeightDecay = Hyperparameter.Nonnegative(weightDecay, nameof(weightDecay));
        Centered = centered;
    }

    /// <summary>The decay of the mean square.</summary>
    public double Alpha { get; }

    /// <summary>Added to the root.</summary>
    public double Epsilon { get; }

    /// <summary>The factor of the momentum buffer.</summary>
    public double Momentum { get; }

    /// <summary>Whether the variance stands under the root.</summary>
    public bool Centered { get; }

    /// <summary>The factor of the parameters in the gradient.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    public override string Description
        => $"RMSprop(alpha = {Hyperparameter.Text(Alpha)}, epsilon = {Hyperparameter.Text(Epsilon)}, momentum = {Hyperparameter.Text(Momentum)}, centered = {Centered}, weightDecay = {Hyperparameter.Text(WeightDecay)})";

    private protected override Optimizer Fresh() => new RmsProp(Alpha, Epsilon, Momentum, Centered, WeightDecay);

    private protected override void Prepare(double learningRate) => rate = learningRate;

    private protected override void Update(double* parameters, double* gradient, int from, int to)
    {
        double fresh = 1 - Alpha;
        bool moving = Momentum > 0;
        Vector<double> epsilon = new(Epsilon);
        // Where a vector is not kept, the pointer is not used.
        fixed (double* square = State(0), buffer = State(moving ? 1 : 0), mean = State(!Centered ? 0 : moving ? 2 : 1))
        {
            for (int i = from; i < to; i += Vector<double>.Count)
            {
                Vector<double> w = Vector.Load(parameters + i), g = Vector.Load(gradient + i) + WeightDecay * w;
                Vector<double> v = Alpha * Vector.Load(square + i) + fresh * g * g;
                Vector.Store(v, square + i);
                if (Centered)
                {
                    Vector<double> a = Alpha * Vector.Load(mean + i) + fresh * g;
                    Vector.Store(a, mean + i);
                    v -= a * a;
                }
                Vector<double> s = g / (Vector.SquareRoot(v) + epsilon);
                if (moving)
                {
                    s += Momentum * Vector.Load(buffer + i);
                    Vector.Store(s, buffer + i);
                }
                Vector.Store(w - rate * s, parameters + i);
            }
        }
    }
}
