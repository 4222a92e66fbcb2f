using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Turning;

public sealed class KnobTests
{
    [Fact]
    public void A_knob_takes_its_name_from_the_variable_that_it_turns()
    {
        int degree = 4;
        string method = "free nodes";
        bool full = false;
        Assert.Equal("degree = 4", Knob.Range(degree, 1, 8, "highest degree").ToString());
        Assert.Equal("method", Knob.Choice(method, ["compressed", "free nodes"], "how").Name);
        Assert.Equal("false or true", Knob.Switch(full, "everything").Allowed);
        double length = 0.25;
        Assert.Equal("length = 0.25 cm", Knob.Range(length, 0, 1, "of a side", unit: "cm").ToString());
        var e = Assert.Throws<ArgumentException>(() => Knob.Range(2 * degree, 1, 8, "twice"));
        Assert.Contains("'2 * degree' is no variable", e.Message);
        Assert.Equal("twice", Knob.Range(2 * degree, 1, 8, "twice the degree", name: "twice").Name);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(8.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_value_outside_is_named_with_the_range_and_the_remedy(double steepness)
    {
        var e = Assert.Throws<ArgumentException>(() => Knob.Range(steepness, 0.5, 8, "how steep", unit: "1/m"));
        Assert.Contains("steepness = " + KnobText.Of(steepness), e.Message);
        Assert.Contains("a number from 0.5 to 8 1/m", e.Message);
        Assert.Contains("parameters cell (or in -p steepness=...)", e.Message);
    }

    [Fact]
    public void Both_ends_of_a_range_are_inside()
    {
        foreach (int degree in new[] { 1, 8 }) Assert.Equal(degree, Knob.Range(degree, 1, 8, "degree").Value);
    }

    [Fact]
    public void A_choice_that_is_none_is_named_with_the_choices()
    {
        string method = "kmeans ";
        var e = Assert.Throws<ArgumentException>(() => Knob.Choice(method, ["k-means", "compressed"], "how"));
        Assert.Contains("method = 'kmeans ' is not possible: it must be 'k-means' or 'compressed'", e.Message);
        Assert.Contains("at least two", Assert.Throws<ArgumentException>(() => Knob.Choice(method, [method], "how")).Message);
        Assert.Contains("at least two", Assert.Throws<ArgumentException>(() => Knob.Choice(method, [method, method], "how")).Message);
    }

    [Fact]
    public void Impossible_declarations_are_refused()
    {
        int degree = 4;
        Assert.Contains("run upwards", Assert.Throws<ArgumentException>(() => Knob.Range(degree, 8, 1, "degree")).Message);
        double x = 1;
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => Knob.Range(x, 0, double.NaN, "x")).Message);
        Assert.Contains("meaning", Assert.Throws<ArgumentException>(() => Knob.Range(degree, 1, 8, " ")).Message);
        Assert.Contains("The stop 9 of 'degree' is outside 1 to 8", Assert.Throws<ArgumentException>(() => Knob.Range(degree, 1, 8, "degree", stops: [2, 9])).Message);
        Assert.Throws<ArgumentException>(() => Knobs.Of());
        var twice = Assert.Throws<ArgumentException>(() => Knobs.Of(Knob.Range(degree, 1, 8, "a"), Knob.Range(degree, 1, 9, "b")));
        Assert.Contains("'degree'", twice.Message);
    }

