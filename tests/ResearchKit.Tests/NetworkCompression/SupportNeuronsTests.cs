using ResearchKit.Baselines;
using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Tests.NetworkCompression;

public class SupportNeuronsTests
{
    private static NetworkCompressionOptions Options(int budget, int threads = 1) => new() { Budget = budget, Seed = 3, MaxDegreeOfParallelism = threads };

    private static TwoLayerNetwork Compress(TwoLayerNetwork network, int budget, int degree = 2) => SupportNeurons.Compress(network, Options(budget), degree: degree).Network;

    private static void CheckShape(TwoLayerNetwork original, TwoLayerNetwork few, int budget, string what)
    {
        Assert.InRange(few.Width, 1, budget);
        double mass = original.ObjectWeights().ToArray().Sum();
        Assert.Equal(mass, few.ObjectWeights().ToArray().Sum(), 1e-12 * mass);
        Assert.All(few.ObjectWeights().ToArray(), c => Assert.True(c > 0 && double.IsFinite(c), $"{what}: weight {c}"));
        Assert.Equal(-1, NonFinite.IndexOf(few.Parameters));
        Assert.Equal(original.Block("output.bias").ToArray(), few.Block("output.bias").ToArray());
    }

    public static TheoryData<string> Networks => ["start", "weighted", "three outputs", "one input", "five inputs", "tanh", "gelu, two outputs", "all v positive"];

    private static TwoLayerNetwork Network(string name)
    {
        switch (name)
        {
            case "start": return Nets.TwoLayer(700, 3);
            case "weighted": return Nets.Weighted(500, 4);
            case "three outputs": return Nets.TwoLayer(600, 5, outputs: 3);
            case "one input": return Nets.TwoLayer(400, 6, inputs: 1);
            case "five inputs": return Nets.TwoLayer(400, 7, inputs: 5);
            case "tanh": return Nets.TwoLayer(500, 8, activation: Activation.Tanh);
            case "gelu, two outputs": return Nets.TwoLayer(500, 9, outputs: 2, activation: Activation.Gelu);
            default:
                TwoLayerNetwork network = Nets.TwoLayer(500, 10);
                foreach (ref double v in network.Block("output.weight")) v = Math.Abs(v);
                return network;
        }
    }

    /// <summary>Largest difference of a moment up to a degree, in the frame of all neurons, relative to the mass.</summary>
    private static double WorstMoment(TwoLayerNetwork network, TwoLayerNetwork few, int degree)
    {
        WeightedPoints all = Nets.Neurons(network), nodes = Nets.Neurons(few);
        LocalFrame frame = LocalFrame.Of(all);
        int m = all.Dimension;
        double worst = 0;
        var e = new int[m];
        void Next(int j, int left)
        {
            if (j == m)
            {
                double Mono(ReadOnlySpan<double> x)
                {
                    double product = 1;
                    for (int q = 0; q < m; q++) product *= Math.Pow((x[q] - frame.Center[q]) * frame.InverseHalfWidth[q], e[q]);
                    return product;
                }
                worst = Math.Max(worst, Math.Abs(nodes.Sum(Mono) - all.Sum(Mono)) / all.Mass);
                return;
            }
            for (e[j] = 0; e[j] <= left; e[j]++) Next(j + 1, left - e[j]);
            e[j] = 0;
        }
        Next(0, degree);
        return worst;
    }

    [Theory, MemberData(nameof(Networks))]
    public void MassAndMeansAreKeptByPositiveWeights(string name)
    {
        TwoLayerNetwork network = Network(name);
        foreach (int budget in new[] { 1, 2, 7, 120 })
        {
            TwoLayerNetwork few = Compress(network, budget);
            Assert.Equal(budget, few.Width);
            CheckShape(network, few, budget, name);
            Assert.InRange(WorstMoment(network, few, 1), 0, 1e-11);
        }
    }

    [Theory]
    [InlineData(900, 200, 2)]
    [InlineData(1500, 450, 3)]
    [InlineData(2000, 900, 4)]
    public void EnoughNodesKeepAllMomentsUpToADegree(int width, int budget, int degree)
    {
        TwoLayerNetwork network = Nets.TwoLayer(width, 30), few = Compress(network, budget, 4);
        CheckShape(network, few, budget, "enough");
        Assert.InRange(WorstMoment(network, few, degree), 0, 1e-11);
        Assert.InRange(WorstMoment(network, few, degree + 2), 1e-8, 1);
    }

