namespace ResearchKit.Tests.Compression;

/// <summary>Every wrong input is named with its value, what is allowed and what to do.</summary>
public class BadInputTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void ANonFiniteCoordinateIsNamedWhereverItIs(double bad)
    {
        // Every position, so that vector bodies and tails are both met.
        for (int at = 0; at < 27; at++)
        {
            var x = new double[27];
            x[at] = bad;
            var error = Assert.Throws<ArgumentException>(() => new WeightedPoints(x, 3));
            Assert.Contains($"Coordinate {at % 3} of object {at / 3} is {bad}", error.Message);
        }
    }

    [Fact]
    public void TheLastRowOfMany()
    {
        var x = new double[1_000_003];
        x[^1] = double.NaN;
        Assert.Contains("object 1000002", Assert.Throws<ArgumentException>(() => new WeightedPoints(x, 1)).Message);
    }

    [Fact]
    public void HugeFiniteCoordinatesAreNotMistakenForInfinite()
        => Assert.Equal(16, new WeightedPoints([.. Enumerable.Repeat(double.MaxValue, 16)], 1).Count);

    [Fact]
    public void EmptyAndMisshapenSets()
    {
        Assert.Throws<ArgumentNullException>(() => new WeightedPoints(null!, 1));
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => new WeightedPoints([], 1)).Message);
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => WeightedPoints.FromRows([])).Message);
        foreach (int m in new[] { 0, -1 })
            Assert.Contains($"{m}", Assert.Throws<ArgumentOutOfRangeException>(() => new WeightedPoints([1, 2], m)).Message);
        string shape = Assert.Throws<ArgumentException>(() => new WeightedPoints([1, 2, 3, 4], 3)).Message;
        Assert.Contains("4 coordinates", shape);
        Assert.Contains("m = 3", shape);
        Assert.Contains("Row 1 has 1 coordinates", Assert.Throws<ArgumentException>(() => WeightedPoints.FromRows([[1, 2], [3]])).Message);
        Assert.Contains("2 weights were given for d = 3", Assert.Throws<ArgumentException>(() => new WeightedPoints([1, 2, 3], 1, [1, 1])).Message);
    }

    [Fact]
    public void RowsWithoutCoordinatesAreNamed()
        => Assert.Contains("Row 0 has no coordinates", Assert.Throws<ArgumentException>(() => WeightedPoints.FromRows([[], []])).Message);

    [Fact]
    public void ANullRowIsNamed()
        => Assert.Contains("Row 1 is null", Assert.Throws<ArgumentException>(() => WeightedPoints.FromRows([[1.0], null!])).Message);

    [Theory]
    [InlineData(-1.0)]
    [InlineData(-1e-300)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ABadWeightIsNamed(double bad)
    {
        var error = Assert.Throws<ArgumentException>(() => new WeightedPoints([1, 2, 3], 1, [1, 1, bad]));
        Assert.Contains($"weight of object 2 is {bad}", error.Message);
        Assert.Contains("finite and nonnegative", error.Message);
    }

    [Fact]
    public void ZeroAndOverflowingMass()
    {
        Assert.Contains("mass of the weights is 0", Assert.Throws<ArgumentException>(() => new WeightedPoints([1, 2], 1, [0, 0])).Message);
        string over = Assert.Throws<ArgumentException>(() => new WeightedPoints([1, 2], 1, [double.MaxValue, double.MaxValue])).Message;
        Assert.Contains("rescale", over);
        Assert.Contains("mass", over);
    }

    [Fact]
    public void TheLargestFiniteMassIsAllowed()
        => Assert.Equal(double.MaxValue, new WeightedPoints([1, 2], 1, [double.MaxValue, 1]).Mass);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void ABudgetBelowOne(int budget)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Check.Compress(HardSets.Cube(2, 10), 1, budget));
        Assert.Contains($"Budget d' = {budget}", error.Message);
        Assert.Contains("at least 1", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Estimate(10, 2, new CompressionOptions { Budget = budget }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    public void ABudgetBelowTheRank(int budget)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Check.Compress(HardSets.Cube(3, 100), 3, budget));
        Assert.Contains($"Budget d' = {budget}", error.Message);
        Assert.Contains("N = 20", error.Message);
        Assert.Contains("at least 20", error.Message);
        Assert.Contains($"degree to at most {(budget == 1 ? 0 : 2)}", error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(256)]
    public void ADegreeOutOfRange(int degree)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Check.Compress(HardSets.Cube(1, 10), degree, 5));
        Assert.Contains($"{degree}", error.Message);
        Assert.Contains("between 0 and 255", error.Message);
    }

    [Fact]
    public void ASpaceOfAnotherDimension()
    {
        var options = new CompressionOptions { Budget = 20, MomentSpace = MomentSpace.TotalDegree(3, 2) };
        string message = Assert.Throws<ArgumentException>(() => Compressor.Compress(HardSets.Cube(2, 100), options)).Message;
        Assert.Contains("m = 3", message);
        Assert.Contains("has 2", message);
        Assert.Throws<ArgumentException>(() => Compressor.Estimate(100, 2, options));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void ParallelismOutOfRange(int threads)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Check.Compress(HardSets.Cube(2, 100), 2, 10, threads));
        Assert.Contains($"MaxDegreeOfParallelism = {threads}", error.Message);
        Assert.Contains("-1 for all processors", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Estimate(100, 2, new CompressionOptions { Budget = 10, MaxDegreeOfParallelism = threads }));
    }

    [Fact]
    public void NegativeProbesAreRefused()
        => Assert.Contains("-3", Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Compress(HardSets.Cube(2, 100), new CompressionOptions { Budget = 20, Degree = 2, Probes = -3 })).Message);

    [Fact]
    public void Nulls()
    {
        Assert.Throws<ArgumentNullException>(() => Compressor.Compress(null!, new CompressionOptions { Budget = 1 }));
        Assert.Throws<ArgumentNullException>(() => Compressor.Compress(HardSets.Cube(1, 3), null!));
        Assert.Throws<ArgumentNullException>(() => Compressor.Estimate(3, 1, null!));
        Assert.Throws<ArgumentNullException>(() => HardSets.Cube(1, 3).Sum(null!));
        Assert.Throws<ArgumentNullException>(() => Check.Compress(HardSets.Cube(1, 3), 0, 1).Points(null!));
    }

    [Fact]
    public void GatherWantsOneRowPerObject()
    {
        CompressedSet result = Check.Compress(HardSets.Cube(2, 50), 2, 6);
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"object {i}")];
        Assert.Equal(result.Indices.ToArray().Select(i => $"object {i}"), result.Gather<string>(names));
        int[] pairs = [.. Enumerable.Range(0, 100)];
        Assert.Equal(result.Indices.ToArray().SelectMany(i => new[] { 2 * i, 2 * i + 1 }), result.Gather<int>(pairs, 2));
        foreach (int length in new[] { 0, 49, 51, 100 })
            Assert.Contains("50 x 1", Assert.Throws<ArgumentException>(() => result.Gather<int>(new int[length])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => result.Gather<int>(pairs, 0));
    }

    [Fact]
    public void PointsOfAnotherSetAreRefused()
    {
        CompressedSet result = Check.Compress(HardSets.Cube(2, 50), 2, 6);
        Assert.Throws<ArgumentException>(() => result.Points(HardSets.Cube(2, 51)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void AWeightOfNoObject(int index)
        => Assert.Throws<ArgumentOutOfRangeException>(() => HardSets.Cube(2, 10).WeightOf(index));
}
