using ResearchKit.Networks;

namespace ResearchKit.Tests.NetworkCompression;

public class HeadCompressionTests
{
    private static NetworkCompressionOptions Options(int budget, ObjectSpace? space = null, int threads = 1) => new() { Budget = budget, Space = space, MaxDegreeOfParallelism = threads };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void FunctionAndTangentKernelOfHeadsAreKept(int headSize)
    {
        AttentionLayer layer = AttentionLayer.Initialised(1500, 1, tokens: 7, headSize: headSize);
        CompressedNetwork<AttentionLayer> few = NetworkCompressor.Compress(layer, Options(400, ObjectSpace.Heads(6)));
        Assert.Equal(400, few.Network.Heads);
        Assert.Equal(1500, few.Network.ObjectWeights().ToArray().Sum(), 1e-10 * 1500);
        double[] inputs = Nets.Inputs(20, 7, 2);
        Assert.InRange(Nets.Distance(Nets.Predict(few.Network, inputs), Nets.Predict(layer, inputs)), 0, 1e-8);
        Assert.InRange(Nets.Distance(Kernel(few.Network, inputs), Kernel(layer, inputs)), 0, 1e-8);
        // Three moments of the mass alone keep neither.
        CompressedNetwork<AttentionLayer> drawn = NetworkCompressor.Compress(layer, Options(400, ObjectSpace.Random()));
        Assert.True(Nets.Distance(Kernel(drawn.Network, inputs), Kernel(layer, inputs)) > 1e-3);
    }

    [Fact]
    public void HeadsAsTheyStandKeepTheirMomentsAndTheirParameters()
    {
        AttentionLayer layer = AttentionLayer.Initialised(700, 3);
        CompressedNetwork<AttentionLayer> few = NetworkCompressor.Compress(layer, Options(200, ObjectSpace.TotalDegree(2)));
        Assert.Equal(few.GatherParameters<double>(layer.Parameters), few.Network.Parameters.ToArray());
        string[] order = ["output.weight", "value.weight", "query.weight", "key.weight"];
        double[][] Rows(AttentionLayer l) => [.. order.SelectMany(name => Enumerable.Range(0, 2).Select(h => l.Block(name).Slice(h * l.Heads, l.Heads).ToArray()))];
        double[][] original = Rows(layer), kept = Rows(few.Network);
        double[] c = few.Network.ObjectWeights().ToArray();
        for (int a = 0; a < 8; a++)
            for (int b = 0; b <= a; b++)
                Assert.Equal(original[a].Zip(original[b], (x, y) => x * y).Sum(), kept[a].Zip(kept[b], (x, y) => x * y).Zip(c, (x, w) => x * w).Sum(), 1e-10 * 700);
    }

    [Fact]
    public void FoldingThreadsAndCompressingTwice()
    {
        AttentionLayer layer = AttentionLayer.Initialised(900, 4, tokens: 6);
        double[] inputs = Nets.Inputs(20, 6, 2);
        CompressedNetwork<AttentionLayer> one = NetworkCompressor.Compress(layer, Options(300, ObjectSpace.Heads())), many = NetworkCompressor.Compress(layer, Options(300, ObjectSpace.Heads(), threads: 4));
        Assert.Equal(one.Network.Parameters.ToArray(), many.Network.Parameters.ToArray());
        Assert.Equal(one.Network.ObjectWeights().ToArray(), many.Network.ObjectWeights().ToArray());
        Assert.InRange(Nets.Distance(Nets.Predict(one.Fold(), inputs), Nets.Predict(one.Network, inputs)), 0, 1e-12);
        CompressedNetwork<AttentionLayer> twice = NetworkCompressor.Compress(one.Network, Options(100, ObjectSpace.Heads()));
        Assert.Equal(100, twice.Network.Heads);
        Assert.Equal(900, twice.Network.ObjectWeights().ToArray().Sum(), 1e-9);
        Assert.InRange(Nets.Distance(Nets.Predict(twice.Network, inputs), Nets.Predict(layer, inputs)), 0, 1e-3);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        AttentionLayer layer = AttentionLayer.Initialised(200, 5);
        Assert.Contains("Refit", Assert.Throws<ArgumentException>(() => NetworkCompressor.Compress(layer, Options(100) with { Refit = new() { Inputs = [1] } })).Message, StringComparison.Ordinal);
        Assert.Contains("d' = 20", Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCompressor.Compress(layer, Options(20))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ObjectSpace.Heads(-1));
        Assert.Contains("no heads", Assert.Throws<ArgumentException>(() => NetworkCompressor.Compress(Nets.TwoLayer(100, 1, inputs: 3), Options(50, ObjectSpace.Heads()))).Message, StringComparison.Ordinal);
        layer.Block("key.weight")[3] = double.PositiveInfinity;
        Assert.Contains("'key.weight'", Assert.Throws<ArgumentException>(() => NetworkCompressor.Compress(layer, Options(100))).Message, StringComparison.Ordinal);
    }

    /// <summary>sum_j c_j grad_j f(x) . grad_j f(x') on all pairs, from the gradients of (f - y)^2 at y = f - 1/2.</summary>
    private static double[] Kernel(AttentionLayer layer, double[] inputs)
    {
        int tokens = layer.InputSize, count = inputs.Length / tokens;
        double[] f = Nets.Predict(layer, inputs);
        double[][] whole = new double[count][], single = new double[count][];
        for (int s = 0; s < count; s++)
        {
            whole[s] = new double[layer.Parameters.Length];
            layer.Gradient(inputs.AsSpan(s * tokens, tokens), [f[s] - 0.5], whole[s]);
            single[s] = [.. whole[s]];
            layer.DivideByObjectWeights(single[s]);
        }
        return [.. whole.SelectMany(a => single.Select(b => a.Zip(b, (x, y) => x * y).Sum()))];
    }
}