    [Fact]
    public void NodesHaveNearlyEqualWeights()
    {
        // Moments are restored by small moves alone: what remains of 10 each is within some percent.
        TwoLayerNetwork few = Compress(Nets.TwoLayer(3000, 11), 300);
        Assert.All(few.ObjectWeights().ToArray(), c => Assert.InRange(c, 9, 11));
    }

    [Theory]
    [InlineData(Activation.Relu, 2)]
    [InlineData(Activation.Relu, 7)]
    [InlineData(Activation.Gelu, 3)]
    public void ThreadsDoNotChangeABit(Activation activation, int threads)
    {
        TwoLayerNetwork network = Nets.TwoLayer(2000, 10, activation: activation);
        CompressedNetwork<TwoLayerNetwork> Run(int count) => SupportNeurons.Compress(network, Options(100, count) with { Refit = new OutputRefit { Inputs = Nets.Inputs(400, 2, 2) } });
        TwoLayerNetwork one = Run(1).Network, many = Run(threads).Network;
        Assert.Equal(one.Parameters.ToArray(), many.Parameters.ToArray());
        Assert.Equal(one.ObjectWeights().ToArray(), many.ObjectWeights().ToArray());
    }

    [Theory, MemberData(nameof(Networks))]
    public void TheOrderOfTheNeuronsDoesNotChangeABit(string name)
    {
        TwoLayerNetwork network = Network(name);
        int d = network.Width;
        int[] order = [.. Enumerable.Range(0, d)];
        new SeededRandom(23).Shuffle(order.AsSpan());
        TwoLayerNetwork a = Compress(network, 60), b = Compress(Nets.Gathered(network, order, [.. order.Select(j => network.ObjectWeights()[j])]), 60);
        Assert.Equal(a.Parameters.ToArray(), b.Parameters.ToArray());
        Assert.Equal(a.ObjectWeights().ToArray(), b.ObjectWeights().ToArray());
    }

    [Fact]
    public void ABudgetOfAllNeuronsChangesNothing()
    {
        TwoLayerNetwork network = Nets.Weighted(50, 11);
        foreach (int budget in new[] { 50, 51, 100_000 })
        {
            CompressedNetwork<TwoLayerNetwork> same = SupportNeurons.Compress(network, Options(budget) with { Refit = new OutputRefit { Inputs = [0, 0] } });
            Assert.Equal(network.Parameters.ToArray(), same.Network.Parameters.ToArray());
            Assert.Equal(network.ObjectWeights().ToArray(), same.Network.ObjectWeights().ToArray());
            Assert.NotSame(network, same.Network);
            Assert.False(same.IsSelection);
        }
    }

    [Fact]
    public void CopiesBecomeWeights()
    {
        var random = new SeededRandom(24);
        double[] c = [.. Enumerable.Range(0, 150).Select(_ => 1.0 + random.NextInt(4))];
        var weighted = new TwoLayerNetwork(2, c.Length, 1, Activation.Relu, c);
        random.FillUniform(weighted.Parameters, -1, 1);
        TwoLayerNetwork copies = Nets.Gathered(weighted, [.. c.SelectMany((times, j) => Enumerable.Repeat(j, (int)times))], null);
        TwoLayerNetwork distinct = Compress(copies, 150);
        Assert.Equal(c.Order(), distinct.ObjectWeights().ToArray().Order());
        double[] inputs = Nets.Inputs(100, 2, 5);
        Assert.InRange(Nets.Distance(Nets.Predict(distinct, inputs), Nets.Predict(weighted, inputs)), 0, 1e-13);
        // Below that copies and weights are the same neurons to the last bit.
        Assert.Equal(Compress(weighted, 40).Parameters.ToArray(), Compress(copies, 40).Parameters.ToArray());
    }

    [Fact]
    public void NeuronsOfMoreThanANodesShareStayAsTheyAre()
    {
        var random = new SeededRandom(25);
        double[] c = [.. Enumerable.Range(0, 300).Select(j => j is 17 or 200 ? 50.0 : 1.0)];
        var network = new TwoLayerNetwork(2, 300, 1, Activation.Relu, c);
        random.FillUniform(network.Parameters, -1, 1);
        // One more that is long, and one with a large v: both keep their weight of 1.
        foreach (int at in new[] { 3, 303 }) network.Block("hidden.weight")[at] = 400;
        network.Block("output.weight")[77] = -300;
        TwoLayerNetwork few = Compress(network, 40);
        CheckShape(network, few, 40, "heavy");
        WeightedPoints all = Nets.Neurons(network), nodes = Nets.Neurons(few);
        foreach (int j in new[] { 3, 17, 77, 200 })
            Assert.Contains(Enumerable.Range(0, 40), k => nodes.WeightOf(k) == c[j] && nodes[k].SequenceEqual(all[j]));
    }

