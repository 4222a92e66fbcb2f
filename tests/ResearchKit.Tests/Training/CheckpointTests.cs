using ResearchKit.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    /// <summary>Batches per epoch of the 50 samples below.</summary>
    private const int Steps = 7;

    private static readonly TrainingOptions Plain = new() { Epochs = 9, BatchSize = 8, LearningRate = 0.03, Schedule = LearningRateSchedule.Cosine, EvaluateEvery = 2, Seed = 11 };
    private static readonly (Samples Train, Samples Test) Data = TrainerTests.Plane(50, 3);

    private readonly string folder = Directory.CreateTempSubdirectory("researchkit-checkpoint").FullName;

    public static TheoryData<string> OptimizerNames => [.. Optimizers.Names];

    private string FilePath => Path.Combine(folder, "run.bin");

    private TrainingOptions Saving => Plain with { CheckpointPath = FilePath };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void CancelledTrainingResumesToTheSameBits(string name)
    {
        var whole = new LinearModel(2, 3);
        TrainingResult expected = Trainer.Train(whole, Optimizers.Create(name), Data.Train, Data.Test, Plain);

        // The fourth batch of epoch 4.
        (LinearModel cut, Optimizer rule) = Cancelled(4 * Steps + 4, Optimizers.Create(name));
        // The same objects go on, and so do new ones as at the start.
        byte[] file = File.ReadAllBytes(FilePath);
        foreach ((LinearModel model, Optimizer optimizer) in new[] { (cut, rule), (new LinearModel(2, 3), Optimizers.Create(name)) })
        {
            File.WriteAllBytes(FilePath, file);
            TrainingResult actual = Trainer.Train(model, optimizer, Data.Train, Data.Test, Saving);
            Assert.Equal(4, actual.ResumedAfter);
            Assert.Equal(whole.Parameters.ToArray(), model.Parameters.ToArray());
            Assert.Equal(WithoutTimes(expected), WithoutTimes(actual));
            Assert.Equal(9 * Steps, optimizer.Steps);
        }
    }

    [Fact]
    public void CancelledModelsStandAtTheStartOfTheEpoch()
    {
        (LinearModel cut, Optimizer rule) = Cancelled(4 * Steps + 4, new AdamW());
        Assert.Equal(4 * Steps, rule.Steps);
        // What an uninterrupted training computes its gradients at.
        var met = new List<double[]>();
        LinearModel? watched = null;
        watched = new LinearModel(2, 3) { OnGradient = _ => met.Add(watched!.Parameters.ToArray()) };
        Trainer.Train(watched, new AdamW(), Data.Train, Data.Test, Plain);
        Assert.Equal(met[4 * Steps], cut.Parameters.ToArray());
    }

    [Fact]
    public void AKilledTrainingResumesFromItsLastCheckpoint()
    {
        var whole = new LinearModel(2, 3);
        TrainingResult expected = Trainer.Train(whole, new AdamW(), Data.Train, Data.Test, Plain);
        int gradients = 0;
        var killed = new LinearModel(2, 3)
        {
            OnGradient = _ =>
            {
                if (++gradients == 7 * Steps + 2) throw new InvalidOperationException("power cut");
            },
        };
        Assert.Throws<InvalidOperationException>(() => Trainer.Train(killed, new AdamW(), Data.Train, Data.Test, Saving with { CheckpointEvery = 3 }));
        var rest = new LinearModel(2, 3);
        TrainingResult actual = Trainer.Train(rest, new AdamW(), Data.Train, Data.Test, Saving);
        Assert.Equal(6, actual.ResumedAfter);
        Assert.Equal(whole.Parameters.ToArray(), rest.Parameters.ToArray());
        Assert.Equal(WithoutTimes(expected), WithoutTimes(actual));
    }

    [Fact]
    public void ANetworkThatArrangesItsNeuronsResumesToTheSameBits()
    {
        // The order of its neurons, and with it the last bits, is made anew at the start of each epoch.
        TwoLayerNetwork whole = Start(), cut = Start(), rest = Start();
        using var cancel = new CancellationTokenSource();
        TrainingResult expected = Trainer.Train(whole, new Stopping(int.MaxValue, cancel), Data.Train, Data.Test, Plain);
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Train(cut, new Stopping(4 * Steps + 3, cancel), Data.Train, Data.Test, Saving with { CancellationToken = cancel.Token }));
        TrainingResult actual = Trainer.Train(rest, new Stopping(int.MaxValue, cancel), Data.Train, Data.Test, Saving);
        Assert.Equal(4, actual.ResumedAfter);
        Assert.Equal(whole.Parameters.ToArray(), rest.Parameters.ToArray());
        Assert.Equal(WithoutTimes(expected), WithoutTimes(actual));

        static TwoLayerNetwork Start() => TwoLayerNetwork.Initialised(2, 50, 3);
    }

    [Fact]
    public void AFinishedTrainingIsReadBackWithoutAStep()
    {
        LinearModel first = new(2), again = new(2) { OnGradient = _ => Assert.Fail("A step was taken.") };
        TrainingResult expected = Trainer.Train(first, new Adam(), Data.Train, Data.Test, Saving);
        TrainingResult actual = Trainer.Train(again, new Adam(), Data.Train, Data.Test, Saving);
        Assert.Equal(expected.Points, actual.Points);
        Assert.Equal((expected.Seconds, expected.Steps, 9), (actual.Seconds, actual.Steps, actual.ResumedAfter));
        Assert.Equal(first.Parameters.ToArray(), again.Parameters.ToArray());
    }

    [Fact]
    public void ThreadsAndReportsMayDifferBetweenTheParts()
    {
        Cancelled(20, new Adam());
        Assert.Equal(2, Trainer.Train(new LinearModel(2, 3), new Adam(), Data.Train, Data.Test, Saving with { MaxDegreeOfParallelism = 1, CheckpointEvery = 1 }).ResumedAfter);
    }

    [Fact]
    public void DamagedFilesAreNamedAndLeftAlone()
    {
        Cancelled(20, new Adam());
        byte[] good = File.ReadAllBytes(FilePath);
        List<byte[]> bad = [[], [.. "epoch,loss\n1,2\n"u8], good[..7], good[..8], good[..^1], good[..(good.Length / 2)], [.. good, 0]];
        foreach (int place in new[] { 0, 8, 40, good.Length / 2, good.Length - 40, good.Length - 1 })
        {
            byte[] flipped = [.. good];
            flipped[place] ^= 0x10;
            bad.Add(flipped);
        }
        foreach (byte[] bytes in bad) Refused<InvalidDataException>(bytes, new LinearModel(2, 3), new Adam(), Data.Train, Data.Test, Saving, FilePath, "Delete it");
    }

    [Fact]
    public void AnotherTrainingsFileIsNamedAndLeftAlone()
    {
        Cancelled(20, new Adam());
        byte[] good = File.ReadAllBytes(FilePath);
        LinearModel Model() => new(2, 3);
        (Samples other, _) = TrainerTests.Plane(50, 4);
        Foreign("Seed = 12", Model(), new Adam(), Data.Train, Data.Test, Saving with { Seed = 12 });
        Foreign("LearningRate = 0.02", Model(), new Adam(), Data.Train, Data.Test, Saving with { LearningRate = 0.02 });
        Foreign("Epochs = 10", Model(), new Adam(), Data.Train, Data.Test, Saving with { Epochs = 10 });
        Foreign("Constant", Model(), new Adam(), Data.Train, Data.Test, Saving with { Schedule = LearningRateSchedule.Constant });
        Foreign("AdamW", Model(), new AdamW(), Data.Train, Data.Test, Saving);
        Foreign("beta1 = 0.8", Model(), new Adam(beta1: 0.8), Data.Train, Data.Test, Saving);
        Foreign("training samples", Model(), new Adam(), other, Data.Test, Saving);
        Foreign("test samples", Model(), new Adam(), Data.Train, other, Saving);
        Foreign("none", Model(), new Adam(), Data.Train, null, Saving);
        Foreign("rows [4 x 2]", new LinearModel(2, 4), new Adam(), Data.Train, Data.Test, Saving);
        // Same shape, other object weights.
        Foreign("model", new LinearModel(2, [1.0, 1, 2]), new Adam(), Data.Train, Data.Test, Saving);
        // Same shape and weights, another function, as with another activation.
        Foreign("model", new LinearModel(2, 3) { Negated = true }, new Adam(), Data.Train, Data.Test, Saving);
        LinearModel moved = Model();
        moved.Parameters[1] = 0.5;
        Foreign("other parameters", moved, new Adam(), Data.Train, Data.Test, Saving);
        var used = new Adam();
        used.Step(new double[7], new double[7], 0.1);
        Foreign("optimiser state", Model(), used, Data.Train, Data.Test, Saving);

        void Foreign(string text, LinearModel model, Optimizer optimizer, Samples train, Samples? test, TrainingOptions options)
            => Refused<InvalidDataException>(good, model, optimizer, train, test, options, FilePath, text, "another CheckpointPath");
    }

    [Fact]
    public void AMissingFolderShowsBeforeTheFirstStep()
    {
        string path = Path.Combine(folder, "missing", "run.bin");
        var model = new LinearModel(2) { OnGradient = _ => Assert.Fail("A step was taken.") };
        string message = Assert.ThrowsAny<IOException>(() => Trainer.Train(model, new Sgd(), Data.Train, null, Plain with { CheckpointPath = path })).Message;
        Assert.Contains(path, message);
        Assert.Contains("folder that exists", message);
    }

    [Fact]
    public void AFailedWriteLeavesTheOldCheckpoint()
    {
        // The folder is away when epoch 6 is to be saved, and comes back.
        string inside = Directory.CreateDirectory(Path.Combine(folder, "inside")).FullName, away = Path.Combine(folder, "away"), path = Path.Combine(inside, "run.bin");
        TrainingOptions options = Plain with { CheckpointPath = path, CheckpointEvery = 3 };
        int gradients = 0;
        var model = new LinearModel(2, 3)
        {
            OnGradient = _ =>
            {
                if (++gradients == 5 * Steps) Directory.Move(inside, away);
            },
        };
        string message = Assert.ThrowsAny<IOException>(() => Trainer.Train(model, new AdamW(), Data.Train, Data.Test, options)).Message;
        Assert.Contains(path, message);
        Assert.Contains("folder that exists", message);
        Assert.Equal(6 * Steps, gradients);
        Directory.Move(away, inside);
        LinearModel resumed = new(2, 3), whole = new(2, 3);
        Assert.Equal(3, Trainer.Train(resumed, new AdamW(), Data.Train, Data.Test, options).ResumedAfter);
        Trainer.Train(whole, new AdamW(), Data.Train, Data.Test, Plain);
        Assert.Equal(whole.Parameters.ToArray(), resumed.Parameters.ToArray());
        Assert.Equal([path], Directory.GetFiles(inside));
    }

    /// <summary>A training with the checkpoint path, cancelled while a gradient is computed.</summary>
    private (LinearModel Model, Optimizer Rule) Cancelled(int gradient, Optimizer rule)
    {
        using var cancel = new CancellationTokenSource();
        int seen = 0;
        var model = new LinearModel(2, 3)
        {
            OnGradient = _ =>
            {
                if (++seen == gradient) cancel.Cancel();
            },
        };
        string message = Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Train(model, rule, Data.Train, Data.Test, Saving with { CancellationToken = cancel.Token })).Message;
        Assert.Contains(FilePath, message);
        return (model, rule);
    }

    private static void Refused<TException>(byte[] file, LinearModel model, Optimizer optimizer, Samples train, Samples? test, TrainingOptions options, params string[] texts)
        where TException : Exception
    {
        File.WriteAllBytes(options.CheckpointPath!, file);
        double[] parameters = model.Parameters.ToArray();
        string message = Assert.Throws<TException>(() => Trainer.Train(model, optimizer, train, test, options)).Message;
        Assert.All(texts, text => Assert.Contains(text, message));
        Assert.Equal(file, File.ReadAllBytes(options.CheckpointPath!));
        Assert.Equal(parameters, model.Parameters.ToArray());
    }

    private static IEnumerable<TrainingPoint> WithoutTimes(TrainingResult result) => result.Points.Select(p => p with { Seconds = 0 });

    /// <summary>Gradient descent that cancels the training at one of its steps.</summary>
    private sealed unsafe class Stopping(int step, CancellationTokenSource cancel) : Optimizer(0)
    {
        private double rate;

        public override string Description => "stopping";

        private protected override Optimizer Fresh() => new Stopping(step, cancel);

        private protected override void Prepare(double learningRate)
        {
            rate = learningRate;
            if (Steps == step) cancel.Cancel();
        }

        private protected override void Update(double* parameters, double* gradient, int from, int to)
        {
            for (int i = from; i < to; i++) parameters[i] -= 3 * rate * gradient[i];
        }
    }
}
