using System.Net;
using System.Text.RegularExpressions;
using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Engine;

/// <summary>The page of a notebook.</summary>
public partial class HtmlTests
{
    private static Notebook Of(params NotebookCell[] cells)
    {
        var notebook = new Notebook { Path = Path.GetFullPath("page.ipynb") };
        notebook.Cells.AddRange(cells);
        return notebook;
    }

    private static NotebookCell Code(string source, params NotebookOutput[] outputs)
    {
        var cell = new NotebookCell(CellKind.Code, source, "c");
        cell.Outputs.AddRange(outputs);
        return cell;
    }

    private static NotebookCell Text(string source) => new(CellKind.Markdown, source);

    private static DisplayOutput Shown(string mime, string content) => new(new() { [mime] = content }, []);

    [Fact]
    public void Text_is_encoded_everywhere_and_only_html_outputs_are_raw()
    {
        const string Evil = "<script>alert('x')</script>";
        var html = HtmlExporter.Export(
            Of(Code($"// {Evil}", new StreamOutput("stdout", Evil), new StreamOutput("stderr", Evil), Shown("text/plain", Evil), new ErrorOutput(Evil, Evil, [Evil]), Shown("text/html", "<b>raw</b>"))),
            new HtmlExportOptions { Title = Evil, Footer = Evil, Home = new HtmlLink("x\"" + Evil, Evil) });
        Assert.DoesNotContain(Evil, html, StringComparison.Ordinal);
        Assert.Contains("<b>raw</b>", html, StringComparison.Ordinal);
        Assert.True(Regex.Count(html, "&lt;script&gt;") >= 10);
    }

    [Theory]
    [InlineData("var x = $\"a{1 + 2:0.0} <b> {{\";\n// c & d\n#r \"x.dll\"\n")]
    [InlineData("public record P<T>(int A);\n\tforeach (var v in new List<string>()) { Console.WriteLine(v?.Length); }")]
    [InlineData("this is (not C# at all < > & \"\"\" ")]
    [InlineData("#!time\nawait Task.Delay(1)")]
    [InlineData("#if NEVER\nhidden & text\n#endif\n'a'")]
    public void Highlighting_changes_no_character(string code) =>
        Assert.Equal(code, WebUtility.HtmlDecode(Tag().Replace(CSharpHighlighter.ToHtml(code), "")));

