using ResearchKit.Tests.Compression;
using ResearchKit.Tests.Moments;

namespace ResearchKit.Tests.Streaming;

/// <summary>Streams of several chunks, one merge and some objects that wait: small enough for tests, and every path is taken.</summary>
internal static class Streams
{
    public const int Chunk = 5000;

    /// <summary>Nine chunks, of which eight are merged, and a part of one.</summary>
    public const int Objects = 9 * Chunk + 2345;

    public static StreamingOptions Options(int k = 3, int budget = 60, int threads = 1) => new()
    {
        Compression = new CompressionOptions { Degree = k, Budget = budget, MaxDegreeOfParallelism = threads }, ChunkSize = Chunk,
    };

    /// <summary>Gives a set to a stream in portions.</summary>
    public static StreamedSet Run(WeightedPoints set, StreamingOptions options, int portion)
    {
        var stream = new StreamingCompressor(set.Dimension, options);
        Feed(stream, set, portion);
        return stream.Finish();
    }

    /// <summary>Adds what a stream has not had yet, up to some object.</summary>
    public static void Feed(StreamingCompressor stream, WeightedPoints set, int portion, int until = int.MaxValue)
    {
        int m = set.Dimension;
        for (int at = (int)stream.Count; at < Math.Min(until, set.Count); at = (int)stream.Count)
        {
            int size = Math.Min(portion, Math.Min(until, set.Count) - at);
            stream.Add(set.Coordinates.Slice(at * m, size * m), set.IsUniform ? default : set.Weights.Slice(at, size));
        }
    }

    /// <summary>Objects that exist, ascending; positive weights; mass and all moments of the whole to 1e-12.</summary>
    public static void AllPromises(WeightedPoints set, StreamedSet result, StreamingOptions options, string context)
    {
        int[] indices = [.. result.Indices.ToArray().Select(i => checked((int)i))];
        double[] weights = result.Points.Weights.ToArray();
        Assert.InRange(result.Count, 1, options.Compression.Budget!.Value);
        Assert.Equal(set.Count, result.Certificate.OriginalCount);
        for (int i = 0; i < indices.Length; i++)
        {
            Assert.True(i == 0 || indices[i] > indices[i - 1], $"{context}: position {indices[i]} after {indices[Math.Max(0, i - 1)]}");
            Assert.True(weights[i] > 0 && double.IsFinite(weights[i]), $"{context}: weight {weights[i]}");
            Assert.True(set.WeightOf(indices[i]) > 0, $"{context}: object {indices[i]} has no weight");
            Assert.True(set[indices[i]].SequenceEqual(result.Points[i]), $"{context}: object {indices[i]} has other coordinates");
        }
        double residual = ExactMoments.Residual(set, new CompressedSet(indices, weights, result.Certificate.Last), options.Compression.Degree!.Value);
        Assert.True(residual <= 1e-12, $"{context}: a moment differs by {residual:E2} of the mass");
        Assert.True(result.Certificate.MaxMomentResidual <= 1e-13, $"{context}: certified {result.Certificate.MaxMomentResidual:E2}");
        Assert.True(Math.Abs(result.Certificate.Mass - set.Mass) <= 1e-12 * set.Mass, $"{context}: mass {result.Certificate.Mass} of {set.Mass}");
        Assert.True(Math.Abs(result.Certificate.OriginalMass - set.Mass) <= 1e-14 * set.Mass, $"{context}: original mass {result.Certificate.OriginalMass} of {set.Mass}");
    }

    public static void SameBits(StreamedSet expected, StreamedSet actual, string context)
    {
        Assert.True(expected.Indices.SequenceEqual(actual.Indices), $"{context}: other objects");
        Assert.True(expected.Points.Weights.SequenceEqual(actual.Points.Weights), $"{context}: other weights");
        Assert.True(expected.Points.Coordinates.SequenceEqual(actual.Points.Coordinates), $"{context}: other coordinates");
        Assert.Equal(expected.Certificate with { Last = actual.Certificate.Last, Seconds = 0 }, actual.Certificate with { Seconds = 0 });
    }

    /// <summary>A hard set; sorted by its first coordinate, the box grows with every chunk.</summary>
    public static WeightedPoints Make(string name)
    {
        if (name != "sorted") return HardSets.Make(name, 2, Objects);
        WeightedPoints set = HardSets.Make("Gaussian tails", 2, Objects);
        return WeightedPoints.FromRows([.. Enumerable.Range(0, set.Count).Select(i => set[i].ToArray()).OrderBy(r => r[0])]);
    }
}
