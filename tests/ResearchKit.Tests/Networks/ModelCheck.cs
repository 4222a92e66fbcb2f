using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Networks;

/// <summary>What every weighted model must satisfy, whatever is inside.</summary>
internal static class ModelCheck
{
    /// <summary>Inputs, targets and weights for a model, random but for the seed.</summary>
    public static (double[] Inputs, double[] Targets, double[] Weights) Batch(WeightedModel model, int count, int seed, double size = 1)
    {
        var random = new SeededRandom(seed);
        double[] inputs = new double[count * model.InputSize], targets = new double[count * model.OutputSize], weights = new double[count];
        random.FillUniform(inputs, -size, size);
        random.FillUniform(targets, -1, 1);
        random.FillUniform(weights, 0.1, 3);
        return (inputs, targets, weights);
    }

    /// <summary>
    /// The gradient against central differences with Richardson's extrapolation (error h^4), each entry relative to the
    /// largest of its block.
    /// </summary>
    public static void FiniteDifferences(WeightedModel model, int count, int seed, double step = 1e-3, double tolerance = 1e-8)
    {
        (double[] x, double[] y, double[] w) = Batch(model, count, seed);
        double[] gradient = new double[model.Parameters.Length], scratch = new double[gradient.Length];
        double loss = model.Gradient(x, y, gradient, w);
        Assert.Equal(loss, model.Loss(new Samples(x, y, model.InputSize, model.OutputSize, w)), 1e-13 * Math.Abs(loss));
        foreach (ParameterBlock block in model.Blocks)
        {
            var expected = new double[block.Length];
            for (int i = 0; i < block.Length; i++)
            {
                double near = At(block.Offset + i, step) - At(block.Offset + i, -step), far = At(block.Offset + i, 2 * step) - At(block.Offset + i, -2 * step);
                expected[i] = (8 * near - far) / (12 * step);
            }
            double scale = expected.Max(Math.Abs);
            Assert.True(scale > 1e-6, $"block {block.Name} has no gradient worth checking");
            for (int i = 0; i < block.Length; i++)
                Assert.True(Math.Abs(expected[i] - gradient[block.Offset + i]) <= tolerance * scale, $"{block.Name}[{i}]: {gradient[block.Offset + i]}, differences give {expected[i]} (seed {seed})");
        }

        double At(int parameter, double shift)
        {
            double kept = model.Parameters[parameter];
            model.Parameters[parameter] = kept + shift;
            double value = model.Gradient(x, y, scratch, w);
            model.Parameters[parameter] = kept;
            return value;
        }
    }

    /// <summary>
    /// A model with whole weights against one with as many copies of each object: the same predictions, and by the 1/c rule
    /// for each copy the gradient of the original.
    /// </summary>
    /// <param name="model">Weights c.</param>
    /// <param name="copies">Weights 1.</param>
    /// <param name="original">For each parameter of the copies that of the model.</param>
    /// <param name="count">Samples.</param>
    /// <param name="seed">Seed of the samples.</param>
    public static void Copies(WeightedModel model, WeightedModel copies, int[] original, int count, int seed)
    {
        for (int i = 0; i < original.Length; i++) copies.Parameters[i] = model.Parameters[original[i]];
        (double[] x, double[] y, double[] w) = Batch(model, count, seed);
        double[] f = Predict(model, x), g = Predict(copies, x);
        double scale = f.Max(Math.Abs);
        for (int i = 0; i < f.Length; i++) Assert.True(Math.Abs(f[i] - g[i]) <= 1e-12 * scale, $"prediction {i}: {f[i]}, by copies {g[i]} (seed {seed})");
        double[] ours = new double[model.Parameters.Length], theirs = new double[copies.Parameters.Length];
        model.Gradient(x, y, ours, w);
        copies.Gradient(x, y, theirs, w);
        model.DivideByObjectWeights(ours);
        foreach (ParameterBlock block in copies.Blocks)
        {
            double largest = theirs.AsSpan(block.Offset, block.Length).ToArray().Max(Math.Abs);
            Assert.True(largest > 0, $"block {block.Name} has no gradient");
            for (int i = block.Offset; i < block.Offset + block.Length; i++)
                Assert.True(Math.Abs(ours[original[i]] - theirs[i]) <= 1e-12 * largest, $"{block.Name}[{i - block.Offset}]: {ours[original[i]]}, a copy sees {theirs[i]} (seed {seed})");
        }
    }

    /// <summary>The same bits for any number of threads, and for a second call.</summary>
    public static void Threads(WeightedModel model, int count, int seed)
    {
        (double[] x, double[] y, double[] w) = Batch(model, count, seed);
        double[]? firstGradient = null, firstPredictions = null;
        foreach (int threads in new[] { 1, 2, 3, 7, -1, 1 })
        {
            double[] gradient = new double[model.Parameters.Length], f = new double[y.Length];
            double loss = model.Gradient(x, y, gradient, w, threads);
            model.Predict(x, f, threads);
            Assert.True(double.IsFinite(loss));
            double[] both = [.. gradient, loss];
            Assert.Equal(firstGradient ??= both, both);
            Assert.Equal(firstPredictions ??= f, f);
        }
    }

    /// <summary>A gradient over many samples is the mean, by weights, of the gradients over parts of them; weights 2 count as two samples.</summary>
    public static void PartsOfABatch(WeightedModel model, int count, int seed)
    {
        (double[] x, double[] y, double[] w) = Batch(model, count, seed);
        int n = model.InputSize, p = model.OutputSize, length = model.Parameters.Length;
        double[] whole = new double[length], sum = new double[length], part = new double[length];
        double loss = model.Gradient(x, y, whole, w), mean = 0, mass = w.Sum();
        foreach ((int from, int to) in new[] { (0, 1), (1, count / 3), (count / 3, count) })
        {
            double share = w[from..to].Sum() / mass;
            mean += share * model.Gradient(x.AsSpan(from * n, (to - from) * n), y.AsSpan(from * p, (to - from) * p), part, w.AsSpan(from, to - from));
            for (int i = 0; i < length; i++) sum[i] += share * part[i];
        }
        Assert.Equal(loss, mean, 1e-12 * loss);
        Close(whole, sum, 1e-12);

        double[] twice = [.. Enumerable.Repeat(2.0, count)];
        model.Gradient([.. x, .. x], [.. y, .. y], part);
        model.Gradient(x, y, sum, twice);
        Close(part, sum, 1e-12);
    }

    public static double[] Predict(WeightedModel model, double[] inputs)
    {
        var f = new double[inputs.Length / model.InputSize * model.OutputSize];
        model.Predict(inputs, f);
        return f;
    }

    public static void Randomise(WeightedModel model, int seed, double size = 1)
    {
        var random = new SeededRandom(seed);
        random.FillUniform(model.Parameters, -size, size);
    }

    public static double[] WholeWeights(int count, int seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 1.0 + random.NextInt(4))];
    }

    /// <summary>Equal up to the tolerance times the largest.</summary>
    public static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * scale, $"value {i}: {actual[i]}, expected {expected[i]}, within {tolerance} of {scale}");
    }
}
