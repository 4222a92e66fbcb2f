using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

public class PyramidTests
{
    [Theory]
    [InlineData(2, 3, 3000)]
    [InlineData(3, 2, 2000)]
    [InlineData(1, 4, 500)]
    public void Every_budget_from_one_run_is_met_exactly_and_keeps_the_moments(int m, int k, int d)
    {
        WeightedPoints set = Uniform(m, d, seed: 5);
        CompressionPyramid pyramid = CompressionPyramid.Build(set, new CompressionOptions { Budget = d, Degree = k });
        int n = MomentSpace.TotalDegree(m, k).Count;
        Assert.Equal(n, pyramid.SmallestBudget);
        foreach (int budget in new[] { n, n + 1, 2 * n - 1, 2 * n, d / 10, d / 7 + 3, d / 2, d - 1 })
        {
            CompressedSet result = pyramid.At(budget);
            Assert.Equal(budget, result.Count);
            Assert.All(result.Weights.ToArray(), w => Assert.True(w > 0));
            Assert.Equal(result.Indices.ToArray().Distinct().Order(), result.Indices.ToArray());
            Assert.InRange(result.Certificate.MaxMomentResidual, 0, 1e-14);
            // The global moments follow from the cells': recomputed here in plain monomials on [-1, 1]^m.
            foreach (double difference in MonomialDifferences(set, result, k))
                Assert.InRange(Math.Abs(difference) / d, 0, 1e-13);
        }
    }

    [Fact]
    public void A_larger_budget_never_has_a_larger_worst_cell()
    {
        WeightedPoints set = Uniform(2, 4000, seed: 9);
        CompressionPyramid pyramid = CompressionPyramid.Build(set, new CompressionOptions { Budget = 1, Degree = 3 });
        double[] diameters = [.. new[] { 20, 50, 100, 400, 1000, 2500 }.Select(b => pyramid.At(b).Certificate.MaxCellDiameter)];
        Assert.Equal(diameters.OrderDescending(), diameters);
    }

    [Fact]
    public void Reading_is_independent_of_threads()
    {
        WeightedPoints set = Uniform(3, 5000, seed: 2);
        CompressedSet[] results = [.. new[] { 1, 2, 5 }.Select(t =>
            CompressionPyramid.Build(set, new CompressionOptions { Budget = 1, Degree = 3, MaxDegreeOfParallelism = t }).At(333))];
        Assert.All(results, r =>
        {
            Assert.Equal(results[0].Indices.ToArray(), r.Indices.ToArray());
            Assert.Equal(results[0].Weights.ToArray(), r.Weights.ToArray());
        });
    }

    [Fact]
    public void A_circle_can_be_read_down_to_its_rank()
    {
        var xy = new double[2 * 1000];
        for (int i = 0; i < 1000; i++) (xy[2 * i + 1], xy[2 * i]) = Math.SinCos(2 * Math.PI * i / 1000);
        // Polynomials of degree 3 on a circle: 1 + 2 + 2 + 2 trigonometric ones, not 10.
        CompressionPyramid pyramid = CompressionPyramid.Build(new WeightedPoints(xy, 2), new CompressionOptions { Budget = 1, Degree = 3 });
        Assert.Equal(7, pyramid.SmallestBudget);
        Assert.Equal(7, pyramid.At(7).Count);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => pyramid.At(6));
        Assert.Contains("at least 7", error.Message);
    }

    [Fact]
    public void A_budget_of_the_whole_set_returns_it()
    {
        WeightedPoints set = Uniform(2, 100, seed: 1);
        CompressedSet all = CompressionPyramid.Build(set, new CompressionOptions { Budget = 1, Degree = 2 }).At(100);
        Assert.Equal(Enumerable.Range(0, 100), all.Indices.ToArray());
        Assert.All(all.Weights.ToArray(), w => Assert.Equal(1.0, w));
    }

    private static WeightedPoints Uniform(int m, int d, long seed)
    {
        var random = new SeededRandom(seed);
        var x = new double[d * m];
        random.FillUniform(x, -1, 1);
        return new WeightedPoints(x, m);
    }

    private static IEnumerable<double> MonomialDifferences(WeightedPoints set, CompressedSet result, int k)
    {
        MomentSpace space = MomentSpace.TotalDegree(set.Dimension, k);
        WeightedPoints small = result.Points(set);
        for (int e = 0; e < space.Count; e++)
        {
            byte[] exponents = space.Exponents(e).ToArray();
            double Monomial(ReadOnlySpan<double> x)
            {
                double p = 1;
                for (int j = 0; j < x.Length; j++) p *= Math.Pow(x[j], exponents[j]);
                return p;
            }
            yield return small.Sum(Monomial) - set.Sum(Monomial);
        }
    }
}
