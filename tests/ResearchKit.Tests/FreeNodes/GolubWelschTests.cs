using ResearchKit.Tasks;
using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.FreeNodes;

/// <summary>Gauss rules of discrete measures against classical ones worked out independently.</summary>
public class GolubWelschTests
{
    [Fact]
    public void NewtonCotesOfSevenPointsGivesGaussLegendre()
    {
        // Exact for degree 7 with positive weights, so its Gauss rules of up to 4 nodes are those of the uniform measure.
        double[] points = [-1, -2.0 / 3, -1.0 / 3, 0, 1.0 / 3, 2.0 / 3, 1];
        double[] mass = [41.0 / 840, 216.0 / 840, 27.0 / 840, 272.0 / 840, 27.0 / 840, 216.0 / 840, 41.0 / 840];
        AssertRule(GolubWelsch.Rule(points, mass, 1), [0], [1]);
        AssertRule(GolubWelsch.Rule(points, mass, 2), [-1 / Math.Sqrt(3), 1 / Math.Sqrt(3)], [0.5, 0.5]);
        AssertRule(GolubWelsch.Rule(points, mass, 3), [-Math.Sqrt(0.6), 0, Math.Sqrt(0.6)], [5.0 / 18, 8.0 / 18, 5.0 / 18]);
        double inner = Math.Sqrt(3.0 / 7 - 2.0 / 7 * Math.Sqrt(1.2)), outer = Math.Sqrt(3.0 / 7 + 2.0 / 7 * Math.Sqrt(1.2));
        double heavy = (18 + Math.Sqrt(30)) / 72, light = (18 - Math.Sqrt(30)) / 72;
        AssertRule(GolubWelsch.Rule(points, mass, 4), [-outer, -inner, inner, outer], [light, heavy, heavy, light]);
    }

    [Fact]
    public void FourHermiteNodesGiveThree()
    {
        double near = Math.Sqrt(3 - Math.Sqrt(6)), far = Math.Sqrt(3 + Math.Sqrt(6)), heavy = (3 + Math.Sqrt(6)) / 12, light = (3 - Math.Sqrt(6)) / 12;
        AssertRule(GolubWelsch.Rule([far, -near, near, -far], [light, heavy, heavy, light], 3), [-Math.Sqrt(3), 0, Math.Sqrt(3)], [1.0 / 6, 2.0 / 3, 1.0 / 6]);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(300)]
    public void ChebyshevPointsGiveChebyshevRules(int count)
    {
        double[] points = [.. Enumerable.Range(0, count).Select(i => Math.Cos((2 * i + 1) * Math.PI / (2 * count)))];
        double[] mass = [.. Enumerable.Repeat(1.0 / count, count)];
        for (int n = 1; n <= 20; n++)
            AssertRule(GolubWelsch.Rule(points, mass, n), [.. Enumerable.Range(0, n).Select(j => -Math.Cos((2 * j + 1) * Math.PI / (2 * n)))], [.. Enumerable.Repeat(1.0 / n, n)]);
    }

    [Fact]
    public void FewerDistinctPointsThanNodesComeBackThemselves()
    {
        (double[] nodes, double[] weights) = GolubWelsch.Rule([0.5, -1, 0.5, 1, -1, 0.5], [0.1, 0.2, 0.1, 0.2, 0.3, 0.1], 5);
        AssertRule((nodes, weights), [-1, 0.5, 1], [0.5, 0.3, 0.2]);
        AssertRule(GolubWelsch.Rule([0.25, 0.25, 0.25], [0.5, 0.25, 0.25], 2), [0.25], [1]);
    }

    [Fact]
    public void OneDimensionTakesTheGaussCount()
    {
        for (int k = 1; k <= 15; k++)
            foreach (string name in new[] { "generic", "off-centre cluster 5 +- 0.01", "weights over 12 decades", "Gaussian tails", "scale 1e-9", "scale 1e9" })
            {
                WeightedPoints set = HardSets.Make(name, 1, 400, k);
                SyntheticSet result = ResearchKit.FreeNodes.Fewest(set, new FreeNodeOptions { Degree = k, Budget = k + 1 });
                Assert.Equal((k + 2) / 2, result.Count);
                SyntheticCheck.Promises(set, result, k, k + 1, NodeContainment.ConvexHull, $"{name}, k={k}");
            }
    }

    private static void AssertRule((double[] Nodes, double[] Weights) rule, double[] nodes, double[] weights)
    {
        Assert.Equal(nodes.Length, rule.Nodes.Length);
        for (int i = 0; i < nodes.Length; i++)
        {
            Assert.Equal(nodes[i], rule.Nodes[i], 4e-15 * nodes.Length);
            Assert.Equal(weights[i], rule.Weights[i], 4e-15 * nodes.Length);
        }
    }
}
