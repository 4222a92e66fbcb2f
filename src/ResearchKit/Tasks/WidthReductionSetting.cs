using ResearchKit.Baselines;
using ResearchKit.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tasks;

/// <summary>
/// The setting of Fig. 4, the dynamical lottery ticket: a wide 2-d-1 ReLU network and a narrow one made from its start
/// learn the <see cref="BesselTask"/> from the same batches.
/// </summary>
/// <remarks>One seed gives the data, the network's start and the batches, each from a stream of its own.</remarks>
public sealed record WidthReductionSetting
{
    /// <summary>d, the width of the original.</summary>
    public int Width { get; init; } = 10_000;

    /// <summary>d', the width it is reduced to.</summary>
    public int Budget { get; init; } = 1000;

    /// <summary>Training samples.</summary>
    public int Samples { get; init; } = 100_000;

    /// <summary>Clean test samples.</summary>
    public int TestSamples { get; init; } = 100_000;

    /// <summary>Passes over the training samples.</summary>
    public int Epochs { get; init; } = 3000;

    /// <summary>Samples per step.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>Epochs between evaluations.</summary>
    public int EvaluateEvery { get; init; } = 50;

    /// <summary>Seed of data, start and batches.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The paper's setting, d = 10^4 to 10^3.</summary>
    public static WidthReductionSetting Full { get; } = new();

    /// <summary>A small one that shows the same picture in seconds, d = 2000 to 300.</summary>
    public static WidthReductionSetting Quick { get; } = new()
    {
        Width = 2000, Budget = 300, Samples = 10_000, TestSamples = 10_000, Epochs = 200, EvaluateEvery = 10,
    };

    /// <summary>The optimisers of Fig. 4 with their learning rates (the last one is not in the paper: it failed there).</summary>
    public static IReadOnlyList<(string Optimizer, double LearningRate)> Optimisers { get; } =
        [("AdamW", 1e-4), ("SGD", 1e-3), ("Rprop", 1e-2), ("RMSprop", 1e-4)];

    /// <summary>The original at its start.</summary>
    public TwoLayerNetwork Original() => TwoLayerNetwork.Initialised(2, Width, Seed);

    /// <summary>The original's start reduced to d' support points, v fitted on four uniform inputs for each.</summary>
    /// <param name="original">From <see cref="Original"/>.</param>
    /// <param name="optimizer">
    /// What will train it, or null. AdamW and RMSprop scale each gradient by its own size, so neurons that are seldom on grow as
    /// fast as others: nodes stand denser there for them (measured: for SGD and Rprop evenly spread ones are closer).
    /// </param>
    public CompressedNetwork<TwoLayerNetwork> Compressed(TwoLayerNetwork original, string? optimizer = null) =>
        SupportNeurons.Compress(original, Refitted(original), denserWhereSeldomOn: optimizer is "AdamW" or "RMSprop");

    /// <summary>The original's start reduced to d' neurons by one of the ways that learning curves are compared for.</summary>
    /// <param name="original">From <see cref="Original"/>.</param>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="optimizer">What will train it, or null; see <see cref="Compressed"/>.</param>
    public CompressedNetwork<TwoLayerNetwork> Reduced(TwoLayerNetwork original, string kind, string? optimizer = null) => kind switch
    {
        "compressed" => Compressed(original, optimizer),
        "selected" => NetworkCompressor.Compress(original, Options),
        "degree5" => NetworkCompressor.Compress(original, Options with { Space = ObjectSpace.TotalDegree(5) }),
        "kmeans" => KMeansNeurons.Compress(original, Options),
        "free" => FreeNeurons.Compress(original, Refitted(original)),
        "random" => RandomNeurons.Compress(original, Options),
        _ => throw new ArgumentException($"There is no reduction '{kind}'; there are {string.Join(", ", Kinds)}.", nameof(kind)),
    };

    /// <summary>
    /// Support points; a selection with the moments of degree 2 in cells of directions; one with those of total degree 5, as in
    /// the paper; k-means; random neurons with weight d/d'; free neurons, one for each small cell of directions, refitted.
    /// </summary>
    public static IReadOnlyList<string> Kinds { get; } = ["compressed", "selected", "degree5", "kmeans", "random", "free"];

    private NetworkCompressionOptions Refitted(TwoLayerNetwork original)
    {
        if (Budget < 1) throw new InvalidOperationException($"Budget = {Budget}; a network keeps at least 1 neuron: set d' to 1 or more.");
        var probes = new double[checked(4 * original.InputSize * Budget)];
        new SeededRandom(Seed, 77).FillUniform(probes, -1, 1);
        return Options with { Refit = new OutputRefit { Inputs = probes } };
    }

    private NetworkCompressionOptions Options => new() { Budget = Budget, Seed = Seed };

    /// <summary>The data.</summary>
    public BesselTask Task() => BesselTask.Generate(Samples, Seed);

    /// <summary>How an optimiser of <see cref="Optimisers"/> trains here, with the cosine schedule.</summary>
    /// <param name="optimizer">One of their names.</param>
    public TrainingOptions Training(string optimizer)
    {
        foreach ((string name, double learningRate) in Optimisers)
        {
            if (name != optimizer) continue;
            return new TrainingOptions
            {
                Epochs = Epochs, LearningRate = learningRate, BatchSize = BatchSize, Seed = Seed, EvaluateEvery = EvaluateEvery,
                Schedule = LearningRateSchedule.Cosine,
            };
        }
        throw new ArgumentException($"Fig. 4 has no optimiser '{optimizer}'; it has {string.Join(", ", Optimisers.Select(o => o.Optimizer))}.", nameof(optimizer));
    }
}
