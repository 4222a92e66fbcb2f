using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Networks;

public class AttentionLayerTests
{
    [Fact]
    public void OneHeadWorkedByHand()
    {
        // Scores 0 and ln 3 give the tokens 0 and 1 the shares 1/4 and 3/4: mean 3/4, variance 3/16, f = 3 * 2 * -1 * 3/4.
        double key = Math.Log(3);
        var layer = new AttentionLayer(1, tokens: 2, headSize: 1, weights: [3]);
        new[] { 1, key, -1, 2 }.CopyTo(layer.Parameters);
        var gradient = new double[4];
        Assert.Equal(20.25, layer.Gradient([0, 1], [0], gradient), 1e-14);
        // dL/df = -9; by kappa -9 * -6 * 3/16 = 10.125; by omega -9 * 3 * 3/4 = -20.25.
        ModelCheck.Close([10.125 * key, 10.125, -40.5, 20.25], gradient, 1e-15);
        layer.DivideByObjectWeights(gradient);
        ModelCheck.Close([3.375 * key, 3.375, -13.5, 6.75], gradient, 1e-15);
    }

    [Theory]
    [InlineData(1, 1, 1, false)]
    [InlineData(3, 5, 1, true)]
    [InlineData(5, 17, 2, false)]
    [InlineData(7, 9, 3, true)]
    [InlineData(33, 17, 2, true)]
    public void PredictionsAreTheDefinitionWithItsMatrices(int heads, int tokens, int headSize, bool every)
    {
        var layer = new AttentionLayer(heads, tokens, headSize, every, [.. ModelCheck.WholeWeights(heads, 1).Select(c => c / 3)]);
        ModelCheck.Randomise(layer, seed: 2, size: 2);
        (double[] x, _, _) = ModelCheck.Batch(layer, 7, seed: 3);
        double[] f = ModelCheck.Predict(layer, x);
        List<double> expected = [];
        for (int b = 0; b < 7; b++)
            for (int t = every ? 0 : tokens - 1; t < tokens; t++) expected.Add(Definition(layer, x[(b * tokens)..(b * tokens + tokens)], t));
        ModelCheck.Close([.. expected], f, 1e-14);
    }

    [Theory]
    [InlineData(1, 3, 2, false)]
    [InlineData(5, 17, 2, false)]
    [InlineData(3, 5, 1, true)]
    [InlineData(7, 4, 3, true)]
    public void GradientIsThatOfFiniteDifferences(int heads, int tokens, int headSize, bool every)
    {
        var layer = new AttentionLayer(heads, tokens, headSize, every, [.. ModelCheck.WholeWeights(heads, 1).Select(c => c / 3)]);
        ModelCheck.Randomise(layer, seed: 4, size: 1.5);
        ModelCheck.FiniteDifferences(layer, 6, seed: 5, tolerance: 1e-9);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(9, false)]
    [InlineData(6, true)]
    public void WholeWeightsAreCopies(int heads, bool every)
    {
        double[] c = ModelCheck.WholeWeights(heads, 3);
        var layer = new AttentionLayer(heads, 17, 2, every, c);
        ModelCheck.Randomise(layer, seed: 6);
        int[] original = [.. c.SelectMany((count, i) => Enumerable.Repeat(i, (int)count))];
        ModelCheck.Copies(layer, new AttentionLayer(original.Length, 17, 2, every), Originals(layer, original), 9, seed: 7);
    }

    [Fact]
    public void ReorderedHeadsGiveTheSameFunctionAndReorderedGradients()
    {
        int[] order = [4, 0, 6, 2, 1, 5, 3];
        double[] c = ModelCheck.WholeWeights(7, 3);
        var layer = new AttentionLayer(7, weights: c);
        ModelCheck.Randomise(layer, seed: 1);
        var other = new AttentionLayer(7, weights: [.. order.Select(i => c[i])]);
        int[] originals = Originals(layer, order);
        for (int i = 0; i < originals.Length; i++) other.Parameters[i] = layer.Parameters[originals[i]];
        (double[] x, double[] y, double[] w) = ModelCheck.Batch(layer, 5, seed: 8);
        ModelCheck.Close(ModelCheck.Predict(layer, x), ModelCheck.Predict(other, x), 1e-14);
        double[] gradient = new double[originals.Length], reordered = new double[originals.Length];
        layer.Gradient(x, y, gradient, w);
        other.Gradient(x, y, reordered, w);
        ModelCheck.Close([.. originals.Select(i => gradient[i])], reordered, 1e-13);
    }

