using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ResearchKit.Training;

/// <summary>The state of a training between two epochs, as a file.</summary>
/// <remarks>
/// Little-endian: the magic text with the version; the identity's lines; the hash of the starting state; epochs done; seconds;
/// parameters; optimiser state; recorded points; SHA-256 of all before.
/// </remarks>
internal sealed record Checkpoint(
    IReadOnlyList<string> Identity, byte[] Start, int Epoch, double Seconds, double EvaluationSeconds,
    double[] Parameters, OptimizerState Optimizer, IReadOnlyList<TrainingPoint> Points)
{
    private const string Remedy = "Delete it to train from the start, or give another CheckpointPath.";
    private static ReadOnlySpan<byte> Magic => "RKTRAIN1"u8;

    /// <summary>Writes the file; on failure the one before stays.</summary>
    /// <exception cref="IOException">Names the file and the reason.</exception>
    public void Write(string path)
    {
        try
        {
            WholeFile.Write(path, stream => stream.Write(Serialise()));
        }
        catch (IOException failure)
        {
            throw new IOException($"The training stops, since its checkpoint could not be saved. {failure.Message} Then train again: it goes on from the last checkpoint, if there is one.", failure);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no checkpoint, or a damaged one.</exception>
    public static Checkpoint Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < Magic.Length || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new InvalidDataException($"'{path}' is not a checkpoint of this version: it does not start with '{Encoding.ASCII.GetString(Magic)}'. {Remedy}");
        int length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < Magic.Length || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
            throw new InvalidDataException($"The checkpoint '{path}' of {bytes.Length} bytes is damaged or cut short: its check sum does not fit. {Remedy}");
        using var reader = new BinaryReader(new MemoryStream(bytes, Magic.Length, length - Magic.Length));
        string[] identity = [.. ReadMany(reader, static r => r.ReadString())];
        byte[] start = reader.ReadBytes(SHA256.HashSizeInBytes);
        int epoch = reader.ReadInt32();
        double seconds = reader.ReadDouble(), evaluationSeconds = reader.ReadDouble();
        double[] parameters = ReadDoubles(reader);
        var state = new OptimizerState(reader.ReadString(), reader.ReadInt64(), [.. ReadMany(reader, ReadDoubles)], reader.ReadInt32());
        TrainingPoint[] points = [.. ReadMany(reader, static r => new TrainingPoint(r.ReadInt32(), r.ReadDouble(), r.ReadDouble(), r.ReadDouble()))];
        return new Checkpoint(identity, start, epoch, seconds, evaluationSeconds, parameters, state, points);
    }

    /// <summary>Refuses to resume another training.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="identity">The training that is asked for.</param>
    /// <param name="state">Hash of model and optimiser as they were given: either the start of the saved training, or where it stood when saved.</param>
    public void RequireSame(string path, TrainingIdentity identity, byte[] state)
    {
        for (int i = 0; i < identity.Parts.Count; i++)
        {
            string saved = i < Identity.Count ? Identity[i] : "nothing";
            if (saved != identity.Parts[i])
                throw new InvalidDataException($"The checkpoint '{path}' belongs to another training. It has {saved}; asked for is {identity.Parts[i]}. {Remedy}");
        }
        if (!state.AsSpan().SequenceEqual(Start) && !state.AsSpan().SequenceEqual(TrainingIdentity.HashState(Parameters, Optimizer)))
            throw new InvalidDataException($"The checkpoint '{path}' belongs to a training that started from other parameters or another optimiser state. Give the model and a new optimiser as they were at the start (the same seed). Otherwise: {Remedy}");
    }

    private byte[] Serialise()
    {
        var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Identity.Count);
            foreach (string part in Identity) writer.Write(part);
            writer.Write(Start);
            writer.Write(Epoch);
            writer.Write(Seconds);
            writer.Write(EvaluationSeconds);
            WriteDoubles(writer, Parameters);
            writer.Write(Optimizer.Optimizer);
            writer.Write(Optimizer.Steps);
            writer.Write(Optimizer.Vectors.Count);
            foreach (double[] vector in Optimizer.Vectors) WriteDoubles(writer, vector);
            writer.Write(Optimizer.Length);
            writer.Write(Points.Count);
            foreach (TrainingPoint point in Points)
            {
                writer.Write(point.Epoch);
                writer.Write(point.TrainLoss);
                writer.Write(point.TestLoss);
                writer.Write(point.Seconds);
            }
        }
        byte[] hash = SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        stream.Write(hash);
        return stream.ToArray();
    }

    private static void WriteDoubles(BinaryWriter writer, double[] values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes<double>(values));
    }

    private static double[] ReadDoubles(BinaryReader reader)
    {
        var values = new double[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static IEnumerable<T> ReadMany<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        for (int left = reader.ReadInt32(); left > 0; left--) yield return read(reader);
    }
}
