using ResearchKit.Baselines;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Baselines;

public class KernelThinningTests
{
    private static CompressedSet Thin(WeightedPoints set, int budget, int seed = 1, int threads = -1) =>
        KernelThinning.Compress(set, new CompressionOptions { Budget = budget, Degree = 1, Seed = seed, MaxDegreeOfParallelism = threads });

    [Theory]
    [InlineData(1, 500, 25)]
    [InlineData(2, 1000, 37)]   // not a power of two below d
    [InlineData(3, 3001, 1)]    // one object, odd numbers in every round
    [InlineData(2, 1000, 999)]  // nearly all
    [InlineData(2, 129, 64)]    // an odd object out
    [InlineData(5, 4000, 11)]   // many rounds of Compress
    public void KeepsExactlyTheBudgetInEqualWeights(int m, int d, int budget)
    {
        string context = $"m={m} d={d} budget={budget} seed=7";
        WeightedPoints set = Inputs.Cube(m, d, 7);
        CompressedSet result = Thin(set, budget);
        Inputs.AssertSelection(set, result, budget, 1e-13, context);
        Assert.Equal(budget, result.Count);
        Assert.All(result.Weights.ToArray(), w => Assert.Equal((double)d / budget, w));
        Assert.Equal("kernel thinning", result.Certificate.Method);
    }

    [Theory]
    [InlineData(1, 64, 1.0)]
    [InlineData(2, 100, 1.0)]   // dropped to from 150
    [InlineData(2, 128, 0.5)]   // a narrow kernel
    [InlineData(4, 100, 2.0)]
    public void DiscrepancyIsFarBelowThatOfAUniformSubset(int m, int budget, double bandwidth)
    {
        double thinned = 0, uniform = 0;
        for (int seed = 1; seed <= 3; seed++)
        {
            WeightedPoints set = Inputs.Cube(m, 1200, seed);
            var options = new CompressionOptions { Budget = budget, Degree = 1, Seed = seed };
            thinned += Discrepancy(set, KernelThinning.Compress(set, options, bandwidth), bandwidth);
            uniform += Discrepancy(set, UniformSubset.Compress(set, options), bandwidth);
        }
        // Typical are 1/30 to 1/7.
        Assert.True(thinned < 0.25 * uniform, $"m={m} budget={budget} seeds 1 to 3: {thinned} for {uniform}");
    }

    [Fact]
    public void DiscrepancyFallsFasterThanRandom()
    {
        // 16 times the budget: a random subset gains a factor of 4 (a little more, without replacement).
        WeightedPoints set = Inputs.Cube(2, 2500, 3);
        double few = Discrepancy(set, KernelThinning.Compress(set, new CompressionOptions { Budget = 25, Seed = 3 }, 1), 1);
        double many = Discrepancy(set, KernelThinning.Compress(set, new CompressionOptions { Budget = 400, Seed = 3 }, 1), 1);
        Assert.True(many < few / 8, $"seed 3: {few} to {many}");
    }

    [Fact]
    public void ClustersGetTheirShare()
    {
        // 30, 20 and 10 objects far apart in units of the bandwidth: 6 keep 3, 2 and 1 of them.
        var random = new SeededRandom(5);
        double[] rows = [.. Enumerable.Range(0, 60).Select(i => (i < 30 ? 0 : i < 50 ? 100 : 200) + random.Uniform(-0.5, 0.5))];
        var set = new WeightedPoints(rows, 1);
        for (int seed = 0; seed < 10; seed++)
        {
            CompressedSet result = KernelThinning.Compress(set, new CompressionOptions { Budget = 6, Seed = seed }, bandwidth: 1);
            int[] shares = [.. new[] { (0, 30), (30, 50), (50, 60) }.Select(r => result.Indices.ToArray().Count(i => i >= r.Item1 && i < r.Item2))];
            Assert.True(shares is [3, 2, 1], $"seed {seed}: {string.Join(", ", shares)}");
        }
    }

