using System.Buffers.Binary;
using System.Text.Json;

namespace ResearchKit.Networks;

/// <summary>Reads safetensors files, trusting nothing in them: every length and place is checked before memory is taken.</summary>
internal static class SafetensorsReader
{
    /// <summary>The format's own bound on the header.</summary>
    private const long MaxHeader = 100_000_000;

    private const int Piece = 8192;

    /// <summary>Reads all tensors as doubles.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no safetensors file, a damaged one, or holds other than finite floating-point numbers.</exception>
    public static TensorFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Read(stream, path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"There is no file '{path}'; give the path of a safetensors file.", path, failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The file '{path}' cannot be read: {failure.Message} Give a file that may be read.", failure);
        }
    }

    private static TensorFile Read(Stream stream, string path)
    {
        var buffer = new byte[Piece * sizeof(double)];
        if (stream.Length < sizeof(long) + 2)
            throw Damaged(path, $"it has {stream.Length} bytes, and the least is 10");
        stream.ReadExactly(buffer, 0, sizeof(long));
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(buffer);
        long most = Math.Min(stream.Length - sizeof(long), MaxHeader);
        if (length < 2 || length > (ulong)most)
            throw Damaged(path, $"its header would be {length} bytes long, and in this file it can be 2 to {most}");
        var header = new byte[length];
        stream.ReadExactly(header);
        (Dictionary<string, string> metadata, List<Entry> entries) = Header(header, path);

        // Places must tile the data without gap or overlap, so that nothing is read twice and a cut file shows.
        entries.Sort((a, b) => (a.Start, a.End).CompareTo((b.Start, b.End)));
        long data = stream.Length - stream.Position, position = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Start != position)
                throw Damaged(path, $"tensor '{entry.Name}' starts at byte {entry.Start} of the data, where the one before ends at {position}");
            position = entry.End;
        }
        if (position != data)
            throw Damaged(path, $"its tensors take {position} bytes and it has {data} bytes of data: {(data < position ? "it was cut off" : "something was added")}");
        return new TensorFile(metadata, [.. entries.Select(entry => new Tensor(entry.Name, entry.Shape, Values(stream, entry, buffer, path)))]);
    }

    private static (Dictionary<string, string> Metadata, List<Entry> Entries) Header(byte[] bytes, string path)
    {
        Dictionary<string, string> metadata = [];
        List<Entry> entries = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Damaged(path, $"its header is a JSON {document.RootElement.ValueKind}, not an object");
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                    foreach (JsonProperty text in property.Value.EnumerateObject()) metadata.Add(text.Name, text.Value.GetString() ?? "");
                else entries.Add(EntryOf(property.Name, property.Value, path));
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Damaged(path, $"its header cannot be read ({failure.Message})", failure);
        }
        return (metadata, entries);
    }

    private static Entry EntryOf(string name, JsonElement json, string path)
    {
        string type = json.GetProperty("dtype").GetString() ?? "";
        int size = type switch { "F64" => 8, "F32" => 4, "F16" or "BF16" => 2, _ => 0 };
        if (size == 0)
            throw new InvalidDataException($"Tensor '{name}' of '{path}' has the dtype '{type}'; F64, F32, F16 and BF16 can be loaded: save it as one of these (in PyTorch by .float()).");
        long[] shape = [.. json.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64())];
        long[] offsets = [.. json.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0])
            throw Damaged(path, $"tensor '{name}' has the data_offsets [{string.Join(", ", offsets)}]; they must be a start of at least 0 and an end not before it");
        long count = 1;
        foreach (long extent in shape)
        {
            if (extent < 1 || extent > Array.MaxLength || (count *= extent) > Array.MaxLength)
                throw Damaged(path, $"tensor '{name}' has the shape [{string.Join(", ", shape)}]; extents must be 1 or more, with at most {Array.MaxLength} values together");
        }
        if (count * size != offsets[1] - offsets[0])
            throw Damaged(path, $"tensor '{name}' has {count} values of {size} bytes by its shape, and {offsets[1] - offsets[0]} bytes by its data_offsets [{offsets[0]}, {offsets[1]}]");
        return new Entry(name, type, size, [.. shape.Select(extent => (int)extent)], offsets[0], offsets[1]);
    }

    private static double[] Values(Stream stream, Entry entry, byte[] buffer, string path)
    {
        var values = new double[(entry.End - entry.Start) / entry.Size];
        for (int from = 0; from < values.Length; from += Piece)
        {
            int count = Math.Min(Piece, values.Length - from);
            stream.ReadExactly(buffer, 0, count * entry.Size);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> bytes = buffer.AsSpan(i * entry.Size, entry.Size);
                values[from + i] = entry.Type switch
                {
                    "F64" => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
                    "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
                    "F16" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
                    // The upper half of a float.
                    _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
                };
            }
        }
        int bad = NonFinite.IndexOf(values);
        if (bad >= 0)
            throw new InvalidDataException($"Value {bad} of tensor '{entry.Name}' of '{path}' is {values[bad]}; every value must be finite: the model had diverged when it was saved, take an earlier file.");
        return values;
    }

    private static InvalidDataException Damaged(string path, string reason, Exception? cause = null) =>
        new($"'{path}' is no safetensors file, or a damaged one: {reason}. Save or copy it again.", cause);

    private sealed record Entry(string Name, string Type, int Size, int[] Shape, long Start, long End);
}
