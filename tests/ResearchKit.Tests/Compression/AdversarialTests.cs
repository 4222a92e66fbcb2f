using CsCheck;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>
/// Whatever finite objects and nonnegative weights come in: a positive, finite, complete mass comes out, or an exception
/// that says what to do. Failing sets shrink to small ones.
/// </summary>
public class AdversarialTests
{
    private static readonly string[] Places = ["uniform", "one point", "a line", "one far outlier", "denormal", "huge", "mixed scales", "two far clusters", "half denormal"];

    private static readonly string[] Masses = ["ones", "1e-300 to 1e300", "some zero", "denormal", "one dominant"];

    private sealed record Recipe(string Place, string Mass, int M, int K, int D, int Budget, int Seed);

    private static readonly Gen<Recipe> Recipes =
        from place in Gen.Int[0, Places.Length - 1]
        from mass in Gen.Int[0, Masses.Length - 1]
        from m in Gen.Int[1, 5]
        from k in Gen.Int[0, 3]
        from d in Gen.Int[1, 250]
        from budget in Gen.Int[1, 250]
        from seed in Gen.Int[1, 1000]
        select new Recipe(Places[place], Masses[mass], m, k, d, budget, seed);

    private static WeightedPoints Make(Recipe r)
    {
        var random = new SeededRandom(r.Seed, 23);
        var x = new double[r.M * r.D];
        random.FillUniform(x, -1, 1);
        for (int i = 0; i < x.Length; i++)
        {
            int row = i / r.M, j = i % r.M;
            x[i] = r.Place switch
            {
                "one point" => 0.3 + j,
                "a line" => Math.ScaleB(x[row * r.M], j),
                "one far outlier" => row == r.D / 2 ? 1e12 : x[i],
                "denormal" => 1e-310 * x[i],
                "huge" => 1e308 * x[i],
                "mixed scales" => x[i] * Math.Pow(10, 100 * (j % 3 - 1)),
                "two far clusters" => 1e-5 * x[i] + (row % 2 == 0 ? 100 : -100),
                "half denormal" => j == 0 ? x[i] : 1e-312 * x[i],
                _ => x[i],
            };
        }
        var w = new double[r.D];
        random.FillUniform(w, -1, 1);
        for (int i = 0; i < r.D; i++)
            w[i] = r.Mass switch
            {
                "1e-300 to 1e300" => Math.Pow(10, 300 * w[i]),
                "some zero" => i % 3 == 1 ? 0 : 2 + w[i],
                "denormal" => 1e-310 * (2 + w[i]),
                "one dominant" => i == 0 ? 1 : 1e-18,
                _ => 1,
            };
        return new WeightedPoints(x, r.M, w);
    }

    private static void IsWhole(WeightedPoints set, ReadOnlySpan<double> weights, int budget, string context)
    {
        Assert.True(weights.Length >= 1 && weights.Length <= budget, $"{context}: {weights.Length} objects for {budget}");
        // In units of the largest weight, or where that has none, of the least double: nothing overflows, nothing vanishes.
        double unit = Enumerable.Range(0, set.Count).Max(set.WeightOf);
        Quad kept = 0, all = 0;
        foreach (double w in weights)
        {
            Assert.True(w > 0 && double.IsFinite(w), $"{context}: a weight of {w}");
            kept += w / unit;
        }
        for (int i = 0; i < set.Count; i++) all += set.WeightOf(i) / unit;
        // A weight below the normal range is a whole number of least doubles.
        double rounding = Check.Exact * (double)all + weights.Length * (double.Epsilon / unit);
        Assert.True(Math.Abs((double)(kept - all)) <= rounding, $"{context}: mass {(double)kept / (double)all} of the original");
    }

    /// <summary>Runs, and lets pass what is refused with a remedy.</summary>
    private static void OrARemedy(Recipe r, Action<WeightedPoints, string> run)
    {
        WeightedPoints set = Make(r);
        try
        {
            run(set, r.ToString());
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException)
        {
            Assert.True(new[] { "Raise the budget", "raise", "Standardise", "Drop", "drop", "lower" }.Any(e.Message.Contains), $"{r}: no remedy in '{e.Message}'");
        }
    }

