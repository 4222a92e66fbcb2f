using ResearchKit.Tasks;

namespace ResearchKit.Tests.Vectors;

/// <summary>The choice of a path, and whole computations on each: the width does not change a bit.</summary>
[Collection(nameof(VectorPathTests))]
[CollectionDefinition(nameof(VectorPathTests), DisableParallelization = true)]
public unsafe class VectorPathTests
{
    [Theory]
    [InlineData(null, 512, 512)]
    [InlineData("", 256, 256)]
    [InlineData("scalar", 512, 64)]
    [InlineData("128", 512, 128)]
    [InlineData("256", 256, 256)]
    [InlineData("512", 512, 512)]
    public void TheVariableChoosesAPath(string? value, int widest, int bits) => Assert.Equal(bits, VectorPath.Chosen(value, widest));

    [Theory]
    [InlineData("1024", 512, "scalar, 128, 256, 512")]
    [InlineData("64", 512, "scalar, 128, 256, 512")]
    [InlineData("Scalar", 512, "scalar, 128, 256, 512")]
    [InlineData("avx2", 256, "scalar, 128, 256")]
    [InlineData("512", 256, "scalar, 128, 256")]
    [InlineData("256", 128, "scalar, 128")]
    public void AnythingElseIsNamedWithWhatIsAllowed(string value, int widest, string allowed)
    {
        string message = Assert.Throws<NotSupportedException>(() => VectorPath.Chosen(value, widest)).Message;
        Assert.Contains(VectorPath.Variable, message, StringComparison.Ordinal);
        Assert.Contains(value, message, StringComparison.Ordinal);
        Assert.Contains(allowed, message, StringComparison.Ordinal);
        Assert.Contains("nset it", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 9, 500)]
    [InlineData(2, 5, 333)]
    [InlineData(3, 4, 70)]
    [InlineData(5, 2, 65)]
    public void MomentsMatchTheDefinitionOnEveryPath(int m, int k, int count)
    {
        ProductBasis basis = ProductBasis.Of(MomentSpace.TotalDegree(m, k));
        double[] x = new double[m * count], w = new double[count];
        var random = new SeededRandom(m);
        random.FillUniform(x, 2.5, 4);
        // Weights over 12 decades: the small ones must not be lost in the tails.
        for (int i = 0; i < count; i++) w[i] = Math.Pow(10, random.Uniform(-6, 6));
        LocalFrame frame = LocalFrame.Of(x, m);
        var exact = new Quad[basis.Count];
        for (int i = 0; i < count; i++)
        {
            Quad[][] table = [.. Enumerable.Range(0, m).Select(j => ExactMoments.Legendre(((Quad)x[i * m + j] - frame.Center[j]) * frame.InverseHalfWidth[j], k))];
            for (int e = 0; e < exact.Length; e++)
            {
                Quad value = w[i];
                for (int j = 0; j < m; j++) value *= table[j][basis.Space.Exponents(e)[j]];
                exact[e] += value;
            }
        }
        var sums = new double[VectorPath.All.Length][];
        foreach (int bits in VectorPath.All)
        {
            using var kernel = new MomentKernel(VectorPath.Of(bits));
            double[] got = sums[Array.IndexOf(VectorPath.All, bits)] = new double[basis.Count];
            fixed (double* p = x, c = w, s = got) kernel.Sum(basis, frame, p, c, count, s, 1);
            for (int e = 0; e < got.Length; e++)
            {
                double size = 1, growth = count / 8.0;
                for (int j = 0; j < m; j++)
                {
                    int n = basis.Space.Exponents(e)[j];
                    size *= Math.Sqrt(2 * n + 1);
                    growth += 4 + n * (n + 1) / 2.0;
                }
                Assert.Equal((double)exact[e], got[e], 2.3e-16 * size * growth * w.Sum());
            }
            Assert.Equal(sums[0], got);
        }
    }

    public static TheoryData<int, int, int, int> Compressions => new()
    {
        { 1, 7, 3000, 80 }, { 2, 5, 4000, 400 }, { 3, 3, 5000, 20 }, { 3, 5, 3000, 300 }, { 4, 4, 1500, 140 }, { 5, 3, 1200, 112 },
    };

    [Theory, MemberData(nameof(Compressions))]
    public void ACompressionHasTheSameBitsOnEveryPath(int m, int k, int d, int budget)
    {
        WeightedPoints uniform = RidgeSigmoidTask.Generate(m, d, seed: 1).Points;
        var weights = new double[d];
        new SeededRandom(2).FillUniform(weights, 0.1, 3);
        foreach (WeightedPoints set in new[] { uniform, new WeightedPoints(uniform.Coordinates.ToArray(), m, weights) })
        {
            var options = new CompressionOptions { Budget = budget, Degree = k };
            CompressedSet[] results = [.. VectorPath.All.Select(bits => OnPath(bits, () => Compressor.Compress(set, options)))];
            foreach (CompressedSet result in results)
            {
                Assert.Equal(results[0].Indices.ToArray(), result.Indices.ToArray());
                Assert.Equal(results[0].Weights.ToArray(), result.Weights.ToArray());
                Assert.Equal(results[0].Certificate.MaxMomentResidual, result.Certificate.MaxMomentResidual);
            }
        }
    }

    [Fact]
    public void FreeNodesHaveTheSameBitsOnEveryPath()
    {
        WeightedPoints set = RidgeSigmoidTask.Generate(2, 2000, seed: 1).Points;
        var options = new FreeNodeOptions { Budget = 60, Degree = 5, Seed = 1 };
        SyntheticSet[] results = [.. VectorPath.All.Select(bits => OnPath(bits, () => ResearchKit.FreeNodes.Compress(set, options)))];
        foreach (SyntheticSet result in results)
        {
            Assert.Equal(results[0].Points.Coordinates.ToArray(), result.Points.Coordinates.ToArray());
            Assert.Equal(results[0].Points.Weights.ToArray(), result.Points.Weights.ToArray());
        }
    }

    private static T OnPath<T>(int bits, Func<T> compute)
    {
        using IDisposable forced = VectorPath.Force(bits);
        Assert.Equal(bits, VectorPath.Bits);
        return compute();
    }
}
