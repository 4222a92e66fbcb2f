namespace ResearchKit.Notebooks.Tests.Data;

/// <summary>The project's own catalogue, and broken ones.</summary>
public sealed class DatasetCatalogueTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void The_projects_catalogue_is_complete()
    {
        DatasetCatalogue catalogue = DatasetCatalogue.Read();
        Assert.Equal(["california-housing", "stanford-bunny"], catalogue.Entries.Select(e => e.Name));
        Assert.Equal("stanford-bunny.obj", catalogue["stanford-bunny"].File);
        Assert.Same(catalogue["stanford-bunny"], catalogue["stanford-bunny.obj"]);
        Assert.Contains("'california-housing'", Assert.Throws<ArgumentException>(() => catalogue["boston"]).Message);
        Assert.All(catalogue.Entries, e => Assert.True(e.Url is null || e.Url.Scheme == "https"));
    }

    [Theory]
    [InlineData("california-housing")]
    [InlineData("stanford-bunny")]
    public async Task The_files_that_are_here_are_those_of_the_catalogue(string name)
    {
        DatasetEntry entry = DatasetCatalogue.Read()[name];
        string? path = DatasetStore.Default.Find(entry);
        Assert.SkipWhen(path is null, $"{entry.File} is absent: set {Paths.DataVariable} to the folder that holds it.");
        await DatasetStore.VerifyAsync(entry, path!, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("[{\"name\":\"a\"}]", "incomplete")]
    [InlineData("[{\"name\":\"a\",\"file\":\"../a\",\"description\":\"d\",\"source\":\"s\",\"licence\":\"l\",\"bytes\":1,\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"}]", "incomplete")]
    public void A_broken_catalogue_is_refused(string text, string part)
    {
        string path = _temp.Write("catalogue.json", text);
        DataFileException refused = Assert.Throws<DataFileException>(() => DatasetCatalogue.Read(path));
        Assert.Contains(part, refused.Message);
        Assert.Equal(path, refused.File);
        Assert.Throws<DataFileException>(() => DatasetCatalogue.Read(_temp.File("none.json")));
    }
}
