namespace ResearchKit.Training;

/// <summary>The losses at one time of a training.</summary>
/// <param name="Epoch">Epochs done: 0 before training.</param>
/// <param name="TrainLoss">The plain mean of the losses of the epoch's batches, each before its step; at epoch 0 the loss on all training samples.</param>
/// <param name="TestLoss">The loss on all test samples after the epoch; NaN without any.</param>
/// <param name="Seconds">Wall-clock seconds of training so far, without evaluations, over all resumed parts.</param>
public readonly record struct TrainingPoint(int Epoch, double TrainLoss, double TestLoss, double Seconds);

/// <summary>What a training recorded; the trained model is the one that was given.</summary>
/// <param name="Points">The losses at epoch 0, every <see cref="TrainingOptions.EvaluateEvery"/> epochs and at the last.</param>
/// <param name="Steps">Optimiser steps of the whole training.</param>
/// <param name="Seconds">Wall-clock seconds of training, without evaluations, over all resumed parts.</param>
/// <param name="EvaluationSeconds">Seconds of evaluating losses.</param>
/// <param name="ResumedAfter">Epochs that were taken from a checkpoint; 0 for a training from the start.</param>
public sealed record TrainingResult(IReadOnlyList<TrainingPoint> Points, long Steps, double Seconds, double EvaluationSeconds, int ResumedAfter)
{
    /// <summary>The point after the last epoch.</summary>
    public TrainingPoint Last => Points[^1];
}

/// <summary>How far a training has come.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Fraction">The done part of all steps, 0 to 1.</param>
/// <param name="RemainingSeconds">Expected seconds until the end, by the pace of this run so far.</param>
/// <param name="TrainLoss">The loss of the last batch.</param>
/// <param name="TestLoss">The last recorded test loss; NaN without any.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, double Fraction, double RemainingSeconds, double TrainLoss, double TestLoss);

/// <summary>What a training will cost, measured on a few steps.</summary>
/// <param name="Seconds">Expected wall-clock seconds of all steps and evaluations.</param>
/// <param name="SecondsPerStep">Median seconds of a step.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="EvaluationSeconds">The part of <paramref name="Seconds"/> that evaluations take.</param>
public readonly record struct TrainingEstimate(double Seconds, double SecondsPerStep, long Steps, double EvaluationSeconds);

/// <summary>
/// A loss, gradient or parameter became NaN or infinite. After a step that failed the model stands as before it; a checkpoint
/// is never written of such a model.
/// </summary>
public sealed class TrainingDivergedException : ArithmeticException
{
    internal TrainingDivergedException(string what, int epoch, int step, double loss, double learningRate)
        : base($"{what} in epoch {epoch}, step {step} (loss {loss}, learning rate {learningRate}): the training diverged. Lower the learning rate, or start from smaller parameters.")
        => (Epoch, StepInEpoch, Loss, LearningRate) = (epoch, step, loss, learningRate);

    /// <summary>The epoch, from 0; <see cref="TrainingOptions.Epochs"/> when the evaluation after the last failed.</summary>
    public int Epoch { get; }

    /// <summary>The step in the epoch, from 0; the number of steps when the evaluation after the epoch failed.</summary>
    public int StepInEpoch { get; }

    /// <summary>The loss of the step.</summary>
    public double Loss { get; }

    /// <summary>The learning rate of the step.</summary>
    public double LearningRate { get; }
}
