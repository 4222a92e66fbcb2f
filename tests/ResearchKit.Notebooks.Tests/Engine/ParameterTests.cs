using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Engine;

/// <summary>Parameters by papermill's convention.</summary>
public class ParameterTests
{
    private const string Declared =
        """
        // parameters
        int seed = 7;             // the seed
        long many = 10;
        double rate = 0.5;
        float narrow = 1f;
        decimal money = 1m;
        bool quick = true;
        // Who it is for.
        string name = "Ada";
        int[] sizes = { 1, 2 };
        double[] levels = new[] { 0.5 };
        var inferred = 1e-3;
        var names = new[] { "x" };
        int? maybe = null;
        const int Fixed = 3;
        System.DateTime when = System.DateTime.Now;
        """;

    [Theory]
    [InlineData("seed", "42", "seed", "42")]
    [InlineData("seed", "1e5", "seed", "100000")]
    [InlineData("seed", "-10_000", "seed", "-10000")]
    [InlineData("many", "5000000000", "many", "5000000000")]
    [InlineData("rate", "3", "rate / 2", "1.5")]
    [InlineData("rate", "1e-300", "rate", "1E-300")]
    [InlineData("narrow", "0.25", "narrow", "0.25")]
    [InlineData("money", "0.10", "money", "0.10")]
    [InlineData("quick", "false", "quick", "False")]
    [InlineData("name", "a \"b\" \\ {c} ü", "name", "a \"b\" \\ {c} ü")]
    [InlineData("name", "\"quoted\\t\"", "name", "quoted\t")]
    [InlineData("name", "", "name.Length", "0")]
    [InlineData("name", "a=b", "name", "a=b")]
    [InlineData("sizes", "[1, 2,3]", "string.Join('+', sizes)", "1+2+3")]
    [InlineData("sizes", "[]", "sizes.Length", "0")]
    [InlineData("levels", "[1,2.5]", "levels.Sum()", "3.5")]
    [InlineData("inferred", "2", "inferred / 4", "0.5")]
    [InlineData("names", "[a, \"b,c\"]", "string.Join('|', names)", "a|b,c")]
    [InlineData("maybe", "4", "maybe + 1", "5")]
    [InlineData("maybe", "null", "maybe.HasValue", "False")]
    public async Task A_value_of_each_type_reaches_the_cells(string parameter, string value, string expression, string expected)
    {
        var options = new NotebookRunOptions { Parameters = [NotebookParameters.ParseAssignment($"{parameter}={value}")] };
        var result = await new NotebookRunner(options).RunAsync(
            Cells.Of(Declared, Show(expression)),
            TestContext.Current.CancellationToken);
        Assert.True(result.Success, result.Failure?.Message);
        Assert.Equal(expected, Assert.IsType<DisplayOutput>(Assert.Single(result.Executed.Cells[^1].Outputs)).Text("text/plain"));
    }

    private static string Show(string expression) =>
        $"Convert.ToString((object)({expression}), System.Globalization.CultureInfo.InvariantCulture)";

    [Fact]
    public async Task The_injected_cell_follows_the_parameters_and_is_tagged()
    {
        var options = new NotebookRunOptions { Parameters = [new("seed", "3"), new("quick", "false")] };
        var result = await new NotebookRunner(options).RunAsync(Cells.Of("var before = 0;", Declared, "seed"), TestContext.Current.CancellationToken);

        var injected = result.Executed.Cells[2];
        Assert.Equal(["injected-parameters"], injected.Tags);
        Assert.Equal("// injected parameters\nseed = 3;\nquick = false;", injected.Source);
        var html = HtmlExporter.Export(result.Executed);
        Assert.Contains("Parameters of this run", html, StringComparison.Ordinal);

        // Running what was executed again replaces the injected cell: the runs do not pile up.
        var again = NotebookParameters.Apply(result.Executed, [new("seed", "4")]);
        Assert.Equal("// injected parameters\nseed = 4;", Assert.Single(again.Cells, c => c.Tags.Contains("injected-parameters")).Source);
    }

    [Fact]
    public async Task Cell_numbers_in_errors_are_the_author_s()
    {
        var options = new NotebookRunOptions { Parameters = [new("seed", "0")] };
        var result = await new NotebookRunner(options).RunAsync(Cells.Of(Declared, "var x = 1 / seed;"), TestContext.Current.CancellationToken);
        Assert.Equal(2, result.Failure?.CellNumber);
        Assert.Equal("id-2", result.Failure?.CellId);
    }

    [Fact]
    public void A_tagged_cell_needs_no_comment()
    {
        var notebook = Cells.Of("int a = 1;", "int b = 2;");
        notebook.Cells[1].Metadata["tags"] = new System.Text.Json.Nodes.JsonArray("parameters");
        Assert.Equal("int b = 2", Assert.Single(NotebookParameters.Find(notebook)).ToString());
    }

    [Fact]
    public void Parameters_are_listed_with_types_defaults_and_comments()
    {
        var found = NotebookParameters.Find(Cells.Of(Declared)).ToDictionary(p => p.Name);
        Assert.Equal(14, found.Count);
        Assert.Equal("the seed", found["seed"].Description);
        Assert.Equal("Who it is for.", found["name"].Description);
        Assert.Equal("", found["many"].Description);
        Assert.Equal("double", found["inferred"].TypeName);
        Assert.Equal("string[]", found["names"].TypeName);
        Assert.Equal("{ 1, 2 }", found["sizes"].Default);
    }

    [Theory]
    [InlineData("sed", "1", "no parameter 'sed'", "int seed = 7")]
    [InlineData("seed", "1.5", "'seed'", "expects an int, but '1.5' is not one. Its default is 7")]
    [InlineData("seed", "3000000000", "'seed'", "expects an int")]
    [InlineData("seed", "seven", "'seven'", "expects an int")]
    [InlineData("rate", "0,5", "'rate'", "expects a double, but '0,5'")]
    [InlineData("rate", "1e999", "'rate'", "expects a double")]
    [InlineData("quick", "yes", "'quick'", "expects a bool (true or false)")]
    [InlineData("sizes", "[1, x]", "'sizes'", "expects a int[] written [a, b, c]")]
    [InlineData("sizes", "1", "'sizes'", "written [a, b, c]")]
    [InlineData("Fixed", "1", "'Fixed'", "const or readonly")]
    [InlineData("when", "2020-01-01", "'when'", "System.DateTime, which cannot be set")]
    public void What_does_not_fit_is_refused_by_name(string name, string value, params string[] parts)
    {
        var error = Assert.Throws<NotebookParameterException>(() => NotebookParameters.Apply(Cells.Of(Declared), [new(name, value)]));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Contains("cells.ipynb", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_cannot_smuggle_code()
    {
        var notebook = NotebookParameters.Apply(Cells.Of(Declared), [new("name", "\"; System.Environment.Exit(3); //")]);
        Assert.Equal("// injected parameters\nname = \"\\\"; System.Environment.Exit(3); //\";", notebook.Cells[1].Source);
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("=3")]
    [InlineData("a b=3")]
    public void What_is_no_assignment_is_refused(string text) =>
        Assert.Contains("name=value", Assert.Throws<NotebookParameterException>(() => NotebookParameters.ParseAssignment(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_notebook_without_parameters_says_so() =>
        Assert.Contains("has no parameters", Assert.Throws<NotebookParameterException>(() => NotebookParameters.Apply(Cells.Of("var x = 1;"), [new("x", "2")])).Message, StringComparison.Ordinal);
}
