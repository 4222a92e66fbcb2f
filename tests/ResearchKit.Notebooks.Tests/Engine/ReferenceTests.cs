using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Engine;

/// <summary><c>#r</c> and <c>#load</c>: from the notebook's folder, one identity per type, clear when missing.</summary>
public class ReferenceTests
{
    private static void Compile(string path, string code, params string[] references)
    {
        var folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var all = new[] { typeof(object).Assembly.Location, Path.Combine(folder, "System.Runtime.dll") }.Concat(references);
        var result = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path),
            [CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken)],
            all.Select(r => MetadataReference.CreateFromFile(r)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
    }

    private static async Task<NotebookRunResult> RunIn(TemporaryFolder folder, params string[] cells)
    {
        var notebook = new Notebook { Path = folder.File("books/n.ipynb") };
        notebook.Cells.AddRange(cells.Select(c => new NotebookCell(CellKind.Code, c)));
        return await new NotebookRunner().RunAsync(notebook, TestContext.Current.CancellationToken);
    }

    private static string Value(NotebookRunResult result)
    {
        Assert.True(result.Success, result.Failure?.Message);
        return Assert.IsType<DisplayOutput>(Assert.Single(result.Executed.Cells[^1].Outputs)).Text("text/plain")!;
    }

    [Fact]
    public async Task A_relative_dll_is_found_from_the_notebook_with_what_it_depends_on()
    {
        using var folder = new TemporaryFolder();
        var inner = folder.File("lib/Inner.dll");
        folder.File("books/n.ipynb", "");
        Compile(inner, "namespace Inner { public class Thing { public string Name() => \"thing\"; } }");
        Compile(folder.File("lib/Outer.dll"), "namespace Outer { public static class Maker { public static Inner.Thing Make() => new Inner.Thing(); } }", inner);

        // Inner is never referenced: it is found beside Outer, by the compiler and at run time.
        var result = await RunIn(folder, "#r \"../lib/Outer.dll\"\nusing Outer;", "var t = Maker.Make();", "t.Name()");

        Assert.Equal("thing", Value(result));
    }

    [Fact]
    public async Task Two_builds_of_one_name_in_two_notebooks_stay_apart()
    {
        using var folder = new TemporaryFolder();
        folder.File("books/n.ipynb", "");
        Compile(folder.File("a/Same.dll"), "public static class Same { public static string Which => \"a\"; }");
        Compile(folder.File("b/Same.dll"), "public static class Same { public static string Which => \"b\"; }");
        Assert.Equal("a", Value(await RunIn(folder, "#r \"../a/Same.dll\"", "Same.Which")));
        Assert.Equal("b", Value(await RunIn(folder, "#r \"../b/Same.dll\"", "Same.Which")));
    }

    [Fact]
    public async Task An_assembly_that_the_process_has_is_the_process_s()
    {
        using var folder = new TemporaryFolder();
        folder.File("books/n.ipynb", "");
        var own = typeof(Markdig.Markdown).Assembly;
        File.Copy(own.Location, folder.File("lib/Markdig.dll"));

        var result = await RunIn(
            folder,
            "#r \"../lib/Markdig.dll\"",
            "System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(typeof(Markdig.Markdown).Assembly) == System.Runtime.Loader.AssemblyLoadContext.Default ? \"host\" : \"copy\"");

        Assert.Equal("host", Value(result));
    }

    [Fact]
    public async Task Another_build_of_what_the_process_has_is_kept_apart()
    {
        using var folder = new TemporaryFolder();
        folder.File("books/n.ipynb", "");
        Assert.Equal("<p>x</p>\n", Markdig.Markdown.ToHtml("x"));
        Compile(folder.File("lib/Markdig.dll"), "namespace Markdig { public static class Markdown { public static string ToHtml(string s) => \"other build\"; } }");
        Assert.Equal("other build", Value(await RunIn(folder, "#r \"../lib/Markdig.dll\"", "Markdig.Markdown.ToHtml(\"x\")")));
        Assert.Equal("<p>x</p>\n", Markdig.Markdown.ToHtml("x"));
    }

    [Fact]
    public async Task Copies_of_the_formatting_package_and_of_the_framework_do_no_harm()
    {
        using var folder = new TemporaryFolder();
        folder.File("books/n.ipynb", "");
        foreach (var type in new[] { typeof(Microsoft.DotNet.Interactive.Formatting.Formatter), typeof(System.Text.Json.JsonDocument) })
            File.Copy(type.Assembly.Location, folder.File("lib/" + Path.GetFileName(type.Assembly.Location)));

        var result = await RunIn(
            folder,
            "#r \"../lib/Microsoft.DotNet.Interactive.Formatting.dll\"\n#r \"../lib/System.Text.Json.dll\"\nusing Microsoft.DotNet.Interactive.Formatting;",
            "Formatter.Register<Version>(v => System.Text.Json.JsonSerializer.Serialize(new[] { 1 }), \"text/plain\");\nnew Version(1, 0).Display(\"text/plain\");");

        Assert.Equal("[1]", Value(result));
    }

    [Fact]
    public async Task Framework_types_are_the_process_s()
    {
        var shown = await Cells.Shown("(typeof(System.Text.Json.JsonDocument).Assembly.Location + \" \" + typeof(Enumerable).Assembly.Location)");
        Assert.Equal(typeof(System.Text.Json.JsonDocument).Assembly.Location + " " + typeof(Enumerable).Assembly.Location, shown.Text("text/plain"));
    }

    [Fact]
    public async Task A_missing_dll_names_the_file_and_the_remedy()
    {
        using var folder = new TemporaryFolder();
        var result = await RunIn(folder, "// the library\n#r \"../lib/Missing.dll\"\nusing Missing;");
        Assert.NotNull(result.Failure);
        Assert.Equal(2, result.Failure.Line);
        Assert.Contains("#r \"../lib/Missing.dll\"", result.Failure.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder.Path, "lib", "Missing.dll"), result.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("researchkit notebooks prepare", result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_assembly_is_said_to_be_none()
    {
        using var folder = new TemporaryFolder();
        folder.File("books/bad.dll", "text");
        var result = await RunIn(folder, "#r \"bad.dll\"");
        Assert.Contains("cannot be loaded", result.Failure?.Message, StringComparison.Ordinal);
        Assert.Contains("researchkit notebooks prepare", result.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packages_are_not_fetched()
    {
        var failure = await Cells.Failure("#r \"nuget: Some.Package, 1.0.0\"");
        Assert.Contains("packages are not fetched", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_is_loaded_relative_to_the_notebook_and_its_references_to_itself()
    {
        using var folder = new TemporaryFolder();
        folder.File("books/n.ipynb", "");
        Compile(folder.File("scripts/Near.dll"), "public static class Near { public static int Three => 3; }");
        folder.File("scripts/tools.csx", "#r \"Near.dll\"\nint Six() => 2 * Near.Three;");
        Assert.Equal("6", Value(await RunIn(folder, "#load \"../scripts/tools.csx\"", "Six().ToString()")));
    }
}
