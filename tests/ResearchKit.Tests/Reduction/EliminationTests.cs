using CsCheck;
using ResearchKit.Tasks;
using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.Reduction;

/// <summary>Caratheodory's elimination in one cell: survivors positive, at most the rank, same moments; and its kernels.</summary>
public unsafe class EliminationTests
{
    public static TheoryData<string> Names => [.. HardSets.Names];

    [Theory, MemberData(nameof(Names))]
    public void ACellKeepsItsMomentsWithPositiveWeights(string name)
    {
        foreach ((int m, int k) in new[] { (1, 2), (1, 9), (2, 3), (3, 2), (3, 4) })
        {
            int moments = (int)MomentSpace.CountOf(m, k);
            foreach (int d in new[] { moments + 1, moments + 2, moments + 7, 2 * moments, 2 * moments + 1, 6 * moments })
                AssertReduced(Positive(HardSets.Make(name, m, d)), k, $"{name} m={m} k={k} d={d}");
        }
    }

    [Fact]
    public void RandomSmallCells()
    {
        Gen.Select(Gen.Int[0, HardSets.Names.Length - 1], Gen.Int[1, 4], Gen.Int[0, 4], Gen.Int[1, 60], Gen.Int[1, 100_000]).Sample(c =>
        {
            (int name, int m, int k, int more, int seed) = c;
            AssertReduced(Positive(HardSets.Make(HardSets.Names[name], m, (int)MomentSpace.CountOf(m, k) + more, seed)), k, $"{HardSets.Names[name]} {c}");
        }, iter: 600);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void TiesEverywhere(int m, int k)
    {
        // The corners, edge middles and centres of a cube with equal weights: many weights reach zero at once.
        int n = (int)Math.Pow(3, m);
        for (int copies = 1; copies <= 4; copies++)
        {
            var x = new double[n * copies * m];
            for (int i = 0; i < n * copies; i++)
                for (int j = 0, at = i % n; j < m; j++, at /= 3) x[i * m + j] = at % 3 - 1;
            AssertReduced(new WeightedPoints(x, m), k, $"cube m={m} k={k} copies={copies}");
        }
    }

    [Fact]
    public void SimplexWithItsCentroidAndFacets()
    {
        // Vertices of a simplex, barycentres of its edges: exact rational weights, degenerate vertices of the polytope.
        for (int m = 1; m <= 6; m++)
        {
            var rows = new List<double[]>();
            double[][] corners = [new double[m], .. Enumerable.Range(0, m).Select(j => Enumerable.Range(0, m).Select(i => i == j ? 1.0 : 0).ToArray())];
            rows.AddRange(corners);
            foreach (double[] a in corners)
                foreach (double[] b in corners) rows.Add([.. a.Zip(b, (s, t) => (s + t) / 2)]);
            rows.Add([.. Enumerable.Repeat(1.0 / (m + 1), m)]);
            AssertReduced(WeightedPoints.FromRows(rows), 1, $"simplex m={m}");
            AssertReduced(WeightedPoints.FromRows(rows), 2, $"simplex m={m}");
        }
    }

    [Fact]
    public void AReducerHasNoMemoryOfEarlierCells()
    {
        WeightedPoints first = HardSets.Make("Cauchy tails", 2, 500), second = HardSets.Cube(2, 60);
        using var used = Reducer(first, 3);
        Reduce(used, first);
        used.Neighbours.Clear();
        CellResidual again = Reduce(used, second);
        using var fresh = Reducer(first, 3);
        CellResidual once = Reduce(fresh, second);
        Assert.Equal(fresh.Positions.ToArray(), used.Positions.ToArray());
        Assert.Equal(fresh.Weights.ToArray(), used.Weights.ToArray());
        Assert.Equal(once, again);
    }

    [Fact]
    public void TheDefectReportedIsTheDefectOfTheNextDegree()
    {
        WeightedPoints set = HardSets.Cube(2, 40);
        MomentSpace space = MomentSpace.TotalDegree(2, 3);
        using var reducer = Reducer(set, 3);
        CellResidual residual = Reduce(reducer, set);
        MomentSpace next = space.WithDefect(4)!;
        double squares = 0;
        (Quad[] center, Quad[] half) = ExactMoments.Box(set.Coordinates, 2);
        for (int e = 10; e < 15; e++)
        {
            Quad sum = 0;
            for (int i = 0; i < 40; i++) sum += Phi(i, e);
            for (int i = 0; i < reducer.Count; i++) sum -= Phi(reducer.Positions[i], e) * reducer.Weights[i];
            squares += (double)(sum * sum);
        }
        Assert.Equal(Math.Sqrt(squares / 5) / 40, residual.Next, 1e-13);

        Quad Phi(int i, int e)
        {
            Quad value = 1;
            for (int j = 0; j < 2; j++) value *= ExactMoments.Legendre((set[i][j] - center[j]) / half[j], 4)[next.Exponents(e)[j]];
            return value;
        }
    }

    [Fact]
    public void RatioTestsMatchTheLoopForEveryTail()
    {
        using var buffer = new NativeBuffer();
        double* basic = buffer.Ensure(256), v = basic + 128;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new SeededRandom(seed);
            int rank = 1 + seed % 40;
            double down = double.PositiveInfinity, up = double.PositiveInfinity;
            for (int q = 0; q < 128; q++) { basic[q] = 0; v[q] = -1; }
            for (int q = 0; q < rank; q++)
            {
                basic[q] = random.NextInt(4) == 0 ? 0 : random.NextDouble();
                v[q] = random.NextInt(4) == 0 ? 0 : seed % 7 == 0 ? random.NextDouble() : random.Uniform(-1, 1);
                if (v[q] < 0) down = Math.Min(down, (basic[q] + 1e-3) / -v[q]);
                if (v[q] > 0) up = Math.Min(up, (basic[q] + 1e-3) / v[q]);
            }
            RatioTest.Limits(basic, v, rank, 1e-3, RatioTest.Noise, out double gotDown, out double gotUp);
            Assert.Equal(down, gotDown);
            Assert.Equal(up, gotUp);
            foreach (bool gives in new[] { true, false })
            {
                double limit = gives ? down : up;
                if (double.IsInfinity(limit)) continue;
                int leaving = RatioTest.Leaving(basic, v, rank, gives, limit);
                Assert.InRange(leaving, 0, rank - 1);
                double size = gives ? -v[leaving] : v[leaving];
                Assert.True(size > 0 && basic[leaving] <= limit * size * (1 + 1e-15));
                // No allowed pivot is larger.
                for (int q = 0; q < rank; q++)
                    if (basic[q] < limit * (gives ? -v[q] : v[q]) * (1 - 1e-15)) Assert.True((gives ? -v[q] : v[q]) <= size);
            }
        }
    }

