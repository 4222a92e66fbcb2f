using ResearchKit.Baselines;
using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.NetworkCompression;

public class NetworkBaselineTests
{
    private static NetworkCompressionOptions Options(int budget, int seed = 0) => new() { Budget = budget, Seed = seed, MaxDegreeOfParallelism = 1 };

    [Fact]
    public void RandomNeuronsAreRescaledAndDecidedByTheSeed()
    {
        TwoLayerNetwork network = Nets.TwoLayer(400, 1);
        CompressedNetwork<TwoLayerNetwork> a = RandomNeurons.Compress(network, Options(40, 1)), b = RandomNeurons.Compress(network, Options(40, 2));
        Assert.All(a.Network.ObjectWeights().ToArray(), c => Assert.Equal(10, c));
        Assert.Equal(a.GatherParameters<double>(network.Parameters), a.Network.Parameters.ToArray());
        Assert.NotEqual(a.Sets[0].Indices.ToArray(), b.Sets[0].Indices.ToArray());
        Assert.Equal(a.Sets[0].Indices.ToArray(), RandomNeurons.Compress(network, Options(40, 1)).Sets[0].Indices.ToArray());
    }

    [Fact]
    public void ADeepNetworksLayersAreDrawnIndependently()
    {
        DeepNetwork network = DeepNetwork.Initialised(2, [50, 50], 1);
        CompressedNetwork<DeepNetwork> few = RandomNeurons.Compress(network, Options(10, 1));
        Assert.NotEqual(few.Sets[0].Indices.ToArray(), few.Sets[1].Indices.ToArray());
        Assert.Equal(few.GatherParameters<double>(network.Parameters), few.Network.Parameters.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void KMeansOfRepeatedNeuronsIsExact(bool medoids)
    {
        // Twelve distinct neurons, repeated: as many clusters lose nothing, in any model.
        TwoLayerNetwork network = Nets.TwoLayer(240, 2);
        DeepNetwork deep = DeepNetwork.Initialised(2, [240, 30], 3);
        foreach (string name in new[] { "hidden.weight", "hidden.bias", "output.weight" })
        {
            Span<double> values = network.Block(name);
            for (int i = 0; i < values.Length; i++) values[i] = values[i / 240 * 240 + i % 12];
        }
        for (int j = 12; j < 240; j++)
        {
            deep.Block("layers.0.weight").Slice(j % 12 * 2, 2).CopyTo(deep.Block("layers.0.weight").Slice(j * 2, 2));
            deep.Block("layers.0.bias")[j] = deep.Block("layers.0.bias")[j % 12];
            for (int i = 0; i < 30; i++) deep.Block("layers.1.weight")[i * 240 + j] = deep.Block("layers.1.weight")[i * 240 + j % 12];
        }
        double[] inputs = Nets.Inputs(50, 2, 4);
        CompressedNetwork<TwoLayerNetwork> few = KMeansNeurons.Compress(network, Options(12), medoids);
        Assert.Equal(12, few.Network.Width);
        Assert.InRange(Nets.Distance(Nets.Predict(few.Network, inputs), Nets.Predict(network, inputs)), 0, 1e-12);
        Assert.Equal(240, few.Network.ObjectWeights().ToArray().Sum(), 1e-11);
        Assert.Equal(medoids, few.IsSelection);
        CompressedNetwork<DeepNetwork> fewDeep = KMeansNeurons.Compress(deep, Options(30), medoids);
        Assert.Equal([12, 30], fewDeep.Network.Widths);
        Assert.InRange(Nets.Distance(Nets.Predict(fewDeep.Network, inputs), Nets.Predict(deep, inputs)), 0, 1e-12);
        if (!medoids) Assert.Throws<InvalidOperationException>(() => few.GatherParameters<double>(network.Parameters));
    }

    [Fact]
    public void CentroidsKeepMassAndMeans()
    {
        TwoLayerNetwork network = Nets.Weighted(300, 5);
        WeightedPoints before = Nets.Neurons(network), after = Nets.Neurons(KMeansNeurons.Compress(network, Options(20)).Network);
        Assert.Equal(20, after.Count);
        for (int k = 0; k < 4; k++) Assert.Equal(before.Sum(z => z[k]), after.Sum(z => z[k]), 1e-12 * before.Mass);
    }

    [Fact]
    public void PruningKeepsTheLargestNeurons()
    {
        var network = new TwoLayerNetwork(2, 4);
        // |v| |(w, b)| = 2, 12, 0, 5.
        new double[] { 1, 0, 7, 3, 0, 3, 7, 4 }.CopyTo(network.Block("hidden.weight"));
        new double[] { 0, 0, 7, 0 }.CopyTo(network.Block("hidden.bias"));
        new double[] { 2, -4, 0, 1 }.CopyTo(network.Block("output.weight"));
        CompressedNetwork<TwoLayerNetwork> plain = MagnitudePruning.Compress(network, Options(2)), rescaled = MagnitudePruning.Compress(network, Options(2), rescale: true);
        Assert.Equal([1, 3], plain.Sets[0].Indices.ToArray());
        Assert.Equal([1, 1], plain.Network.ObjectWeights().ToArray());
        Assert.Equal([1, 3], rescaled.Sets[0].Indices.ToArray());
        Assert.Equal([2, 2], rescaled.Network.ObjectWeights().ToArray());
    }

    [Fact]
    public void ASmallNetworkIsAFreshOneOfThatWidth()
    {
        TwoLayerNetwork network = Nets.Weighted(100, 6);
        CompressedNetwork<TwoLayerNetwork> small = SmallNetwork.Create(network, Options(30, 9));
        Assert.Equal(TwoLayerNetwork.Initialised(2, 30, 9).Parameters.ToArray(), small.Network.Parameters.ToArray());
        Assert.False(small.IsSelection);
        Assert.Equal([30, 8], SmallNetwork.Create(DeepNetwork.Initialised(3, [70, 8], 1), Options(30)).Network.Widths);
        Assert.Equal(30, SmallNetwork.Create(AttentionLayer.Initialised(70, 1), Options(30)).Network.Heads);
    }

    [Fact]
    public void IterativePruningRewindsTheSurvivorsOfEveryRound()
    {
        TwoLayerNetwork network = Nets.TwoLayer(80, 7);
        double[] initial = network.Parameters.ToArray();
        var widths = new List<int>();
        // A "training" after which the neurons with the smallest biases are the largest.
        CompressedNetwork<TwoLayerNetwork> ticket = IterativeMagnitudePruning.Compress(network, Options(15), trained =>
        {
            widths.Add(trained.Width);
            for (int j = 0; j < trained.Width; j++) trained.Block("output.weight")[j] = 1000 - 100 * trained.Block("hidden.bias")[j];
            trained.Block("hidden.weight").Fill(1);
            trained.Block("hidden.bias").Clear();
        });
        Assert.Equal([80, 40, 20], widths);
        Assert.Equal(initial, network.Parameters.ToArray());
        double[] bias = network.Block("hidden.bias").ToArray();
        int[] expected = [.. Enumerable.Range(0, 80).OrderBy(j => bias[j]).Take(15).Order()];
        Assert.Equal(expected, ticket.Sets[0].Indices.ToArray());
        Assert.Equal(ticket.GatherParameters<double>(initial), ticket.Network.Parameters.ToArray());
        Assert.All(ticket.Network.ObjectWeights().ToArray(), c => Assert.Equal(1, c));
    }

    [Fact]
    public void EnoughBudgetKeepsEveryObject()
    {
        DeepNetwork network = DeepNetwork.Initialised(2, [20, 10], 1);
        double[] inputs = Nets.Inputs(10, 2, 8);
        foreach (DeepNetwork same in new[]
        {
            RandomNeurons.Compress(network, Options(20)).Network, KMeansNeurons.Compress(network, Options(20)).Network, KMeansNeurons.Compress(network, Options(20), medoids: true).Network,
            MagnitudePruning.Compress(network, Options(20)).Network, IterativeMagnitudePruning.Compress(network, Options(20), _ => throw new InvalidOperationException("No round is needed.")).Network,
        })
            Assert.Equal(Nets.Predict(network, inputs), Nets.Predict(same, inputs));
    }

    [Fact]
    public void BadInputIsNamed()
    {
        TwoLayerNetwork network = Nets.TwoLayer(50, 1);
        Assert.Contains("d' = 0", Assert.Throws<ArgumentOutOfRangeException>(() => RandomNeurons.Compress(network, Options(0))).Message, StringComparison.Ordinal);
        Assert.Contains("d' = -1", Assert.Throws<ArgumentOutOfRangeException>(() => KMeansNeurons.Compress(network, Options(-1))).Message, StringComparison.Ordinal);
        Assert.Contains("Refit", Assert.Throws<ArgumentException>(() => MagnitudePruning.Compress(network, Options(9) with { Refit = new() { Inputs = [1, 1] } })).Message, StringComparison.Ordinal);
        Assert.Contains("above 0", Assert.Throws<ArgumentOutOfRangeException>(() => IterativeMagnitudePruning.Compress(network, Options(9), _ => { }, part: 1)).Message, StringComparison.Ordinal);
        // A training that diverges in a round is named, not pruned by.
        Assert.Contains("'hidden.bias'", Assert.Throws<ArgumentException>(() => IterativeMagnitudePruning.Compress(network, Options(9), n => n.Block("hidden.bias")[0] = double.NaN)).Message, StringComparison.Ordinal);
        network.Block("output.weight")[2] = double.NaN;
        Assert.Contains("'output.weight'", Assert.Throws<ArgumentException>(() => SmallNetwork.Create(network, Options(9))).Message, StringComparison.Ordinal);
    }
}
