namespace ResearchKit.Tests.Compression;

/// <summary>The same bits for any number of threads, for repeated and for concurrent calls.</summary>
public class DeterminismTests
{
    // The last two are one cell each: the path that shares a cell's moment passes among threads (from 65536 objects).
    [Theory]
    [InlineData("generic", 3, 3, 9000, 800)]
    [InlineData("weights over 12 decades", 2, 4, 10000, 497)]
    [InlineData("one far outlier", 4, 2, 4000, 300)]
    [InlineData("two far clusters", 1, 5, 9000, 300)]
    [InlineData("generic", 2, 3, 200_000, 10)]
    [InlineData("weights over 12 decades", 3, 2, 70_000, 19)]
    public void ThreadsDoNotShowInTheBits(string name, int m, int k, int d, int budget)
    {
        WeightedPoints set = HardSets.Make(name, m, d);
        CompressedSet reference = Check.Compress(set, k, budget, 1);
        Check.Shape(set, reference, budget, name);
        foreach (int threads in new[] { 2, 3, 8, -1 }) AssertSameBits(reference, Check.Compress(set, k, budget, threads), $"{threads} threads");
    }

    [Fact]
    public void EightConcurrentCallsOnOneSetGiveTheSameBits()
    {
        WeightedPoints set = HardSets.Cube(3, 5000);
        // A space made here, so that its basis is first built by eight threads at once.
        var options = new CompressionOptions { MomentSpace = MomentSpace.TotalDegree(3, 3), Budget = 300, MaxDegreeOfParallelism = 2 };
        var results = new CompressedSet[8];
        using var start = new Barrier(8);
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            start.SignalAndWait();
            results[t] = Compressor.Compress(set, options);
        }))];
        foreach (Thread t in threads) t.Start();
        foreach (Thread t in threads) t.Join();
        for (int t = 1; t < 8; t++) AssertSameBits(results[0], results[t], $"call {t}");
        Check.Shape(set, results[0], 300, "concurrent");
    }

    [Fact]
    public void TheInputIsNotTouched()
    {
        WeightedPoints set = HardSets.Make("weights over 12 decades", 3, 3000);
        double[] rows = set.Coordinates.ToArray(), weights = set.Weights.ToArray();
        Check.Compress(set, 3, 200, -1);
        Assert.Equal(rows, set.Coordinates.ToArray());
        Assert.Equal(weights, set.Weights.ToArray());
    }

    [Fact]
    public void TheSeedOnlyMovesTheProbes()
    {
        WeightedPoints set = HardSets.Cube(2, 2000);
        CompressedSet Run(int seed) => Compressor.Compress(set, new CompressionOptions { Degree = 3, Budget = 100, Seed = seed, Probes = 8 });
        CompressedSet a = Run(1), b = Run(2), c = Run(1);
        AssertSameBits(a, b, "seed");
        Assert.Equal(a.Certificate.ProbeError, c.Certificate.ProbeError);
        Assert.NotEqual(a.Certificate.ProbeError, b.Certificate.ProbeError);
        Assert.InRange(a.Certificate.ProbeError, 1e-12, 1e-2);
    }

    /// <summary>Multiplying every coordinate and weight by a power of two changes no rounding, so it must change no choice.</summary>
    [Theory]
    [InlineData(-30, 0)]
    [InlineData(20, 0)]
    [InlineData(0, 40)]
    [InlineData(0, -200)]
    [InlineData(-10, 60)]
    public void PowersOfTwoScaleThrough(int coordinates, int weights)
    {
        WeightedPoints set = HardSets.Make("weights over 12 decades", 2, 600);
        var scaled = new WeightedPoints([.. set.Coordinates.ToArray().Select(x => Math.ScaleB(x, coordinates))], 2, [.. set.Weights.ToArray().Select(w => Math.ScaleB(w, weights))]);
        CompressedSet expected = Check.Compress(set, 3, 10), actual = Check.Compress(scaled, 3, 10);
        Assert.Equal(expected.Indices.ToArray(), actual.Indices.ToArray());
        Assert.Equal(expected.Weights.ToArray(), actual.Weights.ToArray().Select(w => Math.ScaleB(w, -weights)));
    }

    internal static void AssertSameBits(CompressedSet expected, CompressedSet actual, string context)
    {
        Assert.True(expected.Indices.SequenceEqual(actual.Indices), $"{context}: other objects");
        for (int i = 0; i < expected.Count; i++)
            Assert.True(BitConverter.DoubleToInt64Bits(expected.Weights[i]) == BitConverter.DoubleToInt64Bits(actual.Weights[i]), $"{context}: weight {i} differs");
        Assert.Equal(expected.Certificate.MaxMomentResidual, actual.Certificate.MaxMomentResidual);
        Assert.Equal(expected.Certificate.NextDegreeDefect, actual.Certificate.NextDegreeDefect);
    }
}
