namespace ResearchKit;

/// <summary>Writes whole files or none: into a temporary neighbour first, which then takes the file's place.</summary>
internal static class WholeFile
{
    /// <summary>Creates or replaces a file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="IOException">It cannot be written; what was there before is as it was, and no partial file stays.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure)
        {
            Delete(temporary);
            if (failure is not (IOException or UnauthorizedAccessException)) throw;
            throw new IOException($"The file '{path}' cannot be written: {failure.Message} A file of that name is as it was. Give a path in a folder that exists, may be written and has room.", failure);
        }
    }

    /// <summary>Creates or replaces a text file (UTF-8).</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes its text.</param>
    /// <exception cref="IOException">As <see cref="Write"/>.</exception>
    public static void WriteText(string path, Action<TextWriter> write) => Write(path, stream =>
    {
        using var text = new StreamWriter(stream, leaveOpen: true);
        write(text);
    });

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
    }
}
