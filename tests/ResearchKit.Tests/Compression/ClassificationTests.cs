using CsCheck;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>Classes are compressed apart: each keeps its mass and its own moments, however few its members.</summary>
public class ClassificationTests
{
    private static WeightedPoints Classes(int[] members, int seed = 1, Func<int, double>? code = null, string features = "generic", bool weighted = false)
    {
        int d = members.Sum();
        WeightedPoints x = HardSets.Make(features, 2, d, seed);
        var random = new SeededRandom(seed, 31);
        int[] labels = [.. members.SelectMany((n, c) => Enumerable.Repeat(c, n))];
        random.Shuffle(labels.AsSpan());
        double[] rows = [.. labels.SelectMany((c, i) => new[] { x[i][0], x[i][1], code is null ? c : code(c) })];
        return new WeightedPoints(rows, 3, weighted ? [.. Enumerable.Range(0, d).Select(_ => random.Uniform(0.1, 3))] : null);
    }

    private static CompressedSet AllPromises(WeightedPoints set, int k, int budget, string context, MomentSpace? space = null)
    {
        CompressedSet result = Compressor.Compress(set, new CompressionOptions { Budget = budget, MomentSpace = space ?? MomentSpace.ForClassification(2, k), MaxDegreeOfParallelism = 1 });
        Check.Shape(set, result, budget, context);
        Assert.True(result.Certificate.MaxMomentResidual <= Check.Exact, $"{context}: certified {result.Certificate.MaxMomentResidual:E2}");
        List<int[]> exponents = ExactMoments.Exponents(2, k);
        foreach (double label in set.Coordinates.ToArray().Where((_, i) => i % 3 == 2).Distinct())
        {
            int[] members = [.. Enumerable.Range(0, set.Count).Where(i => set[i][2] == label && set.WeightOf(i) > 0)];
            var difference = new Quad[members.Length];
            double mass = 0;
            for (int i = 0; i < members.Length; i++)
            {
                mass += set.WeightOf(members[i]);
                difference[i] = -set.WeightOf(members[i]);
                int at = result.Indices.BinarySearch(members[i]);
                if (at >= 0) difference[i] += result.Weights[at];
            }
            double[] x = [.. members.SelectMany(i => new[] { set[i][0], set[i][1] })];
            double residual = ExactMoments.Largest(x, 2, difference, exponents) / mass;
            Assert.True(residual <= Check.Exact, $"{context}: class {label} differs by {residual:E2} of its mass");
        }
        return result;
    }

    [Fact]
    public void EveryClassKeepsItsOwnMomentsAndTheBudgetIsUsedExactly()
    {
        foreach ((int[] members, int k, int budget) in new (int[], int, int)[]
        {
            ([500, 500], 2, 100), ([2000, 30], 2, 77), ([900, 1, 1, 4, 300], 2, 60), ([5, 6, 7, 700], 2, 40), ([1, 1, 1, 1000], 3, 100),
            ([6000, 5000, 4000], 1, 1001), ([40, 40, 40, 40], 2, 159), ([3000, 10], 0, 30),
        })
        {
            string context = $"({string.Join(", ", members)}) k={k} d'={budget}";
            Assert.Equal(budget, AllPromises(Classes(members), k, budget, context).Count);
            AllPromises(Classes(members, weighted: true), k, budget, $"{context}, weighted");
        }
    }

    [Fact]
    public void AClassOfFewMembersIsKeptWhole()
    {
        WeightedPoints set = Classes([800, 1, 5]);
        CompressedSet result = AllPromises(set, 2, 40, "few");
        int[] few = [.. Enumerable.Range(0, set.Count).Where(i => set[i][2] > 0)];
        foreach (int i in few)
        {
            int at = result.Indices.BinarySearch(i);
            Assert.True(at >= 0, $"object {i}");
            Assert.Equal(1, result.Weights[at], 1e-12);
        }
    }

    [Fact]
    public void CodesOfTheSameOrderDoNotShow()
    {
        int[] members = [300, 7, 500];
        CompressedSet plain = AllPromises(Classes(members), 2, 90, "0 1 2");
        CompressedSet odd = AllPromises(Classes(members, code: c => c switch { 0 => -1e300, 1 => -0.0, _ => 1e-300 }), 2, 90, "odd codes");
        Assert.Equal(plain.Indices.ToArray(), odd.Indices.ToArray());
        Assert.Equal(plain.Weights.ToArray(), odd.Weights.ToArray());
    }

