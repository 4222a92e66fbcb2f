using ResearchKit.Tasks;

namespace ResearchKit.Tests.FreeNodes;

/// <summary>The parts of the search for free nodes, each against its definition.</summary>
public sealed unsafe class GaussPartsTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(5, 5)]
    [InlineData(22, 31)]
    [InlineData(67, 80)]
    public void NormalEquationsAreSolved(int rows, int columns)
    {
        var random = new SeededRandom(rows);
        int order = GaussNormal.Padded(rows), stride = (columns + 7) / 8 * 8;
        using var buffer = new NativeBuffer();
        double* j = buffer.Ensure((long)order * stride + (long)order * order + order), g = j + (long)order * stride, y = g + (long)order * order;
        new Span<double>(j, order * stride).Clear();
        for (int e = 0; e < rows; e++)
            for (int c = 0; c < columns; c++) j[e * stride + c] = random.NextNormal();
        GaussNormal.Gram(j, order, stride, g);
        var right = new double[rows];
        random.FillNormal(right);
        for (int e = 0; e < order; e++)
        {
            y[e] = e < rows ? right[e] : 0;
            if (e >= rows) g[(long)e * order + e] = 1;
        }
        Assert.True(GaussNormal.Cholesky(g, order));
        GaussNormal.Solve(g, order, y);
        for (int a = 0; a < rows; a++)
        {
            double sum = -right[a], size = 0;
            for (int b = 0; b < rows; b++)
                for (int c = 0; c < columns; c++)
                {
                    double term = j[a * stride + c] * j[b * stride + c] * y[b];
                    sum += term;
                    size += Math.Abs(term);
                }
            Assert.True(Math.Abs(sum) <= 1e-12 * size, $"row {a} of {rows}: {sum:E1} of {size:E1}");
        }
    }

    [Fact]
    public void AnIndefiniteMatrixIsRefused()
    {
        double[] matrix = [1, 0, 0, 0, 2, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
        fixed (double* g = matrix) Assert.False(GaussNormal.Cholesky(g, 4));
    }

    [Theory]
    [InlineData(1, 4, false)]
    [InlineData(2, 3, false)]
    [InlineData(3, 4, false)]
    [InlineData(2, 3, true)]
    [InlineData(3, 2, true)]
    public void TheJacobianIsTheDerivativeOfTheResiduals(int m, int k, bool combined)
    {
        MomentSpace space = MomentSpace.TotalDegree(m, combined ? k + 1 : k);
        int first = (int)MomentSpace.CountOf(m, k), n = 5;
        DefectMetric? metric = null;
        if (combined)
        {
            var box = new LocalFrame([.. Enumerable.Repeat(-1.0, m)], [.. Enumerable.Repeat(1.0, m)]);
            metric = new DefectMetric(space, first, k + 1, box) { Combinations = 2 };
            metric.SetCell(box);
        }
        using var system = new GaussSystem();
        system.SetTarget(space, new double[space.Count], metric, combined ? first : space.Count);
        system.SetNodes(n, combined ? first + 2 : space.Count);
        var random = new SeededRandom(m + 10 * k);
        var x = new double[m * system.Padded];
        var w = new double[system.Padded];
        for (int c = 0; c < m; c++) random.FillUniform(x.AsSpan(c * system.Padded, n), -0.9, 0.9);
        random.FillUniform(w.AsSpan(0, n), 0.1, 0.4);
        double[] Residual(double[] positions, double[] weights)
        {
            var r = new double[system.Room];
            fixed (double* p = positions, q = weights, t = r) system.Residual(p, q, t);
            return r;
        }
        fixed (double* p = x, q = w) system.FillJacobian(p, q);
        double[] jacobian = new ReadOnlySpan<double>(system.Jacobian, system.Equations * system.Stride).ToArray();
        const double H = 1e-6;
        for (int variable = 0; variable <= m; variable++)
        {
            for (int i = 0; i < n; i++)
            {
                double[] up = variable == 0 ? [.. w] : [.. x], down = [.. up];
                int at = (variable == 0 ? 0 : (variable - 1) * system.Padded) + i;
                up[at] += H;
                down[at] -= H;
                double[] high = variable == 0 ? Residual(x, up) : Residual(up, w), low = variable == 0 ? Residual(x, down) : Residual(down, w);
                // Columns are scaled: by sqrt(w) for a weight, by 1 / sqrt(w) for a place.
                double scale = variable == 0 ? Math.Sqrt(w[i]) : 1 / Math.Sqrt(w[i]);
                for (int e = 0; e < system.Equations; e++)
                {
                    double expected = (high[e] - low[e]) / (2 * H) * scale, actual = jacobian[e * system.Stride + variable * system.Padded + i];
                    Assert.True(Math.Abs(expected - actual) <= 1e-7 * (1 + Math.Abs(actual)), $"m={m} k={k}: row {e}, variable {variable} of node {i}: {actual} for {expected}");
                }
            }
        }
    }

    [Fact]
    public void DistancesFromASimplexAndACube()
    {
        var simplex = new GaussHull([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], 3);
        Assert.Equal(0, simplex.Distance([0.2, 0.3, 0.4]), 1e-12);
        Assert.Equal(0, simplex.Distance([1.0 / 3, 1.0 / 3, 1.0 / 3]), 1e-12);
        Assert.Equal(2 / Math.Sqrt(3), simplex.Distance([1, 1, 1]), 1e-12);
        Assert.Equal(Math.Sqrt(0.5), simplex.Distance([1, 1, 0]), 1e-12);
        Assert.Equal(Math.Sqrt(3), simplex.Distance([-1, -1, -1]), 1e-12);
        Assert.Equal(2, simplex.Distance([3, 0, 0]), 1e-12);
        double[] corners = [.. Enumerable.Range(0, 16).SelectMany(i => Enumerable.Range(0, 4).Select(c => (i >> c & 1) == 0 ? -1.0 : 1.0))];
        // Points within change nothing.
        var random = new SeededRandom(3);
        var inner = new double[4 * 100];
        random.FillUniform(inner, -1, 1);
        var cube = new GaussHull([.. corners, .. inner], 4);
        for (int trial = 0; trial < 200; trial++)
        {
            var place = new double[4];
            random.FillUniform(place, -2, 2);
            double expected = Math.Sqrt(place.Sum(x => Math.Pow(Math.Max(0, Math.Abs(x) - 1), 2)));
            Assert.Equal(expected, cube.Distance(place), 1e-9);
        }
    }

    [Fact]
    public void HullsOfOnePointOfALineAndOfRepeatedPoints()
    {
        Assert.Equal(5, new GaussHull([0, 0], 2).Distance([3, 4]), 1e-12);
        var line = new GaussHull([-1, -1, 1, 1, 0, 0, 1, 1, -1, -1, 0.5, 0.5], 2);
        Assert.Equal(0, line.Distance([0.25, 0.25]), 1e-12);
        Assert.Equal(Math.Sqrt(2), line.Distance([1, -1]), 1e-12);
        Assert.Equal(1, line.Distance([1, 2]), 1e-12);
    }

    [Fact]
    public void TheFlatOfPointsIsFound()
    {
        var random = new SeededRandom(8);
        double[] rows = new double[4 * 60], place = new double[4];
        for (int i = 0; i < 60; i++)
        {
            double s = random.Uniform(-1, 1), t = random.Uniform(-1, 1);
            (rows[4 * i], rows[4 * i + 1], rows[4 * i + 2], rows[4 * i + 3]) = (s, 0.3, 0.5 * s - 0.5 * t, 0.25 * t + 0.1);
        }
        AffineHull flat = AffineHull.Of(rows, 4);
        Assert.Equal(2, flat.Rank);
        double[] reduced = flat.Reduce(rows);
        for (int i = 0; i < 60; i++)
        {
            flat.Expand(reduced.AsSpan(2 * i, 2), place);
            for (int c = 0; c < 4; c++) Assert.Equal(rows[4 * i + c], place[c], 1e-14);
        }
        Assert.Equal(0, AffineHull.Of([0.5, 0.5, 0.5, 0.5], 2).Rank);
    }
}
