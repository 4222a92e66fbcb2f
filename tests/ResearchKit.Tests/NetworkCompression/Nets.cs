using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.NetworkCompression;

/// <summary>Networks, and what a compression of them must keep.</summary>
internal static class Nets
{
    /// <summary>2-d-1 ReLU at PyTorch's default start.</summary>
    public static TwoLayerNetwork TwoLayer(int width, int seed, int inputs = 2, int outputs = 1, Activation activation = Activation.Relu)
        => TwoLayerNetwork.Initialised(inputs, width, seed, outputs, activation);

    /// <summary>The same with weights between a tenth and ten.</summary>
    public static TwoLayerNetwork Weighted(int width, int seed, int inputs = 2, int outputs = 1)
    {
        var random = new SeededRandom(seed, 5);
        var weights = new double[width];
        for (int j = 0; j < width; j++) weights[j] = Math.Pow(10, random.Uniform(-1, 1));
        var network = new TwoLayerNetwork(inputs, width, outputs, Activation.Relu, weights);
        random.FillUniform(network.Parameters, -1, 1);
        return network;
    }

    /// <summary>(v, w, b) of every neuron, read off the blocks by hand.</summary>
    public static WeightedPoints Neurons(TwoLayerNetwork network)
    {
        int d = network.Width, n = network.InputSize, o = network.OutputSize, m = o + n + 1;
        var rows = new double[d * m];
        for (int j = 0; j < d; j++)
        {
            for (int a = 0; a < o; a++) rows[j * m + a] = network.Block("output.weight")[a * d + j];
            for (int k = 0; k < n; k++) rows[j * m + o + k] = network.Block("hidden.weight")[k * d + j];
            rows[j * m + o + n] = network.Block("hidden.bias")[j];
        }
        return new WeightedPoints(rows, m, network.ObjectWeights().ToArray());
    }

    public static double[] Inputs(int count, int size, int seed)
    {
        var inputs = new double[count * size];
        new SeededRandom(seed, 99).FillUniform(inputs, -1, 1);
        return inputs;
    }

    public static double[] Predict(WeightedModel network, double[] inputs)
    {
        var predictions = new double[inputs.Length / network.InputSize * network.OutputSize];
        network.Predict(inputs, predictions, 1);
        return predictions;
    }

    public static double Distance(double[] a, double[] b)
        => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum() / Math.Max(b.Sum(y => y * y), double.Epsilon));

    /// <summary>A network of chosen neurons of another one.</summary>
    public static TwoLayerNetwork Gathered(TwoLayerNetwork network, int[] source, double[]? weights)
    {
        var gathered = new TwoLayerNetwork(network.InputSize, source.Length, network.OutputSize, network.Activation, weights);
        foreach (string block in new[] { "hidden.weight", "hidden.bias", "output.weight" })
        {
            Span<double> from = network.Block(block), to = gathered.Block(block);
            for (int i = 0; i < to.Length; i++) to[i] = from[i / source.Length * network.Width + source[i % source.Length]];
        }
        network.Block("output.bias").CopyTo(gathered.Block("output.bias"));
        return gathered;
    }
}