    [Fact]
    public void NoSingleExchangeWouldHelpTheLastObject()
    {
        // Below 8 d' objects all are candidates, and the last of the d' is exchanged with the others in their final places:
        // of the 12 sets that differ from the result in one object, at least one object's exchanges all raise the MMD.
        WeightedPoints set = Inputs.Cube(2, 30, 9);
        int[] kept = KernelThinning.Compress(set, new CompressionOptions { Budget = 4, Seed = 2 }, 1.5).Indices.ToArray();
        double Of(int[] indices) => Discrepancy(set, WeightedPoints.FromRows([.. indices.Select(i => set[i].ToArray())]), 1.5);
        double least = Of(kept);
        bool IsSettled(int p) => Enumerable.Range(0, 30).Except(kept).All(i => Of([.. kept.Select((k, q) => q == p ? i : k)]) >= least);
        Assert.Contains(Enumerable.Range(0, 4), IsSettled);
    }

    [Fact]
    public void SameBitsForAnyThreadCountAndSeedDecides()
    {
        // 17000 objects are walked in two chunks; 6000 go through Compress's rounds first.
        foreach ((int d, int budget) in new[] { (17000, 5000), (6000, 40) })
        {
            WeightedPoints set = Inputs.Cube(1, d, 8);
            int[] one = Thin(set, budget, seed: 4, threads: 1).Indices.ToArray();
            Assert.Equal(one, Thin(set, budget, seed: 4, threads: 3).Indices.ToArray());
            if (d == 6000) Assert.NotEqual(one, Thin(set, budget, seed: 5).Indices.ToArray());
        }
    }

    [Fact]
    public void UnitsDoNotMatter()
    {
        WeightedPoints set = Inputs.Cube(2, 800, 6);
        int[] plain = Thin(set, 50).Indices.ToArray();
        foreach (double unit in new[] { Math.ScaleB(1, -900), Math.ScaleB(1, 900) })
            Assert.Equal(plain, Thin(new WeightedPoints([.. set.Coordinates.ToArray().Select(x => unit * x)], 2), 50).Indices.ToArray());
    }

    [Fact]
    public void RepeatedObjectsAreTakenOnceEach()
    {
        CompressedSet same = Thin(new WeightedPoints([.. Enumerable.Repeat(3.5, 200)], 2), 30);
        Assert.Equal(30, same.Indices.ToArray().Distinct().Count());
        // 90 of 100 objects are one point: nine of ten kept objects are, too.
        double[] rows = [.. Enumerable.Range(0, 100).Select(i => i < 90 ? 0.0 : 1000.0)];
        int[] kept = Thin(new WeightedPoints(rows, 1), 10).Indices.ToArray();
        Assert.Equal(9, kept.Count(i => i < 90));
    }

