namespace ResearchKit.Tests.Streaming;

public sealed class StreamStateTests : IDisposable
{
    private static readonly string[] Input = ["points.csv", "47345 objects"];

    private readonly string folder = Directory.CreateTempSubdirectory("researchkit-stream").FullName;

    private string FilePath => Path.Combine(folder, "stream.state");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ResumedAtEveryStageItGivesTheSameBits()
    {
        WeightedPoints set = Streams.Make("zero weights");
        StreamedSet expected = Streams.Run(set, Streams.Options(), 4000);
        var stream = new StreamingCompressor(2, Streams.Options());
        for (int until = 0; until <= Streams.Objects + 1500; until += 1500)
        {
            Streams.Feed(stream, set, 1500, until);
            byte[] own = BitConverter.GetBytes(until);
            stream.Save(FilePath, Input, own);
            StreamingCompressor resumed = StreamingCompressor.Resume(FilePath, 2, Streams.Options(threads: 2), Input, out byte[] back);
            Assert.Equal(own, back);
            Assert.Equal((stream.Count, stream.Waiting, stream.Progress), (resumed.Count, resumed.Waiting, resumed.Progress));
            stream = resumed;
        }
        Streams.SameBits(expected, stream.Finish(), "resumed 33 times");
        Assert.Equal([FilePath], Directory.GetFiles(folder));
    }

    [Theory]
    // Before the first compression, in the middle of a chunk's, and where the merge is due.
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    public void CancelledInTheMiddleItKeepsItsState(int chunks)
    {
        WeightedPoints set = Streams.Make("generic");
        using var stop = new CancellationTokenSource();
        StreamingOptions options = Streams.Options();
        var stream = new StreamingCompressor(2, options with
        {
            Compression = options.Compression with { CancellationToken = stop.Token },
            Progress = new Callback(p =>
            {
                if (p.Chunks == chunks) stop.Cancel();
            }),
        });
        if (chunks == 0) stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Streams.Feed(stream, set, 6000));
        Assert.Equal(((long)chunks, 0L), (stream.Progress.Chunks, stream.Progress.Merges));
        // What was taken is a prefix that ends with a full chunk, which waits to be compressed (or merged).
        Assert.Equal(chunks == 8 ? 40_000 : 5000 * (chunks + 1), stream.Count);
        Assert.ThrowsAny<OperationCanceledException>(() => stream.Finish());
        stream.Save(FilePath);
        StreamingCompressor resumed = StreamingCompressor.Resume(FilePath, 2, options, null, out _);
        Streams.Feed(resumed, set, 6000);
        Streams.SameBits(Streams.Run(set, options, 6000), resumed.Finish(), $"cancelled after {chunks} chunks");
    }

    [Fact]
    public void DamagedFilesAreNamedAndLeftAlone()
    {
        byte[] good = Saved();
        List<byte[]> bad = [[], [.. "x,y\n1,2\n"u8], good[..7], good[..8], good[..40], good[..^1], good[..(good.Length / 2)], [.. good, 0]];
        foreach (int place in new[] { 0, 8, 60, good.Length / 2, good.Length - 40, good.Length - 1 })
        {
            byte[] flipped = [.. good];
            flipped[place] ^= 0x10;
            bad.Add(flipped);
        }
        foreach (byte[] bytes in bad)
        {
            File.WriteAllBytes(FilePath, bytes);
            string message = Assert.Throws<InvalidDataException>(() => StreamingCompressor.Resume(FilePath, 2, Streams.Options(), Input, out _)).Message;
            Assert.Contains(FilePath, message);
            Assert.Contains("Delete it", message);
            Assert.Equal(bytes, File.ReadAllBytes(FilePath));
        }
    }

    [Fact]
    public void AnotherStreamsFileIsNamedAndLeftAlone()
    {
        byte[] good = Saved();
        Foreign("budget 60", Streams.Options(budget: 61), Input);
        Foreign("total degree 3", Streams.Options(k: 4), Input);
        Foreign("chunks of 5000", Streams.Options() with { ChunkSize = 6000 }, Input);
        Foreign("47345 objects", Streams.Options(), ["points.csv", "47346 objects"]);
        Foreign("47345 objects; asked for is nothing", Streams.Options(), ["points.csv"]);
        Foreign("It has nothing", Streams.Options(), [.. Input, "more"]);
        Foreign("2 coordinates", Streams.Options(), Input, 3);
        Foreign("moments", Streams.Options() with { Compression = Streams.Options().Compression with { Metric = PartitionMetric.Scaled(1, 2) } }, Input);
        Assert.Equal(good, File.ReadAllBytes(FilePath));

        void Foreign(string word, StreamingOptions options, string[] input, int dimension = 2)
        {
            string message = Assert.Throws<InvalidDataException>(() => StreamingCompressor.Resume(FilePath, dimension, options, input, out _)).Message;
            Assert.Contains("belongs to another stream", message);
            Assert.Contains(word, message);
        }
    }

    private byte[] Saved()
    {
        var stream = new StreamingCompressor(2, Streams.Options());
        Streams.Feed(stream, Streams.Make("generic"), 6000, 11_000);
        stream.Save(FilePath, Input, [1, 2, 3]);
        return File.ReadAllBytes(FilePath);
    }

    private sealed class Callback(Action<StreamingProgress> report) : IProgress<StreamingProgress>
    {
        public void Report(StreamingProgress value) => report(value);
    }
}
