using ResearchKit.Tasks;

namespace ResearchKit.Tests.Moments;

/// <summary>The vectorised kernels against the definition in double-double arithmetic.</summary>
public unsafe class MomentKernelTests
{
    /// <summary>Every tail length of a vector, a block of 32 and a chunk of 1024.</summary>
    public static TheoryData<int, int> Spaces => new()
    {
        { 1, 0 }, { 1, 1 }, { 1, 9 }, { 1, 40 }, { 2, 0 }, { 2, 1 }, { 2, 6 }, { 3, 3 }, { 3, 5 }, { 4, 2 }, { 7, 2 }, { 17, 1 },
    };

    [Theory, MemberData(nameof(Spaces))]
    public void EvaluateMatchesTheDefinitionForEveryTail(int m, int k)
    {
        ProductBasis basis = ProductBasis.Of(MomentSpace.TotalDegree(m, k));
        using var kernel = new MomentKernel();
        using var buffer = new NativeBuffer();
        for (int count = 1; count <= 40; count++)
        {
            double[] x = Points(m, count, 100 * count + k);
            LocalFrame frame = LocalFrame.Of(x, m);
            int stride = NativeBuffer.Padded(count) + 8;
            double* values = buffer.Ensure((long)basis.Count * stride);
            new Span<double>(values, basis.Count * stride).Fill(double.NaN);
            fixed (double* p = x) kernel.Evaluate(basis, frame, p, count, values, stride);
            for (int i = 0; i < count; i++)
            {
                Quad[] expected = Definition(basis.Space, frame, x.AsSpan(i * m, m));
                for (int e = 0; e < basis.Count; e++) AssertClose(basis.Space, e, (double)expected[e], values[(long)e * stride + i], 1, $"m={m} k={k} count={count} point {i} moment {e}");
            }
            // The padding is filled, and nothing is written beyond it.
            for (int e = 0; e < basis.Count; e++)
            {
                for (int i = count; i < NativeBuffer.Padded(count); i++) Assert.True(double.IsFinite(values[(long)e * stride + i]));
                for (int i = NativeBuffer.Padded(count); i < stride; i++) Assert.True(double.IsNaN(values[(long)e * stride + i]), "wrote beyond the padding");
            }
        }
    }

    [Theory, MemberData(nameof(Spaces))]
    public void SumsMatchTheDefinitionForEveryTailWithAndWithoutWeights(int m, int k)
    {
        ProductBasis basis = ProductBasis.Of(MomentSpace.TotalDegree(m, k));
        using var kernel = new MomentKernel();
        const int Stride = 3;
        var sums = new double[basis.Count * Stride];
        foreach (int count in Enumerable.Range(1, 40).Concat([63, 64, 65]))
        {
            double[] x = Points(m, count, 100 * count + k), w = new double[count];
            new SeededRandom(count).FillUniform(w, 0, 2);
            LocalFrame frame = LocalFrame.Of(x, m);
            Quad[][] definition = [.. Enumerable.Range(0, count).Select(i => Definition(basis.Space, frame, x.AsSpan(i * m, m)))];
            foreach (bool weighted in new[] { false, true })
            {
                Array.Fill(sums, 7);
                fixed (double* p = x, c = w, s = sums) kernel.Sum(basis, frame, p, weighted ? c : null, count, s, Stride);
                for (int e = 0; e < basis.Count; e++)
                {
                    Quad expected = 0;
                    for (int i = 0; i < count; i++) expected += definition[i][e] * (weighted ? w[i] : 1.0);
                    AssertClose(basis.Space, e, (double)expected, sums[e * Stride], 2.0 * count, $"m={m} k={k} count={count} weighted={weighted} moment {e}");
                    Assert.Equal(7, sums[e * Stride + 1]);
                }
            }
        }
    }

