using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.NetworkCompression;

public class TwoLayerCompressionTests
{
    private static NetworkCompressionOptions Options(int budget, ObjectSpace? space = null, int threads = 1)
        => new() { Budget = budget, Space = space, MaxDegreeOfParallelism = threads };

    public static TheoryData<string> Spaces => ["total", "total raw", "neurons", "neurons in v", "directions", "directions in v", "spread", "spread in v", "given"];

    private static (ObjectSpace Space, int[][] Kept) Space(string name)
    {
        int[][] all = [.. ExactMoments.Exponents(4, 3)];
        return name switch
        {
            "total" => (ObjectSpace.TotalDegree(3), all),
            "total raw" => (ObjectSpace.TotalDegree(3, standardised: false), all),
            "neurons" => (ObjectSpace.Neurons(2), [.. all.Where(e => e[0] <= 1 && e[1] + e[2] + e[3] <= 2)]),
            "neurons in v" => (ObjectSpace.Neurons(1, 2, 0.5), [.. all.Where(e => e[0] <= 2 && e[1] + e[2] + e[3] <= 1)]),
            "directions" => (ObjectSpace.Directions(), [.. all.Where(e => e.Sum() <= 2)]),
            "spread" => (ObjectSpace.Spread(perMoment: 4), [.. all.Where(e => e.Sum() <= 2)]),
            "spread in v" => (ObjectSpace.Spread(2, 2, 0.3, 3), [.. all.Where(e => e.Sum() <= 2)]),
            "directions in v" => (ObjectSpace.Directions(3, 2, 0.3), all),
            _ => (ObjectSpace.Of(MomentSpace.ForNeurons(2, 1)), [.. all.Where(e => e[0] <= 1 && e[1] + e[2] + e[3] <= 1)]),
        };
    }

    [Theory, MemberData(nameof(Spaces))]
    public void MomentsAndMassOfNeuronsAreKept(string name)
    {
        (ObjectSpace space, int[][] kept) = Space(name);
        foreach (TwoLayerNetwork network in new[] { Nets.TwoLayer(700, 3), Nets.Weighted(500, 4) })
        {
            WeightedPoints neurons = Nets.Neurons(network);
            CompressedNetwork<TwoLayerNetwork> few = NetworkCompressor.Compress(network, Options(120, space));
            CompressedSet set = Assert.Single(few.Sets);
            Compression.Check.Shape(neurons, set, 120, name);
            double residual = ExactMoments.Residual(neurons, set, kept);
            Assert.True(residual <= Compression.Check.Exact, $"{name}: a moment differs by {residual:E2} of the mass");
            Assert.Equal(set.Weights.ToArray(), few.Network.ObjectWeights().ToArray());
            Assert.Equal(set.Gather(neurons.Coordinates, 4), Nets.Neurons(few.Network).Coordinates.ToArray());
            Assert.Equal(network.Block("output.bias").ToArray(), few.Network.Block("output.bias").ToArray());
        }
    }

