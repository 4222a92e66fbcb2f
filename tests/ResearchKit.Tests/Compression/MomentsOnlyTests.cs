using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>Without a look at the next degrees: the same promises about the moments, no more and no less.</summary>
public class MomentsOnlyTests
{
    public static TheoryData<string> Names => [.. HardSets.Names];

    private static CompressionOptions Plain(int k, int budget, int threads = 1)
        => new() { Degree = k, Budget = budget, MomentsOnly = true, MaxDegreeOfParallelism = threads };

    [Theory, MemberData(nameof(Names))]
    public void EveryMomentIsKeptOnHardSets(string name)
    {
        // One cell by the tableau, one by a calibrated sample, one too small to draw from; many cells with spare budget.
        foreach ((int m, int k, int d, int budget) in new[] { (2, 2, 4000, 6), (3, 4, 3000, 35), (3, 4, 80, 35), (2, 3, 900, 75) })
        {
            WeightedPoints set = HardSets.Make(name, m, d);
            CompressedSet result = Compressor.Compress(set, Plain(k, budget));
            string context = $"{name} m={m} k={k} {d} -> {budget}";
            Check.Shape(set, result, budget, context);
            double residual = ExactMoments.Residual(set, result, k);
            Assert.True(residual <= Check.Exact, $"{context}: a moment differs by {residual:E2} of the mass");
            Assert.Equal(double.NaN, result.Certificate.NextDegreeDefect);
        }
    }

    [Fact]
    public void ThreadsDoNotShow()
    {
        WeightedPoints set = HardSets.Cube(3, 20_000);
        CompressedSet one = Compressor.Compress(set, Plain(4, 700)), four = Compressor.Compress(set, Plain(4, 700, 4));
        Assert.Equal(one.Indices.ToArray(), four.Indices.ToArray());
        Assert.Equal(one.Weights.ToArray(), four.Weights.ToArray());
    }

    [Fact]
    public void TheDefectOfTheNextDegreeIsWhatItCosts()
    {
        MomentSpace next = MomentSpace.TotalDegree(2, 5);
        double plain = 0, chosen = 0;
        for (int seed = 1; seed <= 10; seed++)
        {
            WeightedPoints set = HardSets.Cube(2, 2000, seed);
            plain += Missing(Plain(4, 150));
            chosen += Missing(Plain(4, 150) with { MomentsOnly = false });

            // The squared difference of the moments of degree 5, which neither keeps exactly.
            double Missing(CompressionOptions options)
            {
                CompressedSet result = Compressor.Compress(set, options);
                WeightedPoints few = result.Points(set);
                double sum = 0;
                for (int e = (int)MomentSpace.CountOf(2, 4); e < next.Count; e++)
                    sum += Math.Pow(set.Sum(x => Monomial(next, e, x)) - few.Sum(x => Monomial(next, e, x)), 2);
                return sum;
            }
        }
        Assert.True(chosen < 0.5 * plain, $"seeds 1 to 10: {chosen:E2} where the defect is looked at, {plain:E2} where it is not");
    }

    private static double Monomial(MomentSpace space, int e, ReadOnlySpan<double> x)
    {
        double value = 1;
        for (int j = 0; j < x.Length; j++) value *= Math.Pow(x[j], space.Exponents(e)[j]);
        return value;
    }
}
