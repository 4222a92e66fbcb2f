using System.Diagnostics;

namespace ResearchKit.Tests.Compression;

/// <summary>Progress, cancellation and the estimate.</summary>
public class RunningTests
{
    [Theory]
    [InlineData(1, 500)]
    [InlineData(2, 500)]
    [InlineData(8, 4000)]
    [InlineData(1, 10)]
    [InlineData(1, 100_000)]
    public void ProgressRisesFromZeroToOne(int threads, int budget)
    {
        var seen = new List<CompressionProgress>();
        int calls = 0;
        var progress = new Immediate(p =>
        {
            // A receiver that is sometimes slow must not be overtaken.
            if (Interlocked.Increment(ref calls) % 7 == 0) Thread.Sleep(1);
            lock (seen) seen.Add(p);
        });
        Compressor.Compress(HardSets.Cube(2, 12000), new CompressionOptions { Degree = 3, Budget = budget, MaxDegreeOfParallelism = threads, Progress = progress });
        Assert.Equal(0, seen[0].Fraction);
        Assert.Equal(1, seen[^1].Fraction);
        for (int i = 1; i < seen.Count; i++)
            Assert.True(seen[i].Fraction >= seen[i - 1].Fraction, $"{seen[i - 1]} then {seen[i]}");
        Assert.All(seen, p => Assert.False(string.IsNullOrEmpty(p.Stage)));
    }

    [Fact]
    public void ACancelledTokenStopsBeforeAnything()
    {
        var seen = new List<CompressionProgress>();
        Assert.ThrowsAny<OperationCanceledException>(() => Compressor.Compress(HardSets.Cube(2, 1000), new CompressionOptions
        {
            Budget = 100,
            CancellationToken = new CancellationToken(true),
            Progress = new Immediate(seen.Add),
        }));
        Assert.Empty(seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void CancellingOnceCellsAreReducedStopsTheRest(int threads)
    {
        WeightedPoints set = HardSets.Cube(3, 20000);
        double[] before = set.Coordinates.ToArray();
        using var source = new CancellationTokenSource();
        int after = 0;
        var options = new CompressionOptions
        {
            Degree = 3,
            Budget = 4000,
            MaxDegreeOfParallelism = threads,
            CancellationToken = source.Token,
            Progress = new Immediate(p =>
            {
                if (source.IsCancellationRequested) Interlocked.Increment(ref after);
                if (p.Fraction > 0.15) source.Cancel();
            }),
        };
        Assert.ThrowsAny<OperationCanceledException>(() => Compressor.Compress(set, options));
        // Each thread may finish the cell in hand.
        Assert.InRange(after, 0, threads);
        Assert.Equal(before, set.Coordinates.ToArray());
    }

    [Theory]
    [InlineData(3, 4, 60_000, 6000)]
    [InlineData(4, 4, 200_000, 70)]
    public void CancellingWhileItRunsIsHeededWithinASecond(int m, int k, int d, int budget)
    {
        WeightedPoints set = HardSets.Cube(m, d);
        using var source = new CancellationTokenSource();
        var clock = new Stopwatch();
        using CancellationTokenRegistration started = source.Token.Register(clock.Start);
        source.CancelAfter(60);
        var options = new CompressionOptions { Degree = k, Budget = budget, CancellationToken = source.Token };
        Action runs = () =>
        {
            // Again and again, should one run be over before the token is cancelled.
            for (int i = 0; i < 1000; i++) Compressor.Compress(set, options);
        };
        Assert.ThrowsAny<OperationCanceledException>(runs);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"{clock.Elapsed} after cancelling");
    }

    [Fact]
    public void TheCertificateSaysWhatWasDone()
    {
        WeightedPoints set = HardSets.Make("off-centre cluster 5 +- 0.01", 3, 3000);
        Certificate c = Check.Compress(set, 3, 200).Certificate;
        Assert.Equal(20, c.Moments);
        Assert.Equal("total degree 3 in 3 variables", c.MomentSpace);
        Assert.Equal(3000, c.OriginalMass);
        Assert.InRange(c.Cells, 1, 10);
        Assert.InRange(c.MaxRank, 20, 200);
        Assert.InRange(c.MaxCellDiameter, 0.001, Math.Sqrt(3) * 0.02 * (1 + 1e-9));
        Assert.InRange(c.NextDegreeDefect, 1e-6, 1);
        Assert.True(c.Seconds > 0 && c.Bytes > 0);
        Assert.True(double.IsNaN(c.ProbeError), "no probes were asked for");
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 5)]
    [InlineData(8, 3)]
    public void TheEstimateIsPositiveAndGrowsWithTheSet(int m, int k)
    {
        var options = new CompressionOptions { Degree = k, Budget = 2000 };
        CostEstimate last = default;
        foreach (int d in new[] { 1, 100, 2000, 2001, 5000, 20_000, 100_000, 1_000_000, 100_000_000, int.MaxValue })
        {
            CostEstimate now = Compressor.Estimate(d, m, options);
            Assert.True(now.Seconds > 0 && double.IsFinite(now.Seconds) && now.Bytes > 0 && now.Flops >= 0, $"d={d}: {now}");
            Assert.True(now.Seconds >= last.Seconds && now.Bytes >= last.Bytes && now.Flops >= last.Flops, $"d={d}: {last} then {now}");
            last = now;
        }
        // Trying degrees costs at least the dearest of them.
        CostEstimate search = Compressor.Estimate(1_000_000, m, new CompressionOptions { Budget = 2000, AutomaticDegree = true });
        Assert.True(search.Seconds > 0 && search.Flops > Compressor.Estimate(1_000_000, m, new CompressionOptions { Budget = 2000, Degree = 2 }).Flops);
        Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Estimate(0, m, options));
        Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Estimate(10, 0, options));
    }

    private sealed class Immediate(Action<CompressionProgress> action) : IProgress<CompressionProgress>
    {
        public void Report(CompressionProgress value) => action(value);
    }
}
