using CsCheck;
using ResearchKit.Tasks;
using static ResearchKit.Tests.Compression.AdversarialSets;

namespace ResearchKit.Tests.Compression;

/// <summary>
/// Whatever finite objects and nonnegative weights come in: a positive, finite, complete mass comes out, or an exception
/// that says what to do. Failing sets shrink to small ones.
/// </summary>
public class AdversarialTests
{
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
