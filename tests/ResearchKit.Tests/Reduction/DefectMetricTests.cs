using ResearchKit.Tasks;
using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.Reduction;

/// <summary>The combinations of watched moments, formed block by block, against the whole matrix G that defines them.</summary>
public unsafe class DefectMetricTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 3)]
    [InlineData(5, 2)]
    public void TheCombinationsSquaredAreTheQuadraticForm(int m, int k)
    {
        foreach (double flatness in new[] { 1.0, 0.2 })
        {
            var box = new LocalFrame([.. Enumerable.Range(0, m).Select(j => j == 0 ? -flatness : -1.0)], [.. Enumerable.Range(0, m).Select(j => j == 0 ? flatness : 1.0)]);
            MomentSpace space = MomentSpace.TotalDegree(m, k);
            CellPlan plan = CellPlan.OneCell(box, space, 0, momentsOnly: false);
            var metric = new DefectMetric(plan.Watched, space.Count, plan.UnmatchedLayer, box);
            metric.SetCell(box);
            int n = metric.Count;
            var defect = new double[n];
            new SeededRandom(m + k).FillNormal(defect);
            // Degree k + 2 as a whole weighs what degree k + 1 does; sides count by their powers, in units of the widest.
            double[] next = Diagonal(0, metric.Next), further = Diagonal(metric.Next, n);
            double weight = further.Length > 0 ? Math.Sqrt(next.Sum() / further.Sum()) : 0;
            double Scale(int e) => Math.Pow(m == 1 ? 1 : flatness, Exponents(e)[0]) * (e < metric.Next ? 1 : weight);
            double expected = 0;
            for (int e = 0; e < n; e++)
                for (int f = 0; f < n; f++)
                    expected += Scale(e) * Scale(f) * DefectMetric.Entry(Exponents(e), Exponents(f), plan.Watched) * defect[e] * defect[f];
            double[] combinations = [.. defect];
            fixed (double* c = combinations) metric.Transform(c, 1);
            Assert.Equal(expected, combinations.Sum(c => c * c), 1e-12 * expected);

            // Rows go the same way as a single vector.
            var rows = new double[n * 16];
            for (int e = 0; e < n; e++) rows[e * 16 + 5] = defect[e];
            fixed (double* r = rows) metric.Transform(r, 16);
            for (int e = 0; e < n; e++) Assert.Equal(combinations[e], rows[e * 16 + 5], 1e-13 * Math.Sqrt(expected));

            ReadOnlySpan<byte> Exponents(int e) => plan.Watched.Exponents(space.Count + e);
            double[] Diagonal(int from, int end) => [.. Enumerable.Range(from, end - from).Select(e => DefectMetric.Entry(Exponents(e), Exponents(e), plan.Watched))];
        }
    }

    [Fact]
    public void TheMostImportantCombinationComesFirst()
    {
        WeightedPoints set = HardSets.Cube(4, 50);
        MomentSpace space = MomentSpace.TotalDegree(4, 3);
        LocalFrame box = LocalFrame.Of(set);
        CellPlan plan = CellPlan.OneCell(box, space, 0, momentsOnly: false);
        var metric = new DefectMetric(plan.Watched, space.Count, plan.UnmatchedLayer, box);
        metric.SetCell(box);
        // L' of unit vectors: the squared length of a combination's row is what it takes of the trace of G.
        var taken = new double[metric.Count];
        for (int e = 0; e < metric.Count; e++)
        {
            var one = new double[metric.Count];
            one[e] = 1;
            fixed (double* c = one) metric.Transform(c, 1);
            for (int i = 0; i < metric.Count; i++) taken[i] += one[i] * one[i];
        }
        Assert.True(taken[0] > 2 * taken.Average(), $"the first combination takes {taken[0]}, the average {taken.Average()}");
    }
}
