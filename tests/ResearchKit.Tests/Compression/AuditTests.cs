using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>
/// The accuracy audit on small hard sets: moments recomputed in double-double arithmetic differ by at most 1e-14 of the
/// mass. (The large cases of the benchmark set are audited by the benchmarks' command of that name.)
/// </summary>
public class AuditTests
{
    private const double Limit = 1e-14;

    public static TheoryData<string> Names => [.. HardSets.Names];

    private static void Audit(WeightedPoints set, int k, int budget, string context)
    {
        CompressedSet result = Check.Compress(set, k, budget);
        Check.Shape(set, result, budget, context);
        double residual = ExactMoments.Residual(set, result, k);
        Assert.True(residual <= Limit, $"{context}: a moment differs by {residual:E2} of the mass");
        Assert.True(result.Certificate.MaxMomentResidual <= Limit, $"{context}: certified {result.Certificate.MaxMomentResidual:E2}");
    }

    [Theory, MemberData(nameof(Names))]
    public void HardSetsKeepTheirMomentsToRounding(string name)
    {
        foreach ((int m, int k, int d, int budget, int seed) in new[] { (1, 8, 200, 9, 3), (2, 6, 300, 28, 4), (3, 5, 500, 56, 5), (4, 3, 350, 60, 6) })
            Audit(HardSets.Make(name, m, d, seed), k, budget, $"{name}, m={m} k={k} d={d} d'={budget}");
    }

    [Fact]
    public void ATorusInFourDimensions()
    {
        // x^2 + y^2 = 1 and z^2 + w^2 = 1/4: a surface, on which degree 4 has 41 - not 70 - independent moments.
        var random = new SeededRandom(9);
        var x = new double[4 * 400];
        for (int i = 0; i < 400; i++)
        {
            (double s, double c) = Math.SinCos(random.Uniform(0, 2 * Math.PI));
            (double u, double v) = Math.SinCos(random.Uniform(0, 2 * Math.PI));
            (x[4 * i], x[4 * i + 1], x[4 * i + 2], x[4 * i + 3]) = (s, c, 0.5 * u, 0.5 * v);
        }
        var set = new WeightedPoints(x, 4);
        Audit(set, 4, 70, "torus");
        // Trigonometric polynomials e^(i (a s + b u)) with |a| + |b| at most 4.
        Assert.Equal(41, Check.Compress(set, 4, 41).Certificate.MaxRank);
    }

    [Theory]
    [InlineData(1e-30)]
    [InlineData(1e300)]
    [InlineData(1)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(1e-7)]
    public void NodesLikeHilbertsInAnyUnit(double unit)
    {
        // 1 / (1 + i) gathers at 0: of 300 objects 290 lie within 5% of the box.
        var set = new WeightedPoints([.. Enumerable.Range(0, 300).Select(i => unit / (1 + i))], 1);
        Audit(set, 12, 13, $"{unit}");
    }
}
