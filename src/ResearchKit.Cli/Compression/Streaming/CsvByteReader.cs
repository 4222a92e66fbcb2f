using System.Text;

namespace ResearchKit.Cli;

/// <summary>
/// A CSV file as bytes, a window at a time, with the places of its records: the same records as <see cref="CsvRecords"/>
/// finds, but without holding or decoding the file.
/// </summary>
internal sealed class CsvByteReader : IDisposable
{
    /// <summary>Bytes of a record that takes more than one line, at most.</summary>
    private const int LongestRecord = 1 << 20;

    private const int FirstWindow = 1 << 20;

    private readonly FileStream stream;
    private readonly string path;
    private readonly char delimiter;
    private byte[] buffer = new byte[FirstWindow];
    private long origin;
    private int start;
    private int end;
    private bool ended;

    public CsvByteReader(string path, char delimiter)
    {
        (this.path, this.delimiter) = (path, delimiter);
        stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        // A byte order mark is no part of the first field.
        if (Refill() && Window.StartsWith(Encoding.UTF8.Preamble)) start = Encoding.UTF8.Preamble.Length;
    }

    /// <summary>Where the next record begins, in bytes from the start of the file.</summary>
    public long Offset => origin + start;

    /// <summary>The 1-based line of the next record.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>What is read and not yet consumed.</summary>
    public ReadOnlySpan<byte> Window => buffer.AsSpan(start, end - start);

    /// <summary>Whether the file begins with a mark of UTF-16 or UTF-32, which only the text reader understands.</summary>
    public static bool IsWide(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> mark = stackalloc byte[4];
        int read = file.ReadAtLeast(mark, 4, throwOnEndOfStream: false);
        return read >= 2 && ((mark[0], mark[1]) is (0xFF, 0xFE) or (0xFE, 0xFF) || (read == 4 && (mark[0], mark[1], mark[2], mark[3]) == (0, 0, 0xFE, 0xFF)));
    }

    /// <summary>Goes to the beginning of a record.</summary>
    public void Seek(long offset, long line)
    {
        stream.Position = offset;
        (origin, start, end, ended, Line) = (offset, 0, 0, false, line);
    }

    /// <summary>Marks records as read.</summary>
    /// <param name="bytes">Their bytes in the window.</param>
    /// <param name="lines">Their lines.</param>
    public void Consume(int bytes, long lines)
    {
        start += bytes;
        Line += lines;
    }

    /// <summary>Reads more behind the window; false at the end of the file.</summary>
    public bool Refill()
    {
        if (ended) return false;
        Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
        origin += start;
        (end, start) = (end - start, 0);
        if (end == buffer.Length) Array.Resize(ref buffer, checked(2 * buffer.Length));
        int read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        ended = read == 0;
        return !ended;
    }

    /// <summary>The next record as text, blank lines passed over; null at the end.</summary>
    /// <exception cref="InvalidDataException">A quote is never closed.</exception>
    public string? ReadRecord(out long line)
    {
        while (true)
        {
            line = Line;
            int length = 0, lines = 0;
            string text = "";
            do
            {
                if (!TryLine(length, out int content, out int whole))
                {
                    if (lines == 0) return null;
                    throw new InvalidDataException($"'{path}' line {line}: a quoted field is never closed. Close it with a quote, or double the quotes inside fields.");
                }
                text = (lines == 0 ? "" : text + "\n") + Encoding.UTF8.GetString(Window.Slice(length, content));
                length += whole;
                lines++;
                // A quote that nothing closes would take in the rest of the file.
                if (length > LongestRecord) throw new InvalidDataException($"'{path}' line {line}: a quoted field is not closed within {lines} lines ({LongestRecord} bytes).");
            }
            while (CsvRecords.IsOpen(text, delimiter));
            Consume(length, lines);
            if (!string.IsNullOrWhiteSpace(text)) return text;
        }
    }

    public void Dispose() => stream.Dispose();

    /// <summary>The line at a position of the window: its length without and with its end.</summary>
    private bool TryLine(int from, out int content, out int whole)
    {
        int searched = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = Window[from..];
            int at = rest[searched..].IndexOfAny((byte)'\n', (byte)'\r');
            content = searched + at;
            // Whether a line feed follows a carriage return must be seen.
            if (at >= 0 && (rest[content] == '\n' || content + 1 < rest.Length))
            {
                whole = content + (rest[content] == '\r' && rest[content + 1] == '\n' ? 2 : 1);
                return true;
            }
            searched = at >= 0 ? content : rest.Length;
            if (Refill()) continue;
            content = at >= 0 ? content : rest.Length;
            whole = rest.Length;
            return whole > 0;
        }
    }
}
