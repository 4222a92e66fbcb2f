using System.Text;

namespace ResearchKit.Notebooks;

/// <summary>Writes whole files or none: into a temporary neighbour first, which is then moved into place.</summary>
internal static class SafeFile
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static void Write(string path, string text) => Write(path, stream => stream.Write(s_utf8.GetBytes(text)));

    public static void Write(string path, Action<Stream> write) =>
        WriteAsync(path, stream => { write(stream); return Task.CompletedTask; }).GetAwaiter().GetResult();

    /// <exception cref="IOException">The folder or the file cannot be written, or the disk is full; no partial file stays.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = full + "." + Path.GetRandomFileName() + ".tmp";
        try
        {
            await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                await write(stream).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
