using ResearchKit.Tasks;

namespace ResearchKit.Tests.Reduction;

/// <summary>
/// The unmatched degree of a very large cell is measured on a sample: the defect of the certificate must still be the true
/// one, measured here on every object, whatever order the objects come in, and exactly so where few of them carry the mass.
/// </summary>
public sealed unsafe class WatchedEstimateTests
{
    private const int Count = 300_000, Degree = 3, Dimension = 2;

    [Theory]
    [InlineData("in random order", 1)]
    [InlineData("sorted along a diagonal", 2)]
    [InlineData("on a lattice whose rows repeat every 64 objects", 3)]
    [InlineData("two clusters, taken in turn", 4)]
    public void TheDefectIsTheTrueOneInAnyOrder(string order, int seed)
    {
        var random = new SeededRandom(seed);
        var points = new (double X, double Y)[Count];
        for (int i = 0; i < Count; i++)
        {
            (double x, double y) = (random.Uniform(-1, 1), random.Uniform(-1, 1));
            points[i] = order switch
            {
                "on a lattice whose rows repeat every 64 objects" => (i % 64 / 63.0, i / 64 / (Count / 64.0)),
                "two clusters, taken in turn" => (0.1 * x + (i % 2 == 0 ? 1 : -1), 0.1 * y * y * y),
                _ => (x * x * x, y + 0.3 * x),
            };
        }
        if (order.StartsWith("sorted", StringComparison.Ordinal)) Array.Sort(points, (a, b) => (a.X + a.Y).CompareTo(b.X + b.Y));
        var set = new WeightedPoints([.. points.SelectMany(p => new[] { p.X, p.Y })], Dimension);
        Assert.InRange(Estimated(set) - True(set), -0.01, 0.01);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public void FewHeavyObjectsAreNotLeftToASample(double decades)
    {
        var random = new SeededRandom(7);
        var coordinates = new double[Count * Dimension];
        var weights = new double[Count];
        random.FillUniform(coordinates, -1, 1);
        for (int i = 0; i < Count; i++) weights[i] = Math.Pow(10, -decades * Math.Pow(random.NextDouble(), 0.1)) * (i % 1000 == 0 ? 1e4 : 1);
        var set = new WeightedPoints(coordinates, Dimension, weights);
        Assert.Equal(True(set), Estimated(set), 1e-9);
    }

    [Fact]
    public void TheMatchedMomentsAreThoseOfEveryObject()
    {
        var set = new WeightedPoints([.. Enumerable.Range(0, Count * Dimension).Select(i => Math.Sin(i * 0.7) * Math.Cos(i * i % 1013))], Dimension);
        double[] before = Moments(set, LocalFrame.Of(set), Degree), after = Moments(Few(set).Points(set), LocalFrame.Of(set), Degree);
        Assert.All(before.Zip(after), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, 1e-14 * Count));
    }

    private static CompressedSet Few(WeightedPoints set) => Compressor.Compress(set, new CompressionOptions { Budget = MomentSpace.TotalDegree(Dimension, Degree).Count, Degree = Degree });

    private static double Estimated(WeightedPoints set) => Few(set).Certificate.NextDegreeDefect;

    /// <summary>Root mean square over the moments of degree k + 1 of the difference, over the mass.</summary>
    private static double True(WeightedPoints set)
    {
        LocalFrame frame = LocalFrame.Of(set);
        double[] before = Moments(set, frame, Degree + 1), after = Moments(Few(set).Points(set), frame, Degree + 1);
        int kept = MomentSpace.TotalDegree(Dimension, Degree).Count;
        return Math.Sqrt(before.Zip(after, (a, b) => (a - b) * (a - b)).Skip(kept).Average()) / set.Mass;
    }

    private static double[] Moments(WeightedPoints set, LocalFrame frame, int degree)
    {
        MomentSpace space = MomentSpace.TotalDegree(Dimension, degree);
        var totals = new MomentTotals(space.Count);
        using var kernel = new MomentKernel();
        fixed (double* p = set.CoordinateArray, w = set.WeightArray)
            kernel.SumCompensated(ProductBasis.Of(space), frame, p, w, set.Count, totals);
        return [.. Enumerable.Range(0, space.Count).Select(e => totals[e])];
    }
}