    [Fact]
    public void Tokens_are_classified_by_the_compiler()
    {
        var html = CSharpHighlighter.ToHtml("var s = \"for\"; List<int> q = Make(3); // while");
        Assert.Contains("<span class=\"k\">var</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"s\">&quot;for&quot;</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"t\">List</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"f\">Make</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"n\">3</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"c\">// while</span>", html, StringComparison.Ordinal);
        Assert.DoesNotContain(">while</span>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Contents_list_the_sections_with_unique_anchors()
    {
        var html = HtmlExporter.Export(Of(Text("# Title"), Text("## Same\n\n## Same `code`\n\n### Größe & more"), Text("## Same")));
        foreach (var id in new[] { "same", "same-code", "größe-more", "same-2" })
        {
            Assert.Single(Regex.Matches(html, $"id=\"{id}\""));
            Assert.Single(Regex.Matches(html, $"href=\"#{WebUtility.HtmlEncode(id)}\""));
        }

        Assert.Single(Regex.Matches(html, "<h1"));
        Assert.Contains("<title>Title</title>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_landmarks_links_and_no_network()
    {
        var html = HtmlExporter.Export(
            Of(Text("# T\n\n| a | b |\n|---|---|\n| 1 | 2 |"), Code("1")),
            new HtmlExportOptions { Home = new("index.html", "All"), Previous = new("a.html", "A"), Next = new("b.html", "B"), Footer = "made by hand" });
        Assert.Contains("<main id=\"main\">", html, StringComparison.Ordinal);
        Assert.Contains("lang=\"en\"", html, StringComparison.Ordinal);
        Assert.Contains("rel=\"prev\" href=\"a.html\"", html, StringComparison.Ordinal);
        Assert.Contains("rel=\"next\" href=\"b.html\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"index.html\"", html, StringComparison.Ordinal);
        Assert.Contains("<table>", html, StringComparison.Ordinal);
        Assert.Contains("made by hand", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        Assert.Contains("@media print", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Plotly_is_included_once_and_only_where_there_is_a_figure()
    {
        var figure = Shown("text/html", "<div class=\"rk-figure\"><svg></svg></div>");
        var two = Of(Code("1", figure), Code("2", figure));
        Assert.Single(Regex.Matches(HtmlExporter.Export(two, new() { Plotly = PlotlyScript.Beside("plotly.min.js") }), "<script src=\"plotly.min.js\"></script>"));
        Assert.DoesNotContain("plotly", HtmlExporter.Export(Of(Code("1")), new() { Plotly = PlotlyScript.Beside("plotly.min.js") }), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script src", HtmlExporter.Export(two), StringComparison.Ordinal);

        var inline = HtmlExporter.Export(two, new() { Plotly = PlotlyScript.Inline("var s = '</script>';") });
        Assert.Contains("<script>var s = '<\\/script>';</script>", inline, StringComparison.Ordinal);
    }

    [Fact]
    public void The_richest_format_is_shown_and_terminal_codes_are_not()
    {
        var both = new DisplayOutput(new() { ["text/plain"] = "PLAIN", ["text/html"] = "<i>RICH</i>" }, []);
        var html = HtmlExporter.Export(Of(Code("1", both, new StreamOutput("stdout", "\e[31mred\e[0m 10%\r 100%\n"), Shown("text/markdown", "*md*"), Shown("image/png", "QUJD"))));
        Assert.Contains("<i>RICH</i>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("PLAIN", html, StringComparison.Ordinal);
        Assert.Contains("> 100%\n</pre>", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', html);
        Assert.Contains("<em>md</em>", html, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/png;base64,QUJD\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_beside_the_notebook_are_embedded()
    {
        using var folder = new TemporaryFolder();
        folder.File("a b.png", "ABC");
        var notebook = new Notebook { Path = folder.File("n.ipynb") };
        notebook.Cells.Add(Text("![alt](a%20b.png) ![gone](gone.png)"));
        var html = HtmlExporter.Export(notebook);
        Assert.Contains("src=\"data:image/png;base64,QUJD\" alt=\"alt\"", html, StringComparison.Ordinal);
        Assert.Contains("src=\"gone.png\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_shows_its_time_and_its_error()
    {
        var result = await Cells.Run("await Task.Delay(30);", "var a = 1;\nthrow new Exception(\"<bad>\");");
        using var folder = new TemporaryFolder();
        var path = folder.File("out/page.html");
        await HtmlExporter.WriteAsync(result.Executed, path);
        var html = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Matches("<span class=\"time\">[0-9.]+ s</span>", html);
        Assert.Contains("&lt;bad&gt;", html, StringComparison.Ordinal);
        Assert.Contains("cell 2, line 2", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.001, "< 0.01 s")]
    [InlineData(0.123, "0.12 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(125, "2 min 5 s")]
    [InlineData(7260, "2 h 1 min")]
    public void Times_are_as_exact_as_a_reader_wants(double seconds, string expected) =>
        Assert.Equal(expected, HtmlExporter.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void The_shell_alone_makes_a_page_with_the_same_style()
    {
        var html = new HtmlShell { Title = "All & every", Body = "<ul><li>one</li></ul>" }.ToHtml();
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.Contains("<title>All &amp; every</title>", html, StringComparison.Ordinal);
        Assert.Contains("<ul><li>one</li></ul>", html, StringComparison.Ordinal);
        Assert.Contains(HtmlShell.StyleSheet, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
