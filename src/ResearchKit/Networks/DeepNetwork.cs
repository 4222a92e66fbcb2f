using ResearchKit.Tasks;

namespace ResearchKit.Networks;

/// <summary>
/// A fully connected network of any depth in which every hidden layer's neurons are a set of exchangeable objects with
/// weights c of their own: h^l_j = sigma(z^l_j), z^(l+1)_i = b_i + sum_j c^l_j W_ij h^l_j, and the outputs likewise.
/// </summary>
/// <remarks>
/// <para>
/// Parameters are "layers.l.weight" [outputs, inputs of the layer] and "layers.l.bias", l = 0 for the first hidden layer to
/// the number of hidden layers for the outputs: PyTorch's shapes, so that neuron i's incoming weights are row i.
/// </para>
/// <para>
/// c_i copies of neuron i and c_j of neuron j hold c_i c_j copies of the weight between them: the 1/c rule
/// (<see cref="WeightedModel.DivideByObjectWeights"/>) divides it by both, a bias and a first-layer weight by that of their
/// neuron, an output weight by that of its source and an output bias by none.
/// </para>
/// <para>A pass works on 1024 samples at a time; a gradient over more computes their hidden values twice, to store them for no more than these.</para>
/// </remarks>
public sealed unsafe partial class DeepNetwork : WeightedModel
{
    private readonly int[] widths;
    private readonly double[][] weights;
    private readonly ParameterBlock[] weightBlocks, biasBlocks;

    /// <summary>Makes a network with all parameters zero.</summary>
    /// <param name="inputs">Features, at least 1.</param>
    /// <param name="widths">Neurons of each hidden layer, from the first; at least one layer, at least 1 each.</param>
    /// <param name="outputs">Predictions, at least 1.</param>
    /// <param name="activation">sigma in every hidden layer.</param>
    /// <param name="weights">For each hidden layer the weights c of its neurons, positive and finite, or null for 1 each.</param>
    /// <exception cref="ArgumentException">A size or a weight is out of its range, or the parameters are too many for one array.</exception>
    public DeepNetwork(int inputs, IReadOnlyList<int> widths, int outputs = 1, Activation activation = Activation.Relu, IReadOnlyList<double[]?>? weights = null)
        : base(BlocksOf(inputs, widths, outputs))
    {
        if (weights is not null && weights.Count != widths.Count)
            throw new ArgumentException($"Weights for {weights.Count} layers were given; there are {widths.Count} hidden layers: pass an array or null for each.", nameof(weights));
        (InputSize, OutputSize, Activation) = (inputs, outputs, ActivationKernel.Require(activation));
        this.widths = [.. widths];
        this.weights = [.. widths.Select((width, l) => ObjectWeightCheck.Copy(weights?[l], width, $"layer {l}'s neuron"))];
        weightBlocks = [.. Blocks.Where((_, i) => i % 2 == 0)];
        biasBlocks = [.. Blocks.Where((_, i) => i % 2 == 1)];
        (values, slopes) = (NewBuffers(), NewBuffers());
        NativeBuffer[] NewBuffers() => [.. widths.Select(_ => new NativeBuffer())];
    }

    /// <inheritdoc/>
    public override int InputSize { get; }

    /// <inheritdoc/>
    public override int OutputSize { get; }

    /// <summary>sigma in every hidden layer.</summary>
    public Activation Activation { get; }

    /// <summary>Neurons of each hidden layer.</summary>
    public IReadOnlyList<int> Widths => widths;

    /// <inheritdoc/>
    public override int ObjectSets => widths.Length;

