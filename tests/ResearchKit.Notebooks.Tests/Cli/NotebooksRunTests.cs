namespace ResearchKit.Notebooks.Tests.Cli;

/// <summary>The real engine behind `notebooks run` and `reproduce`.</summary>
[Collection(CliCollection.Name)]
public class NotebooksRunTests
{
    [Fact]
    public async Task Runs_with_parameters_and_writes_page_and_notebook()
    {
        using var cli = new CliHarness();
        cli.MakeClone();
        cli.WriteNotebook("demo", ["// parameters\nint d = 3;", "d * 7"]);
        CliResult result = await cli.RunAsync("notebooks", "run", "notebooks/demo.ipynb", "--param", "d=6", "--output", "out");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("42", File.ReadAllText(cli.Path("out", "demo.ipynb")));
        Assert.Contains("42", File.ReadAllText(cli.Path("out", "demo.html")));
        Assert.True(File.Exists(cli.Path("environment", "lib", "ResearchKit.Notebooks.dll")));
    }

    [Fact]
    public async Task Failing_cell_is_shown_with_line_and_caret()
    {
        using var cli = new CliHarness();
        cli.MakeClone();
        cli.WriteNotebook("bad", ["int a = 1;", "int b = 2;\nint c = b + undefinedName;"]);
        CliResult result = await cli.RunAsync("notebooks", "run", "notebooks/bad.ipynb", "--output", "out");
        Assert.Equal(1, result.Code);
        Assert.Contains("bad.ipynb, cell 3, line 2", result.Error);
        Assert.Contains("int c = b + undefinedName;", result.Error);
        Assert.Contains("^", result.Error);
        Assert.DoesNotContain("   at ResearchKit", result.Error);
        Assert.True(File.Exists(cli.Path("out", "bad.html")));
    }

    [Fact]
    public async Task Timeout_stops_a_notebook()
    {
        using var cli = new CliHarness();
        cli.MakeClone();
        cli.WriteNotebook("slow", ["await System.Threading.Tasks.Task.Delay(60000);"]);
        CliResult result = await cli.RunAsync("notebooks", "run", "notebooks", "--timeout", "0.5", "--output", "out");
        Assert.Equal(1, result.Code);
        Assert.Contains("--timeout allows", result.Error);
    }

    [Theory]
    [InlineData("notebooks/dmeo.ipynb", "Did you mean 'demo.ipynb'?")]
    [InlineData("empty", "holds no notebook")]
    [InlineData("broken.ipynb", "broken.ipynb")]
    public async Task Bad_path_is_named(string path, string message)
    {
        using var cli = new CliHarness();
        cli.MakeClone();
        cli.WriteNotebook("demo", ["1"]);
        cli.Write("broken.ipynb", "{ not json");
        Directory.CreateDirectory(cli.Path("empty"));
        CliResult result = await cli.RunAsync("notebooks", "run", path);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public async Task Executed_copy_never_replaces_the_notebook()
    {
        using var cli = new CliHarness();
        cli.MakeClone();
        string path = cli.WriteNotebook("demo", ["1"]);
        string before = File.ReadAllText(path);
        Assert.Equal(2, (await cli.RunAsync("notebooks", "run", "notebooks/demo.ipynb", "--output", "notebooks")).Code);
        Assert.Equal(before, File.ReadAllText(path));
    }

    [Fact]
    public async Task Reproduce_collects_claims_that_a_notebook_records_through_its_own_reference()
    {
        using var cli = new CliHarness();
        cli.MakeClone();
        cli.WriteNotebook("fig2", ["#r \"../environment/lib/ResearchKit.Notebooks.dll\"\nusing ResearchKit.Notebooks;", "Claims.Check(\"slope\", \"the error falls\", \"-2.5\", \"-2.4\", \"0.2\", true)"], """{ "figures": ["fig2"] }""");
        CliResult result = await cli.RunAsync("reproduce");
        Assert.Equal(("", 0), (result.Error, result.Code));
        Assert.Contains("The one check holds in 1 notebook.", result.Out);
        Assert.Contains("&#10003; holds", File.ReadAllText(cli.Path("notebooks", "report", "fig2.html")));
        Assert.True(new FileInfo(cli.Path("notebooks", "report", "plotly.min.js")).Length > 1_000_000);
    }
}
