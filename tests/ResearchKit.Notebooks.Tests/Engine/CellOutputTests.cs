using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Engine;

/// <summary>What a cell shows, by .NET Interactive's rules.</summary>
public class CellOutputTests
{
    [Fact]
    public async Task The_last_expression_is_shown_and_a_semicolon_hides_it()
    {
        var shown = await Cells.Shown("40 + 2");
        Assert.True(shown.IsResult);
        Assert.Equal(1, shown.ExecutionCount);
        Assert.Contains("42", shown.Text("text/html"), StringComparison.Ordinal);

        Assert.Empty(await Cells.Outputs("var x = 3;\nx.ToString();"));
    }

    [Fact]
    public async Task Null_is_shown_but_a_void_call_is_not()
    {
        var shown = await Cells.Shown("string nothing = null;\nnothing");
        Assert.Contains("null", shown.Text("text/html") ?? shown.Text("text/plain"), StringComparison.Ordinal);

        Assert.Equal(new StreamOutput("stdout", "hi"), Assert.Single(await Cells.Outputs("Console.Write(\"hi\")")));
    }

    [Fact]
    public async Task Strings_are_plain_text_and_objects_are_html()
    {
        var text = await Cells.Shown("\"<b>Grüße 🧪</b>\"");
        Assert.Equal("<b>Grüße 🧪</b>", text.Text("text/plain"));
        Assert.Null(text.Text("text/html"));

        var thing = await Cells.Shown("new { Seed = 7, Name = \"<x>\" }");
        Assert.Contains("Seed", thing.Text("text/html"), StringComparison.Ordinal);
        Assert.DoesNotContain("<x>", thing.Text("text/html"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("0.25", "0.25")]
    [InlineData("new[] { 1, 2 }", "[ 1, 2 ]")]
    [InlineData("new List<string> { \"a\" }", "[ a ]")]
    [InlineData("new { Seed = 7 }", "{ Seed = 7 }")]
    [InlineData("new System.Text.StringBuilder().Append('x', 2000)", "xxx*1000")]
    [InlineData("class Broken { public int A = 3; public override string ToString() => throw new InvalidOperationException(); }\nnew Broken()", "*Broken")]
    public async Task A_terminal_gets_a_short_text_beside_the_html(string code, string expected)
    {
        var shown = await Cells.Shown(code);
        Assert.NotNull(shown.Text("text/html"));
        string plain = shown.Text("text/plain")!;
        if (expected == "xxx*1000") Assert.Equal(new string('x', 1000) + "...", plain);
        else if (expected[0] == '*') Assert.EndsWith(expected[1..], plain, StringComparison.Ordinal);
        else Assert.Equal(expected, plain);
    }

    [Fact]
    public async Task A_list_is_cut_at_20()
    {
        var html = (await Cells.Shown("Enumerable.Range(1000, 50).ToList()")).Text("text/html");
        Assert.Contains("1019", html, StringComparison.Ordinal);
        Assert.DoesNotContain("1020", html, StringComparison.Ordinal);
        Assert.Contains("30 more", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_interleave_in_the_order_of_writing()
    {
        var outputs = await Cells.Outputs(
            "Console.Write(\"a\"); Console.Write('b'); Console.Error.WriteLine(\"c\"); Console.WriteLine(\"d\"); display(\"e\"); Console.Write(\"f\");");

        Assert.Collection(
            outputs,
            o => Assert.Equal(new StreamOutput("stdout", "ab"), o),
            o => Assert.Equal(new StreamOutput("stderr", "c\n"), o),
            o => Assert.Equal(new StreamOutput("stdout", "d\n"), o),
            o => Assert.Equal("e", Assert.IsType<DisplayOutput>(o).Text("text/plain")),
            o => Assert.Equal(new StreamOutput("stdout", "f"), o));
    }

    [Fact]
    public async Task Output_of_tasks_and_threads_belongs_to_their_cell()
    {
        var outputs = await Cells.Outputs(
            "await Task.Run(() => Console.Write(\"task \"));\nvar t = new System.Threading.Thread(() => Console.Write(\"thread\")); t.Start(); t.Join();");
        Assert.Equal(new StreamOutput("stdout", "task thread"), Assert.Single(outputs));
    }

    [Fact]
    public async Task Html_is_shown_raw()
    {
        Assert.Equal("<b>bold</b>", (await Cells.Shown("HTML(\"<b>bold</b>\")")).Text("text/html"));
        Assert.Equal("<i>x</i>", (await Cells.Shown("display(HTML(\"<i>x</i>\"));")).Text("text/html"));
    }

    [Fact]
    public async Task Display_takes_a_format_and_DisplayAs_passes_text_through()
    {
        var plain = await Cells.Shown("new[] { 1, 2 }.Display(\"text/plain\");");
        Assert.Equal(["text/plain"], plain.Data.Select(d => d.Key));

        var markdown = await Cells.Shown("using Microsoft.DotNet.Interactive.Formatting;\n\"*hi*\".DisplayAs(\"text/markdown\");");
        Assert.Equal("*hi*", markdown.Text("text/markdown"));
    }

    [Fact]
    public async Task A_displayed_value_is_updated_in_place_even_from_a_later_cell()
    {
        var result = await Cells.Run("var shown = display(\"old\");\nConsole.Write(\"after\");", "shown.Update(\"new\");");

        Assert.True(result.Success, result.Failure?.Message);
        Assert.Equal("new", Assert.IsType<DisplayOutput>(result.Executed.Cells[0].Outputs[0]).Text("text/plain"));
        Assert.Equal(2, result.Executed.Cells[0].Outputs.Count);
        Assert.Empty(result.Executed.Cells[1].Outputs);
    }

    [Fact]
    public async Task A_displayed_value_as_last_expression_is_shown_once()
    {
        Assert.Equal("x", (await Cells.Shown("display(\"x\")")).Text("text/plain"));
    }

    [Fact]
    public async Task A_type_brings_its_formats_by_an_attribute_known_by_name()
    {
        var shown = await Cells.Shown(
            """
            public class TypeFormatterSourceAttribute : Attribute
            {
                public TypeFormatterSourceAttribute(Type t) => FormatterSourceType = t;
                public Type FormatterSourceType { get; }
                public string[] PreferredMimeTypes { get; set; } = new[] { "text/html" };
            }
            public class Source
            {
                public IEnumerable<object> CreateTypeFormatters() => new object[] { new Html(), new Plain() };
            }
            public class Html
            {
                public string MimeType => "text/html";
                public bool Format(object o, System.IO.TextWriter w) { w.Write("<svg>chart</svg>"); return true; }
            }
            public class Plain
            {
                public string MimeType => "text/plain";
                public bool Format(object o, System.IO.TextWriter w) { w.Write("a chart"); return true; }
            }
            [TypeFormatterSource(typeof(Source))]
            public class Chart { }
            new Chart()
            """);
        Assert.Equal("<svg>chart</svg>", shown.Text("text/html"));
        Assert.Equal("a chart", shown.Text("text/plain"));
    }

    [Fact]
    public async Task A_formatter_that_throws_fails_its_cell()
    {
        var failure = await Cells.Failure(
            "using Microsoft.DotNet.Interactive.Formatting;\npublic class Bad { }\nFormatter.Register<Bad>((b, w) => throw new NotSupportedException(\"no picture\"), \"text/html\");\nnew Bad()");
        Assert.Contains("no picture", string.Join('\n', failure.Failure.Traceback), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_level_await_works_and_state_passes_between_cells()
    {
        var shown = await Cells.Shown(
            "using System.Globalization;\nasync Task<int> Later(int x) { await Task.Delay(1); return x + 1; }",
            "var y = await Later(1);",
            "(y * 100).ToString(CultureInfo.InvariantCulture)");
        Assert.Equal("200", shown.Text("text/plain"));
    }

    [Fact]
    public async Task Cells_redeclare_share_anonymous_types_and_survive_cells_without_code()
    {
        var shown = await Cells.Shown(
            "var x = 1; var pair = new { A = 1, B = \"b\" };",
            "// only a comment",
            "using System.Globalization;",
            "var x = \"two\"; var other = new { A = 2, B = \"c\" }; record Point(int X);",
            "#!time",
            "enum Colour { Red }\nvar all = new[] { pair, other }; Point p = new(3); dynamic d = p;",
            "$\"{x} {all.Sum(v => v.A)} {d.X} {Colour.Red} {CultureInfo.InvariantCulture.Name.Length}\"");
        Assert.Equal("two 3 3 Red 0", shown.Text("text/plain"));
    }

    [Fact]
    public async Task Nullable_warnings_and_unused_variables_do_not_stop_a_cell()
    {
        Assert.Empty(await Cells.Outputs("string s = null; int unused; async Task<int> NoAwait() { return 1; }"));
    }

    [Fact]
    public async Task Many_cells_run_in_one_notebook()
    {
        var cells = Enumerable.Range(0, 40).Select(i => i == 0 ? "int n = 0;" : "n++;").Append("n.ToString()").ToArray();
        Assert.Equal("39", (await Cells.Shown(cells)).Text("text/plain"));
    }

    [Fact]
    public async Task A_cell_that_fails_in_the_middle_keeps_what_it_assigned()
    {
        using var session = new ScriptSession("session.ipynb");
        var sink = new Heard();
        var token = TestContext.Current.CancellationToken;
        Assert.True((await session.ExecuteAsync("int x = 1;", sink, token)).Success);
        Assert.False((await session.ExecuteAsync("x = 2; int y = 3; throw new Exception();", sink, token)).Success);
        Assert.False((await session.ExecuteAsync("this does not parse", sink, token)).Success);
        Assert.True((await session.ExecuteAsync("$\"{x} {y}\"", sink, token)).Success);
        Assert.Equal("2 3", Assert.Single(sink.Results)["text/plain"]);
        Assert.Equal(4, session.ExecutionCount);
    }

    [Fact]
    public async Task Notebooks_that_run_at_once_do_not_mix_their_output()
    {
        static string Code(string s) => $"for (int i = 0; i < 40; i++) {{ Console.Write(\"{s}\"); await Task.Delay(1); }}";
        var runs = await Task.WhenAll(Cells.Run(Code("a")), Cells.Run(Code("b")));
        Assert.Equal(new StreamOutput("stdout", new string('a', 40)), Assert.Single(runs[0].Executed.Cells[0].Outputs));
        Assert.Equal(new StreamOutput("stdout", new string('b', 40)), Assert.Single(runs[1].Executed.Cells[0].Outputs));
    }

    [Fact]
    public async Task A_cell_cannot_fill_the_memory_with_its_output()
    {
        var runner = new NotebookRunner(new NotebookRunOptions { MaxStreamCharacters = 100 });
        var result = await runner.RunAsync(Cells.Of("for (int i = 0; i < 1000; i++) Console.WriteLine(i);"), TestContext.Current.CancellationToken);
        var text = Assert.IsType<StreamOutput>(Assert.Single(result.Executed.Cells[0].Outputs)).Text;
        Assert.True(text.Length < 200, text);
        Assert.Contains("output cut", text, StringComparison.Ordinal);
    }

    private sealed class Heard : IOutputSink
    {
        public List<IReadOnlyDictionary<string, string>> Results { get; } = [];

        public void Stream(string name, string text) { }

        public void Display(IReadOnlyDictionary<string, string> data, string displayId) { }

        public void Update(IReadOnlyDictionary<string, string> data, string displayId) { }

        public void Result(IReadOnlyDictionary<string, string> data) => Results.Add(data);

        public void Error(CellFailure failure) { }
    }
}
