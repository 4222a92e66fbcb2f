using ResearchKit.Networks;

namespace ResearchKit.Tests.NetworkCompression;

public class DeepCompressionTests
{
    private static readonly double[] Probes = Nets.Inputs(300, 2, 21);

    private static DeepNetwork Network(int seed = 1) => DeepNetwork.Initialised(2, [160, 120, 140], seed, outputs: 2);

    private static NetworkCompressionOptions Options(ObjectSpace? space = null, double? ridge = null, int threads = 1, int budget = 40)
        => new() { Budget = budget, Space = space, MaxDegreeOfParallelism = threads, Refit = ridge is { } r ? new OutputRefit { Inputs = Probes, Ridge = r } : null };

    [Fact]
    public void EveryLayerKeepsItsMassAndItsNeuronsBiases()
    {
        DeepNetwork network = Network();
        CompressedNetwork<DeepNetwork> few = NetworkCompressor.Compress(network, Probes, Options(ridge: 1e-3));
        Assert.Equal([40, 40, 40], few.Network.Widths);
        for (int l = 0; l < 3; l++)
        {
            Assert.Equal(network.Widths[l], few.Network.ObjectWeights(l).ToArray().Sum(), 1e-11 * network.Widths[l]);
            Assert.All(few.Network.ObjectWeights(l).ToArray(), c => Assert.True(c > 0));
            Assert.Equal(few.Sets[l].Gather<double>(network.Block($"layers.{l}.bias")), few.Network.Block($"layers.{l}.bias").ToArray());
        }
        Assert.Equal(few.Sets[0].Gather<double>(network.Block("layers.0.weight"), 2), few.Network.Block("layers.0.weight").ToArray());
        Assert.Equal(network.Block("layers.3.bias").ToArray(), few.Network.Block("layers.3.bias").ToArray());
    }

    [Fact]
    public void WithoutARefitEveryWeightIsOneOfTheOriginals()
    {
        DeepNetwork network = Network();
        CompressedNetwork<DeepNetwork> few = NetworkCompressor.Compress(network, Probes, Options());
        Assert.Equal(few.GatherParameters<double>(network.Parameters), few.Network.Parameters.ToArray());
        int[] to = [.. few.Sets[2].Indices], from = [.. few.Sets[1].Indices];
        for (int i = 0; i < to.Length; i++)
            for (int j = 0; j < from.Length; j++)
                Assert.Equal(network.Block("layers.2.weight")[to[i] * 120 + from[j]], few.Network.Block("layers.2.weight")[i * from.Length + j]);
    }

    [Fact]
    public void TheFirstLayersCoordinatesAreAnotherBasisOfItsWeights()
    {
        // With two inputs three coordinates span (w, b): moments of total degree 2 in these are kept.
        DeepNetwork network = Network(2);
        CompressedNetwork<DeepNetwork> few = NetworkCompressor.Compress(network, Probes, Options(ObjectSpace.TotalDegree(2)), coordinates: 3);
        double[] Moments(DeepNetwork net)
        {
            var sums = new double[10];
            for (int j = 0; j < net.Widths[0]; j++)
            {
                double a = net.Block("layers.0.weight")[2 * j], b = net.Block("layers.0.weight")[2 * j + 1], e = net.Block("layers.0.bias")[j], c = net.ObjectWeights()[j];
                double[] terms = [1, a, b, e, a * a, a * b, a * e, b * b, b * e, e * e];
                for (int i = 0; i < terms.Length; i++) sums[i] += c * terms[i];
            }
            return sums;
        }
        double[] kept = Moments(few.Network), original = Moments(network);
        for (int i = 0; i < kept.Length; i++) Assert.Equal(original[i], kept[i], 1e-10 * 160);
    }

    [Fact]
    public void ARefitIsFiveTimesCloserThanRandomNeuronsOnUnseenInputs()
    {
        DeepNetwork network = DeepNetwork.Initialised(2, [300, 300, 300], 3);
        double[] unseen = Nets.Inputs(400, 2, 5), expected = Nets.Predict(network, unseen);
        double refitted = Nets.Distance(Nets.Predict(NetworkCompressor.Compress(network, Probes, Options(ridge: 1e-3, budget: 60)).Network, unseen), expected);
        double random = Enumerable.Range(0, 4).Average(seed => Nets.Distance(Nets.Predict(ResearchKit.Baselines.RandomNeurons.Compress(network, new() { Budget = 60, Seed = seed }).Network, unseen), expected));
        Assert.True(refitted < random / 5, $"{refitted} against {random}");
    }

