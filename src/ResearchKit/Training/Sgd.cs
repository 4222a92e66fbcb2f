using System.Numerics;

namespace ResearchKit.Training;

/// <summary>Gradient descent with optional momentum, as PyTorch's SGD.</summary>
/// <remarks>
/// g += weightDecay w; with momentum b = momentum b + (1 - dampening) g (at the first step b = g) and g = b, or
/// g + momentum b with Nesterov; w -= learningRate g.
/// </remarks>
public sealed unsafe class Sgd : Optimizer
{
    private double rate, fresh;

    /// <summary>Makes the rule.</summary>
    /// <param name="momentum">Nonnegative; 0 for plain gradient descent.</param>
    /// <param name="dampening">Nonnegative; the momentum buffer takes 1 - dampening of the gradient from the second step on.</param>
    /// <param name="nesterov">Nesterov's momentum; needs a positive momentum without dampening.</param>
    /// <param name="weightDecay">Nonnegative; its multiple of the parameters is added to the gradient.</param>
    public Sgd(double momentum = 0, double dampening = 0, bool nesterov = false, double weightDecay = 0)
        : base(momentum > 0 ? 1 : 0)
    {
        Momentum = Hyperparameter.Nonnegative(momentum, nameof(momentum));
        Dampening = Hyperparameter.Nonnegative(dampening, nameof(dampening));
        WeightDecay = Hyperparameter.Nonnegative(weightDecay, nameof(weightDecay));
        if (nesterov && !(momentum > 0 && dampening == 0))
            throw new ArgumentException($"Nesterov's momentum was asked for with momentum = {momentum} and dampening = {dampening}; it needs a positive momentum and no dampening.", nameof(nesterov));
        Nesterov = nesterov;
    }

    /// <summary>The factor of the momentum buffer.</summary>
    public double Momentum { get; }

    /// <summary>The part of the gradient that the momentum buffer does not take.</summary>
    public double Dampening { get; }

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; }

    /// <summary>The factor of the parameters in the gradient.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    public override string Description
        => $"SGD(momentum = {Hyperparameter.Text(Momentum)}, dampening = {Hyperparameter.Text(Dampening)}, nesterov = {Nesterov}, weightDecay = {Hyperparameter.Text(WeightDecay)})";

    private protected override Optimizer Fresh() => new Sgd(Momentum, Dampening, Nesterov, WeightDecay);

    private protected override void Prepare(double learningRate)
        => (rate, fresh) = (learningRate, Steps == 1 ? 1 : 1 - Dampening);

    private protected override void Update(double* parameters, double* gradient, int from, int to)
    {
        if (Momentum > 0) WithMomentum(parameters, gradient, from, to);
        else Plain(parameters, gradient, from, to);
    }

    private void Plain(double* parameters, double* gradient, int from, int to)
    {
        for (int i = from; i < to; i += Vector<double>.Count)
        {
            Vector<double> w = Vector.Load(parameters + i), g = Vector.Load(gradient + i) + WeightDecay * w;
            Vector.Store(w - rate * g, parameters + i);
        }
    }

    private void WithMomentum(double* parameters, double* gradient, int from, int to)
    {
        fixed (double* buffer = State(0))
        {
            for (int i = from; i < to; i += Vector<double>.Count)
            {
                Vector<double> w = Vector.Load(parameters + i), g = Vector.Load(gradient + i) + WeightDecay * w;
                Vector<double> b = Momentum * Vector.Load(buffer + i) + fresh * g;
                Vector.Store(b, buffer + i);
                Vector.Store(w - rate * (Nesterov ? g + Momentum * b : b), parameters + i);
            }
        }
    }
}