    [Theory]
    [InlineData("scale 1e-9")]
    [InlineData("scale 1e9")]
    [InlineData("all equal")]
    [InlineData("collinear")]
    [InlineData("duplicated")]
    [InlineData("one far outlier")]
    [InlineData("Cauchy tails")]
    [InlineData("lattice")]
    [InlineData("fewer distinct than moments")]
    public void HardFeatures(string features)
    {
        foreach (int budget in new[] { 30, 100 })
            AllPromises(Classes([700, 2, 90, 8], features: features), 2, budget, $"{features} d'={budget}");
    }

    [Fact]
    public void RandomClasses()
    {
        Gen.Select(Gen.Int[1, 200].Array[1, 8], Gen.Int[0, 3], Gen.Int[0, 200], Gen.Int[1, 1000]).Sample((members, k, extra, seed) =>
        {
            int least = members.Sum(n => Math.Min(n, (int)MomentSpace.CountOf(2, k))), budget = least + extra;
            CompressedSet result = AllPromises(Classes(members, seed), k, budget, $"({string.Join(", ", members)}) k={k} d'={budget} seed={seed}");
            Assert.Equal(Math.Min(budget, members.Sum()), result.Count);
        }, iter: 150);
    }

    [Fact]
    public void AWhitenedMetricStillSeparatesClasses()
    {
        WeightedPoints set = Classes([600, 400], features: "mixed scales 1e-9 1 1e9");
        MomentSpace space = MomentSpace.ForClassification(2, 2, metric: PartitionMetric.Whitened(set, 0, 1));
        AllPromises(set, 2, 80, "whitened", space);
    }

    [Fact]
    public void OneClassIsOrdinaryCompression()
    {
        WeightedPoints x = HardSets.Make("generic", 2, 400);
        CompressedSet classes = AllPromises(Classes([400]), 3, 55, "one class"), plain = Check.Compress(x, 3, 55);
        Assert.Equal(plain.Indices.ToArray(), classes.Indices.ToArray());
        // The label's coordinate changes the order of multiplications, so weights agree to rounding.
        for (int i = 0; i < 55; i++) Assert.Equal(plain.Weights[i], classes.Weights[i], 1e-12 * 400);
    }

