using ResearchKit.Tests.Compression;

namespace ResearchKit.Tests.Streaming;

public class StreamingTests
{
    [Theory]
    [InlineData("generic")]
    [InlineData("sorted")]
    [InlineData("far offset 1e6 +- 1e-3")]
    [InlineData("mixed scales 1e-9 1 1e9")]
    [InlineData("one far outlier")]
    [InlineData("weights over 12 decades")]
    [InlineData("zero weights")]
    [InlineData("constant column")]
    [InlineData("all equal")]
    [InlineData("collinear")]
    [InlineData("Cauchy tails")]
    public void MomentsOfTheWholeAreKept(string name)
    {
        WeightedPoints set = Streams.Make(name);
        StreamingOptions options = Streams.Options();
        StreamedSet result = Streams.Run(set, options, 3001);
        Streams.AllPromises(set, result, options, name);
        Assert.True(result.Certificate.Chunks >= 6 && result.Certificate.MaxCellResidual <= Check.Exact, $"{name}: {result.Certificate}");
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("zero weights")]
    public async Task NeitherThreadsNorPortionsShowInTheBits(string name)
    {
        WeightedPoints set = Streams.Make(name);
        StreamedSet expected = Streams.Run(set, Streams.Options(), Streams.Objects);
        Assert.Equal(name == "generic" ? (9L, 1L) : (6L, 0L), (expected.Certificate.Chunks, expected.Certificate.Merges));
        foreach (int portion in new[] { 1, 7, Streams.Chunk, Streams.Chunk + 1, 20_011 })
            Streams.SameBits(expected, Streams.Run(set, Streams.Options(), portion), $"{name}, portions of {portion}");
        foreach (int threads in new[] { 2, 3, -1 })
            Streams.SameBits(expected, Streams.Run(set, Streams.Options(threads: threads), 4096), $"{name}, {threads} threads");
        Streams.SameBits(expected, await StreamingCompressor.CompressAsync(Portions(), Streams.Options()), $"{name}, asynchronous");

        async IAsyncEnumerable<WeightedPoints> Portions()
        {
            for (int at = 0; at < set.Count; at += 3333)
            {
                await Task.Yield();
                int size = Math.Min(3333, set.Count - at);
                yield return new WeightedPoints(set.Coordinates.Slice(2 * at, 2 * size).ToArray(), 2, set.IsUniform ? null : set.Weights.Slice(at, size).ToArray());
            }
        }
    }

    [Fact]
    public void WeightsOfOneAreNoWeights()
    {
        WeightedPoints set = Streams.Make("generic");
        var ones = new WeightedPoints([.. set.Coordinates], 2, [.. Enumerable.Repeat(1.0, set.Count)]);
        Streams.SameBits(Streams.Run(set, Streams.Options(), 4000), Streams.Run(ones, Streams.Options(), 4000), "ones");
    }

    [Theory]
    [InlineData(4999)]
    [InlineData(40)]
    public void WithinOneChunkItIsTheCompressor(int count)
    {
        WeightedPoints set = HardSets.Make("weights over 12 decades", 2, count);
        StreamedSet stream = Streams.Run(set, Streams.Options(), 100);
        CompressedSet once = Compressor.Compress(set, Streams.Options().Compression);
        long[] expected = [.. once.Indices.ToArray().Select(i => (long)i)];
        Assert.Equal(expected, stream.Indices.ToArray());
        Assert.Equal(once.Weights.ToArray(), stream.Points.Weights.ToArray());
        Assert.Equal((0L, 0L), (stream.Certificate.Chunks, stream.Certificate.Merges));
        if (count < 60) Assert.Equal(count, stream.Count);
    }

    [Fact]
    public void AStreamGoesOnAfterAResult()
    {
        WeightedPoints set = Streams.Make("generic");
        var stream = new StreamingCompressor(2, Streams.Options());
        Streams.Feed(stream, set, 6000, 23_000);
        StreamedSet early = stream.Finish();
        Assert.Equal(23_000, early.Certificate.OriginalCount);
        Streams.Feed(stream, set, 6000);
        Streams.SameBits(Streams.Run(set, Streams.Options(), 6000), stream.Finish(), "after an early result");
    }

    [Fact]
    public void SeparatedClassesKeepTheirMoments()
    {
        WeightedPoints set = Streams.Make("generic");
        var rows = set.Coordinates.ToArray();
        for (int i = 0; i < set.Count; i++) rows[2 * i + 1] = i % 3;
        var labelled = new WeightedPoints(rows, 2);
        MomentSpace space = MomentSpace.ForClassification(1, 3);
        var options = new StreamingOptions { Compression = new CompressionOptions { MomentSpace = space, Budget = 60, MaxDegreeOfParallelism = 1 }, ChunkSize = Streams.Chunk };
        WeightedPoints kept = Streams.Run(labelled, options, 5000).Points;
        for (int label = 0; label < 3; label++)
        {
            for (int power = 0; power <= 3; power++)
            {
                double Moment(ReadOnlySpan<double> x) => x[1] == label ? Math.Pow(x[0], power) : 0;
                Assert.True(Math.Abs(kept.Sum(Moment) - labelled.Sum(Moment)) <= 1e-12 * labelled.Mass, $"class {label}, power {power}");
            }
        }
    }

