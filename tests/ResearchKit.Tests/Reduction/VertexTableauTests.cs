using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.Reduction;

/// <summary>Small cells reduced by the simplex method: feasible whenever the candidates allow it, and what happens when they do not.</summary>
public unsafe class VertexTableauTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void AVertexHasTheWantedMoments(int m, int k)
    {
        for (int seed = 1; seed <= 20; seed++) Assert.True(Solve(HardSets.Cube(m, 60, seed), k, inside: true) > 0, $"m={m} k={k} seed={seed}");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void WantedMomentsOutsideTheHullAreRefused(int m, int k) => Assert.Equal(-1, Solve(HardSets.Cube(m, 60), k, inside: false));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(2, 6)]
    [InlineData(3, 3)]
    [InlineData(3, 5)]
    public void ASampleThatMissesHalfOfTheCell(int m, int k)
    {
        // Every second point, the sample, lies left of the others: its hull does not hold the cell's mean.
        int candidates = Math.Max(64, 6 * (int)MomentSpace.CountOf(m, k)), d = 2 * candidates;
        double[] x = HardSets.Cube(m, d).Coordinates.ToArray();
        for (int i = 0; i < d; i++) x[i * m] = i % 2 == 0 ? -1 + 0.1 * x[i * m] : 1 + 0.1 * x[i * m];
        Check.AllPromises(new WeightedPoints(x, m), k, (int)MomentSpace.CountOf(m, k), $"alternating halves m={m} k={k}");
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(2, 6)]
    [InlineData(3, 3)]
    [InlineData(3, 5)]
    public void OneHeavyPointThatTheSampleMisses(int m, int k)
    {
        int moments = (int)MomentSpace.CountOf(m, k), d = 4 * Math.Max(64, 6 * moments);
        var weights = new double[d];
        Array.Fill(weights, 1.0);
        weights[3] = 1e9;
        var set = new WeightedPoints(HardSets.Cube(m, d).Coordinates.ToArray(), m, weights);
        CompressedSet result = Check.AllPromises(set, k, moments, $"one heavy point m={m} k={k}");
        Assert.Contains(3, result.Indices.ToArray());
    }

    [Fact]
    public void ACornerIsAVertexOfItsOwn()
    {
        // Wanted: exactly one of the points. The only solution has that point alone, a fully degenerate vertex.
        WeightedPoints set = HardSets.Cube(2, 60);
        var x = set.Coordinates.ToArray();
        (x[20], x[21]) = (3, 3);
        using var tableau = new VertexTableau();
        int[] order = Run(tableau, new WeightedPoints(x, 2), 2, [3, 3], out int n);
        Assert.True(n >= 1);
        double[] weights = tableau.Weights.ToArray();
        Assert.Equal(1.0, weights[Array.IndexOf(order, 10, 0, n)], 1e-12);
        Assert.Equal(1.0, weights.Sum(), 1e-12);
    }

    private static int Solve(WeightedPoints set, int k, bool inside)
    {
        int m = set.Dimension;
        using var tableau = new VertexTableau();
        double[]? target = inside ? null : [.. Enumerable.Repeat(2.0, m)];
        int[] order = Run(tableau, set, k, target, out int n);
        if (n < 0) return n;
        MomentSpace space = MomentSpace.TotalDegree(m, k);
        double[] wanted = Moments(space, set.Coordinates, set.Count, null), got = Moments(space, set.Coordinates, n, (order, tableau.Weights.ToArray()));
        for (int e = 0; e < wanted.Length; e++) Assert.Equal(wanted[e] / set.Count, got[e], 1e-13);
        foreach (double w in tableau.Weights) Assert.True(w > 0);
        Assert.True(n <= space.Count);
        return n;
    }

    /// <summary>Runs the tableau on the raw monomials; the target is a point's moments, or the set's mean.</summary>
    private static int[] Run(VertexTableau tableau, WeightedPoints set, int k, double[]? target, out int n)
    {
        MomentSpace space = MomentSpace.TotalDegree(set.Dimension, k);
        int d = set.Count, stride = NativeBuffer.Padded(d + 1);
        double[] wanted = target is null ? Moments(space, set.Coordinates, d, null) : Moments(space, target, 1, null);
        using var buffer = new NativeBuffer();
        double* a = buffer.Ensure((long)space.Count * stride);
        new Span<double>(a, space.Count * stride).Clear();
        for (int j = 0; j < d; j++)
        {
            double[] column = Moments(space, set[j], 1, null);
            for (int e = 0; e < space.Count; e++) a[e * stride + j] = column[e];
        }
        for (int e = 0; e < space.Count; e++) a[e * stride + d] = wanted[e] / wanted[0];
        int[] order = [.. Enumerable.Range(0, d)];
        var factor = new MomentFactor();
        fixed (int* o = order)
        {
            factor.Factor(a, space.Count, space.Count, d, stride, o, null, guests: 1);
            Assert.Equal(space.Count, factor.Rank);
            factor.SolveLagrange(a, d + 1, stride);
            n = tableau.Run(factor, a, space.Count, d, stride, 1.0, [], o);
        }
        return order;
    }

    private static double[] Moments(MomentSpace space, ReadOnlySpan<double> rows, int count, (int[] Order, double[] Weights)? kept)
    {
        int m = space.Dimension;
        var sums = new double[space.Count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> x = rows.Slice((kept?.Order[i] ?? i) * m, m);
            for (int e = 0; e < sums.Length; e++)
            {
                double value = kept?.Weights[i] ?? 1.0;
                for (int j = 0; j < m; j++) value *= Math.Pow(x[j], space.Exponents(e)[j]);
                sums[e] += value;
            }
        }
        return sums;
    }
}