    [Fact]
    public void BudgetsBelowTheClassesAreNamed()
    {
        string few = Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Compress(Classes([100, 100, 2]), new CompressionOptions { Budget = 13, MomentSpace = MomentSpace.ForClassification(2, 2) })).Message;
        Assert.Contains("takes 14 objects", few);
        Assert.Contains("for each value of coordinate 2", few);
        // Exactly that is enough.
        AllPromises(Classes([100, 100, 2]), 2, 14, "least");
        // A label that is no class.
        string continuous = Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Compress(HardSets.Cube(3, 500), new CompressionOptions { Budget = 100, MomentSpace = MomentSpace.ForClassification(2, 2) })).Message;
        Assert.Contains("takes 500 objects", continuous);
    }

    public static TheoryData<string, double, int> Searches
    {
        get
        {
            var all = new TheoryData<string, double, int>();
            foreach (string members in new[] { "700 600 700", "1200 3 1 400", "150 150 150 150 150 150 150 150 150 150 150 150" })
            {
                all.Add(members, 1e-4, 0);
                all.Add(members, 1e-4, 1);
                all.Add(members, 1e-3, 2);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public void AToleranceIsMetWithClassesApart(string members, double tolerance, int kind)
    {
        int[] counts = [.. members.Split(' ').Select(int.Parse)];
        WeightedPoints set = Classes(counts);
        PartitionMetric metric = PartitionMetric.AllCoordinates(3).Separating(2);
        CompressionOptions options = kind switch
        {
            0 => new() { MomentSpace = MomentSpace.ForClassification(2, 3) },
            1 => new() { Degree = 3, Metric = metric },
            _ => new() { Metric = metric },
        };
        CompressedSet result = Compressor.Compress(set, options with { Tolerance = tolerance, Probes = 8, MaxDegreeOfParallelism = 1 });
        Check.Shape(set, result, set.Count - 1, members);
        Assert.InRange(result.Certificate.EstimatedError, 0, tolerance);
        AssertMasses(counts, set, result);
    }

    [Fact]
    public void ADegreeIsChosenForABudgetThatOneCellOfEveryClassJustFits()
    {
        int[] counts = [700, 600, 700];
        WeightedPoints set = Classes(counts);
        var options = new CompressionOptions { Budget = 40, AutomaticDegree = true, Metric = PartitionMetric.AllCoordinates(3).Separating(2) };
        CompressedSet result = Compressor.Compress(set, options);
        Check.Shape(set, result, 40, "automatic");
        Assert.InRange(result.Certificate.Degree, 1, 2);
        AssertMasses(counts, set, result);
        Assert.Contains("at least 3", Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Compress(set, options with { Budget = 2 })).Message);
    }

    private static void AssertMasses(int[] members, WeightedPoints set, CompressedSet result)
    {
        for (int c = 0; c < members.Length; c++)
        {
            double mass = Enumerable.Range(0, result.Count).Where(i => set[result.Indices[i]][2] == c).Sum(i => result.Weights[i]);
            Assert.True(Math.Abs(mass - members[c]) <= 1e-12 * set.Count, $"class {c} has mass {mass}, not {members[c]}");
        }
    }

    [Fact]
    public void TheRemedyIsOneForClasses()
    {
        WeightedPoints set = Classes([100, 100, 100]);
        var options = new CompressionOptions { Degree = 1, Metric = PartitionMetric.AllCoordinates(3).Separating(2) };
        // Within a class the label is constant: three of the N = 4 moments are independent.
        AssertRemedy(options with { Budget = 8 }, "at least 9, or keep fewer moments of each value");
        Assert.Equal(9, Compressor.Compress(set, options with { Budget = 9 }).Count);
        AssertRemedy(options with { Budget = 2, Degree = 0 }, "at least 3, or separate a coordinate of fewer values than coordinate 2");

        void AssertRemedy(CompressionOptions refused, string remedy)
        {
            string message = Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Compress(set, refused)).Message;
            Assert.Contains(remedy, message);
            Assert.DoesNotContain("lower the degree", message);
        }
    }

    [Theory]
    [InlineData(1, 11)]
    [InlineData(4, 14)]
    [InlineData(4, 10)]
    public void ClassesOfRepeatedObjectsTakeTheirRankOnly(int repeated, int budget)
    {
        double[] rows = [.. HardSets.Make("generic", 2, 20).Coordinates.ToArray().Chunk(2).SelectMany(x => new[] { x[0], x[1], 0.0 }),
            .. Enumerable.Range(1, repeated).SelectMany(c => Enumerable.Repeat(new[] { 0.1 * c, 0.2, c }, 5).SelectMany(x => x))];
        var set = new WeightedPoints(rows, 3);
        Assert.Equal(repeated == 1 ? 11 : 10, AllPromises(set, 2, budget, $"{repeated} repeated, d'={budget}").Count);
        if (repeated == 4)
            Assert.Contains("takes 10 objects", Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Compress(set, new CompressionOptions { Budget = 9, MomentSpace = MomentSpace.ForClassification(2, 2) })).Message);
    }

    [Fact]
    public void OneClassOfFewerObjectsThanMomentsIsNamedWithItsCount()
        => Assert.Contains("takes 5 objects", Assert.Throws<ArgumentOutOfRangeException>(() =>
            Compressor.Compress(Classes([5]), new CompressionOptions { Budget = 4, MomentSpace = MomentSpace.ForClassification(2, 2) })).Message);

    [Fact]
    public void APyramidWouldMergeTheClasses()
        => Assert.Contains("separates the values of coordinate 2", Assert.Throws<ArgumentException>(() =>
            CompressionPyramid.Build(Classes([100, 100]), new CompressionOptions { Budget = 1, MomentSpace = MomentSpace.ForClassification(2, 2) })).Message);

    [Fact]
    public void ProgressRisesOverAllClasses()
    {
        var seen = new List<CompressionProgress>();
        Compressor.Compress(Classes([3000, 2000, 3]), new CompressionOptions { Budget = 400, MomentSpace = MomentSpace.ForClassification(2, 2), Progress = new Immediate(p => { lock (seen) seen.Add(p); }) });
        Assert.Equal(0, seen[0].Fraction);
        Assert.Equal(1, seen[^1].Fraction);
        Assert.Contains(seen, p => p.Fraction is > 0.94 and < 0.96);
        for (int i = 1; i < seen.Count; i++) Assert.True(seen[i].Fraction >= seen[i - 1].Fraction, $"{seen[i - 1]} then {seen[i]}");
    }

    private sealed class Immediate(Action<CompressionProgress> receive) : IProgress<CompressionProgress>
    {
        public void Report(CompressionProgress value) => receive(value);
    }
}
