using ResearchKit.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tasks;

/// <summary>
/// The polylog claim for networks (implication Ia of arXiv 2510.00504): to what width d' can a network of width d be reduced at
/// its start so that its learning curve stays within a relative gap of the original's, as d grows?
/// </summary>
/// <remarks>
/// <para>
/// The setting is that of Fig. 4 with less data and fewer epochs. The gap is the median over training (start and end included)
/// of |L' - L| / L, where L and L' are the test losses of the original and the reduced network after the same batches.
/// </para>
/// <para>
/// At PyTorch's default start the function's change per unit of learning rate grows like d, for SGD and for Adam alike. So the
/// learning rates of Fig. 4, which are for d = 10^4, are scaled by 10^4 / d, so that all widths train alike: a step changes
/// the function as much at any d. With a fixed rate wide networks would diverge and narrow ones stand still. What is not the
/// same for all d is the part of the input weights in it, which falls like d^-1/2: wide networks learn by v alone.
/// </para>
/// <para>
/// How much there is to follow counts: a loss that training hardly moves has a small gap for any d'. The target's mean square
/// is 0.0134; the usual training (<see cref="Setting"/>) brings the test loss to some 10% below it with AdamW and only about
/// to it with SGD, whose curve is little more than the decay of the start's own function.
/// </para>
/// <para>Budgets are tried in ascending order on a geometric grid. The result has the same bits for any number of threads.</para>
/// </remarks>
public static class WidthBudgetStudy
{
    /// <summary>The relative gap that is asked for, when not said otherwise.</summary>
    public const double DefaultGap = 0.01;

    /// <summary>The width that the learning rates of <see cref="WidthReductionSetting.Optimisers"/> are for.</summary>
    public const int ReferenceWidth = 10_000;

    /// <summary>The optimisers compared.</summary>
    public static IReadOnlyList<string> Optimizers { get; } = ["AdamW", "SGD"];

    /// <summary>The ways to reduce that are compared, of <see cref="WidthReductionSetting.Kinds"/>: support points with refit, random ones rescaled, and free ones with refit.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["compressed", "random", "free"];

    /// <summary>A training of seconds: 10^4 samples, 100 epochs of 20 steps.</summary>
    /// <param name="width">d.</param>
    /// <param name="seed">Seed of data, start, batches and reduction.</param>
    public static WidthReductionSetting Setting(int width, int seed = 1) => WidthReductionSetting.Quick with
    {
        Width = width, Seed = seed, Epochs = 100, EvaluateEvery = 5,
    };

    /// <summary>How a width trains: as in Fig. 4, with the learning rate times <see cref="ReferenceWidth"/> / d.</summary>
    /// <param name="setting">Width, epochs and seed.</param>
    /// <param name="optimizer">A name in <see cref="WidthReductionSetting.Optimisers"/>.</param>
    public static TrainingOptions Training(WidthReductionSetting setting, string optimizer)
    {
        ArgumentNullException.ThrowIfNull(setting);
        TrainingOptions training = setting.Training(optimizer);
        return training with { LearningRate = training.LearningRate * ReferenceWidth / setting.Width };
    }

    /// <summary>
    /// Trains an original once with each optimiser and, for each method, reduced ones of more and more neurons until the gap
    /// has stayed below what is asked for.
    /// </summary>
    /// <param name="setting">d, the data, the training and the seed; its budget is not used.</param>
    /// <param name="options">What to try and how to run.</param>
    /// <returns>One search for every optimiser and method.</returns>
    /// <exception cref="ArgumentException">Options out of range, a width not above the first budget, or an unknown name.</exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static IReadOnlyList<WidthBudgetSearch> Run(WidthReductionSetting setting, WidthBudgetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(setting);
        options ??= new WidthBudgetOptions();
        options.Require(setting.Width);
        string[] optimizers = [.. options.Optimizers];
        TrainingOptions[] trainings = [.. optimizers.Select(o => Training(setting, o) with
        {
            MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = options.CancellationToken,
        })];
        BesselTask task = setting.Task();
        Samples test = task.Test(setting.TestSamples);
        TwoLayerNetwork original = setting.Original();
        IReadOnlyList<TrainingPoint>[] curves = [.. optimizers.Select((_, o) => Curve(original, o))];
        var searches = new List<WidthBudgetSearch>();
        foreach (string method in options.Methods)
        {
            var trials = new List<WidthBudgetTrial>[optimizers.Length];
            for (int o = 0; o < trials.Length; o++) trials[o] = [];
            foreach (int budget in options.Budgets(setting.Width))
            {
                int[] open = [.. Enumerable.Range(0, optimizers.Length).Where(o => !Settled(trials[o]))];
                if (open.Length == 0) break;
                options.CancellationToken.ThrowIfCancellationRequested();
                TwoLayerNetwork reduced = (setting with { Budget = budget }).Reduced(original, method).Network;
                foreach (int o in open)
                {
                    RelativeGap gap = RelativeGap.Between(curves[o], Curve(reduced, o));
                    var trial = new WidthBudgetTrial(optimizers[o], method, setting.Width, setting.Seed, budget, gap.Median, gap.Largest, curves[o][0].TestLoss, curves[o][^1].TestLoss);
                    trials[o].Add(trial);
                    options.Progress?.Report(trial);
                }
            }
            for (int o = 0; o < trials.Length; o++) searches.Add(new WidthBudgetSearch(optimizers[o], method, setting.Width, setting.Seed, trials[o]));
        }
        return searches;

        IReadOnlyList<TrainingPoint> Curve(TwoLayerNetwork start, int o)
            => Trainer.Train(start.Clone(), ResearchKit.Training.Optimizers.Create(optimizers[o]), task.Train, test, trainings[o]).Points;

        bool Settled(List<WidthBudgetTrial> done)
            => done.Count > WidthBudgetSearch.Confirmations && done.TakeLast(1 + WidthBudgetSearch.Confirmations).All(t => t.MedianGap < options.Gap);
    }
}