    [Fact]
    public void LaterTokensDoNotReachEarlierPositions()
    {
        AttentionLayer layer = AttentionLayer.Initialised(5, seed: 1, tokens: 9, everyPosition: true);
        (double[] x, _, _) = ModelCheck.Batch(layer, 1, seed: 2);
        double[] before = ModelCheck.Predict(layer, x);
        x[6] += 10;
        double[] after = ModelCheck.Predict(layer, x);
        Assert.Equal(before[..6], after[..6]);
        for (int t = 6; t < 9; t++) Assert.NotEqual(before[t], after[t]);
    }

    [Fact]
    public void TheLastOfEveryPositionIsThePredictionAtTheLast()
    {
        var every = new AttentionLayer(11, everyPosition: true);
        var last = new AttentionLayer(11);
        ModelCheck.Randomise(every, seed: 1);
        every.Parameters.CopyTo(last.Parameters);
        (double[] x, _, _) = ModelCheck.Batch(last, 3, seed: 2);
        double[] f = ModelCheck.Predict(every, x);
        Assert.Equal([f[16], f[33], f[50]], ModelCheck.Predict(last, x));
    }

    [Fact]
    public void BitsDoNotDependOnTheThreadsOrOnWhatIsStored()
    {
        var layer = new AttentionLayer(301, everyPosition: true, weights: ModelCheck.WholeWeights(301, 1));
        ModelCheck.Randomise(layer, seed: 1);
        ModelCheck.Threads(layer, 30, seed: 2);
        (double[] x, double[] y, double[] w) = ModelCheck.Batch(layer, 30, seed: 3);
        double[] stored = new double[layer.Parameters.Length], again = new double[stored.Length];
        double loss = layer.Gradient(x, y, stored, w);
        (layer.StoredValues, layer.PartValues) = (1000, 7 * 304);
        Assert.Equal(loss, layer.Gradient(x, y, again, w));
        Assert.Equal(stored, again);
    }

