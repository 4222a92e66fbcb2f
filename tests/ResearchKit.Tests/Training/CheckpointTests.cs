using ResearchKit.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("researchkit-checkpoint").FullName;

    public static TheoryData<string> OptimizerNames => [.. Optimizers.Names];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void CancelledTrainingResumesToTheSameBits(string name)
    {
        (Samples train, Samples test) = TrainerTests.Plane(50, 3);
        string path = Path.Combine(folder, name + ".bin");
        var options = new TrainingOptions { Epochs = 9, BatchSize = 8, LearningRate = 0.03, Schedule = LearningRateSchedule.Cosine, EvaluateEvery = 2, Seed = 11 };
        var whole = new LinearModel(2, 3);
        TrainingResult expected = Trainer.Train(whole, Optimizers.Create(name), train, test, options);

        // Cancels in the middle of epoch 4: seven batches each.
        using var cancel = new CancellationTokenSource();
        int gradients = 0;
        var cut = new LinearModel(2, 3)
        {
            OnGradient = _ =>
            {
                if (++gradients == 4 * 7 + 3) cancel.Cancel();
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Train(cut, Optimizers.Create(name), train, test, options with { CheckpointPath = path, CancellationToken = cancel.Token }));
        Assert.True(File.Exists(path));
        var rest = new LinearModel(2, 3);
        TrainingResult actual = Trainer.Train(rest, Optimizers.Create(name), train, test, options with { CheckpointPath = path });

        Assert.Equal(4, actual.ResumedAfter);
        Assert.Equal(whole.Parameters.ToArray(), rest.Parameters.ToArray());
        Assert.Equal(expected.Points.Select(p => p with { Seconds = 0 }), actual.Points.Select(p => p with { Seconds = 0 }));
    }
}
