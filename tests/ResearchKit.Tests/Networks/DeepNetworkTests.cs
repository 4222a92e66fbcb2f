using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Networks;

public class DeepNetworkTests
{
    [Fact]
    public void TwoLayersWorkedByHand()
    {
        // z1 = 1.5 * 2 - 1 = 2, z2 = 0.25 + 3 * 0.5 * 2 = 3.25, y = 0.5 - 2 * 3.25 = -6, L = 36, dL/dy = -12.
        var network = new DeepNetwork(1, [1, 1], weights: [[3], [2]]);
        new[] { 1.5, -1, 0.5, 0.25, -1, 0.5 }.CopyTo(network.Parameters);
        var gradient = new double[6];
        Assert.Equal(36, network.Gradient([2], [0], gradient));
        Assert.Equal([72, 36, 144, 24, -78, -12], gradient);
        network.DivideByObjectWeights(gradient);
        Assert.Equal([24, 12, 24, 12, -39, -12], gradient);
        Assert.Equal([-6], ModelCheck.Predict(network, [2]));
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Gelu)]
    public void GradientIsThatOfFiniteDifferences(Activation activation)
    {
        // ReLU is polynomial between its kinks: a small step stays off them and has no error of its own.
        double step = activation == Activation.Relu ? 1e-5 : 1e-3;
        foreach ((int inputs, int[] widths, int outputs, int count) in new[] { (2, new[] { 5, 7, 3 }, 1, 9), (3, [1], 2, 1), (1, [9, 1], 3, 5), (5, [6], 1, 13) })
        {
            var network = new DeepNetwork(inputs, widths, outputs, activation, [.. widths.Select((width, l) => ModelCheck.WholeWeights(width, l).Select(c => c / 3).ToArray())]);
            ModelCheck.Randomise(network, seed: 4);
            ModelCheck.FiniteDifferences(network, count, seed: 5, step, tolerance: activation == Activation.Relu ? 1e-8 : 1e-9);
        }
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Gelu)]
    public void WholeWeightsInEveryLayerAreCopies(Activation activation)
    {
        foreach (int[] widths in new[] { [5, 7, 3], [1], new[] { 9, 1, 4 } })
        {
            double[][] c = [.. widths.Select((width, l) => ModelCheck.WholeWeights(width, 10 + l))];
            var network = new DeepNetwork(3, widths, 2, activation, c);
            ModelCheck.Randomise(network, seed: 6);
            int[][] layers = [[0, 1, 2], .. c.Select(layer => layer.SelectMany((count, j) => Enumerable.Repeat(j, (int)count)).ToArray()), [0, 1]];
            var copies = new DeepNetwork(3, [.. layers[1..^1].Select(layer => layer.Length)], 2, activation);
            ModelCheck.Copies(network, copies, Originals(network, layers), count: 11, seed: 7);
        }
    }

    [Fact]
    public void ReorderedNeuronsGiveTheSameFunctionAndReorderedGradients()
    {
        int[] widths = [6, 5];
        double[][] c = [ModelCheck.WholeWeights(6, 1), ModelCheck.WholeWeights(5, 2)];
        int[][] order = [[0, 1], [3, 1, 5, 0, 2, 4], [4, 2, 0, 1, 3], [0]];
        var network = new DeepNetwork(2, widths, 1, Activation.Tanh, c);
        ModelCheck.Randomise(network, seed: 3);
        var other = new DeepNetwork(2, widths, 1, Activation.Tanh, [.. c.Select((layer, l) => order[l + 1].Select(j => layer[j]).ToArray())]);
        int[] originals = Originals(network, order);
        for (int i = 0; i < originals.Length; i++) other.Parameters[i] = network.Parameters[originals[i]];
        (double[] x, double[] y, double[] w) = ModelCheck.Batch(network, 9, seed: 8);
        ModelCheck.Close(ModelCheck.Predict(network, x), ModelCheck.Predict(other, x), 1e-14);
        double[] gradient = new double[originals.Length], reordered = new double[originals.Length];
        network.Gradient(x, y, gradient, w);
        other.Gradient(x, y, reordered, w);
        ModelCheck.Close([.. originals.Select(i => gradient[i])], reordered, 1e-13);
    }

    [Fact]
    public void BitsDoNotDependOnTheThreads()
    {
        // Wide enough that the products run in parallel and in several tiles; more samples than one pass takes.
        DeepNetwork wide = DeepNetwork.Initialised(3, [301, 270], seed: 1, outputs: 2, Activation.Gelu);
        ModelCheck.Threads(wide, 130, seed: 2);
        ModelCheck.Threads(DeepNetwork.Initialised(2, [67, 41], seed: 1), 2500, seed: 3);
    }

    [Fact]
    public void ABatchOfSeveralPassesIsTheMeanOfItsParts()
    {
        var network = new DeepNetwork(2, [13, 11], 2, Activation.Tanh, [ModelCheck.WholeWeights(13, 1), null]);
        ModelCheck.Randomise(network, seed: 4);
        ModelCheck.PartsOfABatch(network, 2500, seed: 5);
        ModelCheck.PartsOfABatch(network, 7, seed: 6);
    }

    [Fact]
    public void PredictionsDoNotDependOnTheOtherSamples()
    {
        DeepNetwork network = DeepNetwork.Initialised(3, [40, 30], seed: 2, outputs: 3, Activation.Sigmoid);
        (double[] x, _, _) = ModelCheck.Batch(network, 1100, seed: 9);
        double[] all = ModelCheck.Predict(network, x);
        foreach (int i in new[] { 0, 1, 6, 1023, 1024, 1099 })
            Assert.Equal(all[(3 * i)..(3 * i + 3)], ModelCheck.Predict(network, x[(3 * i)..(3 * i + 3)]));
    }

    [Fact]
    public void SaturatedNeuronsHaveNoGradientAndNoNaN()
    {
        foreach (Activation activation in new[] { Activation.Tanh, Activation.Sigmoid, Activation.Gelu, Activation.Relu })
        {
            var network = new DeepNetwork(2, [3, 3], 1, activation);
            ModelCheck.Randomise(network, seed: 1);
            foreach (ref double value in network.Block("layers.0.weight")) value *= 1e150;
            var gradient = new double[network.Parameters.Length];
            double loss = network.Gradient([0.5, 0.25, -0.5, 1], [0, 0], gradient);
            Assert.True(double.IsFinite(loss) || activation is Activation.Gelu or Activation.Relu);
            Assert.DoesNotContain(double.NaN, gradient);
            if (activation is Activation.Tanh or Activation.Sigmoid)
                Assert.All(gradient[..9], value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void NonFiniteParametersShowInTheLoss()
    {
        DeepNetwork network = DeepNetwork.Initialised(2, [5, 5], seed: 1, activation: Activation.Tanh);
        network.Block("layers.1.weight")[7] = double.NaN;
        Assert.True(double.IsNaN(network.Gradient([1, 2], [0], new double[network.Parameters.Length])));
    }

    [Fact]
    public void InitialisationIsPyTorchsAndFollowsTheSeed()
    {
        DeepNetwork network = DeepNetwork.Initialised(16, [400, 100], seed: 5, outputs: 3);
        foreach ((string block, double bound) in new[] { ("layers.0.weight", 0.25), ("layers.0.bias", 0.25), ("layers.1.weight", 0.05), ("layers.1.bias", 0.05), ("layers.2.weight", 0.1), ("layers.2.bias", 0.1) })
        {
            double[] values = network.Block(block).ToArray();
            Assert.All(values, v => Assert.InRange(v, -bound, bound));
            // The variance of a uniform is a third of its bound squared; five standard errors, sqrt(0.8 / n) relatively.
            if (values.Length >= 100)
                Assert.Equal(bound * bound / 3, values.Average(v => v * v), 5 * bound * bound / 3 * Math.Sqrt(0.8 / values.Length));
        }
        Assert.Equal(network.Parameters, DeepNetwork.Initialised(16, [400, 100], seed: 5, outputs: 3).Parameters);
        Assert.NotEqual(network.Parameters.ToArray(), DeepNetwork.Initialised(16, [400, 100], seed: 6, outputs: 3).Parameters.ToArray());
        Assert.Equal([400, 16], network.Blocks[0].Shape);
    }

    [Fact]
    public void ACloneStandsOnItsOwn()
    {
        var network = new DeepNetwork(2, [3, 2], 1, Activation.Gelu, [[1, 2, 3], [4, 5]]);
        ModelCheck.Randomise(network, seed: 1);
        DeepNetwork clone = network.Clone();
        Assert.Equal(network.Parameters, clone.Parameters);
        Assert.Equal([4, 5], clone.ObjectWeights(1));
        Assert.Equal(Activation.Gelu, clone.Activation);
        clone.Parameters[0] = 99;
        Assert.NotEqual(99, network.Parameters[0]);
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        Bad<ArgumentOutOfRangeException>("at least 1 input", () => new DeepNetwork(0, [3]));
        Bad<ArgumentOutOfRangeException>("at least 1 output", () => new DeepNetwork(2, [3], 0));
        Bad<ArgumentException>("needs at least 1", () => new DeepNetwork(2, []));
        Bad<ArgumentOutOfRangeException>("Hidden layer 1 has 0 neurons", () => new DeepNetwork(2, [3, 0]));
        Bad<ArgumentException>("make layers narrower", () => new DeepNetwork(2, [100000, 100000]));
        Bad<ArgumentOutOfRangeException>("is no activation", () => new DeepNetwork(2, [3], 1, (Activation)7));
        Bad<ArgumentException>("Weights for 1 layers were given; there are 2", () => new DeepNetwork(2, [3, 2], weights: [[1, 1, 1]]));
        Bad<ArgumentException>("2 weights were given for 3", () => new DeepNetwork(2, [3], weights: [[1, 1]]));
        foreach (double c in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Bad<ArgumentException>($"layer 1's neuron 1 is {c}; weights must be positive and finite", () => new DeepNetwork(2, [1, 2], weights: [null, [1, c]]));
        var network = new DeepNetwork(2, [3]);
        Bad<ArgumentOutOfRangeException>("must lie between 0 and 0", () => network.ObjectWeights(1));
        Bad<ArgumentException>("the model has 13 parameters", () => network.DivideByObjectWeights(new double[12]));
        Bad<ArgumentException>("no parameter block 'layers.7.bias'", () => network.Block("layers.7.bias"));
        Bad<ArgumentException>("3 input values", () => network.Predict(new double[3], new double[1]));
    }

    private static void Bad<T>(string message, Action action)
        where T : Exception => Assert.Contains(message, Assert.Throws<T>(action).Message);

    /// <summary>Where each parameter of a network with the given neurons in each layer comes from in the other.</summary>
    private static int[] Originals(DeepNetwork network, int[][] layers)
    {
        List<int> result = [];
        for (int l = 1; l < layers.Length; l++)
        {
            ParameterBlock weight = network.Blocks[2 * l - 2], bias = network.Blocks[2 * l - 1];
            foreach (int i in layers[l])
                foreach (int j in layers[l - 1]) result.Add(weight.Offset + i * weight.Shape[1] + j);
            foreach (int i in layers[l]) result.Add(bias.Offset + i);
        }
        return [.. result];
    }
}
