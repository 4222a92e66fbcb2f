namespace ResearchKit.Tests.Compression;

/// <summary>How many objects stay: the budget on generic data, the true rank on an algebraic set, everything if it fits.</summary>
public class SupportTests
{
    [Theory]
    [InlineData(1, 5, 6)]
    [InlineData(1, 5, 61)]
    [InlineData(2, 4, 15)]
    [InlineData(2, 4, 29)]
    [InlineData(2, 4, 150)]
    [InlineData(3, 3, 77)]
    [InlineData(3, 3, 240)]
    [InlineData(5, 2, 100)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 0, 40)]
    public void GenericDataFillTheBudgetExactly(int m, int k, int budget)
    {
        CompressedSet result = Check.AllPromises(HardSets.Cube(m, 2000, 3), k, budget, $"m={m} k={k} d'={budget}");
        Assert.Equal(budget, result.Count);
    }

    [Theory]
    [InlineData(26)]
    [InlineData(27)]
    [InlineData(40)]
    public void OneObjectTooManyIsRemoved(int d)
    {
        CompressedSet result = Check.AllPromises(HardSets.Cube(1, d), 4, d - 1, $"d={d}");
        // Moments beyond degree 4 are spent as cells allow; never more than asked, and hardly fewer.
        Assert.InRange(result.Count, 5, d - 1);
    }

    [Fact]
    public void ASphereNeedsItsRankNotN()
    {
        // Polynomials of degree at most 4 on the sphere in R^3 have dimension (4 + 1)^2 = 25; N = C(7, 4) = 35.
        WeightedPoints sphere = HardSets.Make("sphere", 3, 1000);
        for (int budget = 25; budget <= 35; budget++)
        {
            CompressedSet result = Check.AllPromises(sphere, 4, budget, $"d'={budget}");
            Assert.Equal(25, result.Count);
            Assert.Equal(25, result.Certificate.MaxRank);
            Assert.Equal(35, result.Certificate.Moments);
        }
        foreach (int budget in new[] { 36, 69, 70, 280 })
            Check.AllPromises(sphere, 4, budget, $"d'={budget}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(24)]
    public void BelowTheSpheresRankTheErrorNamesTheRemedy(int budget)
    {
        WeightedPoints sphere = HardSets.Make("sphere", 3, 3000);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Check.Compress(sphere, 4, budget));
        Assert.Contains($"Budget d' = {budget}", error.Message);
        Assert.Contains("at least 25", error.Message);
        // The degree it proposes does work.
        int degree = int.Parse(error.Message.Split("degree to at most ")[1].Split('.')[0]);
        Assert.True(Check.Compress(sphere, degree, budget).Count <= budget);
        Check.AllPromises(sphere, 4, 25, "the proposed budget");
    }

    // Dimension of the polynomials of degree at most 3 on each set.
    [Theory]
    [InlineData("all equal", 3, 1)]
    [InlineData("collinear", 3, 4)]
    [InlineData("planar", 3, 10)]
    [InlineData("constant column", 3, 10)]
    [InlineData("constant column", 1, 1)]
    [InlineData("sphere", 2, 7)]
    [InlineData("sphere", 3, 16)]
    [InlineData("moment curve", 2, 7)]
    [InlineData("moment curve", 3, 10)]
    [InlineData("fewer distinct than moments", 3, 3)]
    public void DegenerateSetsEndAtTheirTrueRank(string name, int m, int rank)
    {
        WeightedPoints set = HardSets.Make(name, m, 800);
        CompressedSet result = Check.AllPromises(set, 3, (int)MomentSpace.CountOf(m, 3), name);
        Assert.Equal(rank, result.Certificate.MaxRank);
        Assert.True(result.Count <= rank, $"{result.Count} objects for rank {rank}");
        // And the rank is a sufficient budget.
        Check.AllPromises(set, 3, rank, $"{name} with its rank as budget");
        if (rank > 1) Assert.Throws<ArgumentOutOfRangeException>(() => Check.Compress(set, 3, rank - 1));
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(100, 5000)]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    public void ASetThatFitsComesBackUnchanged(int d, int budget)
    {
        WeightedPoints set = HardSets.Make("weights over 12 decades", 2, d);
        CompressedSet result = Check.Compress(set, 5, budget);
        Assert.Equal(Enumerable.Range(0, d), result.Indices.ToArray());
        Assert.Equal(set.Weights.ToArray(), result.Weights.ToArray());
        Assert.Equal(0, result.Certificate.MaxMomentResidual);
        CompressedSet unit = Check.Compress(HardSets.Cube(2, d), 5, budget);
        Assert.All(unit.Weights.ToArray(), w => Assert.Equal(1, w));
    }

    [Fact]
    public void OnlyPositiveWeightsCountAgainstTheBudget()
    {
        var set = new WeightedPoints([0, 1, 2, 3, 4, 5, 6, 7], 1, [0, 2, 0, 0, 1, 0, 0.5, 0]);
        CompressedSet result = Check.Compress(set, 7, 3);
        Assert.Equal([1, 4, 6], result.Indices.ToArray());
        Assert.Equal([2, 1, 0.5], result.Weights.ToArray());
    }

    [Fact]
    public void DegreeZeroKeepsMassInOneObject()
    {
        CompressedSet result = Check.AllPromises(HardSets.Make("one far outlier", 3, 500), 0, 1, "k=0");
        Assert.Equal(1, result.Count);
        Assert.Equal(500, result.Weights[0], 1e-11);
    }
}