    /// <summary>A network with PyTorch's default initialisation: every weight and bias uniform on +-1/sqrt(inputs of its layer).</summary>
    /// <param name="inputs">Features, at least 1.</param>
    /// <param name="widths">Neurons of each hidden layer.</param>
    /// <param name="seed">Seed of the random numbers; layer by layer, weights first.</param>
    /// <param name="outputs">Predictions, at least 1.</param>
    /// <param name="activation">sigma in every hidden layer.</param>
    public static DeepNetwork Initialised(int inputs, IReadOnlyList<int> widths, int seed, int outputs = 1, Activation activation = Activation.Relu)
    {
        var network = new DeepNetwork(inputs, widths, outputs, activation);
        var random = new SeededRandom(seed);
        for (int l = 0; l <= network.widths.Length; l++)
        {
            double bound = 1 / Math.Sqrt(network.Sources(l));
            random.FillUniform(network.Values(network.weightBlocks[l]), -bound, bound);
            random.FillUniform(network.Values(network.biasBlocks[l]), -bound, bound);
        }
        return network;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> ObjectWeights(int set = 0) => ObjectWeightCheck.Set(weights, set);

    /// <inheritdoc/>
    public override string Description => $"{nameof(DeepNetwork)}, {Activation}";

    /// <inheritdoc/>
    public override DeepNetwork Clone()
    {
        var copy = new DeepNetwork(InputSize, widths, OutputSize, Activation, weights);
        Parameters.CopyTo(copy.Parameters);
        return copy;
    }

    /// <inheritdoc/>
    public override void DivideByObjectWeights(Span<double> gradient)
    {
        if (gradient.Length != Parameters.Length)
            throw new ArgumentException($"{gradient.Length} values were given; the model has {Parameters.Length} parameters.", nameof(gradient));
        for (int l = 0; l <= widths.Length; l++)
        {
            double[]? sources = l == 0 ? null : weights[l - 1], targets = l == widths.Length ? null : weights[l];
            Span<double> weight = gradient.Slice(weightBlocks[l].Offset, weightBlocks[l].Length), bias = gradient.Slice(biasBlocks[l].Offset, biasBlocks[l].Length);
            int width = Sources(l);
            for (int i = 0; i < bias.Length; i++)
            {
                Span<double> row = weight.Slice(i * width, width);
                if (sources is not null) ObjectWeightCheck.Divide(row, sources);
                if (targets is not null)
                    foreach (ref double value in row) value /= targets[i];
            }
            if (targets is not null) ObjectWeightCheck.Divide(bias, targets);
        }
    }

    /// <summary>Inputs of layer l.</summary>
    private int Sources(int layer) => layer == 0 ? InputSize : widths[layer - 1];

    private Span<double> Values(ParameterBlock block) => Parameters.Slice(block.Offset, block.Length);

    private static List<ParameterBlock> BlocksOf(int inputs, IReadOnlyList<int> widths, int outputs)
    {
        ArgumentNullException.ThrowIfNull(widths);
        if (inputs < 1)
            throw new ArgumentOutOfRangeException(nameof(inputs), inputs, "A network needs at least 1 input.");
        if (outputs < 1)
            throw new ArgumentOutOfRangeException(nameof(outputs), outputs, "A network needs at least 1 output.");
        if (widths.Count == 0)
            throw new ArgumentException("No hidden layer was given; a deep network needs at least 1, for its neurons are the objects.", nameof(widths));
        List<ParameterBlock> blocks = [];
        long offset = 0, sources = inputs;
        for (int l = 0; l <= widths.Count; l++)
        {
            int targets = l < widths.Count ? widths[l] : outputs;
            if (targets < 1)
                throw new ArgumentOutOfRangeException(nameof(widths), targets, $"Hidden layer {l} has {targets} neurons; every layer needs at least 1.");
            long biasOffset = offset + sources * targets, end = biasOffset + targets;
            if (end > Array.MaxLength)
                throw new ArgumentException($"Layers 0 to {l} have {end} parameters; all of a model's must fit an array of {Array.MaxLength}: make layers narrower.", nameof(widths));
            blocks.Add(new ParameterBlock($"layers.{l}.weight", (int)offset, [targets, (int)sources]));
            blocks.Add(new ParameterBlock($"layers.{l}.bias", (int)biasOffset, [targets]));
            (offset, sources) = (end, targets);
        }
        return blocks;
    }
}
