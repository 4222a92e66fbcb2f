using ResearchKit.Cli;
using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Data;

/// <summary>A disk that fills up while a file is written, and a file that cannot take its place: the old one stays, and nothing else.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static readonly Dictionary<string, Action<string, Action<Stream>>> s_writers = new()
    {
        ["tables and results"] = SafeFile.Write,
        ["tables, asynchronously"] = (path, write) => SafeFile.WriteAsync(path, async stream => { await Task.Yield(); write(stream); }).GetAwaiter().GetResult(),
        ["the command's output"] = OutputFolder.WriteAtomically,
    };

    public static TheoryData<string> Writers => [.. s_writers.Keys];

    [Theory, MemberData(nameof(Writers))]
    public void TheOldFileStays(string name)
    {
        string path = folder.File("file.bin");
        File.WriteAllText(path, "old");
        var full = Assert.Throws<IOException>(() => s_writers[name](path, stream =>
        {
            stream.Write(new byte[100_000]);
            stream.Flush();
            throw new IOException("No space left on device.");
        }));
        Assert.Contains("No space left", full.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Theory, MemberData(nameof(Writers))]
    public void AFolderInTheFilesPlaceLeavesNoTemporary(string name)
    {
        string path = folder.File("taken");
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<Exception>(() => s_writers[name](path, stream => stream.Write(new byte[1000])));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void ANotebookThatCannotBeSavedLeavesNoTemporary()
    {
        string path = folder.File("taken.ipynb");
        Directory.CreateDirectory(path);
        Notebook notebook = Notebook.Load(Path.Combine(Paths.Notebooks, "20-lab.ipynb"));
        Assert.ThrowsAny<Exception>(() => notebook.Save(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }
}
