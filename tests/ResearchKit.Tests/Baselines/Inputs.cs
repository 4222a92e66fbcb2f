using ResearchKit.Tasks;

namespace ResearchKit.Tests.Baselines;

/// <summary>Point sets and checks that the baselines' tests share.</summary>
internal static class Inputs
{
    public static WeightedPoints Cube(int m, int d, int seed, bool weighted = false)
    {
        var random = new SeededRandom(seed);
        var rows = new double[m * d];
        random.FillUniform(rows, -1, 1);
        if (!weighted) return new WeightedPoints(rows, m);
        var weights = new double[d];
        random.FillUniform(weights, 0.1, 3);
        return new WeightedPoints(rows, m, weights);
    }

    /// <summary>What every selection promises: shape, order, positivity, mass, the size bound.</summary>
    public static void AssertSelection(WeightedPoints set, CompressedSet result, int budget, double massTolerance, string context)
    {
        Assert.True(result.Count <= budget, $"{context}: {result.Count} objects for a budget of {budget}");
        Assert.Equal(result.Count, result.Weights.Length);
        for (int i = 0; i < result.Count; i++)
        {
            Assert.InRange(result.Indices[i], 0, set.Count - 1);
            Assert.True(i == 0 || result.Indices[i] > result.Indices[i - 1], $"{context}: indices not ascending at {i}");
            Assert.True(result.Weights[i] > 0, $"{context}: weight {result.Weights[i]} at {i}");
        }
        double mass = result.Weights.ToArray().Sum();
        Assert.True(Math.Abs(mass - set.Mass) <= massTolerance * set.Mass, $"{context}: mass {mass} for {set.Mass}");
        Assert.Equal(set.Count, result.Certificate.OriginalCount);
        Assert.Equal(result.Count, result.Certificate.Count);
        Assert.Equal(set.Mass, result.Certificate.OriginalMass);
        Assert.Equal(mass, result.Certificate.Mass, 1e-12 * mass);
    }

    /// <summary>A baseline refuses metrics that it would ignore, and takes those that only scale.</summary>
    public static void AssertMetrics(Func<WeightedPoints, CompressionOptions, CompressedSet> compress)
    {
        WeightedPoints set = Cube(2, 50, 1);
        CompressionOptions Options(PartitionMetric metric) => new() { Budget = 20, MomentSpace = MomentSpace.TotalDegree(2, 2, metric) };
        Assert.Contains("whitens coordinates 0, 1", Assert.Throws<ArgumentException>(() => compress(set, Options(PartitionMetric.Whitened(set)))).Message);
        Assert.Contains("separates the values of coordinate 1", Assert.Throws<ArgumentException>(() => compress(set, Options(PartitionMetric.AllCoordinates(2).Separating(1)))).Message);
        Assert.Equal(20, compress(set, Options(PartitionMetric.Standardised(set))).Count);
    }

    /// <summary>The largest difference of a raw monomial moment up to a degree, relative to the mass.</summary>
    public static double MomentError(WeightedPoints set, CompressedSet result, int degree)
    {
        MomentSpace space = MomentSpace.TotalDegree(set.Dimension, degree);
        WeightedPoints compressed = result.Points(set);
        double worst = 0;
        for (int e = 0; e < space.Count; e++)
        {
            byte[] exponents = space.Exponents(e).ToArray();
            double Monomial(ReadOnlySpan<double> x)
            {
                double value = 1;
                for (int j = 0; j < exponents.Length; j++) value *= Math.Pow(x[j], exponents[j]);
                return value;
            }
            worst = Math.Max(worst, Math.Abs(set.Sum(Monomial) - compressed.Sum(Monomial)) / set.Mass);
        }
        return worst;
    }

    public sealed class Immediate(Action<CompressionProgress> action) : IProgress<CompressionProgress>
    {
        public void Report(CompressionProgress value) => action(value);
    }
}
