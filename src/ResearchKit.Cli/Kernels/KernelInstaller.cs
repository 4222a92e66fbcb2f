using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ResearchKit.Cli;

/// <summary>Writes and removes the folder of a kernel.</summary>
/// <remarks>
/// The command is copied into the kernel's folder, under a name made of its files' hash: a build
/// does not change (or, on Windows, meet) the files that a running kernel has open, and a new
/// installation stands beside the old one until that is free.
/// </remarks>
internal static class KernelInstaller
{
    private const string Copies = "app-";

    /// <summary>Installs.</summary>
    /// <param name="folder">The kernel's folder.</param>
    /// <param name="displayName">What menus show.</param>
    /// <param name="baseDirectory">The folder of the command's assemblies.</param>
    /// <returns>Files and bytes that were copied; none where the same build was there.</returns>
    public static (int Files, long Bytes) Install(string folder, string displayName, string baseDirectory)
    {
        IReadOnlyList<LibraryFile> files = DependencyClosure.OfCommand(baseDirectory);
        string copy = Path.Combine(folder, Copies + Hash(files));
        bool present = Directory.Exists(copy);
        if (!present)
        {
            Directory.CreateDirectory(folder);
            // Complete or not at all: a copy that was cut short has another name.
            string staged = Path.Combine(folder, "new-" + Guid.NewGuid().ToString("n")[..8]);
            foreach (LibraryFile file in files)
            {
                string target = Path.Combine(staged, file.Target);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file.Source, target);
            }
            Directory.Move(staged, copy);
        }
        OutputFolder.WriteTextAtomically(Path.Combine(folder, KernelSpec.FileName),
            KernelSpec.Json(displayName, Host(), Path.Combine(copy, DependencyClosure.Command + ".dll")));
        foreach (string other in Directory.GetDirectories(folder).Where(d => d != copy && IsCopy(d)))
            TryDelete(other);
        return present ? (0, 0) : (files.Count, files.Sum(f => new FileInfo(f.Source).Length));
    }

    /// <summary>Removes the folder of a kernel of ours.</summary>
    public static void Uninstall(KernelSpec spec)
    {
        // First the file by which Jupyter finds it: the rest may be held by a running kernel.
        File.Delete(Path.Combine(spec.Folder, KernelSpec.FileName));
        try
        {
            Directory.Delete(spec.Folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The kernel '{spec.Name}' is uninstalled, but '{spec.Folder}' cannot be removed: {e.Message}",
                "A running kernel holds its files: close its notebooks and delete the folder.", e);
        }
    }

    /// <summary>The dotnet that runs this command: the one that is known to work.</summary>
    private static string Host()
    {
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? host : "dotnet";
    }

    private static string Hash(IReadOnlyList<LibraryFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (LibraryFile file in files)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(file.Target));
            hash.AppendData(File.ReadAllBytes(file.Source));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static bool IsCopy(string folder) =>
        Path.GetFileName(folder) is var name && (name.StartsWith(Copies, StringComparison.Ordinal) || name.StartsWith("new-", StringComparison.Ordinal));

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A kernel that runs from it; the next installation removes it.
        }
    }
}