    [Fact]
    public void BlockedUpdatesMatchTheLoop()
    {
        using var buffer = new NativeBuffer();
        double* p = buffer.Ensure(8 * 64);
        double*[] rows = [p, p + 64, p + 128, p + 192, p + 256, p + 320];
        double* c = p + 384;
        for (int length = 0; length <= 40; length += 8)
        {
            foreach (int kind in new[] { 0, 1, 2 })
            {
                new SeededRandom(length + kind).FillUniform(new Span<double>(p, 512), -1, 1);
                double[] before = new Span<double>(p, 512).ToArray();
                if (kind == 0) BlockedUpdate.Two(rows[0], rows[1], c, c + 4, rows[2], rows[3], rows[4], rows[5], length);
                else if (kind == 1) BlockedUpdate.One(rows[0], c, rows[2], rows[3], rows[4], rows[5], length);
                else BlockedUpdate.Single(rows[0], c[0], rows[2], length);
                for (int i = 0; i < 512; i++)
                {
                    int row = i / 64, at = i % 64, terms = kind == 2 ? 1 : 4;
                    Quad expected = before[i];
                    if (at < length && (row == 0 || (row == 1 && kind == 0)))
                        for (int b = 0; b < terms; b++) expected -= (Quad)before[384 + 4 * row + b] * before[64 * (2 + b) + at];
                    Assert.Equal((double)expected, p[i], 1e-15);
                }
            }
        }
    }

    private static WeightedPoints Positive(WeightedPoints set)
    {
        if (set.IsUniform) return set;
        return new WeightedPoints(set.Coordinates.ToArray(), set.Dimension, [.. set.Weights.ToArray().Select(w => w == 0 ? 0.5 : w)]);
    }

    private static CellReducer Reducer(WeightedPoints set, int k)
        => new(CellPlan.OneCell(LocalFrame.Of(set), MomentSpace.TotalDegree(set.Dimension, k), 0, momentsOnly: false));

    private static CellResidual Reduce(CellReducer reducer, WeightedPoints set)
    {
        LocalFrame frame = LocalFrame.Of(set);
        fixed (double* p = set.Coordinates, w = set.IsUniform ? null : set.Weights)
        {
            return reducer.ReduceAndRepair(p, w, set.Count, frame, reducer.Moments, set.Mass);
        }
    }

    private static void AssertReduced(WeightedPoints set, int k, string context)
    {
        using var reducer = Reducer(set, k);
        CellResidual residual = Reduce(reducer, set);
        Assert.True(reducer.Count >= 1 && reducer.Count <= reducer.Rank, $"{context}: {reducer.Count} points for rank {reducer.Rank}");
        Assert.InRange(reducer.Rank, 1, Math.Min(set.Count, (int)MomentSpace.CountOf(set.Dimension, k)));
        var difference = new Quad[set.Count];
        for (int i = 0; i < set.Count; i++) difference[i] = -set.WeightOf(i);
        for (int i = 0; i < reducer.Count; i++)
        {
            Assert.True(i == 0 || reducer.Positions[i] > reducer.Positions[i - 1], $"{context}: positions not ascending");
            Assert.True(reducer.Weights[i] > 0 && double.IsFinite(reducer.Weights[i]), $"{context}: weight {reducer.Weights[i]}");
            difference[reducer.Positions[i]] += reducer.Weights[i];
        }
        double worst = ExactMoments.Largest(set.Coordinates, set.Dimension, difference, k) / set.Mass;
        Assert.True(worst <= Compression.Check.Exact, $"{context}: a moment differs by {worst:E2}");
        Assert.True(residual.Kept <= Compression.Check.Exact, $"{context}: reported {residual.Kept:E2}");
    }
}
