using ResearchKit.Tasks;

namespace ResearchKit.Networks;

/// <summary>
/// One causal multi-head self-attention layer on scalar tokens whose objects are its heads, as in the in-context regression
/// of Fig. 7: the prediction at position t is sum_i c_i U_i . sum_(s &lt;= t) a_ts Wv_i x_s, where a_ts is the softmax over s
/// of (Wq_i x_t) . (Wk_i x_s) / sqrt(h).
/// </summary>
/// <remarks>
/// <para>
/// Head i is the object (U_i, Wq_i, Wk_i, Wv_i) of m = 4h coordinates. There are no biases: the paper's object has none, and
/// targets with mean zero need none. Parameter blocks: "query.weight", "key.weight", "value.weight" and "output.weight", each
/// [h, heads], so that loops run along the heads.
/// </para>
/// <para>
/// With scalar tokens a head depends on its parameters through two numbers alone: kappa = Wq . Wk / sqrt(h) and
/// omega = U . Wv. It predicts omega times the mean of the tokens under weights exp(kappa x_t x_s); the derivative of that
/// mean by kappa is x_t times the tokens' variance under them. Both are what the passes compute, whatever h is.
/// </para>
/// <para>The exponents are taken relative to their largest and the variance about its token: neither overflows or cancels.</para>
/// </remarks>
public sealed unsafe partial class AttentionLayer : WeightedModel
{
    private readonly double[] weights;

    /// <summary>Makes a layer with all parameters zero.</summary>
    /// <param name="heads">d, at least 1.</param>
    /// <param name="tokens">T, the length of a sequence, at least 1; 17 in Fig. 7.</param>
    /// <param name="headSize">h, the dimension of a head's query, key and value, at least 1.</param>
    /// <param name="everyPosition">Whether there is a prediction at each of the T positions, or at the last alone.</param>
    /// <param name="weights">The d positive weights c, or null for 1 each; copied.</param>
    /// <exception cref="ArgumentException">A size below 1, more parameters than an array holds, or a weight that is not positive and finite.</exception>
    public AttentionLayer(int heads, int tokens = 17, int headSize = 2, bool everyPosition = false, double[]? weights = null)
        : base(BlocksOf(heads, tokens, headSize))
    {
        this.weights = ObjectWeightCheck.Copy(weights, heads, "head");
        (Heads, InputSize, HeadSize, EveryPosition) = (heads, tokens, headSize, everyPosition);
    }

    /// <summary>d, the number of heads.</summary>
    public int Heads { get; }

    /// <summary>h, the dimension of a head.</summary>
    public int HeadSize { get; }

    /// <summary>Whether every position is predicted, or the last alone.</summary>
    public bool EveryPosition { get; }

    /// <summary>T, the number of tokens.</summary>
    public override int InputSize { get; }

    /// <summary>1, or T with <see cref="EveryPosition"/>.</summary>
    public override int OutputSize => EveryPosition ? InputSize : 1;

    /// <inheritdoc/>
    public override int ObjectSets => 1;

    /// <summary>
    /// A layer with PyTorch's default start: queries, keys and values as by Linear(1, d h), uniform on (-1, 1), and outputs as
    /// by Linear(d h, 1), uniform on (-1, 1) / sqrt(d h).
    /// </summary>
    /// <param name="heads">d, at least 1.</param>
    /// <param name="seed">Seed of everything.</param>
    /// <param name="tokens">T, at least 1.</param>
    /// <param name="headSize">h, at least 1.</param>
    /// <param name="everyPosition">Whether there is a prediction at each position.</param>
    public static AttentionLayer Initialised(int heads, int seed, int tokens = 17, int headSize = 2, bool everyPosition = false)
    {
        var layer = new AttentionLayer(heads, tokens, headSize, everyPosition);
        var random = new SeededRandom(seed);
        foreach (string name in new[] { "query.weight", "key.weight", "value.weight" }) random.FillUniform(layer.Block(name), -1, 1);
        double output = 1 / Math.Sqrt((double)heads * headSize);
        random.FillUniform(layer.Block("output.weight"), -output, output);
        return layer;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> ObjectWeights(int set = 0) => ObjectWeightCheck.Set([weights], set);

    /// <inheritdoc/>
    public override string Description => $"{nameof(AttentionLayer)}, {InputSize} tokens, {OutputSize} predictions";

    /// <inheritdoc/>
    public override AttentionLayer Clone()
    {
        var copy = new AttentionLayer(Heads, InputSize, HeadSize, EveryPosition, weights);
        Parameters.CopyTo(copy.Parameters);
        return copy;
    }

    /// <inheritdoc/>
    public override void DivideByObjectWeights(Span<double> gradient)
    {
        if (gradient.Length != Parameters.Length)
            throw new ArgumentException($"{gradient.Length} values were given; the model has {Parameters.Length} parameters.", nameof(gradient));
        for (int row = 0; row < 4 * HeadSize; row++) ObjectWeightCheck.Divide(gradient.Slice(row * Heads, Heads), weights);
    }

    private static ParameterBlock[] BlocksOf(int heads, int tokens, int headSize)
    {
        if (heads < 1)
            throw new ArgumentOutOfRangeException(nameof(heads), heads, "A layer needs at least 1 head.");
        if (tokens < 1)
            throw new ArgumentOutOfRangeException(nameof(tokens), tokens, "A sequence needs at least 1 token.");
        if (headSize < 1)
            throw new ArgumentOutOfRangeException(nameof(headSize), headSize, "A head needs at least 1 dimension.");
        if (4L * heads * headSize > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(heads), heads, $"{heads} heads of {headSize} dimensions have more parameters than an array holds ({Array.MaxLength}).");
        string[] names = ["query.weight", "key.weight", "value.weight", "output.weight"];
        return [.. names.Select((name, i) => new ParameterBlock(name, i * heads * headSize, [headSize, heads]))];
    }
}
