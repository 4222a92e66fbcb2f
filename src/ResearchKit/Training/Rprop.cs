using System.Numerics;

namespace ResearchKit.Training;

/// <summary>Rprop as in PyTorch: each parameter has its own step size, which follows the signs of the gradient alone.</summary>
/// <remarks>
/// With the last gradient g', the step size grows by etaPlus where g g' > 0 and shrinks by etaMinus where g g' &lt; 0, within
/// its limits; where it shrank, g counts (and is remembered) as 0; w -= sign(g) step. The step sizes start at the learning
/// rate of the first step; later learning rates are not used, so a schedule has no effect.
/// </remarks>
public sealed unsafe class Rprop : Optimizer
{
    /// <summary>Makes the rule.</summary>
    /// <param name="etaMinus">Factor of a step size at a change of sign, in (0, 1).</param>
    /// <param name="etaPlus">Factor of a step size without one, above 1.</param>
    /// <param name="minStep">The smallest step size, nonnegative.</param>
    /// <param name="maxStep">The largest step size, at least <paramref name="minStep"/>.</param>
    public Rprop(double etaMinus = 0.5, double etaPlus = 1.2, double minStep = 1e-6, double maxStep = 50)
        : base(2)
    {
        if (etaMinus is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(etaMinus), etaMinus, "The factor of shrinking step sizes must lie between 0 and 1.");
        if (!(etaPlus > 1) || double.IsInfinity(etaPlus))
            throw new ArgumentOutOfRangeException(nameof(etaPlus), etaPlus, "The factor of growing step sizes must be finite and above 1.");
        EtaMinus = etaMinus;
        EtaPlus = etaPlus;
        MinStep = Hyperparameter.Nonnegative(minStep, nameof(minStep));
        MaxStep = Hyperparameter.Nonnegative(maxStep, nameof(maxStep));
        if (maxStep < minStep)
            throw new ArgumentOutOfRangeException(nameof(maxStep), maxStep, $"The largest step size must not be below the smallest, {minStep}.");
    }

    /// <summary>Factor of a step size at a change of sign.</summary>
    public double EtaMinus { get; }

    /// <summary>Factor of a step size where the sign stays.</summary>
    public double EtaPlus { get; }

    /// <summary>The smallest step size.</summary>
    public double MinStep { get; }

    /// <summary>The largest step size.</summary>
    public double MaxStep { get; }

    /// <inheritdoc/>
    public override string Description
        => $"Rprop(etaMinus = {Hyperparameter.Text(EtaMinus)}, etaPlus = {Hyperparameter.Text(EtaPlus)}, minStep = {Hyperparameter.Text(MinStep)}, maxStep = {Hyperparameter.Text(MaxStep)})";

    private protected override Optimizer Fresh() => new Rprop(EtaMinus, EtaPlus, MinStep, MaxStep);

    private protected override void Initialise(double learningRate) => State(1).AsSpan().Fill(learningRate);

    private protected override void Prepare(double learningRate)
    {
    }

    private protected override void Update(double* parameters, double* gradient, int from, int to)
    {
        Vector<double> grow = new(EtaPlus), shrink = new(EtaMinus), least = new(MinStep), most = new(MaxStep), zero = Vector<double>.Zero;
        fixed (double* last = State(0), sizes = State(1))
        {
            for (int i = from; i < to; i += Vector<double>.Count)
            {
                Vector<double> w = Vector.Load(parameters + i), g = Vector.Load(gradient + i), change = g * Vector.Load(last + i);
                Vector<double> turned = Vector.LessThan(change, zero).As<long, double>();
                Vector<double> factor = Vector.ConditionalSelect(turned, shrink, Vector.ConditionalSelect(Vector.GreaterThan(change, zero).As<long, double>(), grow, Vector<double>.One));
                Vector<double> size = Vector.Min(Vector.Max(factor * Vector.Load(sizes + i), least), most);
                g = Vector.ConditionalSelect(turned, zero, g);
                Vector.Store(size, sizes + i);
                Vector.Store(g, last + i);
                Vector<double> down = Vector.ConditionalSelect(Vector.GreaterThan(g, zero).As<long, double>(), size, zero);
                Vector<double> up = Vector.ConditionalSelect(Vector.LessThan(g, zero).As<long, double>(), size, zero);
                // One of the two is zero.
                Vector.Store(w - down + up, parameters + i);
            }
        }
    }
}
