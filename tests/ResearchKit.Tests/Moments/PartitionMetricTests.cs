using CsCheck;
using ResearchKit.Tasks;
using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.Moments;

public class PartitionMetricTests
{
    [Fact]
    public void StandardisedScalesAreOneOverTheStandardDeviations()
    {
        // 0, 0, 6 with weights 1, 1, 1: mean 2, variance 8. With weights 1, 1, 2: mean 3, variance 9.
        Assert.Equal(1 / Math.Sqrt(8), PartitionMetric.Standardised(new WeightedPoints([0, 0, 6], 1)).Scales[0], 1e-15);
        Assert.Equal(1 / 3.0, PartitionMetric.Standardised(new WeightedPoints([0, 0, 6], 1, [1, 1, 2])).Scales[0], 1e-15);
        PartitionMetric metric = PartitionMetric.Standardised(new WeightedPoints([0, 5, 1e9, 0, 5, -1e9, 6, 5, 0], 3), 0, 1);
        Assert.Equal(1 / Math.Sqrt(8), metric.Scales[0], 1e-15);
        Assert.Equal(1, metric.Scales[1]);
        Assert.Equal(0, metric.Scales[2]);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-9)]
    [InlineData(1e9)]
    [InlineData(1e300)]
    public void ScalesOfExtremeUnits(double unit)
        => Assert.Equal(1, PartitionMetric.Standardised(new WeightedPoints([0, 0, 6 * unit], 1)).Scales[0] * Math.Sqrt(8) * unit, 1e-14);

    [Fact]
    public void UnitsThatArePowersOfTwoDoNotShowInAStandardisedCompression()
    {
        WeightedPoints set = HardSets.Cube(3, 3000);
        double[] rows = set.Coordinates.ToArray();
        for (int i = 0; i < rows.Length; i++) rows[i] *= (i % 3) switch { 0 => 1.0, 1 => 1L << 30, _ => 1.0 / (1L << 40) };
        var scaled = new WeightedPoints(rows, 3);
        CompressedSet one = Compress(set), other = Compress(scaled);
        Assert.Equal(one.Indices.ToArray(), other.Indices.ToArray());
        Assert.Equal(one.Weights.ToArray(), other.Weights.ToArray());

        static CompressedSet Compress(WeightedPoints s) => Compressor.Compress(s, new CompressionOptions
        {
            Budget = 300,
            MomentSpace = MomentSpace.TotalDegree(3, 2, PartitionMetric.Standardised(s)),
        });
    }

    [Fact]
    public void WhitenedCoordinatesAreUncorrelatedAndOfUnitVariance()
    {
        Gen.Select(Gen.Int[1, 5], Gen.Double[-9, 9].Array[5], Gen.Double[0, 9], Gen.Int[1, 1000]).Sample((p, logs, condition, seed) =>
        {
            // Chains of columns that share most of their variance, in units over 18 decades. The smallest direction is
            // left of the largest by as many decades as the condition says, and the rounding of the columns with it.
            double nearness = condition / p;
            WeightedPoints cube = HardSets.Make("weights over 12 decades", p, 400, seed);
            double[] rows = cube.Coordinates.ToArray();
            for (int i = 0; i < cube.Count; i++)
                for (int j = p - 1; j >= 0; j--)
                    rows[i * p + j] = Math.Pow(10, logs[j]) * (j == 0 ? rows[i * p] : rows[i * p + j - 1] + Math.Pow(10, -nearness) * rows[i * p + j]);
            var set = new WeightedPoints(rows, p, cube.Weights.ToArray());
            WeightedPoints mapped = PartitionMetric.Whitened(set).Map!.Apply(set);
            for (int a = 0; a < p; a++)
            {
                for (int b = 0; b <= a; b++)
                {
                    double ma = mapped.Sum(x => x[a]) / mapped.Mass, mb = mapped.Sum(x => x[b]) / mapped.Mass;
                    double c = mapped.Sum(x => (x[a] - ma) * (x[b] - mb)) / mapped.Mass;
                    Assert.Equal(a == b ? 1 : 0, c, 1e-5);
                }
            }
        }, iter: 60);
    }

    [Fact]
    public void ADuplicatedFeatureHasNoDirectionOfItsOwn()
    {
        WeightedPoints plane = HardSets.Cube(2, 500);
        double[] rows = [.. Enumerable.Range(0, 500).SelectMany(i => new[] { plane[i][0], plane[i][1], 3 * plane[i][0] + 1e6, 7.0 })];
        var set = new WeightedPoints(rows, 4);
        WeightedPoints mapped = PartitionMetric.Whitened(set).Map!.Apply(set);
        int without = Enumerable.Range(0, 4).Count(j => Enumerable.Range(0, 500).All(i => mapped[i][j] == 0));
        // The constant goes, and one of the two copies; the offset's rounding may leave a trace of the other copy.
        Assert.InRange(without, 1, 2);
        Assert.Equal(0, mapped.Sum(x => Math.Abs(x[3])));
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("scaled copy")]
    [InlineData("constant")]
    [InlineData("sum of two")]
    public void AnotherSetLosesNoCoordinateToAMetric(string kind)
    {
        WeightedPoints plane = HardSets.Cube(2, 500, 3);
        double Last(double x, double y) => kind switch { "copy" => x, "scaled copy" => 5 - 2 * x, "constant" => 7, _ => x + y };
        var flat = new WeightedPoints([.. Enumerable.Range(0, 500).SelectMany(i => new[] { plane[i][0], plane[i][1], Last(plane[i][0], plane[i][1]) })], 3);
        PartitionMetric metric = PartitionMetric.Whitened(flat);
        foreach ((double centre, double side) in new[] { (0.0, 1.0), (5, 1e-3), (-3e4, 1e4) })
        {
            double[] rows = [.. HardSets.Cube(3, 1500, 4).Coordinates.ToArray().Select(x => centre + side * x)];
            var set = new WeightedPoints(rows, 3);
            CompressedSet result = Compressor.Compress(set, new CompressionOptions { Budget = 60, MomentSpace = MomentSpace.TotalDegree(3, 3, metric) });
            double residual = ExactMoments.Residual(set, result, 3);
            // Mapped coordinates are rounded in units of the metric's set, not of this one.
            Assert.True(residual <= 1e-14 * (Math.Abs(centre) + side + 1) / side + Compression.Check.Exact, $"{kind}, {centre} +- {side}: a moment differs by {residual:E2}");
        }
    }

    [Fact]
    public void WhiteningMakesCellsLongAlongTheData()
    {
        // A band of slope 1, a thousandth as wide as long: in the plane's own units every cut lies across it.
        WeightedPoints cube = HardSets.Cube(2, 20_000);
        double[] rows = [.. Enumerable.Range(0, 20_000).SelectMany(i => new[] { cube[i][0] + 1e-3 * cube[i][1], cube[i][0] - 1e-3 * cube[i][1] })];
        var set = new WeightedPoints(rows, 2);
        double own = Error(PartitionMetric.AllCoordinates(2)), whitened = Error(PartitionMetric.Whitened(set));
        Assert.True(whitened < 0.05 * own, $"whitened {whitened:E1}, own units {own:E1}");

        double Error(PartitionMetric metric)
        {
            CompressedSet result = Compressor.Compress(set, new CompressionOptions { Budget = 300, MomentSpace = MomentSpace.TotalDegree(2, 2, metric) });
            Assert.InRange(ExactMoments.Residual(set, result, 2), 0, Compression.Check.Exact);
            // A function that varies across the band.
            Func<ReadOnlySpan<double>, double> g = x => Math.Sin(4000 * (x[0] - x[1]));
            return Math.Abs(result.Points(set).Sum(g) - set.Sum(g)) / set.Mass;
        }
    }

    [Fact]
    public void BadMetricsAreNamed()
    {
        WeightedPoints set = HardSets.Cube(3, 10);
        Assert.Throws<ArgumentNullException>(() => PartitionMetric.Standardised(null!));
        Assert.Throws<ArgumentNullException>(() => PartitionMetric.Whitened(null!));
        Assert.Contains("Coordinate 3 does not exist", Assert.Throws<ArgumentOutOfRangeException>(() => PartitionMetric.Standardised(set, 3)).Message);
        Assert.Contains("Coordinate -1 does not exist", Assert.Throws<ArgumentOutOfRangeException>(() => PartitionMetric.Unscaled(2, -1)).Message);
        Assert.Contains("Coordinate 1 is named twice", Assert.Throws<ArgumentException>(() => PartitionMetric.Whitened(set, 1, 1)).Message);
        Assert.Contains("No coordinate is named", Assert.Throws<ArgumentException>(() => PartitionMetric.Unscaled(2)).Message);
        Assert.Contains("only one that is split", Assert.Throws<ArgumentException>(() => PartitionMetric.Unscaled(2, 1).Separating(1)).Message);
        Assert.Contains("does not exist", Assert.Throws<ArgumentOutOfRangeException>(() => PartitionMetric.Unscaled(2, 1).Separating(2)).Message);
        Assert.Contains("whitened with others", Assert.Throws<ArgumentException>(() => PartitionMetric.Whitened(set).Separating(2)).Message);
    }
}
