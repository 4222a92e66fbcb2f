using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.Reduction;

public unsafe class MomentFactorTests
{
    public static TheoryData<string> Names => [.. HardSets.Names];

    [Theory]
    [InlineData("generic", 3, 4, 35)]
    [InlineData("generic", 1, 20, 21)]
    [InlineData("Chebyshev ends", 2, 8, 45)]
    [InlineData("off-centre cluster 5 +- 0.01", 3, 4, 35)]
    [InlineData("scale 1e-9", 3, 4, 35)]
    [InlineData("scale 1e9", 3, 4, 35)]
    [InlineData("sphere", 3, 4, 25)]
    [InlineData("sphere", 3, 2, 9)]
    [InlineData("sphere", 2, 5, 11)]
    [InlineData("planar", 3, 4, 15)]
    [InlineData("collinear", 3, 4, 5)]
    [InlineData("constant column", 3, 4, 15)]
    [InlineData("all equal", 3, 4, 1)]
    [InlineData("moment curve", 2, 4, 9)]
    [InlineData("fewer distinct than moments", 3, 4, 3)]
    public void RankIsTheDimensionOfThePolynomialsOnTheSet(string name, int m, int k, int rank)
    {
        using var cell = new CellMatrix(HardSets.Make(name, m, 300), k);
        Assert.Equal(rank, cell.Factor.Rank);
        int[] rows = cell.Factor.PivotRows.ToArray();
        Assert.Equal(rank, rows.Length);
        Assert.Equal(rows.Order().Distinct(), rows);
        Assert.Equal(0, rows[0]);
    }