    [Fact]
    public void SubsetsAreWholeOrRefusedWithARemedy()
        => Recipes.Sample(r => OrARemedy(r, (set, context) =>
        {
            CompressedSet result = Check.Compress(set, r.K, r.Budget);
            IsWhole(set, result.Weights, r.Budget, context);
            Assert.True(double.IsFinite(result.Certificate.MaxMomentResidual), $"{context}: residual {result.Certificate.MaxMomentResidual}");
        }), iter: 3000);

    [Fact]
    public void EveryBudgetOfAPyramidIsWholeOrRefusedWithARemedy()
        => Recipes.Sample(r => OrARemedy(r, (set, context) =>
        {
            CompressionPyramid pyramid = CompressionPyramid.Build(set, new CompressionOptions { Degree = r.K, Budget = 1, MaxDegreeOfParallelism = 1 });
            foreach (int budget in new[] { pyramid.SmallestBudget, pyramid.SmallestBudget + r.Budget / 2, r.Budget })
                OrARemedy(r, (_, _) => IsWhole(set, pyramid.At(budget).Weights, budget, $"{context} at {budget}"));
        }), iter: 3000);

    [Fact]
    public void AMergeOfSmallRankDoesNotSpendMoreThanIsLeft()
    {
        var r = new Recipe("huge", "1e-300 to 1e300", 2, 3, 222, 208, 677);
        WeightedPoints set = Make(r);
        CompressionPyramid pyramid = CompressionPyramid.Build(set, new CompressionOptions { Degree = r.K, Budget = 1 });
        for (int budget = pyramid.SmallestBudget; budget <= r.D; budget++) IsWhole(set, pyramid.At(budget).Weights, budget, $"{r} at {budget}");
    }

    [Fact]
    public void FreeNodesAreWholeOrRefusedWithARemedy()
        => Recipes.Where(r => r.K * r.M <= 6).Sample(r => OrARemedy(r, (set, context) =>
        {
            SyntheticSet result = ResearchKit.FreeNodes.Compress(set, new FreeNodeOptions { Degree = r.K, Budget = r.Budget, DegreesBeyond = 0, MaxDegreeOfParallelism = 1 });
            IsWhole(set, [.. Enumerable.Range(0, result.Count).Select(result.Points.WeightOf)], r.Budget, context);
            foreach (double x in result.Points.Coordinates) Assert.True(double.IsFinite(x), $"{context}: a coordinate of {x}");
        }), iter: 100);

    [Fact]
    public void AMillionIdenticalObjectsAreOne()
    {
        var x = new double[3_000_000];
        for (int i = 0; i < x.Length; i++) x[i] = 0.1 + i % 3;
        CompressedSet result = Compressor.Compress(new WeightedPoints(x, 3), new CompressionOptions { Budget = 200, Degree = 3 });
        foreach (double w in result.Weights) Assert.True(w > 0);
        Assert.Equal(1e6, CompensatedSum.Of(result.Weights), 1e-15 * 1e6);
        CompressedSet one = Compressor.Compress(new WeightedPoints(x, 3), new CompressionOptions { Budget = 20, Degree = 3 });
        Assert.Equal([1e6], one.Weights.ToArray());
    }

    [Fact]
    public void ALineInFiveDimensionsHasTheMomentsOfALine()
    {
        var x = new double[5 * 2000];
        var random = new SeededRandom(6);
        for (int i = 0; i < 2000; i++)
        {
            double t = random.Uniform(-1, 1);
            for (int j = 0; j < 5; j++) x[5 * i + j] = Math.ScaleB(t, 3 * j - 6);
        }
        CompressedSet result = Check.AllPromises(new WeightedPoints(x, 5), 4, 126, "line");
        Assert.Equal(5, result.Certificate.MaxRank);
    }
}
