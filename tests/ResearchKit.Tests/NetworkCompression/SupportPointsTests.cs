using ResearchKit.Tasks;

namespace ResearchKit.Tests.NetworkCompression;

public class SupportPointsTests
{
    private static readonly CompressionOptions Run = new() { Budget = 1, MaxDegreeOfParallelism = 1 };

    private static double Distance(double[] a, double[] b, double[] scales)
    {
        double sum = 1e-10;
        for (int q = 0; q < a.Length; q++) sum += scales[q] * (a[q] - b[q]) * scales[q] * (a[q] - b[q]);
        return Math.Sqrt(sum);
    }

    /// <summary>2 sum c m |x - y| - sum c c |x - x'|, straight from its definition.</summary>
    private static double Energy(double[][] x, double[] c, int[] cg, double[][] y, double[] m, int[] mg, EnergyTerm[] terms)
    {
        double energy = 0;
        foreach (EnergyTerm term in terms)
        {
            for (int i = 0; i < x.Length; i++)
            {
                for (int k = 0; k < y.Length; k++)
                    if (!term.WithinGroups || cg[i] == mg[k]) energy += 2 * c[i] * m[k] * Distance(x[i], y[k], term.Scales);
                for (int j = 0; j < x.Length; j++)
                    if (!term.WithinGroups || cg[i] == cg[j]) energy -= c[i] * c[j] * Distance(x[i], x[j], term.Scales);
            }
        }
        return energy;
    }

    private static double[][] Rows(int count, int width, int seed)
    {
        var random = new SeededRandom(seed);
        var rows = new double[count][];
        for (int i = 0; i < count; i++) random.FillUniform(rows[i] = new double[width], -1, 1);
        return rows;
    }

    [Fact]
    public void OneNodeOnALineGoesToTheWeightedMedian()
    {
        // Masses 1, 1, 1, 4 at 0, 1, 2, 5: half of 7 is passed at 5.
        double[][] points = [[0], [1], [2], [5]], node = [[0.3]];
        new SupportPoints(points, [1, 1, 1, 4], new int[4], 1, [new EnergyTerm([1], false)]).Move(node, [7], [0], 4000, (_, _) => { }, Run);
        Assert.Equal(5, node[0][0], 1e-3);
        node[0][0] = 0.3;
        new SupportPoints(points, [1, 1, 1, 1], new int[4], 1, [new EnergyTerm([1], false)]).Move(node, [4], [0], 4000, (_, _) => { }, Run);
        // Between 1 and 2 all places are as good.
        Assert.InRange(node[0][0], 1 - 1e-3, 2 + 1e-3);
    }

    [Fact]
    public void TwoNodesOnAnIntervalStandAtItsQuarters()
    {
        // Of the uniform measure on (0, 1) the support points are (2i - 1) / 2n (Mak and Joseph, 2018).
        double[][] points = [.. Enumerable.Range(0, 2000).Select(i => new[] { (i + 0.5) / 2000 })], nodes = [[0.1], [0.2]];
        double[] masses = [.. points.Select(_ => 1.0)];
        new SupportPoints(points, masses, new int[2000], 1, [new EnergyTerm([1], false)]).Move(nodes, [1000, 1000], [0, 0], 600, (_, _) => { }, Run);
        Assert.Equal(0.25, nodes[0][0], 1e-3);
        Assert.Equal(0.75, nodes[1][0], 1e-3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AStepIsTheFormulaAndTheEnergyNeverRises(int seed)
    {
        // 37 and 11 are no multiples of the vector's length; group 1 of the nodes is smaller than a vector.
        double[][] points = Rows(37, 3, seed), nodes = Rows(11, 3, seed + 100);
        var random = new SeededRandom(seed + 200);
        double[] m = [.. points.Select(_ => random.Uniform(0, 2))], c = [.. nodes.Select(_ => m.Sum() / 11)];
        int[] mg = [.. points.Select((_, i) => i % 3 == 0 ? 1 : 0)], cg = [.. nodes.Select((_, i) => i < 8 ? 0 : 1)];
        EnergyTerm[] terms = [new([1, 0.5, 0], false), new([1, 0, 0.3], true)];
        double[][] expected = [.. nodes.Select((x, i) =>
        {
            double[] above = new double[3], below = new double[3];
            foreach (EnergyTerm term in terms)
            {
                for (int q = 0; q < 3; q++)
                {
                    double s = term.Scales[q] * term.Scales[q];
                    for (int k = 0; k < 37; k++)
                    {
                        if (term.WithinGroups && cg[i] != mg[k]) continue;
                        double f = m[k] / Distance(x, points[k], term.Scales);
                        above[q] += s * f * points[k][q];
                        below[q] += s * f;
                    }
                    for (int j = 0; j < 11; j++)
                        if (!term.WithinGroups || cg[i] == cg[j]) above[q] += s * c[j] / Distance(x, nodes[j], term.Scales) * (x[q] - nodes[j][q]);
                }
            }
            return above.Zip(below, (a, b) => a / b).ToArray();
        })];
        var support = new SupportPoints(points, m, mg, 2, terms);
        double energy = Energy(nodes, c, cg, points, m, mg, terms);
        support.Move(nodes, c, cg, 1, (_, _) => { }, Run);
        for (int i = 0; i < 11; i++) Assert.Equal(expected[i], nodes[i], (a, b) => Math.Abs(a - b) < 1e-12);
        for (int step = 0; step < 60; step++)
        {
            double next = Energy(nodes, c, cg, points, m, mg, terms);
            Assert.True(next <= energy + 1e-9 * Math.Abs(energy), $"seed {seed}, step {step}: the energy rose from {energy} to {next}");
            energy = next;
            support.Move(nodes, c, cg, 1, (_, _) => { }, Run);
        }
    }

    [Fact]
    public void NodesOnThePointsStayThere()
    {
        double[][] points = Rows(9, 2, 5), nodes = [.. points.Select(p => (double[])p.Clone())];
        double[] masses = [.. points.Select(_ => 1.0)];
        new SupportPoints(points, masses, new int[9], 1, [new EnergyTerm([1, 1], false)]).Move(nodes, masses, new int[9], 50, (_, _) => { }, Run);
        for (int i = 0; i < 9; i++) Assert.Equal(points[i], nodes[i], (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void ACancelledDescentStops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var support = new SupportPoints(Rows(5, 1, 1), [1, 1, 1, 1, 1], new int[5], 1, [new EnergyTerm([1], false)]);
        Assert.ThrowsAny<OperationCanceledException>(() => support.Move(Rows(2, 1, 2), [2.5, 2.5], [0, 0], 5, (_, _) => { }, Run with { CancellationToken = source.Token }));
    }
}
