using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ResearchKit;

/// <content>Saving and going on.</content>
/// <remarks>
/// The file, little-endian: the magic text with the version; lines that identify options and input (count, then strings);
/// d so far, chunks, merges, seconds, largest cell residual; whether there is a frame, its lower and upper corners, the N
/// moments as high and low parts; the levels, and of each its sets; the objects that wait for their chunk to fill; the
/// caller's own bytes; SHA-256 of all before. A set is its count, coordinates, weights and positions.
/// </remarks>
public sealed partial class StreamingCompressor
{
    private const string Remedy = "Delete it to start from the beginning, or name another state file.";

    private static ReadOnlySpan<byte> Magic => "RKSTREM1"u8;

    /// <summary>Writes everything that the stream needs to go on, whole or not at all.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="input">What the objects come from, one property a line (a path, a length, a hash): a state resumes only with the same.</param>
    /// <param name="own">Bytes of the caller's own, such as the place to read on from.</param>
    /// <exception cref="IOException">The file cannot be written; the one before is as it was.</exception>
    public void Save(string path, IReadOnlyList<string>? input = null, ReadOnlySpan<byte> own = default)
    {
        byte[] bytes = own.ToArray();
        WholeFile.Write(path, stream =>
        {
            using var hash = SHA256.Create();
            using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
            using (var writer = new BinaryWriter(new BufferedStream(hashed, 1 << 16), Encoding.UTF8))
                Write(writer, input ?? [], bytes);
            stream.Write(hash.Hash!);
        });
    }

    /// <summary>The stream of a saved state.</summary>
    /// <param name="path">A file that <see cref="Save"/> has written.</param>
    /// <param name="dimension">m.</param>
    /// <param name="options">The options that the stream was begun with; threads, progress and cancellation may differ.</param>
    /// <param name="input">The lines that were saved.</param>
    /// <param name="own">The caller's own bytes.</param>
    /// <exception cref="InvalidDataException">No state, a damaged one, or that of another stream.</exception>
    public static StreamingCompressor Resume(string path, int dimension, StreamingOptions options, IReadOnlyList<string>? input, out byte[] own)
    {
        var result = new StreamingCompressor(dimension, options);
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < Magic.Length || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new InvalidDataException($"'{path}' is not a stream's state of this version: it does not start with '{Encoding.ASCII.GetString(Magic)}'. {Remedy}");
        int length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < Magic.Length || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
            throw new InvalidDataException($"The stream's state '{path}' of {bytes.Length} bytes is damaged or cut short: its check sum does not fit. {Remedy}");
        using var reader = new BinaryReader(new MemoryStream(bytes, Magic.Length, length - Magic.Length));
        string[] wanted = [.. result.Identity(), .. input ?? []], saved = new string[reader.ReadInt32()];
        for (int i = 0; i < saved.Length; i++) saved[i] = reader.ReadString();
        for (int i = 0; i < Math.Max(wanted.Length, saved.Length); i++)
        {
            string has = saved.ElementAtOrDefault(i) ?? "nothing", asked = wanted.ElementAtOrDefault(i) ?? "nothing";
            if (has != asked)
                throw new InvalidDataException($"The stream's state '{path}' belongs to another stream. It has {has}; asked for is {asked}. {Remedy}");
        }
        own = result.Read(reader);
        return result;
    }

    /// <summary>All that the bits of the result depend on.</summary>
    private IEnumerable<string> Identity()
    {
        PartitionMetric metric = space.Metric;
        CompressionOptions o = options.Compression;
        yield return Invariant($"{dimension} coordinates");
        yield return Invariant($"moments: {space.Name}, {space.Count} of them, {HashOf(MemoryMarshal.AsBytes<double>([.. metric.Scales, metric.Separated, .. Enumerable.Range(0, space.Count).SelectMany(e => space.Exponents(e).ToArray()).Select(b => (double)b)]))}");
        yield return metric.Map is { } map ? $"whitening {HashOf(MemoryMarshal.AsBytes<double>(map.Apply(Corners()).Coordinates.ToArray()))}" : "no whitening";
        yield return Invariant($"budget {o.Budget}, intermediate {intermediate.Budget}, chunks of {ChunkSize}, merged by {Fan}");
        yield return o.MomentsOnly ? "moments only" : "little of the next degrees' defect";
        yield return Invariant($"{o.Probes} probes of scale {o.ProbeScale:R}, seed {o.Seed}, {o.ProbeFunctions?.Count ?? 0} probe functions");
    }

    /// <summary>Points whose images tell an affine map.</summary>
    private WeightedPoints Corners()
    {
        var points = new double[(dimension + 1) * dimension];
        for (int j = 0; j < dimension; j++) points[(j + 1) * dimension + j] = 1;
        return new WeightedPoints(points, dimension);
    }

    private void Write(BinaryWriter writer, IReadOnlyList<string> input, byte[] own)
    {
        writer.Write(Magic);
        string[] lines = [.. Identity(), .. input];
        writer.Write(lines.Length);
        foreach (string line in lines) writer.Write(line);
        writer.Write(Count);
        writer.Write(chunks);
        writer.Write(merges);
        writer.Write(seconds);
        writer.Write(cellResidual);
        moments.Write(writer);
        writer.Write(levels.Count);
        foreach (List<StreamedRows> level in levels)
        {
            writer.Write(level.Count);
            foreach (StreamedRows set in level) Write(writer, set.Rows, set.Weights, set.Indices);
        }
        Write(writer, rows.AsSpan(0, buffered * dimension), weights.AsSpan(0, buffered), indices.AsSpan(0, buffered));
        writer.Write(own.Length);
        writer.Write(own);
    }

    private byte[] Read(BinaryReader reader)
    {
        Count = reader.ReadInt64();
        chunks = reader.ReadInt64();
        merges = reader.ReadInt64();
        seconds = reader.ReadDouble();
        cellResidual = reader.ReadDouble();
        moments.Read(reader);
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            var level = new List<StreamedRows>();
            for (int sets = reader.ReadInt32(); sets > 0; sets--) level.Add(ReadSet(reader));
            levels.Add(level);
        }
        StreamedRows waiting = ReadSet(reader);
        Reserve(waiting.Count);
        buffered = waiting.Count;
        waiting.Rows.CopyTo(rows, 0);
        waiting.Weights.CopyTo(weights, 0);
        waiting.Indices.CopyTo(indices, 0);
        return reader.ReadBytes(reader.ReadInt32());
    }

    private static void Write(BinaryWriter writer, ReadOnlySpan<double> coordinates, ReadOnlySpan<double> given, ReadOnlySpan<long> positions)
    {
        writer.Write(positions.Length);
        writer.Write(MemoryMarshal.AsBytes(coordinates));
        writer.Write(MemoryMarshal.AsBytes(given));
        writer.Write(MemoryMarshal.AsBytes(positions));
    }

    private StreamedRows ReadSet(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        var set = new StreamedRows(new double[count * dimension], new double[count], new long[count]);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(set.Rows.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(set.Weights.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(set.Indices.AsSpan()));
        return set;
    }

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes).AsSpan(0, 8));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
