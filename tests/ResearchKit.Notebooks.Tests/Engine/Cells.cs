using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Engine;

/// <summary>Runs notebooks made of code cells.</summary>
internal static class Cells
{
    public static Notebook Of(params string[] sources)
    {
        var notebook = new Notebook { Path = Path.GetFullPath("cells.ipynb") };
        for (int i = 0; i < sources.Length; i++)
            notebook.Cells.Add(new NotebookCell(CellKind.Code, sources[i], $"id-{i + 1}"));
        return notebook;
    }

    public static Task<NotebookRunResult> Run(params string[] sources) =>
        new NotebookRunner().RunAsync(Of(sources), TestContext.Current.CancellationToken);

    /// <summary>Runs and returns the outputs of the last cell; fails the test if a cell failed.</summary>
    public static async Task<List<NotebookOutput>> Outputs(params string[] sources)
    {
        var result = await Run(sources);
        Assert.True(result.Success, result.Failure?.Message);
        return result.Executed.Cells[^1].Outputs;
    }

    /// <summary>Runs and returns the one displayed value of the last cell.</summary>
    public static async Task<DisplayOutput> Shown(params string[] sources) =>
        Assert.IsType<DisplayOutput>(Assert.Single(await Outputs(sources)));

    public static async Task<NotebookExecutionException> Failure(params string[] sources)
    {
        var result = await Run(sources);
        Assert.False(result.Success);
        return Assert.IsType<NotebookExecutionException>(result.Failure);
    }
}

/// <summary>A folder that is gone when the test is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("researchkit-engine").FullName;

    public string File(string name, string? content = null)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        if (content is not null)
            System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
