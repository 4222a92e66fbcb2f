using ResearchKit.Engine;
using ResearchKit.Notebooks;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>Every notebook in quick mode, executed by nbconvert with the installed kernel.</summary>
[Collection(InstalledKernel.Collection)]
public class NbconvertTests(InstalledKernel kernel)
{
    public static TheoryData<string> All => [.. Directory.GetFiles(Paths.Notebooks, "*.ipynb").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Runs_from_the_first_cell_to_the_last(string notebook)
    {
        string python = Programs.RequirePython();
        using var output = new TempFolder();
        Finished done = await Programs.RunAsync(python, kernel.Notebooks, kernel.Environment, "-m", "nbconvert", "--to", "notebook", "--execute",
            "--ExecutePreprocessor.kernel_name=researchkit", "--ExecutePreprocessor.timeout=-1", "--output-dir", output.Path, notebook);
        Assert.True(done.Code == 0, done.Error);

        Notebook executed = Notebook.Load(Path.Combine(output.Path, notebook));
        NotebookCell[] code = [.. executed.Cells.Where(c => c.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(c.Source))];
        Assert.Equal(Enumerable.Range(1, code.Length), code.Select(c => c.ExecutionCount ?? 0));
        Assert.DoesNotContain(code.SelectMany(c => c.Outputs), o => o is ErrorOutput);
        Assert.Contains(code.SelectMany(c => c.Outputs).OfType<DisplayOutput>(), o => o.Text("text/html")?.Contains("rk-figure", StringComparison.Ordinal) == true);
    }
}