    [Fact]
    public void BadObjectsAreNamedAndNotTaken()
    {
        WeightedPoints set = Streams.Make("generic");
        var stream = new StreamingCompressor(2, Streams.Options());
        Streams.Feed(stream, set, 4444);
        Assert.Contains($"Coordinate 1 of object {Streams.Objects + 1} of the stream is NaN", Assert.Throws<ArgumentException>(() => stream.Add([0, 0, 1, double.NaN])).Message);
        Assert.Contains($"Coordinate 0 of object {Streams.Objects} of the stream is {double.PositiveInfinity}", Assert.Throws<ArgumentException>(() => stream.Add([double.PositiveInfinity, 0])).Message);
        Assert.Contains($"weight of object {Streams.Objects + 1} of the stream is -2", Assert.Throws<ArgumentException>(() => stream.Add([0, 0, 1, 1], [1, -2])).Message);
        Assert.Contains("not a whole number of rows of m = 2", Assert.Throws<ArgumentException>(() => stream.Add([1, 2, 3])).Message);
        Assert.Contains("1 weights were given for 2 objects", Assert.Throws<ArgumentException>(() => stream.Add([1, 2, 3, 4], [1])).Message);
        Assert.Contains("m = 1 coordinates, the stream 2", Assert.Throws<ArgumentException>(() => stream.Add(new WeightedPoints([1.0], 1))).Message);
        Assert.Equal(Streams.Objects, stream.Count);
        Streams.SameBits(Streams.Run(set, Streams.Options(), 4444), stream.Finish(), "after bad objects");
    }

    [Fact]
    public void NothingIsNoStream()
    {
        Assert.Contains("empty", Assert.Throws<InvalidOperationException>(() => StreamingCompressor.Compress([], Streams.Options())).Message);
        var stream = new StreamingCompressor(2, Streams.Options());
        stream.Add([1, 2, 3, 4], [0, 0]);
        Assert.Equal(2, stream.Count);
        Assert.Contains("no object of positive weight", Assert.Throws<InvalidOperationException>(() => stream.Finish()).Message);
    }

    [Fact]
    public void ABudgetThatCannotHoldTheMomentsIsRefusedByTheFirstChunk()
    {
        WeightedPoints set = Streams.Make("generic");
        var stream = new StreamingCompressor(2, Streams.Options(budget: 7));
        Streams.Feed(stream, set, 100, Streams.Chunk - 100);
        Assert.Contains("Raise the budget to at least 10", Assert.Throws<ArgumentOutOfRangeException>(() => Streams.Feed(stream, set, 100, Streams.Chunk)).Message);
        // On a line the moments of degree 3 are 4.
        Assert.InRange(Streams.Run(Streams.Make("collinear"), Streams.Options(budget: 7), 5000).Count, 4, 7);
    }

    [Theory]
    [InlineData(0.5, 0.0, null, "Oversampling = 0.5; it must be at least 1")]
    [InlineData(2.0, 1e-3, null, "Tolerance = 0.001 was given, but a search needs the whole set several times")]
    [InlineData(2.0, 0.0, 4096, "ChunkSize = 4096; it must be larger than the 4096 objects of an intermediate set")]
    public void OptionsThatAStreamCannotFollowAreRefused(double oversampling, double tolerance, int? chunk, string message)
    {
        var options = new StreamingOptions
        {
            Compression = new CompressionOptions { Budget = tolerance > 0 ? null : 60, Tolerance = tolerance > 0 ? tolerance : null }, Oversampling = oversampling, ChunkSize = chunk,
        };
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => new StreamingCompressor(2, options)).Message);
    }

    [Fact]
    public void ProgressCountsChunksAndMerges()
    {
        var seen = new List<StreamingProgress>();
        StreamingOptions options = Streams.Options() with { Progress = new Recorder(seen) };
        Streams.Run(Streams.Make("generic"), options, 5000);
        StreamingProgress[] expected = [.. Enumerable.Range(1, 8).Select(i => new StreamingProgress(5000 * i, i, 0)), new(40_000, 8, 1), new(45_000, 9, 1)];
        Assert.Equal(expected, seen);
        CostEstimate cost = StreamingCompressor.Estimate(Streams.Objects, 2, options);
        Assert.True(cost is { Flops: > 0, Seconds: > 0, Bytes: > 0 }, $"{cost}");
    }

    private sealed class Recorder(List<StreamingProgress> seen) : IProgress<StreamingProgress>
    {
        public void Report(StreamingProgress value) => seen.Add(value);
    }
}
