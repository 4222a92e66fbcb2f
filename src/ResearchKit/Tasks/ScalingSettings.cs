using ResearchKit.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tasks;

/// <summary>
/// One point of Fig. 5a, the data scaling law: the last test loss of the student of Fig. 3 after a fixed number of steps, from d
/// objects or from d' = floor(c d^s) weighted ones made of them.
/// </summary>
/// <remarks>
/// Original and reduced sets make the same steps, those of <see cref="SampleBudget"/> samples (2^20 in the paper) or of
/// <see cref="Passes"/> passes over d, whichever are more, so the law is one of data, not of computing: 2^20 samples alone are
/// 2048 steps, after which the loss is some 0.011 however many data there are. With L ~ d^-a it should fall like d'^-(a/s).
/// </remarks>
public sealed record DatasetScalingSetting
{
    /// <summary>Steps between which the learning rate is lowered along the cosine: an epoch may be longer than the training.</summary>
    private const int StepsPerRate = 16;

    /// <summary>d.</summary>
    public required int Count { get; init; }

    /// <summary>s in d' = floor(c d^s), with c such that the first size of the figure, 2^8, keeps all: 16 d^(1/2) in the paper.</summary>
    public double Power { get; init; } = 0.5;

    /// <summary>Seed of teacher, data, start, batches and reduction.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Samples seen in training at least, with repetitions.</summary>
    public int SampleBudget { get; init; } = 1 << 20;

    /// <summary>Passes over the original's d objects at least; for a reduced set, as many steps.</summary>
    public int Passes { get; init; } = 100;

    /// <summary>Samples per step.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>Clean test samples.</summary>
    public int TestSamples { get; init; } = 100_000;

    /// <summary>Threads to use at most; -1 means all processors. The result has the same bits for every value.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>The d of the figure, 2^8 to 2^19.</summary>
    public static IReadOnlyList<int> Counts { get; } = [.. Enumerable.Range(8, 12).Select(e => 1 << e)];

    /// <summary>The first d of the figure.</summary>
    public const int FirstCount = 256;

    /// <summary>d'.</summary>
    public int Budget => BudgetOf(Count, Power);

    /// <summary>floor(c d^s) with c = 256^(1 - s).</summary>
    /// <param name="count">d, at least 256.</param>
    /// <param name="power">s, above 0 and at most 1.</param>
    public static int BudgetOf(int count, double power)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, FirstCount);
        if (!(power is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(power), power, "The power s of d' = c d^s must be above 0 and at most 1.");
        // A whole number that rounding left just below itself is meant.
        return (int)(Math.Pow(count, power) * Math.Pow(FirstCount, 1 - power) + 1e-6);
    }

    /// <summary>Teacher and data.</summary>
    public DatasetReductionSetting Data => new() { Count = Count, Budget = Budget, TestSamples = TestSamples, TotalDegree = 6, Seed = Seed };

    /// <summary>Trains on one kind of set and gives the last test loss.</summary>
    /// <param name="task">The data of <see cref="Data"/>.</param>
    /// <param name="test">Test samples.</param>
    /// <param name="kind">One of <see cref="DatasetReductionSetting.Kinds"/>.</param>
    /// <param name="cancellation">Cancels within a step.</param>
    public double Loss(TeacherRegressionTask task, Samples test, string kind, CancellationToken cancellation = default)
    {
        DatasetReductionSetting data = Data;
        int steps = (int)(Math.Max(SampleBudget, (long)Passes * Count) / BatchSize), epochs = Math.Max(1, steps / StepsPerRate);
        TwoLayerNetwork student = data.Start();
        return Trainer.Train(student, new AdamW(), data.Reduced(task, kind, cancellation).Samples(), test, new TrainingOptions
        {
            Epochs = epochs, StepsPerEpoch = StepsPerRate, EvaluateEvery = epochs, BatchSize = BatchSize, LearningRate = 1e-3,
            Schedule = LearningRateSchedule.Cosine, Seed = Seed, MaxDegreeOfParallelism = MaxDegreeOfParallelism, CancellationToken = cancellation,
        }).Last.TestLoss;
    }
}

/// <summary>
/// One point of Fig. 5b, the width scaling law: the last test loss of a 2-d-1 ReLU network on the task of Fig. 4, or of one of
/// d' = floor(16 sqrt d) weighted neurons made from its start.
/// </summary>
public static class WidthScalingSetting
{
    /// <summary>The d of the figure, 2^8 to 2^14.</summary>
    public static IReadOnlyList<int> Widths { get; } = [.. Enumerable.Range(8, 7).Select(e => 1 << e)];

    /// <summary>The networks compared: all neurons, support points, random ones rescaled.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["original", "compressed", "random"];

    /// <summary>The setting of the figure: 2*10^4 samples, 2000 epochs, batches of 128.</summary>
    /// <param name="width">d.</param>
    /// <param name="seed">Seed of data, start, batches and reduction.</param>
    public static WidthReductionSetting Of(int width, int seed) => new()
    {
        Width = width, Budget = DatasetScalingSetting.BudgetOf(width, 0.5), Samples = 20_000, TestSamples = 100_000, Epochs = 2000, BatchSize = 128,
        EvaluateEvery = 2000, Seed = seed,
    };

    /// <summary>AdamW with learning rate 10^-3 and the cosine schedule.</summary>
    /// <param name="setting">From <see cref="Of"/>, or smaller.</param>
    public static TrainingOptions Training(WidthReductionSetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return setting.Training("AdamW") with { LearningRate = 1e-3 };
    }

    /// <summary>The network of a kind at its start.</summary>
    /// <param name="setting">From <see cref="Of"/>, or smaller.</param>
    /// <param name="kind">One of <see cref="Kinds"/>; with a budget of d or more always the original.</param>
    public static TwoLayerNetwork Start(WidthReductionSetting setting, string kind)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (!Kinds.Contains(kind))
            throw new ArgumentException($"There is no network '{kind}'; there are {string.Join(", ", Kinds)}.", nameof(kind));
        TwoLayerNetwork original = setting.Original();
        return kind == "original" || setting.Budget >= setting.Width ? original : setting.Reduced(original, kind).Network;
    }
}