    [Theory]
    [InlineData("all zero")]
    [InlineData("no input weights")]
    [InlineData("some without input weights")]
    [InlineData("no output weights")]
    [InlineData("one direction")]
    [InlineData("opposite pairs")]
    [InlineData("one is huge")]
    public void DegenerateNeuronsGoThrough(string what)
    {
        TwoLayerNetwork network = Nets.TwoLayer(200, 15);
        Span<double> w = network.Block("hidden.weight"), b = network.Block("hidden.bias"), v = network.Block("output.weight");
        for (int j = 0; j < 200; j++)
        {
            if (what is "all zero" or "no input weights" || (what == "some without input weights" && j % 2 == 0)) w[j] = w[200 + j] = b[j] = 0;
            if (what is "all zero" or "no output weights") v[j] = 0;
            if (what == "one direction") (w[j], w[200 + j], b[j]) = ((j + 1) * 0.25, (j + 1) * -0.5, (j + 1) * 0.125);
            if (what == "opposite pairs") (w[j], w[200 + j], b[j]) = (j % 2 == 0 ? 1 : -1) is var s ? (s * w[0], s * w[200], s * b[0]) : default;
            if (what == "one is huge" && j == 5) (w[j], w[200 + j], b[j]) = (1e150, 1e150, 1e150);
        }
        foreach (int budget in new[] { 1, 3, 50, 150 })
        {
            TwoLayerNetwork few = Compress(network, budget);
            CheckShape(network, few, budget, what);
            if (what is "all zero") Assert.Equal(1, few.Width);
            double[] inputs = Nets.Inputs(60, 2, 8), expected = Nets.Predict(network, inputs);
            // Nothing depends on x there, or everything on one direction, where first moments of v (w, b) are the function.
            if (what is "all zero" or "no input weights" or "no output weights") Assert.Equal(expected, Nets.Predict(few, inputs), (x, y) => Math.Abs(x - y) <= 1e-12);
        }
    }

    [Theory]
    [InlineData(1e-150)]
    [InlineData(1e150)]
    public void ScalesOfWeightsGoThrough(double scale)
    {
        TwoLayerNetwork network = Nets.TwoLayer(300, 16), scaled = Nets.TwoLayer(300, 16);
        foreach (TwoLayerNetwork one in new[] { network, scaled }) one.Block("output.bias").Clear();
        foreach (string block in new[] { "hidden.weight", "hidden.bias" })
            foreach (ref double x in scaled.Block(block)) x *= scale;
        TwoLayerNetwork few = Compress(scaled, 50);
        CheckShape(scaled, few, 50, $"{scale}");
        double[] inputs = Nets.Inputs(50, 2, 9), of = Nets.Predict(Compress(network, 50), inputs), ofScaled = Nets.Predict(few, inputs);
        Assert.InRange(Nets.Distance([.. ofScaled.Select(y => y / scale)], of), 0, 1e-6);
    }

    [Theory]
    [InlineData("AdamW", 2.5e-3)]
    [InlineData("SGD", 2.5e-2)]
    public void TrainingFollowsTheOriginalCloserThanRandomNeuronsDo(string optimizer, double learningRate)
    {
        // Fig. 4's rates, times 10^4 / d; d = 400 to 80, 30 steps on all samples.
        double compressed = 0, random = 0;
        for (int seed = 1; seed <= 3; seed++)
        {
            BesselTask task = BesselTask.Generate(400, seed);
            var training = new TrainingOptions { Epochs = 30, LearningRate = learningRate, EvaluateEvery = 30, MaxDegreeOfParallelism = 1 };
            TwoLayerNetwork original = Nets.TwoLayer(400, seed);
            TwoLayerNetwork few = SupportNeurons.Compress(original, Options(80) with { Refit = new OutputRefit { Inputs = Nets.Inputs(320, 2, seed) } }).Network;
            TwoLayerNetwork drawn = RandomNeurons.Compress(original, Options(80)).Network;
            foreach (TwoLayerNetwork network in new[] { original, few, drawn })
                Trainer.Train(network, Optimizers.Create(optimizer), task.Train, null, training);
            double[] inputs = Nets.Inputs(1000, 2, 100 + seed), expected = Nets.Predict(original, inputs);
            compressed += Nets.Distance(Nets.Predict(few, inputs), expected) / 3;
            random += Nets.Distance(Nets.Predict(drawn, inputs), expected) / 3;
        }
        TestContext.Current.SendDiagnosticMessage($"{optimizer}: {random / compressed}");
        Assert.True(random > 2 * compressed, $"seeds 1 to 3: {compressed} against {random}");
    }

