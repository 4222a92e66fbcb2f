using ResearchKit.Tests.Baselines;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>Compression to a tolerance, and degrees chosen by the certificate.</summary>
public class ToleranceTests
{
    public static TheoryData<string> Names => [.. HardSets.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryPromiseHoldsOnHardSets(string name)
    {
        foreach (int m in new[] { 1, 3 })
        {
            WeightedPoints set = HardSets.Make(name, m, 300);
            var options = new CompressionOptions { Tolerance = 1e-4, Probes = 8, MaxDegreeOfParallelism = 1 };
            CompressedSet result = Compressor.Compress(set, options);
            Check.Shape(set, result, set.Count, $"{name} m={m}");
            Certificate c = result.Certificate;
            Assert.True(c.EstimatedError <= 1e-4, $"{name} m={m}: {c.EstimatedError}");
            double residual = ExactMoments.Residual(set, result, c.Cells == 0 ? 0 : c.Degree);
            Assert.True(residual <= Check.Exact, $"{name} m={m}: a moment differs by {residual:E2}");
            Assert.Contains(c.Trials, t => t.Count == result.Count && t.EstimatedError == c.EstimatedError);
        }
    }

    [Theory]
    [InlineData(1, 1e-3)]
    [InlineData(2, 1e-3)]
    [InlineData(2, 1e-5)]
    [InlineData(3, 1e-3)]
    public void ThePlainCompressionOfThatBudgetAndDegreeIsTheSame(int m, double tolerance)
    {
        WeightedPoints set = HardSets.Cube(m, 3000);
        CompressedSet found = Compressor.Compress(set, new CompressionOptions { Tolerance = tolerance, Seed = 4 });
        CompressionTrial trial = found.Certificate.Trials.First(t => t.Count == found.Count && t.EstimatedError == found.Certificate.EstimatedError);
        Assert.False(trial.Refined);
        CompressedSet plain = Compressor.Compress(set, new CompressionOptions { Budget = trial.Budget, Degree = trial.Degree, Seed = 4, Probes = CompressionOptions.DefaultSearchProbes });
        DeterminismTests.AssertSameBits(plain, found, $"m={m}");
        Assert.Equal(plain.Certificate.EstimatedError, found.Certificate.EstimatedError);
        Assert.Empty(plain.Certificate.Trials);
        Assert.Equal(trial.Degree, found.Certificate.Degree);
    }

    [Theory]
    [InlineData(1, 1e-6)]
    [InlineData(2, 1e-3)]
    [InlineData(2, 1e-5)]
    [InlineData(3, 1e-3)]
    public void HalfTheObjectsWouldNotHaveDoneWithAnyDegree(int m, double tolerance)
    {
        WeightedPoints set = HardSets.Cube(m, 2000);
        CompressedSet found = Compressor.Compress(set, new CompressionOptions { Tolerance = tolerance });
        Assert.InRange(found.Count, 2, 1000);
        CompressedSet half = Compressor.Compress(set, new CompressionOptions { Budget = found.Count / 2, AutomaticDegree = true });
        Assert.True(half.Certificate.EstimatedError > tolerance, $"{found.Count / 2} objects have an error of {half.Certificate.EstimatedError}, {found.Count} were used");
    }

    [Theory]
    [InlineData("rational", 1e-6)]
    [InlineData("bump", 1e-4)]
    [InlineData("tanh", 1e-5)]
    public void UnseenFunctionsOfTheProbesKindStayBelowTheTolerance(string kind, double tolerance)
    {
        int held = 0, most = 0;
        const int sets = 5, functions = 20;
        for (int seed = 0; seed < sets; seed++)
        {
            WeightedPoints set = HardSets.Cube(2, 1500, seed + 1);
            CompressedSet result = Compressor.Compress(set, new CompressionOptions { Tolerance = tolerance, ProbeFunctions = ProbeFunctions.Many(kind, 2, 32, 1000 * seed) });
            held += ProbeFunctions.Many(kind, 2, functions, 1000 * seed + 500).Count(g => ProbeFunctions.Error(set, result, g) <= tolerance);
            most = Math.Max(most, result.Count);
        }
        Assert.InRange(held, 0.95 * sets * functions, sets * functions);
        Assert.InRange(most, 3, 300);
    }

    [Fact]
    public void TheEstimateIsTheLargestErrorOfTheCallersFunctions()
    {
        WeightedPoints set = HardSets.Make("weights over 12 decades", 3, 1000);
        Func<ReadOnlySpan<double>, double>[] functions = ProbeFunctions.Many("bump", 3, 7, 40);
        foreach (CompressionOptions options in new CompressionOptions[] { new() { Tolerance = 1e-3 }, new() { Budget = 60, Degree = 2 }, new() { Budget = 60, AutomaticDegree = true } })
        {
            CompressedSet result = Compressor.Compress(set, options with { ProbeFunctions = functions });
            double[] errors = [.. functions.Select(g => ProbeFunctions.Error(set, result, g))];
            Assert.InRange(errors.Max(), 1e-8, 1);
            Assert.Equal(errors.Max(), result.Certificate.EstimatedError, 1e-14);
            Assert.Equal(Math.Sqrt(errors.Average(e => e * e)), result.Certificate.ProbeErrors.Own, 1e-14);
            Assert.True(double.IsNaN(result.Certificate.ProbeError), "no ridge probes were asked for");
        }
    }

    [Fact]
    public void NoiseThatNoFewerObjectsCanCarryBringsTheWholeSetBack()
    {
        WeightedPoints set = HardSets.Make("zero weights", 2, 200);
        int weighted = Enumerable.Range(0, 200).Count(i => set.WeightOf(i) > 0);
        CompressedSet result = Compressor.Compress(set, new CompressionOptions
        {
            Tolerance = 1e-12,
            ProbeFunctions = [x => Math.Sin(1e7 * x[0] + 3e6 * x[1])],
        });
        Assert.Equal(weighted, result.Count);
        Assert.All(Enumerable.Range(0, weighted), i => Assert.Equal(set.WeightOf(result.Indices[i]), result.Weights[i]));
        Assert.Equal(0, result.Certificate.EstimatedError);
    }

    [Fact]
    public void AConstantNeedsOneObject()
        => Assert.Equal(1, Compressor.Compress(HardSets.Cube(3, 500), new CompressionOptions { Tolerance = 1e-9, ProbeFunctions = [_ => 2.5] }).Count);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void TinySets(int d)
    {
        CompressedSet result = Compressor.Compress(HardSets.Cube(2, d), new CompressionOptions { Tolerance = 1e-12 });
        Assert.InRange(result.Count, 1, d);
        Assert.InRange(result.Certificate.EstimatedError, 0, 1e-12);
    }

    [Fact]
    public void AGivenDegreeOrSpaceIsKept()
    {
        WeightedPoints set = HardSets.Cube(2, 2000);
        CompressedSet byDegree = Compressor.Compress(set, new CompressionOptions { Tolerance = 1e-4, Degree = 2 });
        CompressedSet bySpace = Compressor.Compress(set, new CompressionOptions { Tolerance = 1e-4, MomentSpace = MomentSpace.TotalDegree(2, 2) });
        DeterminismTests.AssertSameBits(byDegree, bySpace, "space");
        Assert.All(byDegree.Certificate.Trials, t => Assert.Equal(2, t.Degree));
        Assert.InRange(byDegree.Certificate.EstimatedError, 1e-7, 1e-4);
        // Low degree needs more objects than the best.
        Assert.True(byDegree.Count > Compressor.Compress(set, new CompressionOptions { Tolerance = 1e-4 }).Count);
    }

    [Fact]
    public void TheAutomaticDegreeIsTheBestOfItsTrialsAndFollowsTheSmoothness()
    {
        WeightedPoints set = HardSets.Cube(2, 3000);
        CompressedSet smooth = Compressor.Compress(set, new CompressionOptions { Budget = 120, AutomaticDegree = true });
        CompressedSet rough = Compressor.Compress(set, new CompressionOptions
        {
            Budget = 120, AutomaticDegree = true,
            ProbeFunctions = [.. Enumerable.Range(1, 9).Select<int, Func<ReadOnlySpan<double>, double>>(i => x => Math.Abs((5 * x[0] + i * x[1]) % 1))],
        });
        foreach (CompressedSet result in new[] { smooth, rough })
        {
            Check.Shape(set, result, 120, "automatic");
            Assert.Equal(result.Certificate.Trials.Min(t => t.EstimatedError), result.Certificate.EstimatedError);
        }
        Assert.True(smooth.Certificate.Degree > rough.Certificate.Degree + 3, $"degree {smooth.Certificate.Degree} for smooth, {rough.Certificate.Degree} for rough functions");
        CompressedSet usual = Compressor.Compress(set, new CompressionOptions { Budget = 120, Probes = CompressionOptions.DefaultSearchProbes });
        Assert.Equal(CompressionOptions.DefaultDegree, usual.Certificate.Degree);
        Assert.True(smooth.Certificate.EstimatedError < usual.Certificate.EstimatedError / 3);
    }

    [Theory]
    [InlineData(19)]
    [InlineData(40)]
    public void ADegreeIsChosenWhereTheDefaultOneWouldHaveTooManyMoments(int m)
    {
        Assert.True(MomentSpace.CountOf(m, CompressionOptions.DefaultDegree) > MomentSpace.MaxCount);
        WeightedPoints set = HardSets.Cube(m, 300);
        var automatic = new CompressionOptions { Budget = 60, AutomaticDegree = true, Probes = 4 };
        CompressedSet fixedBudget = Compressor.Compress(set, automatic);
        Check.Shape(set, fixedBudget, 60, $"m={m}");
        Assert.Equal(new[] { 0, 1 }, fixedBudget.Certificate.Trials.Select(t => t.Degree).Order());
        CompressedSet byTolerance = Compressor.Compress(set, new CompressionOptions { Tolerance = 0.05, Probes = 4 });
        Check.Shape(set, byTolerance, 299, $"m={m}");
        Assert.InRange(byTolerance.Certificate.EstimatedError, 0, 0.05);
        Assert.Equal(1, byTolerance.Certificate.Degree);
        WeightedPoints kept = byTolerance.Points(set);
        for (int j = 0; j < m; j++) Assert.Equal(set.Sum(x => x[j]), kept.Sum(x => x[j]), 300 * Check.Exact);
        Assert.True(Compressor.Estimate(300, m, automatic).Flops > 0);
    }

    [Fact]
    public void CellsAreCutWhereTheErrorIs()
    {
        WeightedPoints set = HardSets.Cube(2, 5000);
        Func<ReadOnlySpan<double>, double>[] functions = ProbeFunctions.Many("narrow bump", 2, 12, 0);
        CompressedSet refined = Compressor.Compress(set, new CompressionOptions { Tolerance = 1e-5, Degree = 3, ProbeFunctions = functions });
        Assert.Contains(refined.Certificate.Trials, t => t.Refined && t.EstimatedError == refined.Certificate.EstimatedError);
        Check.Shape(set, refined, 1000, "refined");
        Assert.InRange(ExactMoments.Residual(set, refined, 3), 0, Check.Exact);
        CompressedSet plain = Compressor.Compress(set, new CompressionOptions { Budget = refined.Count, Degree = 3, ProbeFunctions = functions });
        Assert.True(plain.Certificate.EstimatedError > 30 * refined.Certificate.EstimatedError,
            $"{refined.Count} objects: even cells {plain.Certificate.EstimatedError}, refined ones {refined.Certificate.EstimatedError}");
        // The functions that were not seen profit as well.
        double worst = ProbeFunctions.Many("narrow bump", 2, 20, 700).Max(g => ProbeFunctions.Error(set, refined, g));
        Assert.InRange(worst, 0, 3e-5);
    }

    [Theory]
    [InlineData("tanh", 1e-5)]
    [InlineData("narrow bump", 1e-4)]
    public void ThreadsDoNotShow(string kind, double tolerance)
    {
        WeightedPoints set = HardSets.Cube(2, 3000);
        CompressedSet[] results = [.. new[] { 1, 2, 5 }.Select(threads => Compressor.Compress(set, new CompressionOptions
        {
            Tolerance = tolerance, ProbeFunctions = ProbeFunctions.Many(kind, 2, 8, 0), Probes = 3, MaxDegreeOfParallelism = threads,
        }))];
        foreach (CompressedSet r in results)
        {
            DeterminismTests.AssertSameBits(results[0], r, kind);
            Assert.Equal(results[0].Certificate.Trials, r.Certificate.Trials);
            Assert.Equal(results[0].Certificate.ProbeErrors, r.Certificate.ProbeErrors);
        }
    }

    [Fact]
    public void ProgressRisesAndCancellingStopsTheSearch()
    {
        WeightedPoints set = HardSets.Cube(2, 4000);
        var seen = new List<double>();
        var options = new CompressionOptions { Tolerance = 1e-5, MaxDegreeOfParallelism = 1 };
        CompressedSet result = Compressor.Compress(set, options with { Progress = new Inputs.Immediate(p => seen.Add(p.Fraction)) });
        Assert.Equal(result.Certificate.Trials.Count + 1, seen.Count);
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(1, seen[^1]);

        using var source = new CancellationTokenSource();
        int after = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Compressor.Compress(set, options with
        {
            CancellationToken = source.Token,
            Progress = new Inputs.Immediate(_ =>
            {
                if (source.IsCancellationRequested) after++;
                if (++after == 3) source.Cancel();
            }),
        }));
        Assert.Equal(3, after);
    }

