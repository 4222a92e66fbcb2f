namespace ResearchKit.Training;

/// <summary>How the learning rate goes over a training.</summary>
public enum LearningRateSchedule
{
    /// <summary>The same at every epoch.</summary>
    Constant,

    /// <summary>In epoch e = 0.. of E, (1 + cos(pi e / E)) / 2 of the given one: PyTorch's CosineAnnealingLR down to 0, stepped once an epoch.</summary>
    Cosine,
}

/// <summary>How batches are drawn from samples that stand for a larger set.</summary>
public enum WeightedBatches
{
    /// <summary>Weighted samples with probability proportional to their weights c, plain mean of the losses; samples without weights in random orders.</summary>
    ByWeight,

    /// <summary>
    /// Any samples, with replacement, with the probabilities q of <see cref="TrainingOptions.SamplingProbabilities"/>, and the
    /// losses times (c_i / sum c) / q_i before the mean: its expectation is the weighted mean of all samples for every q. Its
    /// variance is least for q_i proportional to c_i times the size of sample i's gradient.
    /// </summary>
    ByImportance,
}

/// <summary>How long and how fast to train, and what to watch.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training samples, at least 1.</summary>
    public required int Epochs { get; init; }

    /// <summary>The learning rate at the start, positive and finite.</summary>
    public required double LearningRate { get; init; }

    /// <summary>
    /// Samples per step, or null (or 0) for all of them. Without weights an epoch visits every sample once, in a new random
    /// order, and its last batch may be smaller (PyTorch's drop_last=False); a batch size of at least the number of samples
    /// then means all of them. With weights a batch is drawn with replacement, with probability proportional to the weight,
    /// and its mean is plain; <see cref="WeightedBatches"/> offers another way.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>How batches are drawn; of no account when <see cref="BatchSize"/> is null, since all samples then count by their weights.</summary>
    public WeightedBatches WeightedBatches { get; init; }

    /// <summary>
    /// q of <see cref="WeightedBatches.ByImportance"/>, one nonnegative number per training sample with any positive sum, and
    /// positive where the sample has weight; null for the same for every sample. Samples of weight 0 are never drawn.
    /// </summary>
    public IReadOnlyList<double>? SamplingProbabilities { get; init; }

    /// <summary>
    /// Steps per epoch; null for as many as batches fill the samples. Give it so that a compressed training set makes as
    /// many steps as the original: batches without weights then run on from epoch to epoch over as many random orders as
    /// needed, all of full size, so that no sample comes a second time before all came once.
    /// </summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>How the learning rate goes.</summary>
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>Seed of the batches: those of epoch e depend on the seed, e, and the samples' number and weights alone, so models of any width see the same.</summary>
    public int Seed { get; init; }

    /// <summary>The losses are recorded before training, after every so many epochs and after the last; at least 1.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Threads to use at most; -1 means all processors. The result has the same bits for every value.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Receives progress some times a second and at the end, on the calling thread.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Cancels within a step; model and optimiser then stand as at the start of the epoch, and so does the checkpoint.</summary>
    public CancellationToken CancellationToken { get => AmbientCancellation.Or(field); init; }

    /// <summary>
    /// A file that lets the training resume; null for none. When it exists, <see cref="Trainer.Train"/> goes on from it if
    /// it belongs to the same training, and refuses to touch it otherwise.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Epochs between checkpoints, at least 1; one is written before the first epoch, after the last and at cancellation anyway.</summary>
    public int CheckpointEvery { get; init; } = 50;

    /// <summary>The learning rate of an epoch.</summary>
    /// <param name="epoch">0 to <see cref="Epochs"/> - 1.</param>
    public double LearningRateAt(int epoch) => Schedule switch
    {
        LearningRateSchedule.Cosine => LearningRate * (1 + Math.Cos(Math.PI * epoch / Epochs)) / 2,
        _ => LearningRate,
    };

    /// <summary>Whether the losses are recorded after so many epochs.</summary>
    internal bool EvaluatesAfter(int epochs) => epochs % EvaluateEvery == 0 || epochs == Epochs;

    /// <summary>Refuses what cannot be meant.</summary>
    internal void Require()
    {
        RequireAtLeastOne(Epochs, nameof(Epochs));
        RequireAtLeastOne(EvaluateEvery, nameof(EvaluateEvery));
        RequireAtLeastOne(CheckpointEvery, nameof(CheckpointEvery));
        if (StepsPerEpoch is { } steps) RequireAtLeastOne(steps, nameof(StepsPerEpoch), "; leave it null for one pass over the samples");
        if (BatchSize is < 0)
            throw new ArgumentOutOfRangeException("options", BatchSize, $"BatchSize = {BatchSize}; use a positive number, or null for all samples at once.");
        if (!(LearningRate > 0) || double.IsInfinity(LearningRate))
            throw new ArgumentOutOfRangeException("options", LearningRate, $"LearningRate = {LearningRate}; it must be positive and finite.");
        if (!Enum.IsDefined(Schedule))
            throw new ArgumentOutOfRangeException("options", Schedule, $"Schedule = {Schedule}; use {string.Join(" or ", Enum.GetNames<LearningRateSchedule>())}.");
        if (!Enum.IsDefined(WeightedBatches))
            throw new ArgumentOutOfRangeException("options", WeightedBatches, $"WeightedBatches = {(int)WeightedBatches}; use {string.Join(" or ", Enum.GetNames<WeightedBatches>())}.");
        if (SamplingProbabilities is not null && WeightedBatches != WeightedBatches.ByImportance)
            throw new ArgumentException($"SamplingProbabilities were given with WeightedBatches = {WeightedBatches}, which draws by the samples' own weights; set WeightedBatches = {nameof(WeightedBatches.ByImportance)}, or leave them null.", "options");
        if (MaxDegreeOfParallelism is 0 or < -1)
            throw new ArgumentOutOfRangeException("options", MaxDegreeOfParallelism, $"MaxDegreeOfParallelism = {MaxDegreeOfParallelism}; use -1 for all processors or a positive number of threads.");
        if (CheckpointPath is { } path && string.IsNullOrWhiteSpace(path))
            throw new ArgumentException("CheckpointPath is empty; give a file, or null for no checkpoints.", "options");
    }

    private static void RequireAtLeastOne(int value, string name, string more = "")
    {
        if (value < 1) throw new ArgumentOutOfRangeException("options", value, $"{name} = {value}; it must be at least 1{more}.");
    }
}
