using ResearchKit.Baselines;

namespace ResearchKit.Tests.Compression;

/// <summary>The analytic bound of T3 with its constants.</summary>
public class TaylorBoundTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(3, 0.5)]
    [InlineData(7, 0.99)]
    [InlineData(40, 0.01)]
    public void TheTailInOneVariableIsGeometric(int k, double y)
        => Assert.Equal(1, CellBounds.Tail(MomentSpace.TotalDegree(1, k), [y]) / (Math.Pow(y, k + 1) / (1 - y)), 2e-3);

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(4, 5)]
    public void TheTailIsWhatTheKeptMonomialsLeaveOfTheWhole(int m, int k)
    {
        double[] y = [.. Enumerable.Range(0, m).Select(j => 0.3 + 0.1 * j)];
        MomentSpace space = MomentSpace.TotalDegree(m, k);
        double whole = y.Aggregate(1.0, (p, v) => p / (1 - v)), kept = 0;
        for (int e = 0; e < space.Count; e++)
        {
            double term = 1;
            for (int j = 0; j < m; j++) term *= Math.Pow(y[j], space.Exponents(e)[j]);
            kept += term;
        }
        double tail = CellBounds.Tail(space, y);
        Assert.InRange(tail / (whole - kept), 1 - 1e-12, 1.002);
    }

    [Fact]
    public void ThinAndConstantSidesAddNothing()
    {
        MomentSpace space = MomentSpace.TotalDegree(3, 2);
        Assert.Equal(0, CellBounds.Tail(space, [0, 0, 0]));
        Assert.Equal(1, CellBounds.Tail(space, [0, 0.5, 0]) / 0.25, 2e-3);
    }

    /// <summary>g = prod_j 1 / (1 - (z_j - c_j) / rho) has Taylor coefficients of rho^-|a| about c exactly: the worst case itself.</summary>
    [Theory]
    [InlineData(1, 4, 5)]
    [InlineData(2, 3, 10)]
    [InlineData(3, 2, 10)]
    public void TheExtremalFunctionOfOneCellStaysBelow(int m, int k, int budget)
    {
        WeightedPoints set = HardSets.Cube(m, 500);
        CompressedSet result = Check.Compress(set, k, budget);
        Assert.Equal(1, result.Certificate.Cells);
        LocalFrame frame = LocalFrame.Of(set);
        double[] center = frame.Center.ToArray();
        foreach (double rho in new[] { 1.5, 3, 10 })
        {
            double error = ProbeFunctions.Error(set, result, x =>
            {
                double g = 1;
                for (int j = 0; j < m; j++) g /= 1 - (x[j] - center[j]) / rho;
                return g;
            });
            double bound = result.Certificate.TaylorBound(1, rho);
            Assert.True(error <= bound, $"rho={rho}: {error} above the bound {bound}");
            Assert.InRange(bound / error, 1, 3e5);
            Assert.Equal(2.5 * bound, result.Certificate.TaylorBound(2.5, rho), 1e-12 * bound);
        }
    }

    [Theory]
    [InlineData("generic", 2, 5, 3000, 300)]
    [InlineData("off-centre cluster 5 +- 0.01", 2, 3, 2000, 100)]
    [InlineData("weights over 12 decades", 3, 3, 3000, 400)]
    public void RationalFunctionsOfManyCellsStayBelow(string name, int m, int k, int d, int budget)
    {
        WeightedPoints set = HardSets.Make(name, m, d);
        CompressedSet result = Check.Compress(set, k, budget);
        double reach = 0;
        foreach (double v in set.Coordinates) reach = Math.Max(reach, Math.Abs(v));
        // 1 / (A + w.z), |w_j| <= 1, A = m reach + 2 m: where |z_j - centre_j| < rho = 1.9 the denominator stays above 0.1 m.
        foreach (int seed in Enumerable.Range(0, 20))
        {
            var random = new Random(seed);
            double[] w = [.. Enumerable.Range(0, m).Select(_ => 2 * random.NextDouble() - 1)];
            double error = ProbeFunctions.Error(set, result, x =>
            {
                double dot = m * reach + 2 * m;
                for (int j = 0; j < m; j++) dot += w[j] * x[j];
                return 1 / dot;
            });
            double bound = result.Certificate.TaylorBound(1 / (0.1 * m), 1.9);
            Assert.True(error <= bound && double.IsFinite(bound), $"seed {seed}: {error}, bound {bound}");
        }
    }

    [Fact]
    public void WhereItDoesNotApply()
    {
        WeightedPoints set = HardSets.Cube(2, 400);
        Certificate c = Check.Compress(set, 3, 20).Certificate;
        Assert.Equal(double.PositiveInfinity, c.TaylorBound(1, 0.1));
        Assert.InRange(c.TaylorBound(1, double.PositiveInfinity), 0, 1e-13);
        Assert.Equal(0, c.TaylorBound(0, 2));
        Assert.Equal(0, Check.Compress(set, 3, 400).Certificate.TaylorBound(1, 0.1));
        Assert.True(double.IsNaN(UniformSubset.Compress(set, new CompressionOptions { Budget = 20 }).Certificate.TaylorBound(1, 2)));
        foreach (double bad in new[] { -1, double.NaN, double.PositiveInfinity })
            Assert.Contains($"M = {bad}", Assert.Throws<ArgumentOutOfRangeException>(() => c.TaylorBound(bad, 1)).Message);
        foreach (double bad in new[] { 0, -1, double.NaN })
            Assert.Contains($"rho = {bad}", Assert.Throws<ArgumentOutOfRangeException>(() => c.TaylorBound(1, bad)).Message);
    }
}
