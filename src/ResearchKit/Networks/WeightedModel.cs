namespace ResearchKit.Networks;

/// <summary>
/// A model made of exchangeable objects (hidden neurons, attention heads) that carry weights c: object j counts as c_j
/// identical copies of itself, in the forward pass and, by the 1/c rule, in training (T5, arXiv 2510.00504).
/// </summary>
/// <remarks>
/// <para>
/// Parameters live in one flat vector, so that any optimiser is a loop over it; <see cref="Blocks"/> name its parts. The
/// weights c are not parameters: training leaves them as they are.
/// </para>
/// <para>
/// <see cref="Gradient"/> is the true gradient of the loss. <see cref="DivideByObjectWeights"/> turns it into what each
/// single copy of an object would see: a parameter of object j is divided by c_j, one that belongs to two objects by both
/// weights. Training with that reproduces the dynamics of c_j copies exactly when c is integer.
/// </para>
/// <para>
/// A model keeps its scratch memory between calls, so one instance serves one caller at a time; its own work is spread over
/// threads, with the same bits for any number of them.
/// </para>
/// </remarks>
public abstract unsafe class WeightedModel
{
    private readonly double[] parameters;
    private double[] outputs = [];

    /// <summary>Makes a model with all parameters zero.</summary>
    /// <param name="blocks">The parts of the parameter vector, one after the other from 0.</param>
    protected WeightedModel(IReadOnlyList<ParameterBlock> blocks)
    {
        Blocks = blocks;
        parameters = new double[blocks[^1].Offset + blocks[^1].Length];
    }

    /// <summary>Numbers per input: features, or tokens.</summary>
    public abstract int InputSize { get; }

    /// <summary>Numbers per prediction.</summary>
    public abstract int OutputSize { get; }

    /// <summary>The named parts of <see cref="Parameters"/>.</summary>
    public IReadOnlyList<ParameterBlock> Blocks { get; }

    /// <summary>All parameters, to read and to write.</summary>
    public Span<double> Parameters => parameters;

    /// <summary>How many sets of exchangeable objects the model has: 1, or one per hidden layer.</summary>
    public abstract int ObjectSets { get; }

    /// <summary>The weights c of one set of objects.</summary>
    /// <param name="set">0 to <see cref="ObjectSets"/> - 1.</param>
    public abstract ReadOnlySpan<double> ObjectWeights(int set = 0);

    /// <summary>The kind of model and what its blocks do not show, such as the activation: tells models of one shape apart.</summary>
    public virtual string Description => GetType().Name;

    /// <summary>A copy with its own parameters and the same weights.</summary>
    public abstract WeightedModel Clone();

    /// <summary>The values of one named part.</summary>
    /// <param name="name">A name in <see cref="Blocks"/>.</param>
    public Span<double> Block(string name)
    {
        ParameterBlock block = Blocks.FirstOrDefault(b => b.Name == name)
            ?? throw new ArgumentException($"There is no parameter block '{name}'; there are {string.Join(", ", Blocks.Select(b => b.Name))}.", nameof(name));
        return parameters.AsSpan(block.Offset, block.Length);
    }

    /// <summary>The 1/c rule: turns a gradient of the loss into the one that a single copy of each object sees.</summary>
    /// <param name="gradient">One value per parameter, changed in place.</param>
    public abstract void DivideByObjectWeights(Span<double> gradient);

    /// <summary>
    /// Lets the model arrange its scratch data by the parameters as they are now. It may change speed and the last bits of
    /// results, nothing else; a trainer calls it at the start of each epoch, so that a resumed run has the same bits.
    /// </summary>
    public virtual void Arrange()
    {
    }

    /// <summary>Predicts.</summary>
    /// <param name="inputs">count x <see cref="InputSize"/>, row-major.</param>
    /// <param name="predictions">count x <see cref="OutputSize"/>, row-major; overwritten.</param>
    /// <param name="maxDegreeOfParallelism">Threads to use at most; -1 means all processors.</param>
    public void Predict(ReadOnlySpan<double> inputs, Span<double> predictions, int maxDegreeOfParallelism = -1)
    {
        int count = CountOf(inputs);
        if (predictions.Length != (long)count * OutputSize)
            throw new ArgumentException($"Room for {predictions.Length} predictions was given; {count} inputs with {OutputSize} each need {(long)count * OutputSize}.", nameof(predictions));
        fixed (double* x = inputs, y = predictions)
            Forward(x, count, y, keep: false, maxDegreeOfParallelism);
    }

