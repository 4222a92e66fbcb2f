using ResearchKit.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

/// <summary>Batches drawn with probabilities q, losses weighed by c / q.</summary>
public sealed class ImportanceBatchTests : IDisposable
{
    private static readonly double[] C = [1, 0, 2, 5], Q = [4, 3, 1, 3];
    private static readonly Samples Weighted = new([0.5, 100, -1, 2], [1, 100, 2, -0.5], 1, weights: C);
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 1, BatchSize = 3, StepsPerEpoch = 1, LearningRate = 0.1, WeightedBatches = WeightedBatches.ByImportance, SamplingProbabilities = Q,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("researchkit-importance").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>
    /// By hand: f = 0 at the start, so that sample i's gradient by (w, b) is -2 y (x, 1), its mass c / 8, and its chance
    /// q / 8 (the sample of weight 0 counts for nothing): ratios 1/4, 2 and 5/3.
    /// </summary>
    [Fact]
    public void AStepIsTheMeanOfTheDrawnGradientsTimesTheirRatios()
    {
        double[] drawn = [];
        var model = new LinearModel(1) { OnGradient = x => drawn = x };
        TrainingResult result = Trainer.Train(model, new Sgd(), Weighted, null, Options);
        Assert.Equal(3, drawn.Length);
        double w = 0, b = 0, loss = 0;
        foreach (double x in drawn)
        {
            (double y, double ratio) = x switch { 0.5 => (1, 0.25), -1 => (2, 2), 2 => (-0.5, 5.0 / 3), _ => throw new InvalidOperationException($"drew {x}, of weight 0") };
            w += 0.1 * ratio * 2 * y * x / 3;
            b += 0.1 * ratio * 2 * y / 3;
            loss += ratio * y * y / 3;
        }
        Assert.Equal(w, model.Parameters[0], 1e-15);
        Assert.Equal(b, model.Parameters[1], 1e-15);
        Assert.Equal(loss, result.Last.TrainLoss, 1e-15);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheMeanStepIsThatOfTheWholeWeightedSet(bool uniform)
    {
        // Dividing by what a batch happens to weigh would be off by a fifth here.
        TrainingOptions options = Options with { SamplingProbabilities = uniform ? null : Q, BatchSize = 2 };
        var whole = new LinearModel(1);
        Trainer.Train(whole, new Sgd(), Weighted, null, Options with { BatchSize = null });
        const int Trials = 40_000;
        double[] mean = new double[2], square = new double[2];
        for (int seed = 0; seed < Trials; seed++)
        {
            var model = new LinearModel(1);
            Trainer.Train(model, new Sgd(), Weighted, null, options with { Seed = seed });
            for (int i = 0; i < 2; i++)
            {
                mean[i] += model.Parameters[i] / Trials;
                square[i] += model.Parameters[i] * model.Parameters[i] / Trials;
            }
        }
        for (int i = 0; i < 2; i++)
        {
            double standardError = Math.Sqrt((square[i] - mean[i] * mean[i]) / Trials);
            // Four standard errors, on seeds that are fixed.
            Assert.Equal(whole.Parameters[i], mean[i], 4 * standardError);
            Assert.True(standardError < 0.02 * Math.Abs(whole.Parameters[i]), $"standard error {standardError} says nothing about {whole.Parameters[i]}");
        }
    }

    [Fact]
    public void ProbabilitiesInProportionToTheWeightsGiveTheDefaultsBatches()
    {
        TrainingOptions options = Options with { Epochs = 4, StepsPerEpoch = 5, SamplingProbabilities = C };
        List<double[]> importance = [], plain = [];
        LinearModel one = new(1) { OnGradient = importance.Add }, other = new(1) { OnGradient = plain.Add };
        Trainer.Train(one, new Sgd(), Weighted, null, options);
        Trainer.Train(other, new Sgd(), Weighted, null, options with { WeightedBatches = WeightedBatches.ByWeight, SamplingProbabilities = null });
        Assert.Equal(plain, importance);
        Assert.Equal(other.Parameters[0], one.Parameters[0], 1e-13);
    }

    [Fact]
    public void SamplesWithoutWeightsMayBeDrawnByImportanceToo()
    {
        var counts = new int[4];
        var model = new LinearModel(1) { OnGradient = xs => { foreach (double x in xs) counts[(int)x]++; } };
        Trainer.Train(model, new Sgd(), new Samples([0, 1, 2, 3], [0, 0, 0, 0], 1), null, Options with { BatchSize = 50, Epochs = 200 });
        for (int i = 0; i < 4; i++) Assert.InRange(counts[i], 10_000 * Q[i] / 11 - 200, 10_000 * Q[i] / 11 + 200);
    }

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits()
    {
        (Samples train, _) = TrainerTests.Plane(400, 3);
        double[] q = [.. Enumerable.Range(0, 400).Select(i => 1.0 + i % 7)];
        double[][] trained = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            TwoLayerNetwork network = TwoLayerNetwork.Initialised(2, 40, 1, activation: Activation.Tanh);
            Trainer.Train(network, new AdamW(), train, null, Options with { Epochs = 3, BatchSize = 64, StepsPerEpoch = 5, LearningRate = 0.01, SamplingProbabilities = q, MaxDegreeOfParallelism = threads });
            return network.Parameters.ToArray();
        })];
        Assert.Equal(trained[0], trained[1]);
        Assert.Equal(trained[0], trained[2]);
    }

    [Fact]
    public void ACheckpointBelongsToItsWayOfDrawing()
    {
        TrainingOptions saving = Options with { Epochs = 2, CheckpointPath = Path.Combine(folder, "run.bin") };
        Trainer.Train(new LinearModel(1), new Sgd(), Weighted, null, saving);
        Assert.Equal(2, Trainer.Train(new LinearModel(1), new Sgd(), Weighted, null, saving).ResumedAfter);
        foreach (TrainingOptions other in new[] { saving with { SamplingProbabilities = C }, saving with { SamplingProbabilities = null }, saving with { SamplingProbabilities = null, WeightedBatches = WeightedBatches.ByWeight } })
            Assert.Throws<InvalidDataException>(() => Trainer.Train(new LinearModel(1), new Sgd(), Weighted, null, other));
    }

    [Theory]
    [InlineData(new[] { 1.0, 1, 1 }, "3 SamplingProbabilities")]
    [InlineData(new[] { 1.0, 1, -1, 1 }, "[2] is -1")]
    [InlineData(new[] { 1.0, double.NaN, 1, 1 }, "[1] is NaN")]
    [InlineData(new[] { 1.0, 1, 1, 0 }, "has the weight 5")]
    public void ProbabilitiesThatCannotBeMeantAreRefused(double[] q, string part)
    {
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() => Trainer.Train(new LinearModel(1), new Sgd(), Weighted, null, Options with { SamplingProbabilities = q }));
        Assert.Contains(part, refused.Message);
    }

    [Fact]
    public void ProbabilitiesForBatchesByWeightAreRefused()
    {
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() => Trainer.Train(new LinearModel(1), new Sgd(), Weighted, null, Options with { WeightedBatches = WeightedBatches.ByWeight }));
        Assert.Contains("WeightedBatches = ByImportance", refused.Message);
        Assert.ThrowsAny<ArgumentException>(() => Trainer.Train(new LinearModel(1), new Sgd(), Weighted, null, Options with { WeightedBatches = (WeightedBatches)7, SamplingProbabilities = null }));
    }
}