    [Fact]
    public void FoldingAWeightedDeepNetworkKeepsItsFunction()
    {
        CompressedNetwork<DeepNetwork> few = NetworkCompressor.Compress(Network(), Probes, Options(ridge: 1e-3));
        Assert.InRange(Nets.Distance(Nets.Predict(few.Fold(), Probes), Nets.Predict(few.Network, Probes)), 0, 1e-12);
        Assert.All(Enumerable.Range(0, 3), l => Assert.All(few.Fold().ObjectWeights(l).ToArray(), c => Assert.Equal(1, c)));
    }

    [Fact]
    public void CompressingTwiceStaysCloseToTheFirst()
    {
        DeepNetwork network = Network(4);
        DeepNetwork once = NetworkCompressor.Compress(network, Probes, Options(ridge: 1e-6, budget: 90)).Network, twice = NetworkCompressor.Compress(once, Probes, Options(ridge: 1e-6, budget: 50)).Network;
        Assert.Equal([50, 50, 50], twice.Widths);
        for (int l = 0; l < 3; l++) Assert.Equal(network.Widths[l], twice.ObjectWeights(l).ToArray().Sum(), 1e-10 * network.Widths[l]);
        double[] unseen = Nets.Inputs(200, 2, 6), expected = Nets.Predict(network, unseen);
        Assert.InRange(Nets.Distance(Nets.Predict(twice, unseen), expected), 0, 0.2);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void ThreadsDoNotChangeABit(int threads)
    {
        CompressedNetwork<DeepNetwork> one = NetworkCompressor.Compress(Network(), Probes, Options(ridge: 1e-3)), many = NetworkCompressor.Compress(Network(), Probes, Options(ridge: 1e-3, threads: threads));
        Assert.Equal(one.Network.Parameters.ToArray(), many.Network.Parameters.ToArray());
        for (int l = 0; l < 3; l++) Assert.Equal(one.Network.ObjectWeights(l).ToArray(), many.Network.ObjectWeights(l).ToArray());
    }

    [Fact]
    public void ABudgetOfAllNeuronsChangesNothing()
    {
        DeepNetwork network = Network();
        CompressedNetwork<DeepNetwork> same = NetworkCompressor.Compress(network, Probes, Options(ridge: 1e-3, budget: 160));
        Assert.Equal(network.Parameters.ToArray(), same.Network.Parameters.ToArray());
    }

    [Fact]
    public void ANarrowLayerIsKeptWholeAmongWideOnes()
    {
        DeepNetwork network = DeepNetwork.Initialised(2, [100, 5, 100], 7);
        CompressedNetwork<DeepNetwork> few = NetworkCompressor.Compress(network, Probes, Options(ridge: 1e-6));
        Assert.Equal([40, 5, 40], few.Network.Widths);
        Assert.InRange(Nets.Distance(Nets.Predict(few.Network, Probes), Nets.Predict(network, Probes)), 0, 0.2);
    }

    [Fact]
    public void DeadLayersAndConstantProbesAreNoFailure()
    {
        DeepNetwork network = Network();
        network.Block("layers.1.weight").Clear();
        foreach (ref double b in network.Block("layers.1.bias")) b = -1;
        double[] constant = [.. Enumerable.Repeat(0.5, 40)];
        CompressedNetwork<DeepNetwork> few = NetworkCompressor.Compress(network, constant, Options(ridge: 1e-3));
        // A ridge of 1e-3 leaves about that part of the gap.
        Assert.InRange(Nets.Distance(Nets.Predict(few.Network, constant), Nets.Predict(network, constant)), 0, 1e-3);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        DeepNetwork network = Network();
        Assert.Contains("3 probe values", Assert.Throws<ArgumentException>(() => NetworkCompressor.Compress(network, [1, 2, 3], Options())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCompressor.Compress(network, Probes, Options(), coordinates: 0));
        Assert.Contains("at least 28", Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCompressor.Compress(network, Probes, Options(budget: 20))).Message, StringComparison.Ordinal);
        network.Block("layers.2.weight")[5] = double.NaN;
        Assert.Contains("'layers.2.weight'", Assert.Throws<ArgumentException>(() => NetworkCompressor.Compress(network, Probes, Options())).Message, StringComparison.Ordinal);
    }
}