    /// <summary>Mean over samples (by their weights) and outputs of (prediction - target)^2.</summary>
    /// <param name="samples">Inputs and targets of the model's sizes.</param>
    /// <param name="maxDegreeOfParallelism">Threads to use at most; -1 means all processors.</param>
    public double Loss(Samples samples, int maxDegreeOfParallelism = -1)
    {
        Require(samples);
        EnsureOutputs(samples.Targets.Length);
        Predict(samples.Inputs, outputs.AsSpan(0, samples.Targets.Length), maxDegreeOfParallelism);
        return Residuals(samples.Targets, samples.Weights, toGradient: false);
    }

    /// <summary>The loss of <see cref="Loss"/> on a batch, and its gradient.</summary>
    /// <param name="inputs">count x <see cref="InputSize"/>, row-major.</param>
    /// <param name="targets">count x <see cref="OutputSize"/>, row-major.</param>
    /// <param name="gradient">One value per parameter; overwritten.</param>
    /// <param name="sampleWeights">One nonnegative weight per sample, or empty for 1 each.</param>
    /// <param name="maxDegreeOfParallelism">Threads to use at most; -1 means all processors.</param>
    /// <returns>The loss, NaN or infinite if a prediction is.</returns>
    public double Gradient(ReadOnlySpan<double> inputs, ReadOnlySpan<double> targets, Span<double> gradient, ReadOnlySpan<double> sampleWeights = default, int maxDegreeOfParallelism = -1)
    {
        int count = CountOf(inputs);
        if (targets.Length != (long)count * OutputSize)
            throw new ArgumentException($"{targets.Length} target values were given; {count} inputs with {OutputSize} outputs need {(long)count * OutputSize}.", nameof(targets));
        if (!sampleWeights.IsEmpty && sampleWeights.Length != count)
            throw new ArgumentException($"{sampleWeights.Length} weights were given for {count} samples; pass one each, or none.", nameof(sampleWeights));
        if (gradient.Length != parameters.Length)
            throw new ArgumentException($"Room for {gradient.Length} values was given; the model has {parameters.Length} parameters.", nameof(gradient));
        EnsureOutputs(targets.Length);
        fixed (double* x = inputs, f = outputs, g = gradient)
        {
            Forward(x, count, f, keep: true, maxDegreeOfParallelism);
            double loss = Residuals(targets, sampleWeights, toGradient: true);
            Backward(x, count, f, g, maxDegreeOfParallelism);
            return loss;
        }
    }

    /// <summary>Predicts; all pointers are valid and of the right length.</summary>
    /// <param name="inputs">count x InputSize.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="predictions">count x OutputSize, to be overwritten.</param>
    /// <param name="keep">Whether <see cref="Backward"/> follows with the same inputs and parameters.</param>
    /// <param name="threads">Threads at most, or -1.</param>
    protected abstract void Forward(double* inputs, int count, double* predictions, bool keep, int threads);

    /// <summary>From dL/d(prediction) to dL/d(parameter), right after a <see cref="Forward"/> that kept its values.</summary>
    /// <param name="inputs">The inputs of that forward pass.</param>
    /// <param name="count">Their number.</param>
    /// <param name="predictionGradient">count x OutputSize.</param>
    /// <param name="gradient">One value per parameter, to be overwritten.</param>
    /// <param name="threads">Threads at most, or -1.</param>
    protected abstract void Backward(double* inputs, int count, double* predictionGradient, double* gradient, int threads);

    /// <summary>Sum over the outputs of the weighted squares, over their mass; leaves dL/d(prediction) in place of the outputs.</summary>
    private double Residuals(ReadOnlySpan<double> targets, ReadOnlySpan<double> weights, bool toGradient)
    {
        int width = OutputSize, count = targets.Length / width;
        double mass = count;
        if (!weights.IsEmpty)
        {
            mass = 0;
            foreach (double c in weights) mass += c;
        }
        double scale = 1 / (mass * width);
        var sum = new CompensatedSum();
        for (int i = 0; i < targets.Length; i++)
        {
            double c = weights.IsEmpty ? 1 : weights[i / width];
            double residual = outputs[i] - targets[i];
            sum.Add(c * (residual * residual));
            if (toGradient) outputs[i] = 2 * scale * (c * residual);
        }
        return sum.Total * scale;
    }

    private int CountOf(ReadOnlySpan<double> inputs)
    {
        if (inputs.IsEmpty || inputs.Length % InputSize != 0)
            throw new ArgumentException($"{inputs.Length} input values are not a positive whole number of rows of {InputSize}.", nameof(inputs));
        return inputs.Length / InputSize;
    }

    private void Require(Samples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.InputSize != InputSize || samples.TargetSize != OutputSize)
            throw new ArgumentException($"The samples have {samples.InputSize} inputs and {samples.TargetSize} targets; the model takes {InputSize} and predicts {OutputSize}.", nameof(samples));
    }

    private void EnsureOutputs(int length)
    {
        if (outputs.Length < length) outputs = new double[length];
    }
}
