using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Scaling;

public class VanishingPolynomialTests
{
    private static readonly WeightedPoints Interval = new([-1, 0.25, 1], 1);

    [Fact]
    public void OneNodeAtTheCentreGivesTheLinearPolynomial()
    {
        // sqrt(3) t is the orthonormal polynomial of degree 1: at the ends q^2 = 3, on the ellipse 3 * 1.05^2.
        VanishingPolynomial q = VanishingPolynomial.Through(new WeightedPoints([0], 1), Interval);
        Assert.Equal(1, q.Degree);
        Assert.Equal(Math.Sqrt(3) / 2, Math.Abs(q.Evaluate([0.5])), 1e-14);
        Assert.Equal((3 + 3.0 / 16 + 3) / 3, q.MeanSquare(Interval), 1e-14);
        Assert.Equal(3 * 1.05 * 1.05, q.Bound, 1e-13);
    }

    [Fact]
    public void GaussNodesGiveTheLegendrePolynomial()
    {
        // P_2 vanishes at +-1/sqrt(3); sqrt(5) P_2(1) = sqrt(5), and P_2(2) = 5.5.
        double g = 1 / Math.Sqrt(3);
        VanishingPolynomial q = VanishingPolynomial.Through(new WeightedPoints([-g, g], 1), Interval, reach: 2);
        Assert.Equal(2, q.Degree);
        Assert.Equal(Math.Sqrt(5), Math.Abs(q.Evaluate([1])), 1e-13);
        Assert.Equal(5 * 5.5 * 5.5, q.Bound, 1e-10);
    }

    [Theory]
    [InlineData(1, 30, 30)]
    [InlineData(2, 90, 12)]    // C(14, 2) = 91 is the first above 90
    [InlineData(2, 91, 13)]
    [InlineData(3, 100, 7)]    // C(10, 3) = 120
    public void VanishesAtTheNodesOfACompressionAndNotOnTheSet(int m, int budget, int degree)
    {
        WeightedPoints set = RationalTask.Generate(m, 3000, 5).Points;
        WeightedPoints nodes = Compressor.Compress(set, new CompressionOptions { Budget = budget, Degree = 3 }).Points(set);
        Assert.Equal(budget, nodes.Count);
        VanishingPolynomial q = VanishingPolynomial.Through(nodes, set);
        Assert.Equal(degree, q.Degree);
        Assert.True(q.MeanSquare(nodes) < 1e-24, $"{q.MeanSquare(nodes)} at the nodes");
        // The objects are uniform on the cube, where the basis is orthonormal: the mean is near the norm, 1.
        Assert.InRange(q.MeanSquare(set), 0.3, 3);
        for (int i = 0; i < set.Count; i++)
        {
            // Also beyond the set, up to the reach.
            double[] x = [.. set[i].ToArray().Select(v => 1.049 * v)];
            Assert.True(Math.Pow(q.Evaluate(x), 2) <= q.Bound, $"object {i}");
        }
    }

    [Fact]
    public void UnitsAndOriginDoNotMatter()
    {
        WeightedPoints set = RationalTask.Generate(2, 500, 6).Points;
        int[] chosen = [3, 99, 7, 250, 444, 120, 12];
        VanishingPolynomial Of(Func<double, double> map, out WeightedPoints moved)
        {
            moved = new WeightedPoints([.. set.Coordinates.ToArray().Select(map)], 2);
            WeightedPoints all = moved;
            return VanishingPolynomial.Through(WeightedPoints.FromRows([.. chosen.Select(i => all[i].ToArray())]), moved);
        }
        VanishingPolynomial a = Of(x => x, out WeightedPoints plain), b = Of(x => 1000 + 8 * x, out WeightedPoints moved);
        Assert.Equal(a.MeanSquare(plain) / a.Bound, b.MeanSquare(moved) / b.Bound, 1e-9);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        WeightedPoints node = new([0.5], 1);
        Assert.Contains("m = 2", Assert.Throws<ArgumentException>(() => VanishingPolynomial.Through(new WeightedPoints([0, 0], 2), Interval)).Message);
        foreach (double reach in new[] { 1, double.NaN, double.PositiveInfinity })
            Assert.Contains("1.05", Assert.Throws<ArgumentOutOfRangeException>(() => VanishingPolynomial.Through(node, Interval, reach)).Message);
        var many = new WeightedPoints(new double[2001], 1);
        Assert.Contains("at most 2000", Assert.Throws<ArgumentException>(() => VanishingPolynomial.Through(many, many)).Message);
        Assert.Throws<ArgumentNullException>(() => VanishingPolynomial.Through(null!, Interval));
        Assert.Throws<ArgumentNullException>(() => VanishingPolynomial.Through(node, null!));
        Assert.Throws<ArgumentException>(() => VanishingPolynomial.Through(node, Interval).Evaluate([1, 2]));
    }
}
