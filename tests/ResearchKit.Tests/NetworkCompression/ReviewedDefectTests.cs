using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Tests.Networks;
using ResearchKit.Training;

namespace ResearchKit.Tests.NetworkCompression;

/// <summary>What a review found: results that were wrong without a word.</summary>
public class ReviewedDefectTests
{
    [Theory]
    [InlineData(1e-20)]
    [InlineData(1e-16)]
    public void AFitThatIsSingularNamesItsRidge(double ridge)
    {
        // Far fewer probes than neurons: without a ridge the normal matrix is singular, and gave NaN.
        var refit = new OutputRefit { Inputs = Nets.Inputs(50, 2, 1), Ridge = ridge };
        var e = Assert.Throws<ArithmeticException>(() => FreeNeurons.Compress(Nets.TwoLayer(900, 1), new() { Budget = 300, Seed = 1, Refit = refit }));
        Assert.Contains("Ridge", e.Message, StringComparison.Ordinal);
        Assert.Contains("1e-3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFitBeyondDoublePrecisionSaysSo()
    {
        TwoLayerNetwork network = Nets.TwoLayer(60, 2);
        foreach (ref double x in network.Block("hidden.weight")) x *= 1e155;
        var e = Assert.Throws<ArithmeticException>(() => NetworkCompressor.Compress(network, new() { Budget = 20, Space = ObjectSpace.Random(), Refit = new() { Inputs = Nets.Inputs(80, 2, 2) } }));
        Assert.Contains("double precision", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NeuronsThatCancelAreNotStretchedAlongRoundOff()
    {
        var network = new TwoLayerNetwork(2, 4);
        double[] w = [0.1, -0.3, 0.2, 0];
        w.CopyTo(network.Block("hidden.weight"));
        w.CopyTo(network.Block("hidden.weight")[4..]);
        TwoLayerNetwork one = FreeNeurons.Compress(network, new() { Budget = 1 }).Network;
        Assert.All(one.Block("hidden.weight").ToArray(), x => Assert.InRange(Math.Abs(x), 0, 1e-15));
    }

    [Fact]
    public void ACompressionOfLayersChecksItsThreads()
    {
        DeepNetwork deep = DeepNetwork.Initialised(2, [20, 20], 1);
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCompressor.Compress(deep, Nets.Inputs(50, 2, 1), new() { Budget = 10, MaxDegreeOfParallelism = 0 }));
        Assert.Contains("-1 for all", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => (WidthReductionSetting.Quick with { Budget = -1 }).Compressed(Nets.TwoLayer(10, 1)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AnOutputWeightThatIsNoNumberShowsEvenWhereItsNeuronIsOff(double bad)
    {
        TwoLayerNetwork network = Nets.TwoLayer(40, 3);
        network.Block("hidden.bias")[7] = -100;
        network.Block("output.weight")[7] = bad;
        Assert.All(Nets.Predict(network, Nets.Inputs(30, 2, 3)), f => Assert.True(double.IsNaN(f)));
    }

    [Theory]
    [InlineData(7, 2)]
    [InlineData(8, 2)]
    [InlineData(7, 3)]
    [InlineData(8, 3)]
    public void AnInfiniteInputMeansTheSameForEveryWidth(int width, int inputs)
    {
        var network = new TwoLayerNetwork(inputs, width);
        network.Parameters.Fill(1);
        double[] x = [.. Enumerable.Repeat(1.0, inputs)];
        x[0] = double.PositiveInfinity;
        Assert.Equal([double.PositiveInfinity], Nets.Predict(network, x));
        x[0] = double.NegativeInfinity;
        Assert.Equal([1.0], Nets.Predict(network, x));
    }

    [Fact]
    public void ManySamplesArePredictedInPiecesAsOneByOne()
    {
        TwoLayerNetwork network = Nets.TwoLayer(30, 4);
        double[] x = Nets.Inputs(40_000, 2, 4), all = Nets.Predict(network, x);
        for (int i = 0; i < all.Length; i += 997)
            Assert.Equal(Nets.Predict(network, x[(2 * i)..(2 * i + 2)])[0], all[i], 1e-13);
    }

    [Fact]
    public void ModelsOfOneShapeAreToldApartByTheirActivation()
    {
        // Saturated, these predict the same at any moderate input: a checkpoint of one resumed the other.
        using var folder = new ModelFolder();
        string path = folder["checkpoint"];
        var options = new TrainingOptions { Epochs = 1, LearningRate = 1e-3, CheckpointPath = path };
        Samples samples = new(Nets.Inputs(20, 100, 5), new double[20], 100);
        Trainer.Train(TwoLayerNetwork.Initialised(100, 5, 1, activation: Activation.Relu), new Sgd(), samples, null, options);
        Assert.Throws<InvalidDataException>(() => Trainer.Train(TwoLayerNetwork.Initialised(100, 5, 1, activation: Activation.Gelu), new Sgd(), samples, null, options));
    }

    [Fact]
    public void ParametersThatOverflowEndTheTraining()
    {
        TwoLayerNetwork network = Nets.TwoLayer(20, 6);
        Samples samples = BesselTask.Generate(50, 6).Train;
        var e = Assert.Throws<TrainingDivergedException>(() => Trainer.Train(network, new AdamW(), samples, null, new() { Epochs = 1, LearningRate = 1e308 }));
        Assert.Contains("parameter", e.Message, StringComparison.OrdinalIgnoreCase);
    }
}
