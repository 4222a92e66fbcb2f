using System.Security.Cryptography;

namespace ResearchKit.Cli;

/// <summary>How the library folder stands against the command's own files.</summary>
internal enum LibraryState
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It differs from what this build would put there.</summary>
    Outdated,

    /// <summary>Same files, same bytes.</summary>
    Current,
}

/// <summary>
/// Fills environment/lib, from which notebooks load ResearchKit.Notebooks.dll. The folder is staged beside and swapped
/// in by moves, so that a notebook never sees half of it.
/// </summary>
internal static class NotebookLibrary
{
    /// <summary>Compares the folder with the closure by names, sizes and hashes.</summary>
    public static LibraryState StateOf(string folder, IReadOnlyList<LibraryFile> closure)
    {
        if (!Directory.Exists(folder)) return LibraryState.Missing;
        var present = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        if (present.Count != closure.Count) return LibraryState.Outdated;
        foreach (LibraryFile file in closure)
            if (!present.Contains(file.Target.Replace('\\', '/')) || !Same(file.Source, Path.Combine(folder, file.Target)))
                return LibraryState.Outdated;
        return LibraryState.Current;
    }

    /// <summary>Brings the folder up to date.</summary>
    /// <returns>True when files were copied, false when the folder was current.</returns>
    public static bool Prepare(string folder, IReadOnlyList<LibraryFile> closure, CancellationToken cancellation)
    {
        if (StateOf(folder, closure) == LibraryState.Current) return false;
        string parent = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        Directory.CreateDirectory(parent);
        RemoveLeftovers(parent, Path.GetFileName(folder));
        string suffix = Guid.NewGuid().ToString("n")[..8];
        string staged = $"{folder}.new-{suffix}", old = $"{folder}.old-{suffix}";
        try
        {
            foreach (LibraryFile file in closure)
            {
                cancellation.ThrowIfCancellationRequested();
                string target = Path.Combine(staged, file.Target);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file.Source, target);
            }
            Swap(folder, staged, old, closure);
        }
        finally
        {
            TryDelete(staged);
            TryDelete(old);
        }
        return true;
    }

    private static void Swap(string folder, string staged, string old, IReadOnlyList<LibraryFile> closure)
    {
        bool moved = false;
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Move(folder, old);
                moved = true;
            }
            Directory.Move(staged, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process may have prepared the same files meanwhile.
            if (StateOf(folder, closure) == LibraryState.Current) return;
            if (moved && !Directory.Exists(folder)) Directory.Move(old, folder);
            throw new CliException($"'{folder}' cannot be replaced: {e.Message}",
                "A running notebook kernel holds its files: stop the kernels (or close the notebooks) and repeat.", e);
        }
    }

    private static bool Same(string a, string b)
    {
        if (new FileInfo(a).Length != new FileInfo(b).Length) return false;
        using FileStream x = File.OpenRead(a), y = File.OpenRead(b);
        return SHA256.HashData(x).AsSpan().SequenceEqual(SHA256.HashData(y));
    }

    /// <summary>Removes what a killed run left; young folders may belong to a run that is still at work.</summary>
    private static void RemoveLeftovers(string parent, string name)
    {
        foreach (string kind in new[] { ".new-*", ".old-*" })
            foreach (string folder in Directory.EnumerateDirectories(parent, name + kind))
                if (Directory.GetCreationTimeUtc(folder) < DateTime.UtcNow.AddHours(-1))
                    TryDelete(folder);
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A kernel may still hold files of the old folder; the next run removes it.
        }
    }
}
