using System.Diagnostics;
using ResearchKit.Baselines;
using ResearchKit.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tasks;

/// <summary>
/// The setting of Fig. 3, dataset compression: a 2-50-1 ReLU student learns a <see cref="TeacherRegressionTask"/> from all d
/// training objects, or from d' weighted ones made of them, by as many steps.
/// </summary>
/// <remarks>One seed gives teacher, data, start and batches, each from a stream of its own.</remarks>
public sealed record DatasetReductionSetting
{
    /// <summary>Hidden neurons of teacher and student.</summary>
    public const int Width = 50;

    /// <summary>Keeps the student's start apart from the teacher, which is drawn from the first stream of the seed itself.</summary>
    private const int StartSeed = 1_000_003;

    /// <summary>The coordinate of the label in an object (x1, x2, y).</summary>
    private const int Label = 2;

    /// <summary>d, the training objects.</summary>
    public int Count { get; init; } = 10_000;

    /// <summary>d', the objects after reduction.</summary>
    public int Budget { get; init; } = 1000;

    /// <summary>Clean test samples.</summary>
    public int TestSamples { get; init; } = 100_000;

    /// <summary>Passes over the original's samples.</summary>
    public int Epochs { get; init; } = 400;

    /// <summary>Samples per step of the trainings in batches.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Epochs between evaluations.</summary>
    public int EvaluateEvery { get; init; } = 10;

    /// <summary>The total degree that "total" keeps: that of the authors, 5 in Fig. 3 and 6 in Fig. 5.</summary>
    public int TotalDegree { get; init; } = 5;

    /// <summary>Seed of teacher, data, start, batches and reduction.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The paper's setting, 10^4 to 10^3.</summary>
    public static DatasetReductionSetting Full { get; } = new();

    /// <summary>The run that fails in the authors' code and is not in the paper, 10^5 to 10^3.</summary>
    public static DatasetReductionSetting Hundredfold { get; } = new() { Count = 100_000 };

    /// <summary>The four trainings of Fig. 3, named as the authors' panels; "GD" is SGD with all samples in a step.</summary>
    public static IReadOnlyList<DatasetTraining> Trainings { get; } =
    [
        new("GD lr 0.05 full batch", "SGD", 0.05, true), new("AdamW lr 0.01 full batch", "AdamW", 0.01, true),
        new("SGD lr 0.01 batch 256", "SGD", 0.01, false), new("AdamW lr 0.001 batch 256", "AdamW", 0.001, false),
    ];

    /// <summary>
    /// The training sets compared: all objects; free nodes with free labels (<see cref="FreeLabels"/>, degree 1) that have the
    /// noise of the original's (<see cref="LabelSpread"/>); a selection with the moments that a squared loss needs (degree 2);
    /// one with all moments of <see cref="TotalDegree"/>, as in the paper; random objects; the first d' objects, the
    /// authors' "naive"; free labels without noise, which mini-batches of Adam tell from the original.
    /// </summary>
    public static IReadOnlyList<string> Kinds { get; } = ["original", "compressed", "selected", "total", "random", "naive", "smoothed"];

    /// <summary>Teacher and training objects.</summary>
    public TeacherRegressionTask Task() => TeacherRegressionTask.Generate(Count, Seed);

    /// <summary>The clean test samples.</summary>
    /// <param name="task">From <see cref="Task"/>.</param>
    public Samples Test(TeacherRegressionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Labelled(task.Test(TestSamples));
    }

    /// <summary>The student's start, PyTorch's default.</summary>
    public TwoLayerNetwork Start() => TwoLayerNetwork.Initialised(2, Width, unchecked(Seed + StartSeed));

