using System.Numerics;

namespace ResearchKit.Training;

/// <summary>
/// An update rule w -> w' by a gradient. The rules are PyTorch's, with its defaults, so that a training here and there
/// differ by round-off alone.
/// </summary>
/// <remarks>
/// State lives in flat arrays, one value per parameter, and one step is one fused pass over memory. Every operation is
/// elementwise and exactly rounded, without contraction: the bits depend neither on the vector width nor on the threads.
/// An instance belongs to one parameter vector; take a new one (or <see cref="Reset"/>) for another training.
/// </remarks>
public abstract unsafe class Optimizer
{
    /// <summary>Parameters per task: below twice this, one thread is faster than starting a second. A multiple of every vector width.</summary>
    private const int Share = 1 << 16;

    private readonly double[][] state;
    private readonly Action<int> share;
    private nint parameters, gradient;
    private int length = -1;

    /// <summary>Makes the rule with a number of state vectors.</summary>
    /// <param name="stateVectors">Values that the rule keeps per parameter.</param>
    private protected Optimizer(int stateVectors)
    {
        state = new double[stateVectors][];
        // Kept, so that a step allocates nothing.
        share = s => Update((double*)parameters, (double*)gradient, s * Share, Math.Min((s + 1) * Share, length - length % Vector<double>.Count));
    }

    /// <summary>The rule with all its constants, e.g. "AdamW(beta1 = 0.9, ...)"; two rules with the same text do the same.</summary>
    public abstract string Description { get; }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>A new optimiser with the same constants and a copy of the state.</summary>
    public Optimizer Clone()
    {
        Optimizer copy = Fresh();
        copy.Import(Export());
        return copy;
    }

    /// <summary>Forgets all steps.</summary>
    public void Reset()
    {
        Array.Clear(state);
        (length, Steps) = (-1, 0);
    }

    /// <summary>Changes the parameters by one step.</summary>
    /// <param name="parameters">The parameters, changed in place; as many at every step.</param>
    /// <param name="gradient">One finite value per parameter.</param>
    /// <param name="learningRate">The learning rate of this step, finite and nonnegative.</param>
    /// <param name="maxDegreeOfParallelism">Threads to use at most; -1 means all processors. The bits are the same for every value.</param>
    public void Step(Span<double> parameters, ReadOnlySpan<double> gradient, double learningRate, int maxDegreeOfParallelism = -1)
    {
        if (gradient.Length != parameters.Length)
            throw new ArgumentException($"{gradient.Length} gradient values were given for {parameters.Length} parameters; give one each.", nameof(gradient));
        if (!(learningRate >= 0) || double.IsInfinity(learningRate))
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "The learning rate must be finite and nonnegative.");
        if (length < 0) Begin(parameters.Length, learningRate);
        if (length != parameters.Length)
            throw new ArgumentException($"{parameters.Length} parameters were given, and the optimiser has stepped {length} before; take a new optimiser for another model, or Reset() this one.", nameof(parameters));
        Steps++;
        Prepare(learningRate);
        fixed (double* p = parameters, g = gradient)
        {
            int full = length - length % Vector<double>.Count;
            if (full < 2 * Share || maxDegreeOfParallelism == 1) Update(p, g, 0, full);
            else
            {
                (this.parameters, this.gradient) = ((nint)p, (nint)g);
                Parallel.For(0, (full + Share - 1) / Share, new ParallelOptions { MaxDegreeOfParallelism = maxDegreeOfParallelism }, share);
            }
            if (full < length) UpdateTail(p, g, full);
        }
    }

    /// <summary>A copy of the state.</summary>
    public OptimizerState Export()
        => new(Description, Steps, length < 0 ? [] : [.. state.Select(s => s.AsSpan(0, length).ToArray())], Math.Max(0, length));

    /// <summary>Goes on from a state that an optimiser of the same description exported.</summary>
    /// <exception cref="ArgumentException">The state is another rule's, or its arrays do not fit.</exception>
    public void Import(OptimizerState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        if (saved.Optimizer != Description)
            throw new ArgumentException($"The state belongs to {saved.Optimizer}; this is {Description}. Make the same optimiser first.", nameof(saved));
        Reset();
        if (saved.Steps == 0) return;
        if (saved.Steps < 0 || saved.Vectors.Count != state.Length || saved.Vectors.Any(v => v.Length != saved.Length))
            throw new ArgumentException($"A state of {saved.Steps} steps with {saved.Vectors.Count} vectors of {string.Join(", ", saved.Vectors.Select(v => v.Length))} values does not fit {Description}, which keeps {state.Length} of {saved.Length}.", nameof(saved));
        Allocate(saved.Length);
        for (int k = 0; k < state.Length; k++) saved.Vectors[k].CopyTo(state[k], 0);
        Steps = saved.Steps;
    }

    /// <summary>The same rule without steps.</summary>
    private protected abstract Optimizer Fresh();

    /// <summary>Computes what is common to all parameters of this step; <see cref="Steps"/> counts it already.</summary>
    private protected abstract void Prepare(double learningRate);

    /// <summary>Fills state that does not start at zero.</summary>
    private protected virtual void Initialise(double learningRate)
    {
    }

    /// <summary>Updates parameters [from, to), a whole number of vectors; state vectors have room up to there.</summary>
    private protected abstract void Update(double* parameters, double* gradient, int from, int to);

    /// <summary>One state vector, its length rounded up to whole vectors.</summary>
    private protected double[] State(int index) => state[index];

    private void Begin(int count, double learningRate)
    {
        Allocate(count);
        Initialise(learningRate);
    }

    private void Allocate(int count)
    {
        length = count;
        int width = Vector<double>.Count, padded = checked((count + width - 1) / width * width);
        for (int k = 0; k < state.Length; k++) state[k] = new double[padded];
    }

    /// <summary>The last parameters go through the same vector code, in a copy with room for a whole vector.</summary>
    private void UpdateTail(double* p, double* g, int full)
    {
        int width = Vector<double>.Count, rest = length - full;
        double* pTail = stackalloc double[width], gTail = stackalloc double[width];
        new Span<double>(pTail, width).Clear();
        new Span<double>(gTail, width).Clear();
        new ReadOnlySpan<double>(p + full, rest).CopyTo(new Span<double>(pTail, width));
        new ReadOnlySpan<double>(g + full, rest).CopyTo(new Span<double>(gTail, width));
        Update(pTail - full, gTail - full, full, full + width);
        new ReadOnlySpan<double>(pTail, rest).CopyTo(new Span<double>(p + full, rest));
    }
}

/// <summary>What an optimiser remembers between steps.</summary>
/// <param name="Optimizer">The <see cref="Optimizer.Description"/> of the rule.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Vectors">The rule's state vectors, each with one value per parameter; empty before the first step.</param>
/// <param name="Length">The number of parameters; 0 before the first step.</param>
public sealed record OptimizerState(string Optimizer, long Steps, IReadOnlyList<double[]> Vectors, int Length);
