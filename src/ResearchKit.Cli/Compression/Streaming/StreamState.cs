using System.Globalization;
using System.Security.Cryptography;

namespace ResearchKit.Cli;

/// <summary>
/// The file beside the output that lets an interrupted run go on: the compressor's state, what was found in the rows so
/// far, and where rows are found again. It belongs to one input (length, time of the last change, hash of the head) and one
/// set of options.
/// </summary>
internal sealed class StreamState
{
    private const int HeadBytes = 1 << 16;

    private readonly CompressRequest request;
    private readonly string[] input;
    private readonly long length;
    private readonly DateTime changed;

    public StreamState(CompressRequest request, SourceData head)
    {
        this.request = request;
        var file = new FileInfo(request.Input);
        (length, changed) = (file.Length, file.LastWriteTimeUtc);
        using FileStream stream = file.OpenRead();
        var start = new byte[(int)Math.Min(HeadBytes, length)];
        stream.ReadExactly(start);
        input =
        [
            string.Create(CultureInfo.InvariantCulture, $"an input of {length} bytes"),
            $"an input last changed {changed.ToString("O", CultureInfo.InvariantCulture)}",
            $"an input that begins with {Convert.ToHexString(SHA256.HashData(start).AsSpan(0, 8))}",
            $"the coordinates {string.Join(", ", head.Names)}",
            $"the weights {request.WeightColumn ?? "1"}",
            $"missing cells: {request.Missing}",
        ];
    }

    public string Path => request.State;

    /// <summary>Goes on from the file, if there is one.</summary>
    /// <exception cref="CliException">It is damaged, or belongs to another run.</exception>
    public StreamingCompressor? Resume(int dimension, StreamingOptions options, StreamTally tally, out RowPlaces places)
    {
        places = new RowPlaces();
        if (request.Resume == ResumeChoice.Never || !File.Exists(Path)) return null;
        try
        {
            StreamingCompressor stream = StreamingCompressor.Resume(Path, dimension, options, input, out byte[] own);
            using var reader = new BinaryReader(new MemoryStream(own));
            tally.Read(reader);
            places = RowPlaces.Read(reader);
            return stream;
        }
        catch (InvalidDataException e)
        {
            throw new CliException(e.Message, "--resume never starts from the beginning and replaces it.", e);
        }
    }

    public void Save(StreamingCompressor stream, StreamTally tally, RowPlaces places)
    {
        var own = new MemoryStream();
        using (var writer = new BinaryWriter(own, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            tally.Write(writer);
            places.Write(writer);
        }
        stream.Save(Path, input, own.GetBuffer().AsSpan(0, (int)own.Length));
    }

    /// <summary>Refuses to write rows of a file that is another than it was at the beginning.</summary>
    public void RequireUnchanged()
    {
        var file = new FileInfo(request.Input);
        if (!file.Exists || file.Length != length || file.LastWriteTimeUtc != changed)
            throw new InvalidDataException($"'{request.Input}' changed while it was compressed. Compress it again when nothing writes to it any more.");
    }

    public void Delete() => File.Delete(Path);
}
