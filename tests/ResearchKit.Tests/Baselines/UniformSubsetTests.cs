using ResearchKit.Baselines;

namespace ResearchKit.Tests.Baselines;

public class UniformSubsetTests
{
    [Fact]
    public void UnitWeightsBecomeDOverBudget()
    {
        WeightedPoints set = Inputs.Cube(2, 1000, 1);
        CompressedSet result = UniformSubset.Compress(set, new CompressionOptions { Budget = 40, Seed = 3 });
        Inputs.AssertSelection(set, result, 40, 1e-14, "uniform");
        Assert.Equal(40, result.Count);
        Assert.All(result.Weights.ToArray(), w => Assert.Equal(25, w));
        Assert.Equal("uniform subset", result.Certificate.Method);
        // Only the mass is kept: moments differ by about 1/sqrt(40).
        Assert.InRange(result.Certificate.MaxMomentResidual, 0.02, 2);
    }

    [Fact]
    public void WeightsKeepTheirRatiosAndTheMassIsKept()
    {
        WeightedPoints set = Inputs.Cube(3, 200, 2, weighted: true);
        CompressedSet result = UniformSubset.Compress(set, new CompressionOptions { Budget = 30, Seed = 3 });
        Inputs.AssertSelection(set, result, 30, 1e-14, "weighted");
        double factor = result.Weights[0] / set.WeightOf(result.Indices[0]);
        for (int i = 0; i < result.Count; i++) Assert.Equal(factor, result.Weights[i] / set.WeightOf(result.Indices[i]), 1e-12 * factor);
    }

    [Fact]
    public void EveryObjectIsDrawnEquallyOften()
    {
        WeightedPoints set = Inputs.Cube(1, 20, 2);
        var counts = new int[20];
        for (int seed = 0; seed < 4000; seed++)
            foreach (int i in UniformSubset.Compress(set, new CompressionOptions { Budget = 5, Degree = 1, Seed = seed }).Indices) counts[i]++;
        // 1000 expected each, standard error 27.4.
        Assert.All(counts, c => Assert.InRange(c, 880, 1120));
    }

    [Fact]
    public void SeedDecides()
    {
        WeightedPoints set = Inputs.Cube(2, 500, 1);
        int[] Run(int seed) => UniformSubset.Compress(set, new CompressionOptions { Budget = 20, Seed = seed }).Indices.ToArray();
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void EnoughBudgetReturnsTheObjectsWithWeightUnchanged()
    {
        var set = new WeightedPoints([0, 1, 2], 1, [0.1, 0, 0.7]);
        CompressedSet result = UniformSubset.Compress(set, new CompressionOptions { Budget = 2 });
        Assert.Equal([0, 2], result.Indices.ToArray());
        Assert.Equal([0.1, 0.7], result.Weights.ToArray());
    }

    [Fact]
    public void MetricsThatWouldBeIgnoredAreNamed() => Inputs.AssertMetrics((set, options) => UniformSubset.Compress(set, options));

    [Fact]
    public void BadInputIsNamed()
    {
        WeightedPoints set = Inputs.Cube(2, 50, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => UniformSubset.Compress(set, new CompressionOptions { Budget = 0 }));
        Assert.Throws<ArgumentNullException>(() => UniformSubset.Compress(null!, new CompressionOptions { Budget = 1 }));
        Assert.ThrowsAny<OperationCanceledException>(() => UniformSubset.Compress(set, new CompressionOptions { Budget = 5, CancellationToken = new CancellationToken(true) }));
    }
}
