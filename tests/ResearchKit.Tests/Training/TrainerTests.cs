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
    public void WithStepsPerEpochNoSampleComesTwiceBeforeAllCameOnce()
    {
        var seen = new List<double>();
        var model = new LinearModel(1) { OnGradient = seen.AddRange };
        var samples = new Samples([.. Enumerable.Range(0, 7).Select(i => (double)i)], new double[7], 1);
        // 5 epochs of 2 batches of 3: 30 draws from 7.
        Trainer.Train(model, new Sgd(), samples, null, new TrainingOptions { Epochs = 5, StepsPerEpoch = 2, BatchSize = 3, LearningRate = 1e-3, Seed = 4 });
        Assert.Equal(30, seen.Count);
        for (int pass = 0; pass < 4; pass++) Assert.Equal([0, 1, 2, 3, 4, 5, 6], seen.Skip(7 * pass).Take(7).Order());
        Assert.NotEqual(seen.Take(7), seen.Skip(7).Take(7));
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
}
