using System.Buffers.Binary;
using System.Text.Json;

namespace ResearchKit.Networks;

/// <summary>Writes safetensors files: 8 bytes of header length, a JSON header that places every tensor, the numbers; all little-endian.</summary>
internal static class SafetensorsWriter
{
    private const int Piece = 8192;

    /// <summary>Creates or replaces a file.</summary>
    /// <exception cref="ArgumentException">A value is NaN or infinite, or too large for the precision.</exception>
    /// <exception cref="IOException">The file cannot be written; one that was there stays as it was.</exception>
    public static void Write(string path, TensorFile content, TensorPrecision precision)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, $"{precision} is no precision; use {string.Join(" or ", Enum.GetNames<TensorPrecision>())}.");
        foreach (Tensor tensor in content.Tensors) RequireStorable(tensor, precision);
        WholeFile.Write(path, stream => Write(stream, content, precision));
    }

    private static void Write(Stream stream, TensorFile content, TensorPrecision precision)
    {
        byte[] header = Header(content, precision), bytes = new byte[Piece * sizeof(double)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        stream.Write(bytes, 0, sizeof(long));
        stream.Write(header);
        int size = Size(precision);
        foreach (Tensor tensor in content.Tensors)
        {
            for (int from = 0; from < tensor.Values.Length; from += Piece)
            {
                ReadOnlySpan<double> values = tensor.Values.AsSpan(from, Math.Min(Piece, tensor.Values.Length - from));
                for (int i = 0; i < values.Length; i++)
                {
                    if (precision == TensorPrecision.Float64) BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * size), values[i]);
                    else BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * size), (float)values[i]);
                }
                stream.Write(bytes, 0, values.Length * size);
            }
        }
    }

    private static byte[] Header(TensorFile content, TensorPrecision precision)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in content.Metadata) json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (Tensor tensor in content.Tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", precision == TensorPrecision.Float64 ? "F64" : "F32");
                json.WriteStartArray("shape");
                foreach (int extent in tensor.Shape) json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += (long)tensor.Values.Length * Size(precision));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // The numbers start at a multiple of 8, for readers that map the file into memory.
        while (stream.Length % 8 != 0) stream.WriteByte((byte)' ');
        return stream.ToArray();
    }

    private static int Size(TensorPrecision precision) => precision == TensorPrecision.Float64 ? sizeof(double) : sizeof(float);

    private static void RequireStorable(Tensor tensor, TensorPrecision precision)
    {
        int bad = NonFinite.IndexOf(tensor.Values);
        if (bad >= 0)
            throw new ArgumentException($"Value {bad} of '{tensor.Name}' is {tensor.Values[bad]}; only finite values are saved: the model has diverged, go back to an earlier state of it.", nameof(tensor));
        if (precision == TensorPrecision.Float64) return;
        bad = Array.FindIndex(tensor.Values, v => float.IsInfinity((float)v));
        if (bad >= 0)
            throw new ArgumentException($"Value {bad} of '{tensor.Name}' is {tensor.Values[bad]}, more than the {float.MaxValue} that fits {precision}; save it as {TensorPrecision.Float64}.", nameof(tensor));
    }
}