    [Fact]
    public void EqualWeightsAreKeptAndObjectsWithoutWeightNeverChosen()
    {
        double[] rows = [.. Enumerable.Range(0, 300).Select(i => i / 300.0)];
        double[] weights = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? 0 : 0.25)];
        var set = new WeightedPoints(rows, 1, weights);
        CompressedSet result = Thin(set, 16);
        Inputs.AssertSelection(set, result, 16, 1e-14, "equal weights");
        Assert.All(result.Weights.ToArray(), w => Assert.Equal(50.0 / 16, w));
        Assert.All(result.Indices.ToArray(), i => Assert.NotEqual(0, i % 3));

        CompressedSet all = Thin(set, 200);
        Assert.Equal(200, all.Count);
        Assert.All(all.Weights.ToArray(), w => Assert.Equal(0.25, w));
    }

    [Fact]
    public void ProgressRisesToOneAndCancellationStops()
    {
        WeightedPoints set = Inputs.Cube(2, 3000, 1);
        var seen = new List<double>();
        var options = new CompressionOptions { Budget = 100, Degree = 1, Progress = new Inputs.Immediate(p => { lock (seen) seen.Add(p.Fraction); }) };
        KernelThinning.Compress(set, options);
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(1, seen[^1]);
        Assert.Contains(seen, f => f is > 0.3 and < 1);

        using var source = new CancellationTokenSource();
        CompressionOptions stopping = options with { CancellationToken = source.Token, Progress = new Inputs.Immediate(p => { if (p.Stage == "embed") source.Cancel(); }) };
        Assert.ThrowsAny<OperationCanceledException>(() => KernelThinning.Compress(set, stopping));
        Assert.ThrowsAny<OperationCanceledException>(() => KernelThinning.Compress(set, options with { CancellationToken = new CancellationToken(true) }));
    }

    [Fact]
    public void KernelSumsAreThoseOfTheExponential()
    {
        // Distances from 0 to 60 bandwidths: values from 1 down to nothing, in numbers that fill no vector.
        double[] rows = [.. Enumerable.Range(0, 1237).Select(i => 60 * Math.Pow(i / 1236.0, 3))];
        var set = new WeightedPoints(rows, 1);
        int[] all = [.. Enumerable.Range(0, rows.Length)], few = [0, 7, 500, 1236];
        GaussianKernel kernel = GaussianKernel.Of(set, all, bandwidth: 1, seed: 0);
        double[] means = kernel.MeanAt(kernel.Select(few), new ParallelOptions());
        var factors = new double[GaussianKernel.Padded(rows.Length)];
        factors[0] = 1;
        for (int q = 0; q < few.Length; q++)
        {
            double mean = rows.Average(x => Math.Exp(-0.5 * (x - rows[few[q]]) * (x - rows[few[q]])));
            Assert.Equal(mean, means[q], 1e-12 * mean);
            double one = kernel.Value(0, few[q]);
            Assert.Equal(Math.Exp(-0.5 * rows[few[q]] * rows[few[q]]), one, 1e-12);
            Assert.Equal(one, kernel.Sum(1, factors, few[q]), 1e-12 * one + 1e-300);
        }
    }

    [Fact]
    public void MetricsThatWouldBeIgnoredAreNamed() => Inputs.AssertMetrics((set, options) => KernelThinning.Compress(set, options));

    [Fact]
    public void BadInputIsNamed()
    {
        WeightedPoints set = Inputs.Cube(2, 50, 1);
        var options = new CompressionOptions { Budget = 5, Degree = 1 };
        ArgumentException unequal = Assert.Throws<ArgumentException>(() => KernelThinning.Compress(new WeightedPoints([1, 2, 3], 1, [1, 1, 2]), options with { Budget = 2 }));
        Assert.Contains("Object 2 has weight 2", unequal.Message);
        Assert.Contains("UniformSubset", unequal.Message);
        foreach (double bad in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.Contains("bandwidth", Assert.Throws<ArgumentOutOfRangeException>(() => KernelThinning.Compress(set, options, bad)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelThinning.Compress(set, options with { Budget = 0 }));
        Assert.Throws<ArgumentNullException>(() => KernelThinning.Compress(null!, options));
        Assert.Throws<ArgumentNullException>(() => KernelThinning.Compress(set, null!));
    }

    private static double Discrepancy(WeightedPoints set, CompressedSet result, double bandwidth) =>
        Discrepancy(set, result.Points(set), bandwidth);

    /// <summary>The MMD from its definition, all pairs one by one.</summary>
    private static double Discrepancy(WeightedPoints p, WeightedPoints q, double bandwidth)
    {
        double Mean(WeightedPoints a, WeightedPoints b)
        {
            double sum = 0;
            for (int i = 0; i < a.Count; i++)
                for (int j = 0; j < b.Count; j++)
                {
                    double square = 0;
                    for (int c = 0; c < a.Dimension; c++) square += (a[i][c] - b[j][c]) * (a[i][c] - b[j][c]);
                    sum += a.WeightOf(i) * b.WeightOf(j) * Math.Exp(-square / (2 * bandwidth * bandwidth));
                }
            return sum / (a.Mass * b.Mass);
        }
        return Math.Sqrt(Math.Max(0, Mean(p, p) - 2 * Mean(p, q) + Mean(q, q)));
    }
}