    [Fact]
    public void ABatchIsTheMeanOfItsParts()
    {
        var layer = new AttentionLayer(13, weights: ModelCheck.WholeWeights(13, 1));
        ModelCheck.Randomise(layer, seed: 4);
        ModelCheck.PartsOfABatch(layer, 37, seed: 5);
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e30)]
    [InlineData(1e200)]
    public void LargeScoresPickOneTokenAndDoNotOverflow(double size)
    {
        // kappa > 0 and a positive last token: the largest token takes all; kappa < 0: the smallest.
        var layer = new AttentionLayer(2, tokens: 4, headSize: 1);
        new[] { size, size, size, -size, 1, 1, 1, 10 }.CopyTo(layer.Parameters);
        var gradient = new double[8];
        layer.Gradient([-0.5, 0.75, 0.25, 0.5], [0], gradient);
        Assert.Equal([0.75 + 10 * -0.5], ModelCheck.Predict(layer, [-0.5, 0.75, 0.25, 0.5]));
        Assert.Equal([0, 0, 0, 0], gradient[..4]);
        Assert.DoesNotContain(double.NaN, gradient);
        // A last token of 0 has no preference.
        Assert.Equal(11 * 0.125, ModelCheck.Predict(layer, [-0.5, 0.75, 0.25, 0])[0], 1e-14);
    }

    [Fact]
    public void TheVarianceKeepsItsDigitsWhenOneTokenDominates()
    {
        // One head, tokens 1 and 0.5: the share of the second is q = 1 / (1 + exp(20)), the slope (1/4) q (1 - q).
        var layer = new AttentionLayer(1, tokens: 2, headSize: 1);
        new double[] { 40, 1, 1, 1 }.CopyTo(layer.Parameters);
        var gradient = new double[4];
        layer.Gradient([0.5, 1], [0], gradient);
        double q = 1 / (1 + Math.Exp(20)), f = 1 - q / 2;
        Assert.Equal(2 * f * 0.25 * q * (1 - q), gradient[0], 1e-14 * gradient[0]);
    }

    [Fact]
    public void EqualTokensAndNonFiniteParameters()
    {
        var layer = new AttentionLayer(3, tokens: 5);
        ModelCheck.Randomise(layer, seed: 1);
        double omega = 0;
        for (int i = 0; i < 6; i++) omega += layer.Block("value.weight")[i] * layer.Block("output.weight")[i];
        Assert.Equal(0.3 * omega, ModelCheck.Predict(layer, [0.3, 0.3, 0.3, 0.3, 0.3])[0], 1e-15);
        layer.Parameters[1] = double.NaN;
        Assert.Equal(double.NaN, layer.Gradient([1, 2, 3, 4, 5], [0], new double[24]));
    }

    [Fact]
    public void InitialisationIsPyTorchsAndFollowsTheSeed()
    {
        AttentionLayer layer = AttentionLayer.Initialised(800, seed: 3);
        foreach ((string block, double bound) in new[] { ("query.weight", 1), ("key.weight", 1), ("value.weight", 1), ("output.weight", 1 / 40.0) })
        {
            double[] values = layer.Block(block).ToArray();
            Assert.Equal(1600, values.Length);
            Assert.All(values, v => Assert.InRange(v, -bound, bound));
            Assert.Equal(bound * bound / 3, values.Average(v => v * v), 5 * bound * bound / 3 * Math.Sqrt(0.8 / values.Length));
        }
        Assert.Equal(layer.Parameters, AttentionLayer.Initialised(800, seed: 3).Parameters);
        Assert.NotEqual(layer.Parameters.ToArray(), AttentionLayer.Initialised(800, seed: 4).Parameters.ToArray());
        AttentionLayer clone = layer.Clone();
        clone.Parameters[0] = 9;
        Assert.NotEqual(9, layer.Parameters[0]);
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        Bad<ArgumentOutOfRangeException>("at least 1 head", () => new AttentionLayer(0));
        Bad<ArgumentOutOfRangeException>("at least 1 token", () => new AttentionLayer(2, tokens: 0));
        Bad<ArgumentOutOfRangeException>("at least 1 dimension", () => new AttentionLayer(2, headSize: 0));
        Bad<ArgumentOutOfRangeException>("more parameters than an array holds", () => new AttentionLayer(1 << 30));
        Bad<ArgumentException>("3 weights were given for 2", () => new AttentionLayer(2, weights: [1, 1, 1]));
        Bad<ArgumentException>("head 1 is 0; weights must be positive and finite", () => new AttentionLayer(2, weights: [1, 0]));
        var layer = new AttentionLayer(2);
        Bad<ArgumentOutOfRangeException>("must lie between 0 and 0", () => layer.ObjectWeights(1));
        Bad<ArgumentException>("the model has 16 parameters", () => layer.DivideByObjectWeights(new double[3]));
        Bad<ArgumentException>("rows of 17", () => layer.Predict(new double[16], new double[1]));
    }

    private static void Bad<T>(string message, Action action)
        where T : Exception => Assert.Contains(message, Assert.Throws<T>(action).Message);

    /// <summary>The prediction at position t written out: queries, keys, values, scores, softmax.</summary>
    private static double Definition(AttentionLayer layer, double[] x, int t)
    {
        int h = layer.HeadSize, d = layer.Heads;
        double[] query = layer.Block("query.weight").ToArray(), key = layer.Block("key.weight").ToArray();
        double[] value = layer.Block("value.weight").ToArray(), output = layer.Block("output.weight").ToArray();
        double sum = 0;
        for (int i = 0; i < d; i++)
        {
            var scores = new double[t + 1];
            for (int s = 0; s <= t; s++)
                for (int r = 0; r < h; r++) scores[s] += query[r * d + i] * x[t] * (key[r * d + i] * x[s]) / Math.Sqrt(h);
            double[] shares = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
            for (int s = 0; s <= t; s++)
                for (int r = 0; r < h; r++) sum += layer.ObjectWeights()[i] * output[r * d + i] * value[r * d + i] * x[s] * shares[s] / shares.Sum();
        }
        return sum;
    }

    /// <summary>Where each parameter of a layer with the given heads comes from.</summary>
    private static int[] Originals(AttentionLayer layer, int[] heads) =>
        [.. Enumerable.Range(0, 4 * layer.HeadSize).SelectMany(row => heads.Select(i => row * layer.Heads + i))];
}
