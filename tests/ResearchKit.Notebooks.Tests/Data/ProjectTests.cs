namespace ResearchKit.Notebooks.Tests.Data;

public sealed class ProjectTests
{
    [Fact]
    public void The_root_is_found_upwards_and_nowhere_else()
    {
        using var folder = new TempFolder();
        string deep = Directory.CreateDirectory(folder.File("a/b")).FullName;
        Assert.Null(Paths.FindRoot(deep));
        folder.Write("ResearchKit.sln", "");
        Assert.Equal(folder.Path, Paths.FindRoot(deep));
        Assert.True(File.Exists(Path.Combine(Paths.Root, "ResearchKit.sln")));
        Assert.Contains(Paths.DataVariable, Assert.Throws<FileNotFoundException>(() => Paths.Data("no-such-file.bin")).Message);
    }

    [Fact]
    public void The_authors_numbers_are_those_of_the_paper()
    {
        Assert.Equal(229, PaperData.Fig2().Count);
        PaperError first = PaperData.Fig2()[0];
        Assert.Equal(new PaperError(1, 1, 1000, 20, 2.9819e-08, 3.17916e-08, 1.28491e-08), first);
        Assert.Equal(2.4e-12, PaperData.Fig2().Single(p => p is { M: 3, K: 5, D: 128_000 }).GeoMean, 1e-12);
        Assert.Equal(449, PaperData.Fig6().Single(p => p is { M: 3, K: 5, D: 128_000 }).MeanSeconds, 0.5);
        Assert.Equal(11_507, PaperData.Fig6().Single(p => p is { M: 5, K: 5, D: 128_000 }).MeanSeconds, 0.5);
        Assert.Equal(5, PaperData.Fig3().Select(p => p.Panel).Distinct().Count());
        Assert.Equal(362, PaperData.Fig5a()[1].Kept);
        Assert.Equal(7, PaperData.Fig5b().Count);
        Assert.Equal(51, PaperData.Fig7().Count);
        Assert.Equal(14, PaperData.Fig8().Count);
        Assert.All(PaperData.Fig4(), p => Assert.True(p.Epoch >= 0));
    }

    [Fact]
    public void The_run_log_names_what_a_repeat_needs()
    {
        string text = RunLog.Start(42).Note("mode", "quick").ToString();
        string[] names = ["seed", "ResearchKit", "runtime", "processor", "cores", "vector width", "mode", "seconds", "date"];
        Assert.All(names, n => Assert.Contains($"\n{n} ", text));
        Assert.Matches(@"seed +42\n", text);
        Assert.Contains(RunLog.VectorBits, new[] { 64, 128, 256, 512 });
    }
}