    [Theory, MemberData(nameof(Spaces))]
    public void NeuronsWhoseKinksLieOutsideTheInputsAreKeptExactly(string name)
    {
        // On [-1, 1]^2 every neuron is linear: the moments v (w, b), which all spaces have, are the function.
        TwoLayerNetwork network = Nets.TwoLayer(900, 7);
        foreach (ref double b in network.Block("hidden.bias")) b = Math.Abs(b) + 2;
        double[] inputs = Nets.Inputs(200, 2, 1), expected = Nets.Predict(network, inputs);
        CompressedNetwork<TwoLayerNetwork> few = NetworkCompressor.Compress(network, Options(90, Space(name).Space));
        Assert.Equal(90, few.Network.Width);
        Assert.InRange(Nets.Distance(Nets.Predict(few.Network, inputs), expected), 0, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void FoldingKeepsTheFunctionAndLeavesNoWeights(int outputs)
    {
        TwoLayerNetwork network = Nets.Weighted(300, 5, inputs: 4, outputs);
        CompressedNetwork<TwoLayerNetwork> few = NetworkCompressor.Compress(network, Options(60, ObjectSpace.Neurons(1)));
        TwoLayerNetwork folded = few.Fold();
        Assert.All(folded.ObjectWeights().ToArray(), c => Assert.Equal(1, c));
        double[] inputs = Nets.Inputs(100, 4, 2);
        Assert.InRange(Nets.Distance(Nets.Predict(folded, inputs), Nets.Predict(few.Network, inputs)), 0, 1e-13);
    }

    [Fact]
    public void AWeightedNetworkIsCompressedAsItsCopies()
    {
        // Integer weights: the network of the copies, one after the other, has the same objects.
        var random = new SeededRandom(6);
        double[] c = [.. Enumerable.Range(0, 150).Select(_ => 1.0 + random.NextInt(4))];
        var weighted = new TwoLayerNetwork(2, c.Length, 1, Activation.Relu, c);
        random.FillUniform(weighted.Parameters, -1, 1);
        int[] source = [.. c.SelectMany((times, j) => Enumerable.Repeat(j, (int)times))];
        var copies = new TwoLayerNetwork(2, source.Length);
        foreach (ParameterBlock block in copies.Blocks)
        {
            Span<double> to = copies.Block(block.Name), from = weighted.Block(block.Name);
            int rows = block.Name == "output.bias" ? 0 : to.Length / source.Length;
            if (rows == 0) from.CopyTo(to);
            for (int r = 0; r < rows; r++)
                for (int j = 0; j < source.Length; j++) to[r * source.Length + j] = from[r * c.Length + source[j]];
        }
        double[] inputs = Nets.Inputs(100, 2, 3);
        Assert.InRange(Nets.Distance(Nets.Predict(copies, inputs), Nets.Predict(weighted, inputs)), 0, 1e-13);
        int[][] kept = [.. ExactMoments.Exponents(4, 3)];
        foreach (TwoLayerNetwork network in new[] { weighted, copies })
        {
            CompressedSet set = NetworkCompressor.Compress(network, Options(70, ObjectSpace.TotalDegree(3))).Sets[0];
            // The moments of the other model's objects.
            WeightedPoints few = set.Points(Nets.Neurons(network)), other = Nets.Neurons(network == weighted ? copies : weighted);
            foreach (int[] e in kept)
            {
                double Moment(WeightedPoints points) => points.Sum(z => Math.Pow(z[0], e[0]) * Math.Pow(z[1], e[1]) * Math.Pow(z[2], e[2]) * Math.Pow(z[3], e[3]));
                Assert.Equal(Moment(other), Moment(few), 1e-12 * other.Mass);
            }
        }
    }

    [Fact]
    public void CompressingTwiceKeepsTheMomentsOfTheFirst()
    {
        TwoLayerNetwork network = Nets.TwoLayer(2000, 8);
        CompressedNetwork<TwoLayerNetwork> once = NetworkCompressor.Compress(network, Options(400, ObjectSpace.TotalDegree(2))), twice = NetworkCompressor.Compress(once.Network, Options(60, ObjectSpace.TotalDegree(2)));
        Assert.Equal(60, twice.Network.Width);
        int[] composed = once.Sets[0].Gather<int>([.. Enumerable.Range(0, 2000)]);
        CompressedSet second = twice.Sets[0];
        double[] weights = second.Weights.ToArray();
        WeightedPoints original = Nets.Neurons(network), few = Nets.Neurons(twice.Network);
        for (int j = 0; j < 60; j++) Assert.Equal(original[composed[second.Indices[j]]].ToArray(), few[j].ToArray());
        foreach (int[] e in ExactMoments.Exponents(4, 2))
        {
            double Moment(WeightedPoints points) => points.Sum(z => Math.Pow(z[0], e[0]) * Math.Pow(z[1], e[1]) * Math.Pow(z[2], e[2]) * Math.Pow(z[3], e[3]));
            Assert.Equal(Moment(original), Moment(few), 1e-11 * 2000);
        }
    }

    [Theory]
    [InlineData(2, "directions")]
    [InlineData(7, "directions")]
    [InlineData(3, "spread")]
    public void ThreadsDoNotChangeABit(int threads, string name)
    {
        TwoLayerNetwork network = Nets.TwoLayer(1500, 9);
        NetworkCompressionOptions Run(int count) => Options(200, Space(name).Space, count) with { Refit = new OutputRefit { Inputs = Nets.Inputs(500, 2, 4) } };
        CompressedNetwork<TwoLayerNetwork> one = NetworkCompressor.Compress(network, Run(1)), many = NetworkCompressor.Compress(network, Run(threads));
        Assert.Equal(one.Network.Parameters.ToArray(), many.Network.Parameters.ToArray());
        Assert.Equal(one.Network.ObjectWeights().ToArray(), many.Network.ObjectWeights().ToArray());
    }

    [Theory, MemberData(nameof(Spaces))]
    public void SilentAndRepeatedNeuronsAreNoFailure(string name)
    {
        // All parameters zero; then three neurons, repeated; then one neuron far larger than the others.
        var silent = new TwoLayerNetwork(2, 200);
        TwoLayerNetwork repeated = Nets.TwoLayer(200, 16), uneven = Nets.TwoLayer(200, 17);
        foreach (string block in new[] { "hidden.weight", "hidden.bias", "output.weight" })
        {
            Span<double> values = repeated.Block(block);
            for (int i = 0; i < values.Length; i++) values[i] = values[i / 200 * 200 + i % 3];
            uneven.Block(block)[5] = 1e6;
        }
        double[] inputs = Nets.Inputs(50, 2, 9);
        foreach (TwoLayerNetwork network in new[] { silent, repeated, uneven })
        {
            TwoLayerNetwork few = NetworkCompressor.Compress(network, Options(60, Space(name).Space)).Network;
            Assert.InRange(few.Width, 1, 60);
            Assert.Equal(200, few.ObjectWeights().ToArray().Sum(), 1e-10);
            if (network != uneven) Assert.Equal(Nets.Predict(network, inputs), Nets.Predict(few, inputs), (a, b) => Math.Abs(a - b) < 1e-12);
            else Assert.Contains(few.Block("output.weight").ToArray(), v => v == 1e6);
        }
    }

    [Theory, MemberData(nameof(Spaces))]
    public void PermutedNeuronsGiveTheSameNetworkUpToOrder(string name)
    {
        TwoLayerNetwork network = Nets.TwoLayer(600, 10), permuted = Nets.TwoLayer(600, 10);
        int[] order = [.. Enumerable.Range(0, 600)];
        new SeededRandom(11).Shuffle(order.AsSpan());
        foreach (string block in new[] { "hidden.weight", "hidden.bias", "output.weight" })
        {
            Span<double> from = network.Block(block), to = permuted.Block(block);
            for (int i = 0; i < to.Length; i++) to[i] = from[i / 600 * 600 + order[i % 600]];
        }
        CompressedSet a = NetworkCompressor.Compress(network, Options(90, Space(name).Space)).Sets[0], b = NetworkCompressor.Compress(permuted, Options(90, Space(name).Space)).Sets[0];
        (int, double)[] back = [.. b.Indices.ToArray().Select((i, j) => (order[i], b.Weights[j])).OrderBy(p => p.Item1)];
        Assert.Equal(a.Indices.ToArray(), back.Select(p => p.Item1));
        Assert.Equal(a.Weights.ToArray(), back.Select(p => p.Item2));
    }

    [Fact]
    public void ASpreadSelectionLeavesSmallerGapsBetweenKinks()
    {
        TwoLayerNetwork network = Nets.TwoLayer(3000, 15);
        double[][] directions = Directions(network);
        double Gap(ObjectSpace space)
        {
            double[][] kept = Directions(NetworkCompressor.Compress(network, Options(200, space)).Network);
            return Math.Sqrt(directions.Average(u => kept.Min(v => u.Zip(v, (x, y) => (x - y) * (x - y)).Sum())));
        }
        double spread = Gap(ObjectSpace.Spread(outputScale: 0)), vertex = Gap(ObjectSpace.Directions()), total = Gap(ObjectSpace.TotalDegree(5));
        Assert.True(spread < 0.85 * vertex && spread < 0.85 * total, $"{spread}, {vertex} and {total}");

        static double[][] Directions(TwoLayerNetwork net) => [.. Enumerable.Range(0, net.Width).Select(j =>
        {
            double[] u = [net.Block("hidden.weight")[j], net.Block("hidden.weight")[net.Width + j], net.Block("hidden.bias")[j]];
            double norm = Math.Sqrt(u.Sum(x => x * x));
            return u.Select(x => x / norm).ToArray();
        })];
    }

    [Fact]
    public void OptimiserStateFollowsItsParameters()
    {
        TwoLayerNetwork network = Nets.TwoLayer(300, 12);
        CompressedNetwork<TwoLayerNetwork> few = NetworkCompressor.Compress(network, Options(40));
        Assert.Equal(few.Network.Parameters.ToArray(), few.GatherParameters<double>(network.Parameters));
        Assert.Throws<ArgumentException>(() => few.GatherParameters<double>(new double[7]));
    }

    [Fact]
    public void ABudgetOfAllNeuronsChangesNothing()
    {
        TwoLayerNetwork network = Nets.Weighted(50, 13);
        foreach (int budget in new[] { 50, 51, 100000 })
        {
            CompressedNetwork<TwoLayerNetwork> same = NetworkCompressor.Compress(network, Options(budget) with { Refit = new OutputRefit { Inputs = [0, 0] } });
            Assert.Equal(network.Parameters.ToArray(), same.Network.Parameters.ToArray());
            Assert.Equal(network.ObjectWeights().ToArray(), same.Network.ObjectWeights().ToArray());
            Assert.NotSame(network, same.Network);
        }
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    public void ARefitFollowsTheFunctionMuchCloserAndMovesOutputWeightsAlone(Activation activation)
    {
        TwoLayerNetwork network = Nets.TwoLayer(2000, 14, activation: activation);
        NetworkCompressionOptions plain = Options(300, ObjectSpace.Directions());
        CompressedNetwork<TwoLayerNetwork> before = NetworkCompressor.Compress(network, plain), after = NetworkCompressor.Compress(network, plain with { Refit = new OutputRefit { Inputs = Nets.Inputs(1200, 2, 5) } });
        double[] unseen = Nets.Inputs(500, 2, 6), expected = Nets.Predict(network, unseen);
        double selected = Nets.Distance(Nets.Predict(before.Network, unseen), expected), refitted = Nets.Distance(Nets.Predict(after.Network, unseen), expected);
        Assert.True(refitted < 0.5 * selected, $"{refitted} against {selected}");
        Assert.Equal(before.Network.Block("hidden.weight").ToArray(), after.Network.Block("hidden.weight").ToArray());
        Assert.Equal(before.Network.ObjectWeights().ToArray(), after.Network.ObjectWeights().ToArray());
        // v changes by a part of its size.
        Assert.InRange(Nets.Distance(after.Network.Block("output.weight").ToArray(), before.Network.Block("output.weight").ToArray()), 1e-9, 0.5);
    }
}
