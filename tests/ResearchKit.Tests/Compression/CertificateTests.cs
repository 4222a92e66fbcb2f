using ResearchKit.Baselines;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>What the certificate measures, and whether it is honest.</summary>
public class CertificateTests
{
    /// <summary>Root mean squares of the four families, worked out one point at a time.</summary>
    [Theory]
    [InlineData(1, 5, 1.5)]
    [InlineData(3, 3, 1.5)]
    [InlineData(5, 8, 0.2)]
    [InlineData(2, 1, 400.0)]
    public void ProbeErrorsAgreeWithAPlainSum(int m, int probes, double scale)
    {
        // Not a multiple of any vector or block; errors of a random subset are large enough to compare digits.
        WeightedPoints set = HardSets.Make("weights over 12 decades", m, 2049 + 13);
        CompressedSet result = UniformSubset.Compress(set, new CompressionOptions { Budget = 301, Degree = 1, Seed = 7, Probes = probes, ProbeScale = scale });
        LocalFrame frame = LocalFrame.Of(set);
        var squares = new double[4];
        double largest = 0;
        for (int p = 0; p < probes; p++)
        {
            var random = new SeededRandom(7, p + 1);
            var a = new double[m];
            random.FillNormal(a);
            double b = random.NextNormal(), length = Math.Sqrt(a.Sum(v => v * v));
            double Z(ReadOnlySpan<double> x)
            {
                double z = b;
                for (int j = 0; j < m; j++) z += scale * a[j] / length * (x[j] - frame.Center[j]) * frame.InverseHalfWidth[j];
                return z;
            }
            double[] errors =
            [
                ProbeFunctions.Error(set, result, x => 1 / (1 + Math.Exp(-Z(x)))), ProbeFunctions.Error(set, result, x => Math.Tanh(Z(x))),
                ProbeFunctions.Error(set, result, x => Math.Max(0, Z(x))), ProbeFunctions.Error(set, result, x => Math.Cos(Z(x))),
            ];
            for (int f = 0; f < 4; f++)
            {
                squares[f] += errors[f] * errors[f] / probes;
                if (f != 2) largest = Math.Max(largest, errors[f]);
            }
        }
        ProbeErrors e = result.Certificate.ProbeErrors;
        double[] expected = [.. squares.Select(Math.Sqrt)], actual = [e.Sigmoid, e.Tanh, e.Relu, e.Cosine];
        for (int f = 0; f < 4; f++)
        {
            Assert.InRange(expected[f], 1e-5, 1e3);
            Assert.Equal(1, actual[f] / expected[f], 1e-9);
        }
        Assert.Equal(1, result.Certificate.EstimatedError / largest, 1e-9);
        Assert.Equal(e.Largest, result.Certificate.EstimatedError);
        Assert.Equal(e.Tanh, result.Certificate.ProbeError);
        Assert.True(double.IsNaN(e.Own), "no own functions were given");
    }

    /// <summary>
    /// The estimate is the largest of 32 probes. Over unseen functions of the same families the root mean square must be
    /// below it, but not by more than a factor of 8; smooth functions of other kinds must stay below it.
    /// </summary>
    [Theory]
    [InlineData(1, 3, 1000, 60)]
    [InlineData(2, 2, 2000, 200)]
    [InlineData(2, 6, 4000, 28)]
    [InlineData(2, 4, 4000, 400)]
    [InlineData(3, 3, 4000, 20)]
    [InlineData(3, 4, 4000, 400)]
    [InlineData(5, 2, 4000, 400)]
    public void TheEstimateIsHonestInBothDirections(int m, int k, int d, int budget)
    {
        WeightedPoints set = HardSets.Cube(m, d);
        var options = new CompressionOptions { Budget = budget, Degree = k, Probes = 32, Seed = 5 };
        CompressedSet result = Compressor.Compress(set, options);
        double estimate = result.Certificate.EstimatedError;
        ProbeErrors unseen = Compressor.Compress(set, options with { Probes = 100, Seed = 6 }).Certificate.ProbeErrors;
        double roughest = Math.Max(unseen.Tanh, Math.Max(unseen.Sigmoid, unseen.Cosine));
        Assert.InRange(estimate / roughest, 1, 8);
        Assert.InRange(unseen.Largest / estimate, 0.5, 3);
        foreach (string kind in new[] { "rational", "bump", "tanh" })
        {
            double other = Math.Sqrt(ProbeFunctions.Many(kind, m, 20, 0).Average(g => Math.Pow(ProbeFunctions.Error(set, result, g), 2)));
            Assert.True(other <= estimate, $"{kind}: {other} above the estimate {estimate}");
        }
    }

    [Fact]
    public void OneUnseenDirectionInThirtyThreeExceedsTheEstimate()
    {
        int above = 0;
        const int sets = 10, directions = 40;
        for (int s = 0; s < sets; s++)
        {
            WeightedPoints set = HardSets.Cube(2, 500, s + 1);
            var options = new CompressionOptions { Budget = 50, Degree = 3, Probes = 32, Seed = s };
            double estimate = Compressor.Compress(set, options).Certificate.EstimatedError;
            for (int f = 0; f < directions; f++)
                if (Compressor.Compress(set, options with { Probes = 1, Seed = 1000 + f }).Certificate.EstimatedError > estimate) above++;
        }
        // 12 are expected of 400.
        Assert.InRange(above, 2, 36);
    }

    [Fact]
    public void WithoutProbesNothingIsEstimated()
    {
        Certificate c = Check.Compress(HardSets.Cube(2, 500), 3, 50).Certificate;
        Assert.True(double.IsNaN(c.EstimatedError) && double.IsNaN(c.ProbeError) && double.IsNaN(c.ProbeErrors.Relu));
        Assert.Equal(3, c.Degree);
        Assert.Empty(c.Trials);
    }
}
