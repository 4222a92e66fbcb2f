using ResearchKit.Cli;

namespace ResearchKit.Notebooks.Tests.Cli;

public class MomentVerifierTests
{
    [Theory]
    [InlineData(1, 4, 5)]
    [InlineData(3, 5, 56)]
    [InlineData(5, 4, 126)]
    public void Exponents_count_binomially(int m, int k, int expected)
    {
        List<int[]> all = MomentVerifier.Exponents(m, k);
        Assert.Equal(expected, all.Count);
        Assert.Equal(expected, all.Select(e => string.Join(',', e)).Distinct().Count());
        Assert.All(all[0], e => Assert.Equal(0, e));
    }

    [Fact]
    public void Gauss_nodes_match_to_degree_3_but_not_4()
    {
        // Two-point Gauss on many equal points: x = -1, 0, 0, 0, 0, 1 has mean square 1/3, as x = +-1/sqrt(3) has.
        double[] points = [-1, 0, 0, 0, 0, 1], nodes = [-1 / Math.Sqrt(3), 1 / Math.Sqrt(3)], weights = [3, 3];
        Assert.True(Compare(points, null, nodes, weights, 1, 3).MaxResidual < 1e-15);
        Assert.True(Compare(points, null, nodes, weights, 1, 4).MaxResidual > 0.1);
    }

    [Fact]
    public void Same_set_is_exact_in_tiny_far_off_centre_boxes()
    {
        double[] points = [.. Enumerable.Range(0, 600).Select(i => 1e6 + 1e-3 * Math.Sin(i))];
        double[] ones = [.. Enumerable.Repeat(1.0, 200)];
        MomentComparison same = Compare(points, null, points, ones, 3, 6);
        Assert.Equal(0, same.MaxResidual);
        Assert.Equal(84, same.Moments);
    }

    [Fact]
    public void Moved_mass_and_NaN_are_seen()
    {
        double[] points = [0, 1, 2, 3];
        Assert.Equal(0.25, Compare(points, null, points, [1, 1, 1, 2], 1, 2).MassResidual, 12);
        Assert.Equal(double.PositiveInfinity, Compare(points, null, points, [1, 1, 1, double.NaN], 1, 2).MaxResidual);
    }

    [Fact]
    public void Constant_coordinate_is_no_division_by_zero() =>
        Assert.Equal(0, Compare([5, 1, 5, 2], null, [5, 1, 5, 2], [1, 1], 2, 3).MaxResidual);

    private static MomentComparison Compare(double[] points, double[]? pointWeights, double[] kept, double[] keptWeights, int m, int k) =>
        MomentVerifier.Compare(points, pointWeights, kept, keptWeights, m, k, TestContext.Current.CancellationToken);
}
