using ResearchKit.Tasks;
using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.FreeNodes;

/// <summary>Free nodes keep what they promise on inputs named by their difficulty.</summary>
public class FreeNodesTests
{
    public static TheoryData<string, NodeContainment> Hard()
    {
        var data = new TheoryData<string, NodeContainment>();
        foreach (string name in HardSets.Names)
            foreach (NodeContainment containment in Enum.GetValues<NodeContainment>()) data.Add(name, containment);
        return data;
    }

    [Theory]
    [MemberData(nameof(Hard))]
    public void HardSetsKeepTheirMoments(string name, NodeContainment containment)
    {
        foreach ((int m, int k, int d, int budget) in new[] { (2, 3, 220, 40), (3, 2, 160, 31), (1, 4, 90, 20) })
            SyntheticCheck.AllPromises(HardSets.Make(name, m, d, 5), k, budget, containment, $"{name}, m={m} k={k} d'={budget} {containment}");
    }

    [Theory]
    [InlineData(2, 5, 11.2)]
    [InlineData(2, 9, 30.4)]
    [InlineData(3, 3, 8)]
    [InlineData(3, 5, 22.4)]
    [InlineData(4, 3, 11.2)]
    [InlineData(4, 4, 22.4)]
    [InlineData(5, 3, 16)]
    public void FewNodesSuffice(int m, int k, double most)
    {
        // 1.6 times N / (m + 1), rounded up before.
        double total = 0;
        const int Seeds = 3;
        for (int seed = 1; seed <= Seeds; seed++)
        {
            WeightedPoints set = HardSets.Cube(m, 800, seed);
            int budget = (int)MomentSpace.CountOf(m, k);
            NodeContainment containment = seed == 1 && m < 4 ? NodeContainment.ConvexHull : NodeContainment.Box;
            SyntheticSet result = ResearchKit.FreeNodes.Fewest(set, new FreeNodeOptions { Degree = k, Budget = budget, Containment = containment, Seed = seed });
            SyntheticCheck.Promises(set, result, k, budget, containment, $"m={m} k={k} seed {seed}");
            total += result.Count;
        }
        Assert.True(total / Seeds <= most, $"m={m} k={k}: {total / Seeds} nodes on average, at most {most} are good");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 7)]
    [InlineData(1, 1)]
    [InlineData(1, 10)]
    public void LowDegreesTakeOneNodePerCell(int k, int budget)
    {
        WeightedPoints set = HardSets.Make("weights over 12 decades", 3, 200);
        SyntheticSet result = SyntheticCheck.Compress(set, k, budget, beyond: 0);
        SyntheticCheck.Promises(set, result, k, budget, NodeContainment.ConvexHull, $"k={k} d'={budget}");
        if (budget == 1) Assert.Equal(1, result.Count);
    }

    [Theory]
    [InlineData(2, 3, 4)]
    [InlineData(2, 3, 10)]
    [InlineData(3, 3, 7)]
    [InlineData(3, 4, 60)]
    [InlineData(4, 3, 9)]
    public void TightBudgetsAreMet(int m, int k, int budget)
        => SyntheticCheck.AllPromises(HardSets.Cube(m, 400), k, budget, NodeContainment.Box, $"m={m} k={k} d'={budget}");

    [Fact]
    public void ASetWithinTheBudgetComesBackAsItIs()
    {
        WeightedPoints set = HardSets.Make("zero weights", 2, 30);
        SyntheticSet result = SyntheticCheck.Compress(set, 3, 20);
        Assert.Equal(20, result.Count);
        Assert.Equal(1, result.Cells);
        int[] kept = result.MembersOfCell(0).ToArray();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(set[kept[i]].ToArray(), result.Points[i].ToArray());
            Assert.Equal(set.WeightOf(kept[i]), result.Points.WeightOf(i));
        }
        Assert.Equal(0, result.ConstantOffset);
    }

    [Theory]
    [InlineData("product")]
    [InlineData("box")]
    [InlineData("degrees")]
    [InlineData("weights")]
    [InlineData("squared loss")]
    [InlineData("neurons")]
    [InlineData("list")]
    public void SpacesOfAnyShapeAreKept(string shape)
    {
        (MomentSpace space, Func<int[], bool> kept) = shape switch
        {
            "product" => (MomentSpace.Product(3, [([0, 2], 2), ([1], 1)]), e => e[0] + e[2] <= 2 && e[1] <= 1),
            "box" => (MomentSpace.Product(3, [([0], 1), ([1], 2), ([2], 1)]), e => e[0] <= 1 && e[1] <= 2 && e[2] <= 1),
            "degrees" => (MomentSpace.Anisotropic([2, 4, 2]), e => 2 * e[0] + e[1] + 2 * e[2] <= 4),
            "weights" => (MomentSpace.Anisotropic([1.0, 1.5, 1], 3), e => e[0] + 1.5 * e[1] + e[2] <= 3),
            "squared loss" => (MomentSpace.ForSquaredLoss(2, 2), e => e[2] == 2 ? e[0] + e[1] == 0 : e[2] < 2 && e[0] + e[1] <= 2),
            "neurons" => (MomentSpace.ForNeurons(1, 2), e => e[0] <= 1 && e[1] + e[2] <= 2),
            _ => (MomentSpace.FromExponents([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [2, 0, 0]]), (Func<int[], bool>)(e => e[2] <= 1 && e.Sum() <= 2 && e[1] <= 1 && (e[2] == 0 || e.Sum() == 1))),
        };
        int[][] exponents = [.. ExactMoments.Exponents(3, 5).Where(kept)];
        Assert.Equal(exponents.Length, space.Count);
        WeightedPoints set = HardSets.Make("weights over 12 decades", 3, 300);
        var options = new FreeNodeOptions { MomentSpace = space, Budget = 50, Containment = NodeContainment.ConvexHull };
        SyntheticSet cells = ResearchKit.FreeNodes.Compress(set, options), whole = ResearchKit.FreeNodes.Fewest(set, options);
        SyntheticCheck.Promises(set, cells, exponents, 50, NodeContainment.ConvexHull, shape);
        SyntheticCheck.Promises(set, whole, exponents, space.Count - 1, NodeContainment.ConvexHull, $"{shape}, fewest");
        Assert.True(cells.Certificate.NextDegreeDefect > 0, "the next layer is watched");
        Assert.Equal(300, ResearchKit.FreeNodes.Compress(set, options with { Budget = 300 }).Count);
    }

    [Fact]
    public void AFlatWithMoreMomentsThanABoxTakesTheSubset()
    {
        // Powers up to 1 in each of 9 coordinates, two of them equal: total degree 9 in the other eight is out of reach.
        WeightedPoints cube = HardSets.Cube(8, 700);
        var set = new WeightedPoints([.. Enumerable.Range(0, 700).SelectMany(i => cube[i].ToArray().Append(cube[i][0]))], 9);
        MomentSpace space = MomentSpace.Product(9, [.. Enumerable.Range(0, 9).Select(j => (new[] { j }, 1))]);
        SyntheticSet result = ResearchKit.FreeNodes.Compress(set, new FreeNodeOptions { MomentSpace = space, Budget = 600 });
        int[][] exponents = [.. Enumerable.Range(0, 512).Select(bits => Enumerable.Range(0, 9).Select(j => bits >> j & 1).ToArray())];
        SyntheticCheck.Promises(set, result, exponents, 600, NodeContainment.Box, "flat");
        var objects = Enumerable.Range(0, 700).Select(i => string.Join(' ', set[i].ToArray())).ToHashSet();
        for (int i = 0; i < result.Count; i++) Assert.Contains(string.Join(' ', result.Points[i].ToArray()), objects);
    }

    [Fact]
    public void PointsOnALineGetGaussNodes()
    {
        WeightedPoints set = HardSets.Make("collinear", 3, 500);
        SyntheticSet result = ResearchKit.FreeNodes.Fewest(set, new FreeNodeOptions { Degree = 7, Budget = 120 });
        Assert.Equal(4, result.Count);
        SyntheticCheck.Promises(set, result, 7, 120, NodeContainment.ConvexHull, "collinear");
    }

    [Fact]
    public void ADegreeBeyondIsKeptAsWell()
    {
        WeightedPoints set = HardSets.Cube(2, 3000);
        SyntheticSet result = SyntheticCheck.Compress(set, 2, 300);
        // Degrees 3 to 5, which were not promised, in the frame of the whole set.
        double[] rows = [.. set.Coordinates, .. result.Points.Coordinates];
        Quad[] difference = [.. Enumerable.Repeat((Quad)(-1.0), set.Count), .. result.Points.Weights.ToArray().Select(w => (Quad)w)];
        Assert.True(ExactMoments.Largest(rows, 2, difference, 5) / set.Mass <= SyntheticCheck.Exact, "degree 5 was not kept");
    }

    [Fact]
    public void FreeNodesBeatASubsetOfTheSameBudget()
    {
        double gain = 0;
        for (int seed = 1; seed <= 4; seed++)
        {
            RidgeSigmoidTask task = RidgeSigmoidTask.Generate(2, 4000, seed);
            CompressedSet subset = Compressor.Compress(task.Points, new CompressionOptions { Degree = 3, Budget = 400 });
            SyntheticSet free = SyntheticCheck.Compress(task.Points, 3, 400);
            gain += Math.Log(Math.Abs(task.Error(subset)) / Math.Max(1e-17, Math.Abs(task.Error(task.Points, free.Points)))) / 4;
        }
        Assert.True(Math.Exp(gain) >= 5, $"gain {Math.Exp(gain):F2}");
    }

    [Theory]
    [InlineData(NodeContainment.Box)]
    [InlineData(NodeContainment.ConvexHull)]
    public void TheBitsDoNotDependOnTheNumberOfThreads(NodeContainment containment)
    {
        foreach ((int m, int k, int d, int budget) in new[] { (1, 3, 3000, 100), (2, 3, 20_000, 700), (3, 2, 4000, 250) })
        {
            WeightedPoints set = HardSets.Cube(m, d, 9);
            SyntheticSet one = SyntheticCheck.Compress(set, k, budget, containment);
            foreach (int threads in new[] { 2, 5, -1 })
            {
                SyntheticSet many = SyntheticCheck.Compress(set, k, budget, containment, threads);
                Assert.Equal(one.Points.Coordinates.ToArray(), many.Points.Coordinates.ToArray());
                Assert.Equal(one.Points.Weights.ToArray(), many.Points.Weights.ToArray());
                Assert.Equal(one.Certificate.NextDegreeDefect, many.Certificate.NextDegreeDefect);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ProgressRisesFromZeroToOne(int threads)
    {
        var seen = new List<CompressionProgress>();
        var progress = new Immediate(p => { lock (seen) seen.Add(p); });
        // A surface whose cells fall back to subsets: more than one plan is tried.
        WeightedPoints set = HardSets.Make("sphere", 3, 900);
        ResearchKit.FreeNodes.Compress(set, new FreeNodeOptions { Degree = 4, Budget = 100, MaxDegreeOfParallelism = threads, Progress = progress });
        Assert.Equal(0, seen[0].Fraction);
        Assert.Equal(1, seen[^1].Fraction);
        for (int i = 1; i < seen.Count; i++) Assert.True(seen[i].Fraction >= seen[i - 1].Fraction, $"{seen[i - 1]} then {seen[i]}");
    }

    [Fact]
    public void CancellingStopsBetweenCells()
    {
        WeightedPoints set = HardSets.Cube(3, 20_000);
        using var source = new CancellationTokenSource();
        int after = 0;
        var options = new FreeNodeOptions
        {
            Degree = 3,
            Budget = 2000,
            MaxDegreeOfParallelism = 2,
            CancellationToken = source.Token,
            Progress = new Immediate(p =>
            {
                if (source.IsCancellationRequested) Interlocked.Increment(ref after);
                if (p.Fraction > 0.15) source.Cancel();
            }),
        };
        Assert.ThrowsAny<OperationCanceledException>(() => ResearchKit.FreeNodes.Compress(set, options));
        Assert.InRange(after, 0, 2);
        Assert.ThrowsAny<OperationCanceledException>(() => ResearchKit.FreeNodes.Fewest(set, options));
    }

    private sealed class Immediate(Action<CompressionProgress> action) : IProgress<CompressionProgress>
    {
        public void Report(CompressionProgress value) => action(value);
    }
}
