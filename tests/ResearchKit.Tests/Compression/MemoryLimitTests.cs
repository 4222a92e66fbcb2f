namespace ResearchKit.Tests.Compression;

/// <summary>Memory is known beforehand: fewer threads where that helps, a refusal before anything is begun where it does not.</summary>
public class MemoryLimitTests
{
    [Fact]
    public void ThreadsThatDoNotFitAreLeftOutAndNothingElseChanges()
    {
        WeightedPoints set = HardSets.Cube(3, 20_000);
        var options = new CompressionOptions { Degree = 4, Budget = 1000, MaxDegreeOfParallelism = 1 };
        double one = Compressor.Estimate(set.Count, 3, options).Bytes;
        CompressedSet free = Compressor.Compress(set, options with { MaxDegreeOfParallelism = 8 });
        CompressedSet limited = Compressor.Compress(set, options with { MaxDegreeOfParallelism = 8, MaxBytes = (long)one + 1 });
        Assert.Equal(free.Indices.ToArray(), limited.Indices.ToArray());
        Assert.Equal(free.Weights.ToArray(), limited.Weights.ToArray());
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedBeforehandWithItsSizeAndARemedy()
    {
        WeightedPoints set = HardSets.Cube(3, 5000);
        var options = new CompressionOptions { Degree = 4, Budget = 1000, MaxBytes = 100_000 };
        var refused = Assert.Throws<InsufficientMemoryException>(() => Compressor.Compress(set, options));
        foreach (string part in new[] { "5000 objects", "35 moments", "GB", "0.0001 GB", "MaxBytes", "Lower the degree" }) Assert.Contains(part, refused.Message);
        Assert.Throws<InsufficientMemoryException>(() => CompressionPyramid.Build(set, options));
        Assert.Throws<InsufficientMemoryException>(() => Compressor.Compress(set, options with { Budget = null, Tolerance = 1e-4, Probes = 4 }));
    }

    [Fact]
    public void ThousandsOfMomentsAreRefusedWithinAGigabyte()
    {
        // 6188 moments: their matrix, the null vectors and the exchanges of 2 N points take several GB.
        WeightedPoints set = HardSets.Cube(12, 20_000);
        var options = new CompressionOptions { Degree = 5, Budget = 7000, MaxBytes = 1L << 30, MaxDegreeOfParallelism = 1 };
        Assert.Throws<InsufficientMemoryException>(() => Compressor.Compress(set, options));
        Assert.True(Compressor.Estimate(set.Count, 12, options).Bytes > 6e9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void NoBytesAreNoLimit(long bytes)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Compress(HardSets.Cube(2, 100), new CompressionOptions { Budget = 50, MaxBytes = bytes }));
        Assert.Contains("MaxBytes", refused.Message);
    }
}
