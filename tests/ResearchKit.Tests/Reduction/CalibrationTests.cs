using ResearchKit.Tasks;
using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.Reduction;

/// <summary>A sample's weights, changed as little as gives it the moments of the whole: exact, nonnegative, and the least change.</summary>
public unsafe class CalibrationTests
{
    [Theory]
    [InlineData(1, 4, 60)]
    [InlineData(2, 4, 90)]
    [InlineData(3, 3, 120)]
    [InlineData(3, 5, 336)]
    [InlineData(6, 2, 120)]
    public void ASampleGetsTheMomentsOfTheWhole(int m, int k, int size)
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            WeightedPoints whole = HardSets.Cube(m, 4000, seed), sample = HardSets.Cube(m, size, seed + 100);
            double[] weights = Solve(sample, Moments(whole, k, null), k, out bool solved)!;
            Assert.True(solved, $"m={m} k={k} seed={seed}");
            Assert.All(weights, w => Assert.True(w >= 0, $"seed {seed}: weight {w}"));
            double[] wanted = Moments(whole, k, null), got = Moments(sample, k, weights);
            for (int e = 0; e < wanted.Length; e++) Assert.True(Math.Abs(wanted[e] / 4000 - got[e]) <= 1e-13, $"seed {seed}: moment {e} of {got[e]} for {wanted[e] / 4000}");
        }
    }

    [Theory]
    [InlineData(1, 3, 80)]
    [InlineData(2, 3, 200)]
    public void TheChangeIsTheLeastWhereAllWeightsStayPositive(int m, int k, int size)
    {
        // For equal weights the least change has another form, solved for elsewhere in the library: orthogonal rows.
        WeightedPoints whole = HardSets.Cube(m, 4000), sample = HardSets.Cube(m, size, 7);
        double[] weights = Solve(sample, Moments(whole, k, null), k, out bool solved)!;
        Assert.True(solved);
        Assert.True(weights.Min() > 0);
        MomentSpace space = MomentSpace.TotalDegree(m, k);
        int stride = NativeBuffer.Padded(size);
        var rows = new double[space.Count * stride];
        var residual = new double[space.Count];
        double[] wanted = Moments(whole, k, null);
        for (int e = 0; e < space.Count; e++)
        {
            for (int i = 0; i < size; i++) rows[e * stride + i] = Monomial(space, e, sample[i]);
            residual[e] = wanted[e] / 4000 - Enumerable.Range(0, size).Sum(i => rows[e * stride + i]) / size;
        }
        double[] equal = [.. Enumerable.Repeat(1.0 / size, size)], changed = [.. equal];
        using var least = new LeastChange();
        fixed (double* a = rows) least.Factor(a, space.Count, size, stride, equal, 1.0);
        Assert.True(least.TrySolve(residual, 1.0, least.Rank, equal, changed));
        for (int i = 0; i < size; i++) Assert.Equal(changed[i], weights[i], 1e-12);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void MomentsOutsideTheHullAreRefused(int m, int k)
    {
        var far = new WeightedPoints([.. Enumerable.Repeat(2.0, m)], m);
        Solve(HardSets.Cube(m, 80), Moments(far, k, null), k, out bool solved);
        Assert.False(solved);
    }

    [Fact]
    public void AnOutlierInTheWholeThatTheSampleMissesIsRefused()
    {
        double[] x = HardSets.Cube(2, 4000).Coordinates.ToArray();
        x[0] = 1e6;
        Solve(HardSets.Cube(2, 90, 3), Moments(new WeightedPoints(x, 2), 4, null), 4, out bool solved);
        Assert.False(solved);
    }

    /// <summary>Equal weights of sum 1, calibrated; in the sample's own order.</summary>
    private static double[] Solve(WeightedPoints sample, double[] wanted, int k, out bool solved)
    {
        MomentSpace space = MomentSpace.TotalDegree(sample.Dimension, k);
        int n = sample.Count, stride = NativeBuffer.Padded(n + 1);
        using var buffer = new NativeBuffer();
        double* a = buffer.Ensure((long)space.Count * stride);
        new Span<double>(a, space.Count * stride).Clear();
        for (int e = 0; e < space.Count; e++)
        {
            for (int j = 0; j < n; j++) a[e * stride + j] = Monomial(space, e, sample[j]);
            a[e * stride + n] = wanted[e] / wanted[0];
        }
        int[] order = [.. Enumerable.Range(0, n)];
        double[] weights = [.. Enumerable.Repeat(1.0 / n, n)], result = new double[n];
        var factor = new MomentFactor();
        using var calibration = new Calibration();
        fixed (int* o = order)
        fixed (double* w = weights)
        {
            factor.Factor(a, space.Count, space.Count, n, stride, o, w, guests: 1);
            Assert.Equal(space.Count, factor.Rank);
            factor.SolveLagrange(a, n + 1, stride);
            solved = calibration.TrySolve(factor, a, n, stride, 1.0, w);
        }
        for (int i = 0; i < n; i++) result[order[i]] = weights[i];
        return result;
    }

    private static double[] Moments(WeightedPoints set, int k, double[]? weights)
    {
        MomentSpace space = MomentSpace.TotalDegree(set.Dimension, k);
        return [.. Enumerable.Range(0, space.Count).Select(e => Enumerable.Range(0, set.Count).Sum(i => (weights?[i] ?? 1) * Monomial(space, e, set[i])))];
    }

    private static double Monomial(MomentSpace space, int e, ReadOnlySpan<double> x)
    {
        double value = 1;
        for (int j = 0; j < x.Length; j++) value *= Math.Pow(x[j], space.Exponents(e)[j]);
        return value;
    }
}
