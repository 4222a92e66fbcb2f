using System.Buffers.Binary;

namespace ResearchKit.Notebooks;

/// <summary>
/// Walks the footer of a Parquet file before the format's library does: on a footer that was cut off or overwritten that
/// one reads the end of its bytes for ever.
/// </summary>
/// <remarks>
/// The footer is one struct in Thrift's compact protocol. Only its grammar is looked at: every field, list and string must
/// end within the footer, nothing may nest deeper than any schema does.
/// </remarks>
internal ref struct ParquetFooter
{
    private const int Tail = 8, MostNested = 64, LongestVariable = 10;

    private readonly ReadOnlySpan<byte> bytes;
    private int at;

    private ParquetFooter(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    /// <summary>Checks the footer and leaves the stream at its start.</summary>
    /// <param name="stream">A Parquet file, seekable.</param>
    /// <exception cref="InvalidDataException">There is no whole footer.</exception>
    public static void Require(Stream stream)
    {
        Span<byte> ends = stackalloc byte[Tail];
        if (stream.Length < Tail + 4) throw new InvalidDataException($"it has {stream.Length} bytes; a Parquet file has at least 12");
        stream.Position = stream.Length - Tail;
        stream.ReadExactly(ends);
        int length = BinaryPrimitives.ReadInt32LittleEndian(ends);
        if (!ends[4..].SequenceEqual("PAR1"u8)) throw new InvalidDataException("it does not end with PAR1");
        if (length < 1 || length > stream.Length - Tail - 4) throw new InvalidDataException($"its footer would have {length} bytes of the file's {stream.Length}");
        var footer = new byte[length];
        stream.Position = stream.Length - Tail - length;
        stream.ReadExactly(footer);
        new ParquetFooter(footer).Struct(0);
        stream.Position = 0;
    }

    private void Struct(int depth)
    {
        if (depth > MostNested) throw new InvalidDataException("its footer is nested without end");
        for (byte field = Byte(); field != 0; field = Byte())
        {
            // The high half is the step to the field's number; 0 means that the number follows.
            if (field >> 4 == 0) Variable();
            Value(field & 15, depth, inList: false);
        }
    }

    private void Value(int type, int depth, bool inList)
    {
        switch (type)
        {
            case 1 or 2:
                if (inList) Byte();
                break;
            case 3: Byte(); break;
            case 4 or 5 or 6: Variable(); break;
            case 7: Skip(8); break;
            case 8: Skip(Variable()); break;
            case 9 or 10:
                byte head = Byte();
                ulong count = head >> 4 == 15 ? Variable() : (ulong)(head >> 4);
                Elements(count, depth, head & 15);
                break;
            case 11:
                ulong pairs = Variable();
                if (pairs == 0) break;
                byte types = Byte();
                Elements(pairs, depth, types >> 4, types & 15);
                break;
            case 12: Struct(depth + 1); break;
            case 13: Skip(16); break;
            default: throw new InvalidDataException($"its footer has a field of type {type}, which there is not");
        }
    }

    private void Elements(ulong count, int depth, params ReadOnlySpan<int> types)
    {
        // Each takes a byte at least.
        if (count > (ulong)(bytes.Length - at)) throw new InvalidDataException("its footer has a list that is longer than the footer");
        if (depth > MostNested) throw new InvalidDataException("its footer is nested without end");
        for (ulong i = 0; i < count; i++)
            foreach (int type in types) Value(type, depth + 1, inList: true);
    }

    private byte Byte() => at < bytes.Length ? bytes[at++] : throw new InvalidDataException("its footer is cut off");

    private ulong Variable()
    {
        ulong value = 0;
        for (int i = 0; i < LongestVariable; i++)
        {
            byte next = Byte();
            value |= (ulong)(next & 127) << (7 * i);
            if (next < 128) return value;
        }
        throw new InvalidDataException("its footer has a number without end");
    }

    private void Skip(ulong count)
    {
        if (count > (ulong)(bytes.Length - at)) throw new InvalidDataException("its footer is cut off");
        at += (int)count;
    }
}
