using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>Numbers at the ends of the range of doubles: a right answer, and no negative weight, NaN or endless loop.</summary>
public class ExtremesTests
{
    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-200)]
    [InlineData(1e150)]
    [InlineData(1e200)]
    [InlineData(1e300)]
    [InlineData(1e305)]
    public void AllWeightsAtOneEndOfTheRange(double weight)
    {
        WeightedPoints cube = HardSets.Cube(2, 300);
        double[] relative = [.. Enumerable.Range(0, 300).Select(i => 0.1 * (1 + i % 7))];
        var set = new WeightedPoints(cube.Coordinates.ToArray(), 2, [.. relative.Select(w => w * weight)]);
        foreach (int budget in new[] { 15, 40 })
        {
            CompressedSet result = Check.Compress(set, 4, budget);
            Assert.Equal(budget, result.Count);
            AssertKept(set, result, 4, weight);
        }
    }

    [Theory]
    [InlineData(1e-310)]
    [InlineData(1e-312)]
    [InlineData(1e-318)]
    public void WeightsBelowTheNormalRange(double weight)
    {
        WeightedPoints cube = HardSets.Cube(2, 300);
        var set = new WeightedPoints(cube.Coordinates.ToArray(), 2, [.. Enumerable.Repeat(weight, 300)]);
        CompressedSet result = Check.Compress(set, 3, 30);
        Assert.InRange(result.Count, 1, 30);
        AssertMeanKept(set, result, 1e-3 * double.Epsilon / weight + 30 * double.Epsilon / weight);
        CompressedSet read = CompressionPyramid.Build(set, new CompressionOptions { Degree = 3 }).At(60);
        AssertMeanKept(set, read, 1e-3 * double.Epsilon / weight + 60 * double.Epsilon / weight);
    }

    [Fact]
    public void AClusterInTheTailOfANormalDensity()
    {
        // Importance weights exp(-x^2 / 2): the second cluster weighs 1e-312 of the first.
        var rows = new double[2 * 2000];
        var weights = new double[2000];
        var random = new SeededRandom(11);
        for (int i = 0; i < 2000; i++)
        {
            double x = i < 1000 ? random.Uniform(0, 1) : random.Uniform(37.85, 38.45);
            rows[2 * i] = x;
            rows[2 * i + 1] = random.Uniform(-1, 1);
            weights[i] = Math.Exp(-0.5 * x * x);
        }
        var set = new WeightedPoints(rows, 2, weights);
        CompressedSet result = Check.Compress(set, 3, 300);
        Assert.InRange(result.Count, 1, 300);
        AssertMeanKept(set, result, 1e-14);
    }

    private static void AssertMeanKept(WeightedPoints set, CompressedSet result, double relative)
    {
        // In units in which nothing underflows.
        double Scaled(WeightedPoints p, int j) => Enumerable.Range(0, p.Count).Sum(i => Math.ScaleB(p.WeightOf(i), 900) * (j < 0 ? 1 : p[i][j]));
        WeightedPoints few = result.Points(set);
        double mass = Scaled(set, -1);
        foreach (double w in result.Weights) Assert.True(w > 0);
        for (int j = -1; j < set.Dimension; j++)
            Assert.True(Math.Abs(Scaled(few, j) - Scaled(set, j)) <= relative * mass * (j < 0 ? 1 : 40), $"coordinate {j}: {Scaled(few, j) / mass} instead of {Scaled(set, j) / mass}");
    }

    [Fact]
    public void WeightsFrom1eMinus300To1e300()
    {
        var random = new SeededRandom(4);
        WeightedPoints cube = HardSets.Cube(2, 500);
        var weights = new double[500];
        for (int i = 0; i < 500; i++) weights[i] = Math.Pow(10, random.Uniform(-300, 300));
        var set = new WeightedPoints(cube.Coordinates.ToArray(), 2, weights);
        foreach (int budget in new[] { 10, 35, 200 })
            AssertKept(set, Check.Compress(set, 3, budget), 3, weights.Max());
    }

    [Theory]
    [InlineData(1e150)]
    [InlineData(1e300)]
    [InlineData(1.7e308)]
    [InlineData(1e-150)]
    [InlineData(1e-290)]
    public void CoordinatesAtOneEndOfTheRange(double scale)
    {
        WeightedPoints cube = HardSets.Cube(2, 800);
        var set = new WeightedPoints([.. cube.Coordinates.ToArray().Select(x => x * scale)], 2);
        foreach (int budget in new[] { 10, 77 })
        {
            CompressedSet result = Check.AllPromises(set, 3, budget, $"{scale}, d'={budget}");
            Assert.Equal(budget, result.Count);
            Certificate c = result.Certificate;
            Assert.True(double.IsFinite(c.NextDegreeDefect), $"defect {c.NextDegreeDefect}");
            // Single numbers: the diagonal of a box up to 3.4e308 wide may overflow, a smaller one may not.
            if (scale < 1e308) Assert.True(double.IsFinite(c.MaxCellDiameter) && c.MaxCellDiameter > 0, $"diameter {c.MaxCellDiameter}");
        }
    }

    [Fact]
    public void DenormalCoordinatesAreOnePoint()
    {
        // A box narrower than 1e-300 has no usable inverse: its objects agree to far below double precision of anything.
        WeightedPoints cube = HardSets.Cube(2, 400);
        var set = new WeightedPoints([.. cube.Coordinates.ToArray().Select(x => x * 1e-310)], 2);
        CompressedSet result = Check.Compress(set, 3, 10);
        Check.Shape(set, result, 10, "denormal");
        Assert.Equal(set.Sum(x => x[0]), result.Points(set).Sum(x => x[0]), 1e-300);
        // One ordinary coordinate beside it is compressed as ever.
        double[] mixed = cube.Coordinates.ToArray();
        for (int i = 1; i < mixed.Length; i += 2) mixed[i] *= 1e-310;
        var half = new WeightedPoints(mixed, 2);
        CompressedSet line = Check.Compress(half, 3, 10);
        Check.Shape(half, line, 10, "half denormal");
        foreach (int power in new[] { 1, 2, 3 })
            Assert.Equal(half.Sum(x => Math.Pow(x[0], power)), line.Points(half).Sum(x => Math.Pow(x[0], power)), 400 * Check.Exact);
    }

    [Fact]
    public void ProbesOfHugeCoordinatesStayFinite()
    {
        WeightedPoints cube = HardSets.Cube(2, 300);
        var set = new WeightedPoints([.. cube.Coordinates.ToArray().Select(x => x * 1e300)], 2);
        CompressedSet result = Compressor.Compress(set, new CompressionOptions { Degree = 3, Budget = 10, Probes = 4 });
        Assert.InRange(result.Certificate.ProbeError, 1e-8, 1);
    }

    private static void AssertKept(WeightedPoints set, CompressedSet result, int k, double unit)
    {
        // Weights in units of the largest, so that the reference itself cannot overflow.
        var difference = new Quad[set.Count];
        Quad mass = 0;
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] = -(set.WeightOf(i) / unit);
            mass += set.WeightOf(i) / unit;
        }
        for (int i = 0; i < result.Count; i++)
        {
            Assert.True(result.Weights[i] > 0 && double.IsFinite(result.Weights[i]), $"weight {result.Weights[i]}");
            difference[result.Indices[i]] += result.Weights[i] / unit;
        }
        double residual = ExactMoments.Largest(set.Coordinates, set.Dimension, difference, k) / (double)mass;
        Assert.True(residual <= Check.Exact, $"weights of {unit:E0}: a moment differs by {residual:E2} of the mass");
        Assert.True(result.Certificate.MaxMomentResidual <= Check.Exact, $"certified {result.Certificate.MaxMomentResidual:E2}");
    }
}