    [Fact]
    public void APyramidIsReadByTolerance()
    {
        WeightedPoints set = HardSets.Cube(2, 4000);
        CompressionPyramid pyramid = CompressionPyramid.Build(set, new CompressionOptions { Degree = 4, Probes = 16 });
        int last = 0;
        foreach (double tolerance in new[] { 1e-2, 1e-4, 1e-6, 1e-300 })
        {
            CompressedSet result = pyramid.AtTolerance(tolerance);
            Check.Shape(set, result, 4000, $"{tolerance}");
            Assert.True(result.Certificate.EstimatedError <= tolerance);
            Assert.True(result.Count > last || last == 15, $"{result.Count} objects for {tolerance}, {last} before");
            if (result.Count is > 17 and < 4000)
                Assert.True(pyramid.At((int)(result.Count / 1.1)).Certificate.EstimatedError > tolerance / 1.5, $"fewer than {result.Count} would do for {tolerance}");
            last = result.Count;
        }
        Assert.Equal(4000, last);
    }

    [Fact]
    public void CellsCutOnALatticeStayWithinTheBudget()
    {
        // Degenerate vertices keep fewer objects than moments, so that halves can need more than they free.
        var random = new SeededRandom(3);
        for (int trial = 0; trial < 40; trial++)
        {
            int n = 400 + (int)random.Uniform(0, 400), budget = 40 + (int)random.Uniform(0, 40);
            double s = Math.Pow(10, random.Uniform(2, 5)), centre = random.Uniform(-0.9, 0.9);
            var set = new WeightedPoints([.. Enumerable.Range(0, n).Select(i => -1 + 2.0 * i / (n - 1))], 1);
            CompressedSet result = Compressor.Compress(set, new CompressionOptions
            {
                Budget = budget, AutomaticDegree = true, ProbeFunctions = [x => 1 / (1 + s * (x[0] - centre) * (x[0] - centre))],
            });
            foreach (CompressionTrial tried in result.Certificate.Trials) Assert.True(tried.Count <= budget, $"trial {trial}: {tried}");
            Assert.True(result.Count <= budget, $"trial {trial}");
        }
    }
}
