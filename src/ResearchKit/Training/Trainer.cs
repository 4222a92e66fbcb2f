using System.Diagnostics;
using ResearchKit.Networks;

namespace ResearchKit.Training;

/// <summary>Trains weighted models by the 1/c rule (T5, Figs. 3, 4 and 7 of arXiv 2510.00504).</summary>
/// <remarks>
/// <para>
/// A step is: gradient of the mean squared error on a batch, division by the object weights, optimiser. The batches of an
/// epoch depend on the seed and the epoch alone: an original and its compressed network see the same ones, and so does a
/// resumed training.
/// </para>
/// <para>
/// Samples with weights c stand for a larger set. All at once, the loss is their weighted mean; in batches, samples are
/// drawn with probability proportional to c and the mean is plain, or with other probabilities and losses weighed so that
/// the expectation is the same (<see cref="WeightedBatches.ByImportance"/>).
/// </para>
/// </remarks>
public static class Trainer
{
    /// <summary>Trains a model in place, or resumes when the options' checkpoint file exists.</summary>
    /// <param name="model">The model; its parameters change. To resume, give it as it was at the start (or as the cancelled training left it).</param>
    /// <param name="optimizer">The rule. It goes on from the steps it has taken: take a new one, or reset it, for a new training.</param>
    /// <param name="train">Training samples of the model's sizes.</param>
    /// <param name="test">Samples to evaluate on, or null.</param>
    /// <param name="options">How to train.</param>
    /// <returns>The losses over training. The same bits for any number of threads, and for a training that was cut and resumed.</returns>
    /// <exception cref="ArgumentException">Options out of range, or samples of other sizes than the model's.</exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: model and optimiser stand as at the start of the epoch, and the checkpoint too if there is a path.</exception>
    /// <exception cref="InvalidDataException">The checkpoint file is damaged or belongs to another training; it is left as it is.</exception>
    /// <exception cref="IOException">A checkpoint could not be written; the file before it is left as it is.</exception>
    public static TrainingResult Train(WeightedModel model, Optimizer optimizer, Samples train, Samples? test, TrainingOptions options)
    {
        Require(model, optimizer, train, test, options);
        return new TrainingRun(model, optimizer, train, test, options).Run();
    }

    /// <summary>Measures a few steps on copies of model and optimiser, and part of an evaluation, and tells what the whole training will take.</summary>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="optimizer">The rule; left as it is.</param>
    /// <param name="train">Training samples.</param>
    /// <param name="test">Samples to evaluate on, or null.</param>
    /// <param name="options">How to train; no checkpoint is read or written.</param>
    /// <param name="steps">Steps to time, at least 1, after one that warms up.</param>
    public static TrainingEstimate Estimate(WeightedModel model, Optimizer optimizer, Samples train, Samples? test, TrainingOptions options, int steps = 5)
    {
        Require(model, optimizer, train, test, options);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        WeightedModel trial = model.Clone();
        Optimizer rule = optimizer.Clone();
        var batches = new BatchSequence(train, options);
        var step = new TrainingStep(trial, rule, batches, options);
        var seconds = new double[steps];
        trial.Arrange();
        for (int s = -1; s < steps; s++)
        {
            // One epoch's batches may be fewer than the steps asked for.
            if ((s + 1) % batches.Steps == 0) batches.Start(0);
            options.CancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            step.Take(0, (s + 1) % batches.Steps, options.LearningRate);
            if (s >= 0) seconds[s] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        int evaluations = 1 + Enumerable.Range(1, options.Epochs).Count(options.EvaluatesAfter);
        double evaluating = SecondsToEvaluate(trial, train, options) + (test is null ? 0 : evaluations * SecondsToEvaluate(trial, test, options));
        double perStep = Scaling.Statistics.Median(seconds);
        long all = (long)batches.Steps * options.Epochs;
        return new TrainingEstimate(all * perStep + evaluating, perStep, all, evaluating);
    }

    private static double SecondsToEvaluate(WeightedModel model, Samples samples, TrainingOptions options)
    {
        const int Most = 4096;
        int count = Math.Min(samples.Count, Most);
        ReadOnlySpan<double> inputs = samples.Inputs[..(count * samples.InputSize)];
        var predictions = new double[count * samples.TargetSize];
        double least = double.PositiveInfinity;
        for (int trial = 0; trial < 2; trial++)
        {
            long start = Stopwatch.GetTimestamp();
            model.Predict(inputs, predictions, options.MaxDegreeOfParallelism);
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return least * samples.Count / count;
    }

    private static void Require(WeightedModel model, Optimizer optimizer, Samples train, Samples? test, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        options.Require();
        RequireSizes(model, train, "training", nameof(train));
        if (test is not null) RequireSizes(model, test, "test", nameof(test));
    }

    private static void RequireSizes(WeightedModel model, Samples samples, string what, string name)
    {
        if (samples.InputSize != model.InputSize || samples.TargetSize != model.OutputSize)
            throw new ArgumentException($"The {what} samples have {samples.InputSize} inputs and {samples.TargetSize} targets; the model takes {model.InputSize} and predicts {model.OutputSize}.", name);
    }
}
