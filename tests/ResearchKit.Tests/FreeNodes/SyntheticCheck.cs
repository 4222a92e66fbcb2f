using ResearchKit.Tasks;

namespace ResearchKit.Tests.FreeNodes;

/// <summary>The promises of free nodes, checked on the result alone.</summary>
internal static class SyntheticCheck
{
    /// <summary>The residual that counts as exact, relative to the mass.</summary>
    public const double Exact = 1e-12;

    public static SyntheticSet Compress(WeightedPoints set, int k, int budget, NodeContainment containment = NodeContainment.Box, int threads = 1, int beyond = 3)
        => ResearchKit.FreeNodes.Compress(set, new FreeNodeOptions { Degree = k, Budget = budget, Containment = containment, MaxDegreeOfParallelism = threads, DegreesBeyond = beyond });

    /// <summary>Compresses and checks count, weights, members, containment, and the mass and moments of every cell.</summary>
    public static SyntheticSet AllPromises(WeightedPoints set, int k, int budget, NodeContainment containment, string context)
    {
        SyntheticSet result = Compress(set, k, budget, containment);
        Promises(set, result, k, budget, containment, context);
        return result;
    }

    public static void Promises(WeightedPoints set, SyntheticSet result, int k, int budget, NodeContainment containment, string context)
        => Promises(set, result, ExactMoments.Exponents(set.Dimension, k), budget, containment, context);

    /// <summary>The same for the moments of a list.</summary>
    public static void Promises(WeightedPoints set, SyntheticSet result, IReadOnlyList<int[]> exponents, int budget, NodeContainment containment, string context)
    {
        Assert.True(result.Count >= 1 && result.Count <= budget, $"{context}: {result.Count} nodes for a budget of {budget}");
        Assert.Equal(result.Count, result.Certificate.Count);
        Assert.Equal(set.Count, result.Certificate.OriginalCount);
        Assert.True(result.Certificate.MaxMomentResidual <= Exact, $"{context}: certified {result.Certificate.MaxMomentResidual:E2}");
        int[] members = [.. Enumerable.Range(0, result.Cells).SelectMany(c => result.MembersOfCell(c).ToArray()).Order()];
        Assert.Equal(Enumerable.Range(0, set.Count).Where(i => set.WeightOf(i) > 0), members);
        int m = set.Dimension;
        for (int c = 0; c < result.Cells; c++)
        {
            int[] inside = result.MembersOfCell(c).ToArray(), nodes = [.. Enumerable.Range(0, result.Count).Where(i => result.CellOf(i) == c)];
            Assert.NotEmpty(nodes);
            foreach (int node in nodes)
            {
                Assert.True(result.Points.WeightOf(node) > 0 && double.IsFinite(result.Points.WeightOf(node)), $"{context}: weight {result.Points.WeightOf(node)}");
                Assert.Equal(inside, result.MembersOf(node).ToArray());
            }
            double[] rows = [.. inside.SelectMany(i => set[i].ToArray()), .. nodes.SelectMany(i => result.Points[i].ToArray())];
            Quad[] difference = [.. inside.Select(i => (Quad)(-set.WeightOf(i))), .. nodes.Select(i => (Quad)result.Points.WeightOf(i))];
            AssertInside(rows, inside.Length, m, containment, context);
            double mass = inside.Sum(set.WeightOf), residual = ExactMoments.Largest(rows, m, difference, exponents) / mass;
            Assert.True(residual <= Exact, $"{context}: a moment of cell {c} differs by {residual:E2} of its mass");
        }
    }

    /// <summary>Nodes (after the first rows) lie in the box, or on the inner side of the hull's supporting planes in many directions.</summary>
    private static void AssertInside(double[] rows, int points, int m, NodeContainment containment, string context)
    {
        var random = new SeededRandom(11);
        var a = new double[m];
        for (int direction = 0; direction < (containment == NodeContainment.Box ? m : m + 200); direction++)
        {
            Array.Clear(a);
            if (direction < m) a[direction] = 1;
            else
            {
                random.FillNormal(a);
                // In units of the box, or a plane would see the longest side alone.
                for (int c = 0; c < m; c++)
                {
                    double side = Enumerable.Range(0, points).Max(i => rows[i * m + c]) - Enumerable.Range(0, points).Min(i => rows[i * m + c]);
                    a[c] = side > 0 ? a[c] / side : 0;
                }
            }
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (int i = 0; i < points; i++) (low, high) = (Math.Min(low, Along(i)), Math.Max(high, Along(i)));
            double slack = direction < m ? 0 : 1e-11 + 1e-15 * Math.Max(Math.Abs(low), Math.Abs(high));
            for (int i = points; i < rows.Length / m; i++)
                Assert.True(Along(i) >= low - slack && Along(i) <= high + slack, $"{context}: a node lies at {Along(i):R} outside [{low:R}, {high:R}]");
        }

        double Along(int i)
        {
            double sum = 0;
            for (int c = 0; c < m; c++) if (a[c] != 0) sum += a[c] * rows[i * m + c];
            return sum;
        }
    }
}
