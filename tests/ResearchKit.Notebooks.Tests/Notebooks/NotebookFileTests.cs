using System.Text.RegularExpressions;
using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Notebooks;

/// <summary>What every committed notebook must look like, so that it reads well and runs in either kernel.</summary>
public partial class NotebookFileTests
{
    private const int MaxLines = 38, MaxWidth = 96;

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
        Assert.Equal(names.Order(StringComparer.Ordinal), TinyParameters.Notebooks.Order(StringComparer.Ordinal));
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
        Assert.Contains("**Claim.** ", notebook.Cells[0].Source, StringComparison.Ordinal);
        Assert.Matches(Reference(), notebook.Cells[0].Source);
        Assert.Matches(Time(), notebook.Cells[0].Source);
        Assert.Contains("#r \"../environment/lib/ResearchKit.Notebooks.dll\"", notebook.Cells[1].Source, StringComparison.Ordinal);
        Assert.StartsWith("// parameters\n", notebook.Cells[2].Source, StringComparison.Ordinal);
        Assert.Contains(NotebookParameters.ParametersTag, notebook.Cells[2].Tags);

        IReadOnlyList<NotebookParameter> parameters = NotebookParameters.Find(notebook);
        Assert.Contains(parameters, p => p.Name == "full" && p.Default == "false");
        Assert.Contains(parameters, p => p.Name == "seed");
        Assert.All(parameters, p => Assert.NotEmpty(p.Description));
        Assert.Equal(notebook.Cells.Count, notebook.Cells.Select(c => c.Id).Distinct().Count());
        Assert.All(notebook.Cells, c => Assert.Equal(c.Id == notebook.Cells[2].Id, c.Tags.Contains(NotebookParameters.ParametersTag)));
    }

    [Theory, MemberData(nameof(Files))]
    public void References_stand_first_and_once(string file) => Assert.All(Code(file).Index(), c =>
    {
        // A `using` after code would not compile as a script's beginning, and a late #r hides what is needed.
        string[] lines = [.. c.Item.Source.Split('\n').Where(l => l.Length > 0)];
        if (c.Index == 0) Assert.All(lines, l => Assert.Matches("^(#r \"[.][.]/environment/lib/[A-Za-z.]+[.]dll\"|using [A-Za-z.]+;)$", l));
        else Assert.DoesNotContain(lines, l => l.StartsWith("#r", StringComparison.Ordinal) || l.StartsWith("using ", StringComparison.Ordinal));
    });

    [Theory, MemberData(nameof(Files))]
    public void Parameters_are_plain_variables(string file)
    {
        Assert.All(NotebookParameters.Find(Load(file)), p =>
        {
            Assert.False(p.IsConstant, $"{file}: {p.Name} cannot be set.");
            Assert.Matches("^(bool|int|long|double|string)(\\[\\])?$", p.TypeName);
            Assert.NotEmpty(p.Default);
        });
        // Nothing but declarations, so that setting them afterwards is the same as setting them there.
        Assert.All(Load(file).Cells[2].Source.Split('\n').Skip(1).Where(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal)),
            l => Assert.Matches("^(bool|int|long|double|string)(\\[\\])? \\w+ = .*;", l));
    }

    [Theory, MemberData(nameof(Files))]
    public void Says_in_its_metadata_what_it_checks_and_how_long_it_takes(string file)
    {
        Notebook notebook = Load(file);
        System.Text.Json.Nodes.JsonNode own = notebook.Metadata["researchkit"]!;
        Assert.True((double)own["seconds"]!["quick"]! > 0 && (double)own["seconds"]!["full"]! > 0);
        string code = string.Concat(Code(file).Select(c => c.Source));
        Assert.NotEmpty(own["claims"]!.AsArray());
        Assert.Contains("Claims.Check(", code, StringComparison.Ordinal);
        Assert.Contains("Claims.Table()", code, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Files))]
    public void Links_lead_to_files_that_are_there(string file) =>
        Assert.All(Load(file).Cells.Where(c => c.Kind == CellKind.Markdown).SelectMany(c => Link().Matches(c.Source)).Select(m => m.Groups[1].Value),
            link => Assert.True(File.Exists(Path.Combine(Paths.Notebooks, link)), $"{file} links to {link}."));

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
        // A title is a text, a variable, or a choice of texts: never absent.
        Assert.All(FigureMade().Matches(code), m => Assert.Matches("^\"[^\"]|^[A-Za-z(]", m.Groups[1].Value));
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

    [GeneratedRegex("(?:new Figure|Figure[.]Grid)[(]\\s*[$]?(\\S{2})")]
    private static partial Regex FigureMade();

    [GeneratedRegex("[Tt]heorem|Figs?[.]|arXiv|of the paper")]
    private static partial Regex Reference();

    [GeneratedRegex("(second|minute)s?\\b")]
    private static partial Regex Time();

    [GeneratedRegex("\\]\\(((?!https?:)[^)#]+)")]
    private static partial Regex Link();

    [GeneratedRegex("(new Figure|Figure[.]Grid)[(]\\s*[$]?\"\\s*\"")]
    private static partial Regex UntitledFigure();
}
