using ResearchKit.Tasks;
using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.FreeNodes;

/// <summary>Free labels keep every squared loss of a polynomial model, up to a constant that is known.</summary>
public class FreeLabelsTests
{
    [Theory]
    [InlineData("generic", 1)]
    [InlineData("generic", 2)]
    [InlineData("generic", 3)]
    [InlineData("off-centre cluster 5 +- 0.01", 2)]
    [InlineData("weights over 12 decades", 1)]
    [InlineData("duplicated", 2)]
    [InlineData("zero weights", 1)]
    [InlineData("constant column", 2)]
    [InlineData("collinear", 2)]
    [InlineData("sphere", 1)]
    [InlineData("lattice", 2)]
    [InlineData("fewer distinct than moments", 1)]
    [InlineData("generic", 0)]
    public void MomentsOfPolynomialsAndOfLabelsTimesPolynomialsAreKept(string name, int k)
    {
        for (int label = 0; label < 3; label++)
        {
            (WeightedPoints set, double[] y) = Regression(HardSets.Make(name, 2, 300, 3), label);
            int budget = k == 3 ? 60 : 40;
            SyntheticSet result = FreeLabels.Compress(set, label, new FreeNodeOptions { Degree = k, Budget = budget });
            Assert.InRange(result.Count, 1, budget);
            double scale = Math.Sqrt(y.Select((v, i) => v * v * set.WeightOf(i)).Sum() / set.Mass), residual = 0;
            double[] rows = [.. Inputs(set, label), .. Inputs(result.Points, label)];
            Quad[] masses = [.. Enumerable.Range(0, set.Count).Select(i => (Quad)(-set.WeightOf(i))), .. Enumerable.Range(0, result.Count).Select(i => (Quad)result.Points.WeightOf(i))];
            Quad[] labels = [.. Enumerable.Range(0, set.Count).Select(i => (Quad)set[i][label]), .. Enumerable.Range(0, result.Count).Select(i => (Quad)result.Points[i][label])];
            residual = ExactMoments.Largest(rows, 2, masses, 2 * k) / set.Mass;
            Assert.True(residual <= SyntheticCheck.Exact, $"{name}, k={k}: a moment of p(x) differs by {residual:E2}");
            residual = ExactMoments.Largest(rows, 2, [.. masses.Zip(labels, (c, v) => c * v)], k) / (set.Mass * scale);
            Assert.True(residual <= SyntheticCheck.Exact, $"{name}, k={k}: a moment of y p(x) differs by {residual:E2}");
            Quad offset = 0;
            for (int i = 0; i < masses.Length; i++) offset -= masses[i] * labels[i] * labels[i];
            Assert.Equal((double)offset / set.Mass, result.ConstantOffset, 1e-12 * scale * scale);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TheLossOfEveryPolynomialIsThatOfTheNodesAndTheOffset(int k)
    {
        (WeightedPoints set, _) = Regression(HardSets.Cube(2, 2000), 2);
        SyntheticSet result = FreeLabels.Compress(set, 2, new FreeNodeOptions { Degree = k, Budget = 60 });
        Assert.True(result.ConstantOffset > 0.5, "noise of unit variance averages out");
        var random = new SeededRandom(2);
        for (int trial = 0; trial < 20; trial++)
        {
            double a = random.NextNormal(), b = random.NextNormal(), c = random.NextNormal(), q = k > 1 ? random.NextNormal() : 0;
            double Loss(ReadOnlySpan<double> r)
            {
                double f = a + b * r[0] + c * r[1] + q * r[0] * r[1];
                return (f - r[2]) * (f - r[2]);
            }
            double original = set.Sum(Loss) / set.Mass, few = result.Points.Sum(Loss) / set.Mass;
            Assert.Equal(original, few + result.ConstantOffset, 1e-12 * original);
        }
    }

    [Fact]
    public void LabelsOfAPolynomialAreItsValues()
    {
        WeightedPoints inputs = HardSets.Cube(2, 1000);
        static double Y(double x, double z) => 1 + 2 * x - z + 0.5 * x * z + z * z;
        double[] rows = [.. Enumerable.Range(0, 1000).SelectMany(i => new[] { inputs[i][0], inputs[i][1], Y(inputs[i][0], inputs[i][1]) })];
        SyntheticSet result = FreeLabels.Compress(new WeightedPoints(rows, 3), 2, new FreeNodeOptions { Degree = 2, Budget = 60 });
        for (int i = 0; i < result.Count; i++) Assert.Equal(Y(result.Points[i][0], result.Points[i][1]), result.Points[i][2], 1e-9);
        Assert.Equal(0, result.ConstantOffset, 1e-9);
    }

    [Fact]
    public void TheLossLandscapeOfReluNetworksIsKeptTenTimesBetterThanByASubset()
    {
        var task = TeacherRegressionTask.Generate(20_000, 3);
        SyntheticSet free = FreeLabels.Compress(task.Train, 2, new FreeNodeOptions { Degree = 1, Budget = 400 });
        foreach (LandscapeRegion region in Enum.GetValues<LandscapeRegion>())
        {
            LossLandscapeStudy study = LossLandscapeStudy.Draw(task, region, 20, 4);
            double[] original = study.Losses(task.Train);
            double Error(WeightedPoints set, double offset)
                => Math.Sqrt(study.Losses(set).Zip(original, (a, b) => (a + offset - b) * (a + offset - b)).Average());
            double best = Enumerable.Range(1, 4).Min(k => Error(Compressor.Compress(task.Train, new CompressionOptions { Degree = k, Budget = 400 }).Points(task.Train), 0));
            Assert.True(10 * Error(free.Points, free.ConstantOffset) <= best, $"{region}: {Error(free.Points, free.ConstantOffset):E2} against {best:E2}");
        }
    }

    [Fact]
    public void TheBitsDoNotDependOnTheNumberOfThreads()
    {
        (WeightedPoints set, _) = Regression(HardSets.Cube(3, 5000), 1);
        SyntheticSet one = Run(1), many = Run(4);
        Assert.Equal(one.Points.Coordinates.ToArray(), many.Points.Coordinates.ToArray());
        Assert.Equal(one.ConstantOffset, many.ConstantOffset);

        SyntheticSet Run(int threads) => FreeLabels.Compress(set, 1, new FreeNodeOptions { Degree = 1, Budget = 300, MaxDegreeOfParallelism = threads });
    }

    [Fact]
    public void ASetWithinTheBudgetComesBackAsItIs()
    {
        (WeightedPoints set, _) = Regression(HardSets.Cube(2, 20), 2);
        SyntheticSet result = FreeLabels.Compress(set, 2, new FreeNodeOptions { Degree = 1, Budget = 20 });
        Assert.Equal(set.Coordinates.ToArray(), result.Points.Coordinates.ToArray());
        Assert.Equal(0, result.ConstantOffset);
    }

    [Fact]
    public void BadInput()
    {
        WeightedPoints set = HardSets.Cube(3, 100), line = HardSets.Cube(1, 100);
        var options = new FreeNodeOptions { Degree = 1, Budget = 30 };
        Assert.Throws<ArgumentNullException>(() => FreeLabels.Compress(null!, 0, options));
        Assert.Throws<ArgumentNullException>(() => FreeLabels.Compress(set, 0, null!));
        foreach (int label in new[] { -1, 3 })
            Assert.Contains("0 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => FreeLabels.Compress(set, label, options)).Message);
        Assert.Contains("at least one coordinate", Assert.Throws<ArgumentException>(() => FreeLabels.Compress(line, 0, options)).Message);
        Assert.Contains("set Degree = k", Assert.Throws<ArgumentException>(() => FreeLabels.Compress(set, 2, options with { MomentSpace = MomentSpace.TotalDegree(2, 2) })).Message);
        Assert.Contains("Degree k = -1", Assert.Throws<ArgumentOutOfRangeException>(() => FreeLabels.Compress(set, 2, options with { Degree = -1 })).Message);
        Assert.Contains("Degree k = 128", Assert.Throws<ArgumentOutOfRangeException>(() => FreeLabels.Compress(set, 2, options with { Degree = 128 })).Message);
        Assert.Contains("Raise the budget", Assert.Throws<ArgumentOutOfRangeException>(() => FreeLabels.Compress(set, 2, options with { Budget = 2 })).Message);
    }

    /// <summary>Inputs with a noisy label put in at a place, moved off zero.</summary>
    private static (WeightedPoints Set, double[] Labels) Regression(WeightedPoints inputs, int label)
    {
        var random = new SeededRandom(21);
        int m = inputs.Dimension;
        var rows = new double[inputs.Count * (m + 1)];
        var y = new double[inputs.Count];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = 2 + Math.Sin(3 * inputs[i][0]) + random.NextNormal();
            for (int c = 0, at = 0; c <= m; c++) rows[i * (m + 1) + c] = c == label ? y[i] : inputs[i][at++];
        }
        return (new WeightedPoints(rows, m + 1, inputs.IsUniform ? null : inputs.Weights.ToArray()), y);
    }

    private static double[] Inputs(WeightedPoints set, int label)
        => [.. Enumerable.Range(0, set.Coordinates.Length).Where(i => i % set.Dimension != label).Select(i => set.Coordinates[i])];
}
