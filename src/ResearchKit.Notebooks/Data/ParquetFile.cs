using Parquet;

namespace ResearchKit.Notebooks;

/// <summary>Opens Parquet files for the format's library, which trusts their bytes more than a damaged file deserves.</summary>
public static class ParquetFile
{
    /// <summary>A reader of a file whose footer is whole, and whose bytes end with an exception instead of zeros for ever.</summary>
    /// <param name="path">The file; the reader closes it.</param>
    /// <param name="cancel">Stops the opening.</param>
    /// <exception cref="InvalidDataException">There is no whole footer. (What else is damaged shows while columns are read.)</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static async Task<ParquetReader> OpenAsync(string path, CancellationToken cancel = default)
    {
        var stream = new EndingStream(File.OpenRead(path));
        try
        {
            ParquetFooter.Require(stream);
            return await ParquetReader.CreateAsync(stream, leaveStreamOpen: false, cancellationToken: cancel).ConfigureAwait(false);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A stream whose end is an exception: the library takes "no more bytes" for a byte whose successor is still to come.</summary>
    private sealed class EndingStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override int Read(byte[] buffer, int offset, int count) => Some(inner.Read(buffer, offset, count), count);

        public override int Read(Span<byte> buffer) => Some(inner.Read(buffer), buffer.Length);

        public override int ReadByte() => Some(inner.ReadByte() + 1, 1) - 1;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Some(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private static int Some(int read, int asked) => read > 0 || asked == 0 ? read : throw new EndOfStreamException("the file ends within a column");
    }
}
