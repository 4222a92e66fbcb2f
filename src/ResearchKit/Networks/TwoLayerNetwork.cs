using ResearchKit.Tasks;

namespace ResearchKit.Networks;

/// <summary>
/// A network with one hidden layer of weighted neurons: f_o(x) = bias_o + sum_j c_j v_oj sigma(w_j . x + b_j), j = 1..d.
/// </summary>
/// <remarks>
/// Neuron j is the object (v_j, w_j, b_j) of m = outputs + inputs + 1 coordinates (Figs. 4 and 5b); the output bias belongs
/// to no object. Parameter blocks: "hidden.weight" [inputs, d] (the transposed of PyTorch's, so that loops run along the
/// neurons), "hidden.bias" [d], "output.weight" [outputs, d], "output.bias" [outputs].
/// </remarks>
public sealed unsafe partial class TwoLayerNetwork : WeightedModel
{
    private readonly double[] weights;
    private readonly HalfPlaneKernel? halfPlanes;

    /// <summary>Makes a network with all parameters zero.</summary>
    /// <param name="inputs">Numbers per input, at least 1.</param>
    /// <param name="width">d, the hidden neurons, at least 1.</param>
    /// <param name="outputs">Numbers per prediction, at least 1.</param>
    /// <param name="activation">sigma.</param>
    /// <param name="weights">The d positive weights c, or null for 1 each; copied.</param>
    /// <exception cref="ArgumentException">A size below 1, an unknown activation, or a weight that is not positive and finite.</exception>
    public TwoLayerNetwork(int inputs, int width, int outputs = 1, Activation activation = Activation.Relu, double[]? weights = null)
        : base(BlocksOf(inputs, width, outputs))
    {
        if (!Enum.IsDefined(activation))
            throw new ArgumentOutOfRangeException(nameof(activation), activation, $"{(int)activation} is no activation; use {string.Join(", ", Enum.GetNames<Activation>())}.");
        this.weights = ObjectWeightCheck.Copy(weights, width, "neuron");
        (InputSize, OutputSize, Width, Activation) = (inputs, outputs, width, activation);
        if (activation == Activation.Relu && inputs == 2 && outputs == 1) halfPlanes = new HalfPlaneKernel(this.weights);
    }

    /// <inheritdoc/>
    public override int InputSize { get; }

    /// <inheritdoc/>
    public override int OutputSize { get; }

    /// <summary>d, the number of hidden neurons.</summary>
    public int Width { get; }

    /// <summary>sigma.</summary>
    public Activation Activation { get; }

    /// <inheritdoc/>
    public override int ObjectSets => 1;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> ObjectWeights(int set = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(set, 0);
        return weights;
    }

    /// <summary>A network with PyTorch's default start: every weight and bias uniform on (-1, 1) / sqrt(fan_in) of its layer.</summary>
    /// <param name="inputs">Numbers per input, at least 1.</param>
    /// <param name="width">d, at least 1.</param>
    /// <param name="seed">Seed of everything.</param>
    /// <param name="outputs">Numbers per prediction, at least 1.</param>
    /// <param name="activation">sigma.</param>
    public static TwoLayerNetwork Initialised(int inputs, int width, int seed, int outputs = 1, Activation activation = Activation.Relu)
    {
        var network = new TwoLayerNetwork(inputs, width, outputs, activation);
        var random = new SeededRandom(seed);
        double hidden = 1 / Math.Sqrt(inputs), output = 1 / Math.Sqrt(width);
        random.FillUniform(network.Block("hidden.weight"), -hidden, hidden);
        random.FillUniform(network.Block("hidden.bias"), -hidden, hidden);
        random.FillUniform(network.Block("output.weight"), -output, output);
        random.FillUniform(network.Block("output.bias"), -output, output);
        return network;
    }

    /// <inheritdoc/>
    public override string Description => $"{nameof(TwoLayerNetwork)}, {Activation}";

    /// <inheritdoc/>
    public override WeightedModel Clone()
    {
        var copy = new TwoLayerNetwork(InputSize, Width, OutputSize, Activation, weights);
        Parameters.CopyTo(copy.Parameters);
        return copy;
    }

    /// <inheritdoc/>
    public override void DivideByObjectWeights(Span<double> gradient)
    {
        if (gradient.Length != Parameters.Length)
            throw new ArgumentException($"{gradient.Length} values were given; the model has {Parameters.Length} parameters.", nameof(gradient));
        // Every row but the output bias runs along the neurons.
        for (int row = 0; row < InputSize + 1 + OutputSize; row++)
            ObjectWeightCheck.Divide(gradient.Slice(row * Width, Width), weights);
    }

    /// <inheritdoc/>
    public override void Arrange()
    {
        fixed (double* p = Parameters) halfPlanes?.Arrange(p);
    }

    /// <inheritdoc/>
    protected override void Forward(double* inputs, int count, double* predictions, bool keep, int threads)
    {
        fixed (double* p = Parameters)
        {
            // The tree of the samples cannot order what is not a number, and skips neurons that are off, whatever they hold:
            // the plain loops carry NaN and infinity through.
            rectified = IsSingleRelu && NonFinite.IndexOf(new ReadOnlySpan<double>(inputs, checked(InputSize * count))) < 0 && NonFinite.IndexOf(Parameters) < 0;
            usedHalfPlanes = rectified && halfPlanes is not null && (!keep || count <= HalfPlaneKernel.MostSamples);
            if (!usedHalfPlanes)
            {
                DenseForward(p, inputs, count, predictions, threads);
                return;
            }
            // Without a backward pass to follow, pieces bound the scratch memory.
            int piece = keep ? count : Piece;
            for (int start = 0; start < count; start += piece)
                halfPlanes!.Forward(p, inputs + 2L * start, Math.Min(piece, count - start), predictions + start, keep, threads);
        }
    }

    /// <inheritdoc/>
    protected override void Backward(double* inputs, int count, double* predictionGradient, double* gradient, int threads)
    {
        fixed (double* p = Parameters)
        {
            if (usedHalfPlanes) halfPlanes!.Backward(p, predictionGradient, gradient, threads);
            else DenseBackward(p, inputs, count, predictionGradient, gradient, threads);
        }
    }

    /// <summary>Samples of one forward pass through the half-planes.</summary>
    private const int Piece = 16384;

    private bool usedHalfPlanes, rectified;

    private static ParameterBlock[] BlocksOf(int inputs, int width, int outputs)
    {
        if (inputs < 1)
            throw new ArgumentOutOfRangeException(nameof(inputs), inputs, "A network needs at least 1 input.");
        if (width < 1)
            throw new ArgumentOutOfRangeException(nameof(width), width, "A network needs at least 1 hidden neuron.");
        if (outputs < 1)
            throw new ArgumentOutOfRangeException(nameof(outputs), outputs, "A network needs at least 1 output.");
        if ((inputs + 1L + outputs) * width + outputs > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(width), width, $"{inputs} inputs, {width} neurons and {outputs} outputs have more parameters than an array holds ({Array.MaxLength}).");
        return
        [
            new("hidden.weight", 0, [inputs, width]),
            new("hidden.bias", inputs * width, [width]),
            new("output.weight", (inputs + 1) * width, [outputs, width]),
            new("output.bias", (inputs + 1 + outputs) * width, [outputs]),
        ];
    }
}