    [Fact]
    public void FewerPointsThanMomentsHaveTheRankOfTheirNumber()
    {
        for (int d = 1; d <= 34; d++)
        {
            using var cell = new CellMatrix(HardSets.Cube(3, d), 4);
            Assert.Equal(d, cell.Factor.Rank);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void OrderAndWeightsFollowTheColumns(string name)
    {
        WeightedPoints set = HardSets.Make(name, 2, 90);
        using var cell = new CellMatrix(set, 4);
        Assert.Equal(Enumerable.Range(0, 90), cell.Order.Order());
        for (int i = 0; i < 90; i++) Assert.Equal(set.WeightOf(cell.Order[i]), cell.Weights[i]);
    }

    [Theory, MemberData(nameof(Names))]
    public void LagrangeValuesReproduceEveryPolynomialAtEveryPoint(string name)
    {
        // All counts up to two vectors beyond the moments, so that every tail of the blocks is met.
        foreach ((int m, int k) in new[] { (1, 3), (2, 3), (2, 4), (3, 3) })
        {
            int moments = (int)MomentSpace.CountOf(m, k);
            for (int d = Math.Max(2, moments - 2); d <= moments + 18; d++)
            {
                using var cell = new CellMatrix(HardSets.Make(name, m, d), k);
                MomentFactor factor = cell.Factor;
                factor.SolveLagrange(cell.A, d, cell.Stride);
                int rank = factor.Rank;
                for (int j = rank; j < d; j++)
                {
                    double size = 0;
                    for (int q = 0; q < rank; q++) size += Math.Abs(factor.Row(cell.A, cell.Stride, q)[j]);
                    for (int e = 0; e < cell.Kept; e++)
                    {
                        Quad sum = -cell.Original[e, cell.Order[j]];
                        for (int q = 0; q < rank; q++) sum += (Quad)factor.Row(cell.A, cell.Stride, q)[j] * cell.Original[e, cell.Order[q]];
                        // Constants are row 0: the values sum to one. Backward stable: the error is relative to the terms.
                        double error = Math.Abs((double)sum), bound = 2e-14 * (1 + size) * cell.Size(e);
                        Assert.True(error <= bound, $"{name} m={m} k={k} d={d}: point {j}, moment {e}: {error:E2} above {bound:E2}");
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("Chebyshev ends")]
    public void PivotsAreWellSpread(string name)
    {
        // Discrete Leja points: their Lagrange values stay moderate, where equispaced or random ones explode.
        using var cell = new CellMatrix(HardSets.Make(name, 1, 400), 25);
        cell.Factor.SolveLagrange(cell.A, 400, cell.Stride);
        double worst = 0;
        for (int q = 0; q < cell.Factor.Rank; q++)
            for (int j = cell.Factor.Rank; j < 400; j++) worst = Math.Max(worst, Math.Abs(cell.Factor.Row(cell.A, cell.Stride, q)[j]));
        // A Leja point at most doubles its predecessors' values in theory; in practice they stay near 1.
        Assert.InRange(worst, 0.9, 26);
    }

    [Theory]
    [InlineData("generic", 1, 12)]
    [InlineData("generic", 2, 5)]
    [InlineData("generic", 3, 4)]
    [InlineData("Hilbert nodes", 2, 3)]
    [InlineData("sphere", 3, 4)]
    [InlineData("collinear", 3, 4)]
    [InlineData("geometric spacing", 2, 4)]
    public void SolvedWeightsHaveTheMomentsAskedFor(string name, int m, int k)
    {
        using var cell = new CellMatrix(HardSets.Make(name, m, 120), k);
        int rank = cell.Factor.Rank;
        // The moments of known weights on the pivots, negative ones among them.
        var target = new double[cell.Kept];
        for (int e = 0; e < cell.Kept; e++)
        {
            Quad sum = 0;
            for (int q = 0; q < rank; q++) sum += (Quad)cell.Original[e, cell.Order[q]] * ((q % 3) - 0.75);
            target[e] = (double)sum;
        }
        foreach (bool lagrange in new[] { false, true })
        {
            // Back-substitution must leave the triangles of the pivots alone.
            if (lagrange) cell.Factor.SolveLagrange(cell.A, cell.Count, cell.Stride);
            var solution = new double[rank];
            cell.Factor.SolveWeights(cell.A, cell.Stride, target, solution);
            double size = solution.Sum(Math.Abs);
            for (int e = 0; e < cell.Kept; e++)
            {
                Quad sum = -target[e];
                for (int q = 0; q < rank; q++) sum += (Quad)cell.Original[e, cell.Order[q]] * solution[q];
                Assert.True(Math.Abs((double)sum) <= 2e-14 * size * cell.Size(e), $"moment {e}: {(double)sum:E2} of {size}");
            }
        }
    }

    [Fact]
    public void RowsBeyondTheKeptOnesBecomeInterpolationResiduals()
    {
        using var cell = new CellMatrix(HardSets.Cube(2, 60), 3, extraRows: 1);
        cell.Factor.SolveLagrange(cell.A, 60, cell.Stride);
        cell.Factor.Interpolate(cell.A, 10, 15, 60, cell.Stride, null);
        int rank = cell.Factor.Rank;
        Assert.Equal(10, rank);
        Assert.Equal(15, cell.Rows);
        for (int e = 10; e < 15; e++)
            for (int j = rank; j < 60; j++)
            {
                // phi_e at the point minus its interpolant through the pivots.
                Quad expected = cell.Original[e, cell.Order[j]];
                double size = 1;
                for (int q = 0; q < rank; q++)
                {
                    double y = cell.Factor.Row(cell.A, cell.Stride, q)[j];
                    expected -= (Quad)y * cell.Original[e, cell.Order[q]];
                    size += Math.Abs(y);
                }
                Assert.Equal((double)expected, cell.A[(long)e * cell.Stride + j], 2e-14 * size);
            }
    }

    [Fact]
    public void OneFactorServesCellsOfAllSizesInTurn()
    {
        var factor = new MomentFactor();
        using var buffer = new NativeBuffer();
        foreach (int n in new[] { 3, 40, 1, 17 })
        {
            int stride = NativeBuffer.Padded(n);
            double* a = buffer.Ensure((long)n * stride);
            new Span<double>(a, n * stride).Clear();
            for (int i = 0; i < n; i++) a[i * stride + i] = i + 1;
            var order = new int[n];
            var weights = new double[n];
            fixed (int* o = order)
            fixed (double* w = weights)
                factor.Factor(a, n, n, n, stride, o, w);
            Assert.Equal(n, factor.Rank);
        }
    }
}