    [Fact]
    public void Stops_are_all_whole_numbers_where_few_and_ratios_where_the_range_is_wide()
    {
        int degree = 4, budget = 123, count = 3;
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Knob.Range(degree, 1, 8, "degree").Stops);
        // Ratios of 10^(1/2), rounded to two digits, with the value among them.
        Assert.Equal([10, 32, 100, 123, 320, 1000, 3200, 10_000, 32_000, 100_000], Knob.Range(budget, 10, 100_000, "budget").Stops);
        Assert.Equal([0, 3, 12, 25, 38, 50, 62, 75, 88, 100], Knob.Range(count, 0, 100, "count").Stops);
        double share = 0.5;
        Assert.Equal([-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1], Knob.Range(share, -1, 1, "share").Stops);
        Assert.Equal([1, 3], Knob.Range(count, 1, 9, "count", stops: [1]).Stops);
        double rate = 1;
        Assert.Equal([1e-300, 5.6e-226, 3.2e-151], Knob.Range(rate, 1e-300, 1e298, "rate").Stops.Take(3).Select(s => double.Parse(s.ToString("G3"))));
    }

    /// <summary>Whatever the range, stops lie inside, ascend, differ, and hold both ends and the value.</summary>
    [Theory]
    [InlineData(-1e300, 1e300, 0)]
    [InlineData(1e-300, 1e300, 1)]
    [InlineData(0.1, 0.1000001, 0.10000005)]
    [InlineData(-3, -1, -2)]
    [InlineData(0, 5e-324, 0)]
    public void Stops_are_sound_in_hard_ranges(double min, double max, double value)
    {
        IReadOnlyList<double> stops = Knob.Range(value, min, max, "any").Stops;
        Assert.Equal(min, stops[0]);
        Assert.Equal(max, stops[^1]);
        Assert.Contains(value, stops);
        Assert.Equal(stops.Distinct().Order(), stops);
    }

    [Fact]
    public void Stops_are_sound_at_the_ends_of_whole_numbers()
    {
        long value = 0;
        IReadOnlyList<long> stops = Knob.Range(value, -(1L << 60), 1L << 60, "any").Stops;
        Assert.Equal((-(1L << 60), 1L << 60), (stops[0], stops[^1]));
        Assert.Equal(stops.Distinct().Order(), stops);
    }

    [Fact]
    public void Knobs_show_a_table_in_text_and_html()
    {
        int degree = 4;
        string method = "a<b";
        Knobs knobs = Knobs.Of(Knob.Range(degree, 1, 8, "highest degree"), Knob.Choice(method, ["a<b", "c"], "how"));
        string[] lines = knobs.ToString().Split('\n');
        Assert.Matches("^knob +value +range +what it does$", lines[0]);
        Assert.Matches("^degree +4 +1 to 8 +highest degree$", lines[2]);
        Assert.Contains("-p name=value", lines[^1]);
        Assert.Contains("a&lt;b or c", knobs.ToHtml());
        Assert.Equal(knobs.ToHtml(), Microsoft.DotNet.Interactive.Formatting.Formatter.ToDisplayString(knobs, "text/html"));
    }

    [Fact]
    public async Task In_a_notebook_a_parameter_from_outside_turns_the_knob_or_is_refused()
    {
        string library = typeof(Knob).Assembly.Location.Replace('\\', '/');
        var notebook = new Notebook();
        notebook.Cells.Add(new NotebookCell(CellKind.Code, $"#r \"{library}\"\nusing ResearchKit.Notebooks;", "setup"));
        notebook.Cells.Add(new NotebookCell(CellKind.Code, "// parameters\nint degree = 4;   // highest degree", "parameters"));
        notebook.Cells.Add(new NotebookCell(CellKind.Code, "var k = Knob.Range(degree, 1, 8, \"highest degree\");\nKnobs.Of(k).ToString()", "knobs"));
        async Task<NotebookRunResult> Run(string value) => await new NotebookRunner(new NotebookRunOptions { Parameters = new Dictionary<string, string> { ["degree"] = value } })
            .RunAsync(notebook, TestContext.Current.CancellationToken);

        NotebookRunResult turned = await Run("7");
        Assert.Null(turned.Failure);
        Assert.Matches("degree +7 +1 to 8", turned.Executed.Cells.Single(c => c.Id == "knobs").Outputs.OfType<DisplayOutput>().Single().Text("text/plain"));
        NotebookRunResult refused = await Run("9");
        Assert.Contains("degree = 9 is not possible: it must be a whole number from 1 to 8.", refused.Failure!.Failure.Message);
    }
}
