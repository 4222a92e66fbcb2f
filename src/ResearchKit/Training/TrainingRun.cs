using System.Diagnostics;
using ResearchKit.Networks;

namespace ResearchKit.Training;

/// <summary>One call of <see cref="Trainer.Train"/>: the loop over epochs with its records, checkpoints and reports.</summary>
internal sealed class TrainingRun
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(0.25);

    private readonly WeightedModel model;
    private readonly Optimizer optimizer;
    private readonly Samples train;
    private readonly Samples? test;
    private readonly TrainingOptions options;
    private readonly BatchSequence batches;
    private readonly TrainingStep step;
    private readonly List<TrainingPoint> points = [];
    private readonly Snapshot? rollback;
    private TrainingIdentity? identity;
    private byte[] start = [];
    private double seconds, evaluationSeconds;
    private int epoch, resumedAfter;
    private long began, reported;

    public TrainingRun(WeightedModel model, Optimizer optimizer, Samples train, Samples? test, TrainingOptions options)
    {
        (this.model, this.optimizer, this.train, this.test, this.options) = (model, optimizer, train, test, options);
        batches = new BatchSequence(train, options);
        step = new TrainingStep(model, optimizer, batches, options);
        // With one step an epoch nothing has changed when cancellation is seen.
        if (options.CancellationToken.CanBeCanceled && batches.Steps > 1) rollback = new Snapshot(model, optimizer);
    }

    public TrainingResult Run()
    {
        began = reported = Stopwatch.GetTimestamp();
        if (!TryResume())
        {
            model.Arrange();
            long at = Stopwatch.GetTimestamp();
            double loss = model.Loss(train, options.MaxDegreeOfParallelism);
            evaluationSeconds += Stopwatch.GetElapsedTime(at).TotalSeconds;
            Record(loss, options.LearningRateAt(0));
            // At once, so that a path that cannot be written shows before the work.
            Save();
        }
        while (epoch < options.Epochs) RunEpoch();
        Report(0, points[^1].TrainLoss, always: true);
        return new TrainingResult([.. points], (long)options.Epochs * batches.Steps, seconds, evaluationSeconds, resumedAfter);
    }

    private void RunEpoch()
    {
        double learningRate = options.LearningRateAt(epoch), sum = 0;
        model.Arrange();
        batches.Start(epoch);
        rollback?.Take();
        long at = Stopwatch.GetTimestamp();
        for (int s = 0; s < batches.Steps; s++)
        {
            if (options.CancellationToken.IsCancellationRequested) Cancel();
            double loss = step.Take(epoch, s, learningRate);
            sum += loss;
            Report(s + 1, loss, always: false);
        }
        // A loss shows what a step made of the parameters only at the next one.
        if (NonFinite.IndexOf(model.Parameters) >= 0)
            throw new TrainingDivergedException("A parameter is not finite after the epoch", epoch, batches.Steps, sum / batches.Steps, learningRate);
        seconds += Stopwatch.GetElapsedTime(at).TotalSeconds;
        epoch++;
        if (options.EvaluatesAfter(epoch)) Record(sum / batches.Steps, learningRate);
        if (epoch % options.CheckpointEvery == 0 || epoch == options.Epochs) Save();
    }

    private void Record(double trainLoss, double learningRate)
    {
        double testLoss = double.NaN;
        if (test is not null)
        {
            long at = Stopwatch.GetTimestamp();
            testLoss = model.Loss(test, options.MaxDegreeOfParallelism);
            evaluationSeconds += Stopwatch.GetElapsedTime(at).TotalSeconds;
            if (!double.IsFinite(testLoss)) throw Diverged("The test loss", testLoss);
        }
        if (!double.IsFinite(trainLoss)) throw Diverged("The training loss", trainLoss);
        points.Add(new TrainingPoint(epoch, trainLoss, testLoss, seconds));

        TrainingDivergedException Diverged(string what, double loss)
            => new($"{what} is not finite", Math.Max(0, epoch - 1), epoch == 0 ? 0 : batches.Steps, loss, learningRate);
    }

    /// <summary>Back to the start of the epoch: a model arranges its scratch data there, so bits can be repeated only from there.</summary>
    private void Cancel()
    {
        rollback?.Restore();
        Save();
        throw new OperationCanceledException($"The training was cancelled in epoch {epoch} of {options.Epochs}"
            + (options.CheckpointPath is { } path ? $"; '{path}' resumes it." : "."), options.CancellationToken);
    }

    private bool TryResume()
    {
        if (options.CheckpointPath is not { } path) return false;
        identity = TrainingIdentity.Of(model, optimizer, train, test, options);
        start = TrainingIdentity.HashState(model, optimizer);
        if (!File.Exists(path)) return false;
        Checkpoint saved = Checkpoint.Read(path);
        saved.RequireSame(path, identity, start);
        saved.Parameters.CopyTo(model.Parameters);
        optimizer.Import(saved.Optimizer);
        points.AddRange(saved.Points);
        (epoch, resumedAfter, seconds, evaluationSeconds, start) = (saved.Epoch, saved.Epoch, saved.Seconds, saved.EvaluationSeconds, saved.Start);
        return true;
    }

    private void Save()
    {
        if (options.CheckpointPath is not { } path) return;
        new Checkpoint(identity!.Parts, start, epoch, seconds, evaluationSeconds, model.Parameters.ToArray(), optimizer.Export(), points).Write(path);
    }

    private void Report(int steps, double loss, bool always)
    {
        if (options.Progress is null || (!always && Stopwatch.GetElapsedTime(reported) < ReportInterval)) return;
        reported = Stopwatch.GetTimestamp();
        double all = (double)options.Epochs * batches.Steps, done = (double)epoch * batches.Steps + steps, here = done - (double)resumedAfter * batches.Steps;
        double remaining = here > 0 ? Stopwatch.GetElapsedTime(began).TotalSeconds * (all - done) / here : 0;
        options.Progress.Report(new TrainingProgress(epoch, options.Epochs, done / all, remaining, loss, points[^1].TestLoss));
    }

    /// <summary>Parameters and optimiser state at the start of an epoch.</summary>
    private sealed class Snapshot(WeightedModel model, Optimizer optimizer)
    {
        private readonly double[] parameters = new double[model.Parameters.Length];
        private OptimizerState? state;

        public void Take()
        {
            model.Parameters.CopyTo(parameters);
            state = optimizer.Export();
        }

        public void Restore()
        {
            parameters.CopyTo(model.Parameters);
            optimizer.Import(state!);
        }
    }
}
