using ResearchKit.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tests.Training;

/// <summary>Which samples a step sees; sample i has the input i.</summary>
public class BatchTests
{
    private static readonly TrainingOptions Options = new() { Epochs = 3, BatchSize = 4, LearningRate = 1e-3, Seed = 5 };

    [Fact]
    public void EveryEpochVisitsEachSampleOnceAndItsLastBatchIsSmaller()
    {
        List<double[]> batches = Batches(Numbered(10), Options);
        Assert.Equal([4, 4, 2, 4, 4, 2, 4, 4, 2], batches.Select(b => b.Length));
        double[][] epochs = [.. batches.Chunk(3).Select(e => e.SelectMany(b => b).ToArray())];
        Assert.All(epochs, e => Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], e.Order()));
        Assert.Equal(3, epochs.Select(e => string.Join(' ', e)).Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ModelsOfAnyWidthSeeTheSameBatches(bool weighted)
    {
        Samples samples = Numbered(20, weighted ? [.. Enumerable.Range(1, 20).Select(i => (double)i)] : null);
        Assert.Equal(Batches(samples, Options), Batches(samples, Options, width: 7));
    }

    [Fact]
    public void TheOrderDependsOnSeedAndEpochAlone()
    {
        Samples samples = Numbered(20);
        List<double[]> batches = Batches(samples, Options);
        Assert.Equal(batches, Batches(samples, Options with { Epochs = 6, LearningRate = 0.1 }).Take(15));
        Assert.NotEqual(batches, Batches(samples, Options with { Seed = 6 }));
    }

    [Fact]
    public void AllSamplesAtOnceComeInTheirOwnOrder()
    {
        Samples samples = Numbered(5);
        foreach (int? size in new int?[] { null, 0, 5, 100 })
            Assert.Equal(Enumerable.Repeat<double[]>([0, 1, 2, 3, 4], 3), Batches(samples, Options with { BatchSize = size }));
        Assert.Equal(6, Batches(samples, Options with { BatchSize = null, StepsPerEpoch = 2 }).Count);
    }

    [Theory]
    // 3 epochs of 2 batches of 4 from 10; 5 of 1 of 25, more than all samples in each batch.
    [InlineData(3, 2, 4)]
    [InlineData(5, 1, 25)]
    public void WithStepsPerEpochNoSampleComesTwiceBeforeAllCameOnce(int epochs, int steps, int size)
    {
        List<double[]> batches = Batches(Numbered(10), Options with { Epochs = epochs, StepsPerEpoch = steps, BatchSize = size });
        Assert.Equal(Enumerable.Repeat(size, epochs * steps), batches.Select(b => b.Length));
        double[] all = [.. batches.SelectMany(b => b)];
        for (int pass = 0; pass < all.Length / 10; pass++) Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], all.Skip(10 * pass).Take(10).Order());
        Assert.NotEqual(all.Take(10), all.Skip(10).Take(10));
    }

    [Fact]
    public void WeightedSamplesAreDrawnInProportionToTheirWeights()
    {
        double[] weights = [1, 0, 2, 0.5, 4, 2.5, 0];
        var options = new TrainingOptions { Epochs = 40, StepsPerEpoch = 25, BatchSize = 20, LearningRate = 1e-3, Seed = 8 };
        double[] drawn = [.. Batches(Numbered(7, weights), options).SelectMany(b => b)];
        Assert.Equal(20_000, drawn.Length);
        double chiSquare = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            int count = drawn.Count(x => x == i);
            double expected = drawn.Length * weights[i] / 10;
            if (expected == 0) Assert.Equal(0, count);
            else chiSquare += (count - expected) * (count - expected) / expected;
        }
        // Four degrees of freedom: 18.5 is passed by one in a thousand, 0.09 by all but one.
        Assert.InRange(chiSquare, 0.09, 18.5);
    }

    [Fact]
    public void WeightedBatchesAreAsManyAsPlainOnesAndNewInEveryEpoch()
    {
        List<double[]> batches = Batches(Numbered(10, [.. Enumerable.Repeat(3.0, 10)]), Options);
        // Draws with replacement: all of full size.
        Assert.Equal(Enumerable.Repeat(4, 9), batches.Select(b => b.Length));
        Assert.Equal(9, batches.Select(b => string.Join(' ', b)).Distinct().Count());
    }

    [Fact]
    public void AWholeWeightedSetTrainsLikeItsCopies()
    {
        // Weights 1, 2, 3 and the six copies; 50 epochs of AdamW.
        var options = new TrainingOptions { Epochs = 50, LearningRate = 0.05, Schedule = LearningRateSchedule.Cosine };
        LinearModel weighted = new(2), copies = new(2);
        TrainingResult one = Trainer.Train(weighted, new AdamW(), new Samples([0.3, -1, 0.7, 0.2, -0.5, 0.9], [1, -2, 0.5], 2, weights: [1, 2, 3]), null, options);
        TrainingResult six = Trainer.Train(copies, new AdamW(), new Samples([0.3, -1, 0.7, 0.2, 0.7, 0.2, -0.5, 0.9, -0.5, 0.9, -0.5, 0.9], [1, -2, -2, 0.5, 0.5, 0.5], 2), null, options);
        for (int i = 0; i < 3; i++) Assert.Equal(copies.Parameters[i], weighted.Parameters[i], 1e-12);
        Assert.All(one.Points.Zip(six.Points), p => Assert.Equal(p.Second.TrainLoss, p.First.TrainLoss, 1e-12));
    }

    private static Samples Numbered(int count, double[]? weights = null)
        => new([.. Enumerable.Range(0, count).Select(i => (double)i)], new double[count], 1, weights: weights);

    private static List<double[]> Batches(Samples samples, TrainingOptions options, int width = 1)
    {
        var seen = new List<double[]>();
        Trainer.Train(new LinearModel(1, width) { OnGradient = seen.Add }, new Sgd(), samples, null, options);
        return seen;
    }
}