    /// <summary>The training set of a kind; with a budget of d or more always the original's.</summary>
    /// <param name="task">From <see cref="Task"/>.</param>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="cancellation">Cancels within a reduction.</param>
    /// <exception cref="ArgumentException">An unknown kind, or a budget that cannot hold its moments.</exception>
    public ReducedDataset Reduced(TeacherRegressionTask task, string kind, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!Kinds.Contains(kind))
            throw new ArgumentException($"There is no training set '{kind}'; there are {string.Join(", ", Kinds)}.", nameof(kind));
        if (Budget < 1) throw new InvalidOperationException($"Budget = {Budget}; a training set keeps at least 1 object: set d' to 1 or more.");
        if (kind == "original" || Budget >= task.Train.Count) return new ReducedDataset(task.Train, 0, 0);
        long start = Stopwatch.GetTimestamp();
        var options = new CompressionOptions { Budget = Budget, Seed = Seed, CancellationToken = cancellation };
        double offset = 0;
        WeightedPoints points;
        switch (kind)
        {
            case "compressed":
                points = LabelSpread.Restore(Free(LabelSpread.NodeBudget(Budget)), task.Train, Label).Points;
                break;
            case "smoothed":
                SyntheticSet smooth = Free(Budget);
                (points, offset) = (smooth.Points, smooth.ConstantOffset);
                break;
            case "selected":
                points = Compressor.Compress(task.Train, options with { MomentSpace = MomentSpace.ForSquaredLoss(2, 2) }).Points(task.Train);
                break;
            case "total":
                points = Compressor.Compress(task.Train, options with { Degree = TotalDegree }).Points(task.Train);
                break;
            case "random":
                points = UniformSubset.Compress(task.Train, options).Points(task.Train);
                break;
            default:
                points = new WeightedPoints(task.Train.Coordinates[..(Budget * task.Train.Dimension)].ToArray(), task.Train.Dimension);
                break;
        }
        return new ReducedDataset(points, offset, Stopwatch.GetElapsedTime(start).TotalSeconds);

        SyntheticSet Free(int nodes) => FreeLabels.Compress(task.Train, Label, new FreeNodeOptions { Budget = nodes, Degree = 1, Seed = Seed, CancellationToken = cancellation });
    }

    /// <summary>How a training set is learnt: with the cosine schedule and as many steps as the original's samples take.</summary>
    /// <param name="training">One of <see cref="Trainings"/>.</param>
    public TrainingOptions Training(DatasetTraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return new TrainingOptions
        {
            Epochs = Epochs, LearningRate = training.LearningRate, Seed = Seed, EvaluateEvery = EvaluateEvery, Schedule = LearningRateSchedule.Cosine,
            BatchSize = training.FullBatch ? null : BatchSize, StepsPerEpoch = training.FullBatch ? null : (Count - 1) / BatchSize + 1,
        };
    }

    /// <summary>Objects (x1, x2, y) as samples; unit weights stay none, so that batches need no draws.</summary>
    /// <param name="points">m = 3.</param>
    internal static Samples Labelled(WeightedPoints points)
    {
        var inputs = new double[2 * points.Count];
        var targets = new double[points.Count];
        for (int i = 0; i < points.Count; i++)
        {
            ReadOnlySpan<double> row = points[i];
            (inputs[2 * i], inputs[2 * i + 1], targets[i]) = (row[0], row[1], row[Label]);
        }
        return new Samples(inputs, targets, 2, weights: points.WeightArray);
    }
}

/// <summary>A training of Fig. 3.</summary>
/// <param name="Name">The authors' name of its panel.</param>
/// <param name="Optimizer">A name that <see cref="Optimizers.Create"/> knows.</param>
/// <param name="LearningRate">At the start.</param>
/// <param name="FullBatch">Whether a step takes all samples.</param>
public sealed record DatasetTraining(string Name, string Optimizer, double LearningRate, bool FullBatch);

/// <summary>A training set of <see cref="DatasetReductionSetting"/>.</summary>
/// <param name="Points">Objects (x1, x2, y) with their weights; labels may be synthetic.</param>
/// <param name="LossOffset">Mean squared loss on the original minus that on these points, whatever the model (<see cref="SyntheticSet.ConstantOffset"/>); 0 where labels are original.</param>
/// <param name="Seconds">Time of the reduction.</param>
public sealed record ReducedDataset(WeightedPoints Points, double LossOffset, double Seconds)
{
    /// <summary>The points as training samples.</summary>
    public Samples Samples() => DatasetReductionSetting.Labelled(Points);
}