    [Theory]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(5000)]
    public void CompensatedSumsOverChunks(int count)
    {
        ProductBasis basis = ProductBasis.Of(MomentSpace.TotalDegree(2, 3));
        double[] x = Points(2, count, 5), w = new double[count];
        new SeededRandom(6).FillUniform(w, 0, 2);
        LocalFrame frame = LocalFrame.Of(x, 2);
        using var kernel = new MomentKernel();
        var totals = new MomentTotals(basis.Count);
        fixed (double* p = x, c = w) kernel.SumCompensated(basis, frame, p, c, count, totals);
        var expected = new Quad[basis.Count];
        for (int i = 0; i < count; i++)
        {
            Quad[] one = Definition(basis.Space, frame, x.AsSpan(2 * i, 2));
            for (int e = 0; e < expected.Length; e++) expected[e] += one[e] * w[i];
        }
        for (int e = 0; e < expected.Length; e++)
            // 1e-15 of the sum of magnitudes.
            Assert.InRange(totals[e] - (double)expected[e], -7e-15 * count, 7e-15 * count);
    }

    [Fact]
    public void OneKernelServesSpacesInTurn()
    {
        using var kernel = new MomentKernel();
        foreach ((int m, int k) in new[] { (1, 2), (3, 4), (2, 1), (3, 4), (1, 30) })
        {
            ProductBasis basis = ProductBasis.Of(MomentSpace.TotalDegree(m, k));
            double[] x = Points(m, 10, 3);
            LocalFrame frame = LocalFrame.Of(x, m);
            var sums = new double[basis.Count];
            fixed (double* p = x, s = sums) kernel.Sum(basis, frame, p, null, 10, s, 1);
            for (int e = 0; e < basis.Count; e++)
            {
                Quad expected = 0;
                for (int i = 0; i < 10; i++) expected += Definition(basis.Space, frame, x.AsSpan(i * m, m))[e];
                AssertClose(basis.Space, e, (double)expected, sums[e], 10, $"m={m} k={k} moment {e}");
            }
        }
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 6)]
    [InlineData(3, 4)]
    public void TheBasisIsOrthonormalForTheUniformMeasure(int m, int k)
    {
        // Gauss-Legendre with k + 1 nodes integrates products of two basis polynomials exactly.
        (double[] nodes, double[] weights) = GaussLegendre(k + 1);
        int n = (int)Math.Pow(k + 1, m);
        var x = new double[n * m];
        var w = new double[n];
        for (int i = 0; i < n; i++)
        {
            w[i] = 1;
            for (int j = 0, at = i; j < m; j++, at /= k + 1)
            {
                x[i * m + j] = nodes[at % (k + 1)];
                w[i] *= weights[at % (k + 1)] / 2;
            }
        }
        ProductBasis basis = ProductBasis.Of(MomentSpace.TotalDegree(m, k));
        int stride = NativeBuffer.Padded(n);
        var values = new double[basis.Count * stride];
        // The frame is the whole box, not that of the nodes.
        var frame = new LocalFrame([.. Enumerable.Repeat(-1.0, m)], [.. Enumerable.Repeat(1.0, m)]);
        using var kernel = new MomentKernel();
        fixed (double* p = x, v = values) kernel.Evaluate(basis, frame, p, n, v, stride);
        for (int a = 0; a < basis.Count; a++)
            for (int b = 0; b <= a; b++)
            {
                double inner = 0;
                for (int i = 0; i < n; i++) inner += w[i] * values[a * stride + i] * values[b * stride + i];
                Assert.Equal(a == b ? 1 : 0, inner, 1e-13);
            }
    }

    [Fact]
    public void TheOneDimensionalValuesAreLegendresAtTheEnds()
    {
        // p_n(1) = sqrt(2n + 1) and p_n(-1) = (-1)^n sqrt(2n + 1), up to the highest degree there is.
        ProductBasis basis = ProductBasis.Of(MomentSpace.TotalDegree(1, 255));
        double[] x = [-1, 1];
        var values = new double[256 * 8];
        using var kernel = new MomentKernel();
        fixed (double* p = x, v = values) kernel.Evaluate(basis, LocalFrame.Of(x, 1), p, 2, v, 8);
        for (int n = 0; n < 256; n++)
        {
            double root = Math.Sqrt(2 * n + 1);
            Assert.Equal(n % 2 == 0 ? root : -root, values[8 * n], 1e-11 * root);
            Assert.Equal(root, values[8 * n + 1], 1e-11 * root);
        }
    }

    private static double[] Points(int m, int count, int seed)
    {
        var x = new double[m * count];
        new SeededRandom(seed).FillUniform(x, 2.5, 4);
        return x;
    }

    private static Quad[] Definition(MomentSpace space, LocalFrame frame, ReadOnlySpan<double> x)
    {
        var table = new Quad[space.Dimension][];
        for (int j = 0; j < table.Length; j++)
            table[j] = ExactMoments.Legendre(((Quad)x[j] - frame.Center[j]) * frame.InverseHalfWidth[j], space.Degree);
        var values = new Quad[space.Count];
        for (int e = 0; e < values.Length; e++)
        {
            values[e] = 1;
            for (int j = 0; j < table.Length; j++) values[e] *= table[j][space.Exponents(e)[j]];
        }
        return values;
    }

    /// <summary>
    /// Relative to the largest value the polynomial takes, prod sqrt(2 e_j + 1); degree n magnifies the rounding of t by
    /// P_n' up to n (n + 1) / 2.
    /// </summary>
    private static void AssertClose(MomentSpace space, int e, double expected, double actual, double terms, string context)
    {
        double size = 1, growth = 4;
        foreach (byte n in space.Exponents(e)) { size *= Math.Sqrt(2 * n + 1); growth += n * (n + 1) / 2.0; }
        double bound = 2.3e-16 * size * growth * terms;
        Assert.True(Math.Abs(actual - expected) <= bound, $"{context}: {actual:R} for {expected:R}, off by {Math.Abs(actual - expected):E2}, bound {bound:E2}");
    }

    /// <summary>Nodes and weights on [-1, 1] by Newton's method from Chebyshev's nodes.</summary>
    private static (double[] Nodes, double[] Weights) GaussLegendre(int n)
    {
        var nodes = new double[n];
        var weights = new double[n];
        for (int i = 0; i < n; i++)
        {
            double t = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5)), slope = 0;
            for (int pass = 0; pass < 20; pass++)
            {
                double before = 1, now = t;
                for (int q = 1; q < n; q++) (before, now) = (now, ((2 * q + 1) * t * now - q * before) / (q + 1));
                slope = n * (t * now - before) / (t * t - 1);
                t -= now / slope;
            }
            nodes[i] = t;
            weights[i] = 2 / ((1 - t * t) * slope * slope);
        }
        return (nodes, weights);
    }
}
