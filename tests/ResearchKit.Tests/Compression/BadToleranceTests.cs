using ResearchKit.Baselines;

namespace ResearchKit.Tests.Compression;

/// <summary>Goals and probes that cannot be meant are named with the remedy.</summary>
public class BadToleranceTests
{
    private static readonly WeightedPoints Set = HardSets.Cube(2, 100);

    private static T Refused<T>(CompressionOptions options) where T : ArgumentException
        => Assert.Throws<T>(() => Compressor.Compress(Set, options));

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1e-3)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ATolerance(double tolerance)
    {
        string message = Refused<ArgumentOutOfRangeException>(new() { Tolerance = tolerance }).Message;
        Assert.Contains($"Tolerance = {tolerance}", message);
        Assert.Contains("positive and finite", message);
        CompressionPyramid pyramid = CompressionPyramid.Build(Set, new CompressionOptions { Probes = 2 });
        Assert.Contains($"Tolerance = {tolerance}", Assert.Throws<ArgumentOutOfRangeException>(() => pyramid.AtTolerance(tolerance)).Message);
    }

    [Fact]
    public void BothGoalsOrNone()
    {
        string both = Refused<ArgumentException>(new() { Budget = 20, Tolerance = 1e-3 }).Message;
        Assert.Contains("Budget = 20 and Tolerance = 0.001 were both given", both);
        string none = Refused<ArgumentException>(new()).Message;
        Assert.Contains("Neither Budget", none);
        Assert.Contains("nor Tolerance", none);
    }

    [Fact]
    public void ADegreeBesideTheAutomaticOne()
    {
        Assert.Contains("Degree = 3", Refused<ArgumentException>(new() { Budget = 20, AutomaticDegree = true, Degree = 3 }).Message);
        Assert.Contains("a MomentSpace", Refused<ArgumentException>(new() { Budget = 20, AutomaticDegree = true, MomentSpace = MomentSpace.TotalDegree(2, 2) }).Message);
        Assert.Contains("Metric", Refused<ArgumentException>(new() { Budget = 20, Metric = PartitionMetric.AllCoordinates(2), MomentSpace = MomentSpace.TotalDegree(2, 2) }).Message);
        Assert.Contains("3 scales", Refused<ArgumentException>(new() { Tolerance = 1e-3, Metric = PartitionMetric.AllCoordinates(3) }).Message);
    }

    [Fact]
    public void AGoalThatAPyramidCannotHave()
    {
        Assert.Contains("one degree for all its budgets", Assert.Throws<ArgumentException>(() => CompressionPyramid.Build(Set, new CompressionOptions { AutomaticDegree = true })).Message);
        Assert.Contains("AtTolerance(0.001)", Assert.Throws<ArgumentException>(() => CompressionPyramid.Build(Set, new CompressionOptions { Tolerance = 1e-3, Degree = 2 })).Message);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-2.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AProbeScale(double scale)
        => Assert.Contains($"ProbeScale = {scale}", Refused<ArgumentOutOfRangeException>(new() { Tolerance = 1e-3, ProbeScale = scale }).Message);

    [Fact]
    public void ProbesThatAreMissingOrNotFinite()
    {
        Assert.Contains("ProbeFunctions[1] is null", Refused<ArgumentException>(new() { Tolerance = 1e-3, ProbeFunctions = [x => x[0], null!] }).Message);
        double infinite = double.PositiveInfinity;
        string message = Refused<ArgumentException>(new() { Tolerance = 1e-3, ProbeFunctions = [x => x[0], x => infinite * x[1]] }).Message;
        Assert.Contains("ProbeFunctions[1] is ", message);
        Assert.Contains("finite on every object", message);
        // One bad object among many is found, in a plain compression as well.
        int bad = 77;
        double at = Set[bad][0];
        Assert.Contains($"({at}, {Set[bad][1]})", Refused<ArgumentException>(new() { Budget = 20, Degree = 2, ProbeFunctions = [x => 1 / (x[0] - at)] }).Message);
    }

    [Fact]
    public void AFailureOfAProbeIsThrownItself()
        => Assert.Throws<InvalidTimeZoneException>(() => Compressor.Compress(HardSets.Cube(2, 9000), new CompressionOptions { Tolerance = 1e-3, ProbeFunctions = [_ => throw new InvalidTimeZoneException()] }));

    [Fact]
    public void BaselinesAndTheEstimateWorkToABudget()
    {
        var options = new CompressionOptions { Tolerance = 1e-3 };
        Assert.Contains("set Budget", Assert.Throws<ArgumentException>(() => UniformSubset.Compress(Set, options)).Message);
        Assert.Contains("set Budget", Assert.Throws<ArgumentException>(() => PaperAlgorithm.Compress(Set, options)).Message);
        Assert.Contains("set Budget", Assert.Throws<ArgumentException>(() => KMeansCentroids.Compress(Set, options)).Message);
        Assert.Contains("set Budget", Assert.Throws<ArgumentException>(() => Compressor.Estimate(100, 2, options)).Message);
        // A baseline has nothing to choose by.
        Assert.Equal(CompressionOptions.DefaultDegree, PaperAlgorithm.Compress(Set, new CompressionOptions { Budget = 20, AutomaticDegree = true }).Certificate.Degree);
        Assert.Contains("without probes", Assert.Throws<InvalidOperationException>(() => CompressionPyramid.Build(Set, new CompressionOptions()).AtTolerance(1e-3)).Message);
    }
}
