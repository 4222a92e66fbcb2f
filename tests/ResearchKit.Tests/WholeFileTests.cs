namespace ResearchKit.Tests;

public sealed class WholeFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("researchkit-file").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ADiskThatIsFullHalfWayLeavesTheOldFile()
    {
        string path = Path.Combine(folder, "file.bin");
        File.WriteAllText(path, "old");
        string message = Assert.Throws<IOException>(() => WholeFile.Write(path, stream =>
        {
            stream.Write(new byte[10_000]);
            throw new IOException("No space left on device.");
        })).Message;
        Assert.Contains("No space left", message);
        Assert.Contains(path, message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder));
    }
}
