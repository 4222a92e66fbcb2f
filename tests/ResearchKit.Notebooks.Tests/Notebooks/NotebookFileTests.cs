using System.Text.RegularExpressions;
using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Notebooks;

/// <summary>What every committed notebook must look like, so that it reads well and runs in either kernel.</summary>
public partial class NotebookFileTests
{
    private const int MaxLines = 40, MaxWidth = 100;

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Paths.Notebooks, "*.ipynb").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static Notebook Load(string file) => Notebook.Load(Path.Combine(Paths.Notebooks, file));

    private static IEnumerable<NotebookCell> Code(string file) => Load(file).Cells.Where(c => c.Kind == CellKind.Code);

    [Fact]
    public void Names_carry_distinct_numbers()
    {
        string[] names = [.. Directory.GetFiles(Paths.Notebooks, "*.ipynb").Select(f => Path.GetFileName(f))];
        Assert.Contains("00-start-here.ipynb", names);
        Assert.Contains("01-permutation-invariant-compression.ipynb", names);
        Assert.All(names, n => Assert.Matches("^[0-9]{2}-[a-z0-9-]+[.]ipynb$", n));
        Assert.Equal(names.Length, names.Select(n => n[..2]).Distinct().Count());
    }

    [Theory, MemberData(nameof(Files))]
    public void Carries_no_outputs(string file) => Assert.All(Code(file), c =>
    {
        Assert.Empty(c.Outputs);
        Assert.Null(c.ExecutionCount);
    });

    [Theory, MemberData(nameof(Files))]
    public void Begins_with_title_references_and_parameters(string file)
    {
        Notebook notebook = Load(file);
        Assert.Equal(".net-csharp", notebook.Metadata["kernelspec"]?["name"]?.ToString());
        Assert.NotNull(notebook.Metadata["researchkit"]);
        Assert.StartsWith("# ", notebook.Cells[0].Source, StringComparison.Ordinal);
        Assert.Contains("#r \"../environment/lib/ResearchKit.Notebooks.dll\"", notebook.Cells[1].Source, StringComparison.Ordinal);
        Assert.StartsWith("// parameters\n", notebook.Cells[2].Source, StringComparison.Ordinal);
        Assert.Contains(NotebookParameters.ParametersTag, notebook.Cells[2].Tags);

        IReadOnlyList<NotebookParameter> parameters = NotebookParameters.Find(notebook);
        Assert.Contains(parameters, p => p.Name == "full" && p.Default == "false");
        Assert.Contains(parameters, p => p.Name == "seed");
        Assert.All(parameters, p => Assert.NotEmpty(p.Description));
        Assert.Equal(notebook.Cells.Count, notebook.Cells.Select(c => c.Id).Distinct().Count());
    }

    [Theory, MemberData(nameof(Files))]
    public void Ends_with_knobs_and_run_log(string file)
    {
        Notebook notebook = Load(file);
        Assert.Contains(notebook.Cells, c => c.Kind == CellKind.Markdown && c.Source.Contains("## Turn these knobs", StringComparison.Ordinal));
        Assert.Contains("RunLog.Start", string.Concat(Code(file).Select(c => c.Source)), StringComparison.Ordinal);
        Assert.Equal("log", notebook.Cells[^1].Source.Trim());
    }

    [Theory, MemberData(nameof(Files))]
    public void Cells_are_short_and_narrow(string file) => Assert.All(Code(file), c =>
    {
        string[] lines = c.Source.Split('\n');
        Assert.True(lines.Length <= MaxLines, $"{file}, cell {c.Id}: {lines.Length} lines.");
        Assert.All(lines, l => Assert.True(l.Length <= MaxWidth, $"{file}, cell {c.Id}: {l}"));
    });

    [Theory, MemberData(nameof(Files))]
    public void Uses_nothing_that_one_kernel_lacks(string file) => Assert.All(Code(file), c =>
    {
        Assert.DoesNotMatch(PackageReference(), c.Source);
        Assert.DoesNotMatch(OtherMagic(), c.Source);
        Assert.DoesNotMatch(NotInScripts(), c.Source);
    });

    [Theory, MemberData(nameof(Files))]
    public void Names_no_absolute_path(string file) =>
        Assert.DoesNotMatch(AbsolutePath(), File.ReadAllText(Path.Combine(Paths.Notebooks, file)));

    [Theory, MemberData(nameof(Files))]
    public void Draws_titled_figures_and_follows_paragraph_by_cell(string file)
    {
        string code = string.Concat(Code(file).Select(c => c.Source));
        Assert.Matches("new Figure[(]|Figure[.]Grid[(]", code);
        Assert.DoesNotMatch(UntitledFigure(), code);
        Notebook notebook = Load(file);
        Assert.True(notebook.Cells.Count(c => c.Kind == CellKind.Markdown) * 4 >= notebook.Cells.Count, "Too little is said between the cells.");
    }

    [GeneratedRegex("^#r\\s+\"nuget:", RegexOptions.Multiline)]
    private static partial Regex PackageReference();

    [GeneratedRegex("^#!(?!time\\b)", RegexOptions.Multiline)]
    private static partial Regex OtherMagic();

    [GeneratedRegex("^(namespace |using var |(ReadOnly)?Span<)", RegexOptions.Multiline)]
    private static partial Regex NotInScripts();

    [GeneratedRegex("(?<![\\w./:])/(home|root|tmp|usr|opt|mnt|var|Users)/|\\b[A-Z]:\\\\\\\\")]
    private static partial Regex AbsolutePath();

    [GeneratedRegex("(new Figure|Figure[.]Grid)[(]\\s*[$]?\"\\s*\"")]
    private static partial Regex UntitledFigure();
}
