using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

public class TrainerTests
{
    [Fact]
    public void NoiselessLinearTargetIsFound()
    {
        (Samples train, Samples test) = Plane(200, 1);
        var model = new LinearModel(2);
        TrainingResult result = Trainer.Train(model, new Adam(), train, test, new TrainingOptions { Epochs = 200, BatchSize = 16, LearningRate = 0.05, Schedule = LearningRateSchedule.Cosine });
        Assert.Equal([0.7, -1.3, 0.4], model.Parameters.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(201, result.Points.Count);
        Assert.InRange(result.Last.TestLoss, 0, 1e-12);
        Assert.Equal(200 * 13, result.Steps);
    }

    [Fact]
    public void FirstStepIsTheGradientDividedByTheObjectWeights()
    {
        // f(x) = b + 4 w x at w = b = 0 on (1, 1), (3, 2): residuals -1, -2; dL/db = -3; dL/dw = 4 (-1 - 6) = -28, over c = -7.
        var model = new LinearModel(1, [4.0]);
        var samples = new Samples([1, 3], [1, 2], 1);
        Trainer.Train(model, new Sgd(), samples, null, new TrainingOptions { Epochs = 1, LearningRate = 0.5 });
        Assert.Equal([3.5, 1.5], model.Parameters.ToArray());
    }

    [Fact]
    public void CosineScheduleIsPyTorchs()
    {
        var options = new TrainingOptions { Epochs = 4, LearningRate = 2, Schedule = LearningRateSchedule.Cosine };
        double[] expected = [2, 1 + Math.Sqrt(0.5), 1, 1 - Math.Sqrt(0.5)];
        for (int e = 0; e < 4; e++) Assert.Equal(expected[e], options.LearningRateAt(e), 1e-15);
    }

    [Fact]
    public void EstimateLeavesModelAndOptimizerAlone()
    {
        (Samples train, Samples test) = Plane(50, 2);
        var model = new LinearModel(2);
        var optimizer = new Sgd(momentum: 0.9);
        TrainingEstimate estimate = Trainer.Estimate(model, optimizer, train, test, new TrainingOptions { Epochs = 10, BatchSize = 20, LearningRate = 0.01 });
        Assert.Equal(30, estimate.Steps);
        Assert.True(estimate.Seconds > 0 && estimate.SecondsPerStep > 0);
        Assert.Equal([0, 0, 0], model.Parameters.ToArray());
        Assert.Equal(0, optimizer.Steps);
    }

    [Fact]
    public void LossesAreRecordedEveryFewEpochsAndAtTheLast()
    {
        (Samples train, Samples test) = Plane(12, 3);
        var model = new LinearModel(2);
        // A learning rate that moves nothing: every loss is that of the start.
        var options = new TrainingOptions { Epochs = 7, BatchSize = 4, LearningRate = 1e-300, EvaluateEvery = 3 };
        TrainingResult result = Trainer.Train(model, new Sgd(), train, test, options);
        Assert.Equal([0, 3, 6, 7], result.Points.Select(p => p.Epoch));
        double trainLoss = Square(train), testLoss = Square(test);
        Assert.All(result.Points, p => Assert.Equal(trainLoss, p.TrainLoss, 1e-14));
        Assert.All(result.Points, p => Assert.Equal(testLoss, p.TestLoss, 1e-14));
        Assert.Equal(result.Points.Select(p => p.Seconds), result.Points.Select(p => p.Seconds).Order());
        // Once before the losses at the start, and once an epoch.
        Assert.Equal(8, model.Arranged);
        Assert.All(Trainer.Train(model, new Sgd(), train, null, options).Points, p => Assert.True(double.IsNaN(p.TestLoss)));

        static double Square(Samples samples) => samples.Targets.ToArray().Average(y => y * y);
    }

    [Fact]
    public void TrainLossIsThePlainMeanOfTheBatchesBeforeTheirSteps()
    {
        // Targets 1, 1, 1, 2 at x = 0, bias 0, batches of 3 and 1: by the place of the 2 the mean is (1 + 4) / 2 or (2 + 1) / 2.
        var samples = new Samples(new double[4], [1, 1, 1, 2], 1);
        var seen = new HashSet<double>();
        for (int seed = 0; seed < 30; seed++)
            seen.Add(Math.Round(Trainer.Train(new LinearModel(1), new Sgd(), samples, null, new TrainingOptions { Epochs = 1, BatchSize = 3, LearningRate = 1e-300, Seed = seed }).Last.TrainLoss, 12));
        Assert.Equal([1.5, 2.5], seen.Order());
    }

    [Fact]
    public void DivergenceNamesEpochAndStep()
    {
        // f = w + b on three samples (1, 0): a step multiplies f by 1 - 4 lr = -1e40, and f^2 overflows before step 4 = epoch 1, step 1.
        var model = new LinearModel(1);
        model.Parameters[0] = 1;
        var samples = new Samples([1, 1, 1], [0, 0, 0], 1);
        double rate = 0.25e40;
        var failure = Assert.Throws<TrainingDivergedException>(() => Trainer.Train(model, new Sgd(), samples, null, new TrainingOptions { Epochs = 9, BatchSize = 1, LearningRate = rate }));
        Assert.Equal((1, 1, rate), (failure.Epoch, failure.StepInEpoch, failure.LearningRate));
        Assert.False(double.IsFinite(failure.Loss));
        Assert.Contains("epoch 1, step 1", failure.Message);
        Assert.Contains("Lower the learning rate", failure.Message);
        // The parameters are those that the failed step met.
        Assert.Equal(1e160, model.Parameters[0] + model.Parameters[1], 1e146);
    }

    [Fact]
    public void AGradientThatOverflowsIsNamedByItsParameter()
    {
        // Loss 1, gradient -2e308.
        var failure = Assert.Throws<TrainingDivergedException>(() => Trainer.Train(new LinearModel(2), new Sgd(), new Samples([0, 1e308], [1], 2), null, new TrainingOptions { Epochs = 1, LearningRate = 0.1 }));
        Assert.Contains("rows[1]", failure.Message);
        Assert.Equal((0, 0, 1.0), (failure.Epoch, failure.StepInEpoch, failure.Loss));
    }

    [Fact]
    public void ATestLossThatOverflowsIsNamed()
    {
        var failure = Assert.Throws<TrainingDivergedException>(() => Trainer.Train(new LinearModel(1), new Sgd(), new Samples([1], [1], 1), new Samples([1], [1e200], 1), new TrainingOptions { Epochs = 1, LearningRate = 0.1 }));
        Assert.Contains("test loss", failure.Message);
    }

    [Fact]
    public void ProgressRunsFromTheFirstStepToTheEnd()
    {
        var reports = new Reports();
        var model = new LinearModel(2) { OnGradient = _ => Thread.Sleep(20) };
        (Samples train, Samples test) = Plane(30, 6);
        Trainer.Train(model, new Sgd(), train, test, new TrainingOptions { Epochs = 10, BatchSize = 10, LearningRate = 0.1, Progress = reports });
        Assert.True(reports.Seen.Count >= 2);
        Assert.Equal(reports.Seen.Select(r => r.Fraction), reports.Seen.Select(r => r.Fraction).Order());
        Assert.True(reports.Seen[0].Fraction < 1 && reports.Seen[0].RemainingSeconds > 0);
        Assert.Equal((10, 10, 1.0, 0.0), (reports.Seen[^1].Epoch, reports.Seen[^1].Epochs, reports.Seen[^1].Fraction, reports.Seen[^1].RemainingSeconds));
    }

    [Fact]
    public void StepsAllocateNothing()
    {
        (Samples train, _) = Plane(64, 7);
        long few = Allocated(10), many = Allocated(1000);
        Assert.InRange(many - few, 0, 1000);

        long Allocated(int steps)
        {
            var options = new TrainingOptions { Epochs = 1, StepsPerEpoch = steps, BatchSize = 8, LearningRate = 0.01 };
            long least = long.MaxValue;
            for (int trial = 0; trial < 3; trial++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Trainer.Train(new LinearModel(2), new AdamW(), train, null, options);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            return least;
        }
    }

    [Fact]
    public void OptionsOutOfRangeAreNamed()
    {
        var good = new TrainingOptions { Epochs = 2, LearningRate = 0.1 };
        Refused("Epochs = 0", good with { Epochs = 0 });
        Refused("LearningRate = 0", good with { LearningRate = 0 });
        Refused("LearningRate = NaN", good with { LearningRate = double.NaN });
        Refused("BatchSize = -1", good with { BatchSize = -1 });
        Refused("StepsPerEpoch = 0", good with { StepsPerEpoch = 0 });
        Refused("EvaluateEvery = 0", good with { EvaluateEvery = 0 });
        Refused("CheckpointEvery = -3", good with { CheckpointEvery = -3 });
        Refused("Schedule = 7", good with { Schedule = (LearningRateSchedule)7 });
        Refused("MaxDegreeOfParallelism = 0", good with { MaxDegreeOfParallelism = 0 });
        Refused("CheckpointPath", good with { CheckpointPath = " " });

        static void Refused(string text, TrainingOptions options)
        {
            (Samples train, _) = Plane(5, 1);
            var model = new LinearModel(2) { OnGradient = _ => Assert.Fail("A step was taken.") };
            Assert.Contains(text, Assert.ThrowsAny<ArgumentException>(() => Trainer.Train(model, new Sgd(), train, null, options)).Message);
            Assert.Contains(text, Assert.ThrowsAny<ArgumentException>(() => Trainer.Estimate(model, new Sgd(), train, null, options)).Message);
        }
    }

    [Fact]
    public void SamplesOfAnotherShapeAreRefused()
    {
        (Samples train, _) = Plane(6, 1);
        var options = new TrainingOptions { Epochs = 1, LearningRate = 0.1 };
        // Four inputs a row are a whole number of rows of two: only the shape tells.
        var wide = new Samples(new double[12], new double[3], 4);
        Assert.Contains("training samples have 4 inputs", Assert.Throws<ArgumentException>(() => Trainer.Train(new LinearModel(2), new Sgd(), wide, null, options)).Message);
        Assert.Contains("test samples have 4 inputs", Assert.Throws<ArgumentException>(() => Trainer.Train(new LinearModel(2), new Sgd(), train, wide, options)).Message);
        Assert.Throws<ArgumentException>(() => Trainer.Estimate(new LinearModel(2), new Sgd(), wide, null, options));
    }

    /// <summary>Samples of 0.7 x1 - 1.3 x2 + 0.4.</summary>
    internal static (Samples Train, Samples Test) Plane(int count, int seed)
    {
        var random = new SeededRandom(seed);
        return (Draw(), Draw());

        Samples Draw()
        {
            var x = new double[2 * count];
            random.FillUniform(x, -1, 1);
            return new Samples(x, [.. Enumerable.Range(0, count).Select(i => 0.7 * x[2 * i] - 1.3 * x[2 * i + 1] + 0.4)], 2);
        }
    }

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];

        public void Report(TrainingProgress value) => Seen.Add(value);
    }
}