    [Fact]
    public void ManyNeuronsPerNodeAreCompressedFirst()
    {
        TwoLayerNetwork network = Nets.TwoLayer(20_000, 17), few = Compress(network, 40);
        CheckShape(network, few, 40, "many");
        Assert.InRange(WorstMoment(network, few, 1), 0, 1e-11);
        double[] inputs = Nets.Inputs(200, 2, 9), expected = Nets.Predict(network, inputs);
        double random = Nets.Distance(Nets.Predict(RandomNeurons.Compress(network, Options(40)).Network, inputs), expected);
        Assert.InRange(Nets.Distance(Nets.Predict(few, inputs), expected), 0, 0.5 * random);
    }

    [Fact]
    public void NodesAreDenserWhereNeuronsAreOnForFewInputs()
    {
        TwoLayerNetwork network = Nets.TwoLayer(3000, 18);
        double[] inputs = Nets.Inputs(2000, 2, 4);
        TwoLayerNetwork even = Compress(network, 300), dense = SupportNeurons.Compress(network, Options(300) with { Refit = new OutputRefit { Inputs = inputs } }, denserWhereSeldomOn: true).Network;
        CheckShape(network, dense, 300, "dense");
        double Share(TwoLayerNetwork of, int node)
        {
            double[] n = Nets.Neurons(of)[node].ToArray();
            return Enumerable.Range(0, 2000).Count(i => n[1] * inputs[2 * i] + n[2] * inputs[2 * i + 1] + n[3] > 0) / 2000.0;
        }
        int Few(TwoLayerNetwork of) => Enumerable.Range(0, of.Width).Count(k => Share(of, k) is > 0 and < 0.4);
        Assert.InRange(Few(dense), 1.25 * Few(even), 2 * Few(even));
        // Fewer nodes elsewhere weigh more: the mass of every region is as it was, within some nodes.
        double Mass(TwoLayerNetwork of) => Enumerable.Range(0, of.Width).Where(k => Share(of, k) > 0.9).Sum(k => of.ObjectWeights()[k]);
        Assert.InRange(Mass(dense), 0.8 * Mass(network), 1.2 * Mass(network));
    }

    private static void Fails<T>(Action action, params string[] words)
        where T : Exception
    {
        var e = Assert.ThrowsAny<T>(action);
        foreach (string word in words) Assert.Contains(word, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        TwoLayerNetwork network = Nets.TwoLayer(100, 19);
        Assert.Throws<ArgumentNullException>(() => SupportNeurons.Compress(null!, Options(5)));
        Assert.Throws<ArgumentNullException>(() => SupportNeurons.Compress(network, null!));
        Fails<ArgumentOutOfRangeException>(() => Compress(network, 0), "d' = 0", "at least 1");
        Fails<ArgumentOutOfRangeException>(() => SupportNeurons.Compress(network, Options(5, threads: 0)), "MaxDegreeOfParallelism = 0", "-1 for all");
        foreach (double scale in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Fails<ArgumentOutOfRangeException>(() => SupportNeurons.Compress(network, Options(5), inputScale: scale), "inputScale = ", "finite and positive");
        foreach (int degree in new[] { 0, 256 })
            Fails<ArgumentOutOfRangeException>(() => SupportNeurons.Compress(network, Options(5), degree: degree), "between 1", "255");
        Fails<ArgumentException>(() => SupportNeurons.Compress(network, Options(5) with { Refit = new() { Inputs = [1, 2, 3] } }), "3 probe values", "inputs of 2");
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => SupportNeurons.Compress(network, Options(5) with { CancellationToken = source.Token }));
        network.Block("output.weight")[17] = double.NaN;
        Fails<ArgumentException>(() => Compress(network, 5), "Value 17", "output.weight", "NaN", "checkpoint");
    }
}
