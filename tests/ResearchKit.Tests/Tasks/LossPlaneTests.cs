using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Tasks;

public class LossPlaneTests
{
    private static readonly Samples Data = DatasetReductionSetting.Labelled(TeacherRegressionTask.Generate(300, 4).Train);

    [Fact]
    public void TheMiddleIsTheNetworkAndTheLineHasItsStart()
    {
        TwoLayerNetwork start = TwoLayerNetwork.Initialised(2, 20, 1), end = TwoLayerNetwork.Initialised(2, 20, 2);
        double[,] random = LossPlane.Random(end, 5).Losses(Data);
        Assert.Equal(end.Loss(Data), random[2, 2], 1e-12);
        LossPlane line = LossPlane.Along(start, end, 5);
        Assert.Equal([-1.5, -1, -0.5, 0, 0.5], line.A);
        Assert.Equal([-1, -0.5, 0, 0.5, 1], line.B);
        double[,] losses = line.Losses(Data, offset: 2);
        Assert.Equal(end.Loss(Data) + 2, losses[2, 3], 1e-12);
        Assert.Equal(start.Loss(Data) + 2, losses[2, 1], 1e-12);
        Assert.NotEqual(losses[1, 3], losses[2, 3]);
    }

    [Fact]
    public void ADirectionIsAsLongAsEveryNeuron()
    {
        // With all other neurons zero, a = 1 moves a neuron (v, w, b) = (1, 0, 0, 0) by 1, wherever it goes.
        var network = new TwoLayerNetwork(2, 3);
        network.Block("output.weight")[1] = 1;
        LossPlane plane = LossPlane.Random(network, 3, seed: 9);
        double[,] losses = plane.Losses(Data);
        // Dead neurons stay dead: |f| <= (|v|)(|w . x| + |b|) with all of (v, w, b) within 1 of its start on either axis.
        double zero = network.Loss(Data);
        Assert.Equal(zero, losses[1, 1], 1e-12);
        Assert.All(losses.Cast<double>(), l => Assert.InRange(Math.Sqrt(l), Math.Sqrt(zero) - 3 * 2 * 2.5, Math.Sqrt(zero) + 3 * 2 * 2.5));
        Assert.Contains(losses.Cast<double>(), l => Math.Abs(l - zero) > 1e-3);
    }

    [Fact]
    public void ResultsHaveTheSameBitsForAnyThreads()
    {
        LossPlane plane = LossPlane.Random(TwoLayerNetwork.Initialised(2, 20, 2), 5, 0.7, 3);
        Assert.Equal(plane.Losses(Data, maxDegreeOfParallelism: 1).Cast<double>(), plane.Losses(Data, maxDegreeOfParallelism: 4).Cast<double>());
        Assert.Throws<OperationCanceledException>(() => plane.Losses(Data, maxDegreeOfParallelism: 1, cancellation: new CancellationToken(true)));
    }

    [Fact]
    public void ErrorsAreRelativeAndBadInputIsRefused()
    {
        Assert.Equal(0.25, LossPlane.LargestRelativeError(new double[,] { { 2, 4 } }, new double[,] { { 2.1, 3 } }), 1e-15);
        Assert.Throws<ArgumentException>(() => LossPlane.LargestRelativeError(new double[1, 2], new double[2, 1]));
        TwoLayerNetwork network = TwoLayerNetwork.Initialised(2, 5, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => LossPlane.Random(network, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LossPlane.Random(network, 3, double.NaN));
        Assert.Throws<ArgumentException>(() => LossPlane.Along(TwoLayerNetwork.Initialised(2, 6, 1), network, 3));
    }
}
