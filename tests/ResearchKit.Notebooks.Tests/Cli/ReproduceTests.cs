using System.Text.Json.Nodes;
using ResearchKit.Cli;

namespace ResearchKit.Notebooks.Tests.Cli;

[Collection(CliCollection.Name)]
public class ReproduceTests
{
    private static readonly NotebookOutcome Ok = new(NotebookStatus.Succeeded, 1.5);

    private static CliHarness Clone(FakeExecutor executor)
    {
        var cli = new CliHarness { Executor = executor };
        cli.MakeClone();
        cli.WriteNotebook("01-start", ["1"], """{ "demo": true }""");
        cli.WriteNotebook("02-error", ["// parameters\nbool full = false;\nint d = 100;", "2"], """{ "figures": ["fig2"], "claims": ["slope"], "seconds": { "quick": 20, "full": 7200 } }""");
        cli.WriteNotebook("03-data", ["3"], """{ "figures": ["fig3"] }""");
        return cli;
    }

    private static NotebookOutcome Record(NotebookJob job, bool holds = true)
    {
        string name = Path.GetFileNameWithoutExtension(job.Source);
        if (name == "02-error") Claims.Check("slope", "the error falls <fast>", "-2.5", "-2.4", "0.2", holds);
        if (name == "03-data") Claims.Check("mse", "the loss is kept", "0.03", "0.03", "10%", true);
        return Ok;
    }

    [Fact]
    public async Task All_holding_is_success_with_a_report()
    {
        var executor = new FakeExecutor(job => Record(job));
        using CliHarness cli = Clone(executor);
        CliResult result = await cli.RunAsync("reproduce");
        Assert.Equal(0, result.Code);
        Assert.Contains("3 notebooks in quick mode; about 2", result.Out);
        Assert.Contains("All 2 checks hold in 3 notebooks.", result.Out);
        string index = File.ReadAllText(cli.Path("notebooks", "report", "index.html"));
        Assert.Contains("the error falls &lt;fast&gt;", index);
        Assert.Contains("href=\"02-error.html\"", index);
        Assert.DoesNotContain("http-equiv", index);
        JsonNode json = JsonNode.Parse(File.ReadAllText(cli.Path("notebooks", "report", RunTimes.FileName)))!;
        Assert.True(json["holds"]!.GetValue<bool>());
        Assert.Equal(3, json["notebooks"]!.AsArray().Count);
        Assert.True(File.Exists(cli.Path("environment", "lib", "ResearchKit.Notebooks.dll")));
        Assert.Empty(Directory.GetFiles(cli.Path("notebooks", "report"), "*.tmp"));
        Assert.Equal(("index.html", "03-data.html"), (executor.Jobs[1].Home!.Href, executor.Jobs[1].Next!.Href));

        // The measured times are the next estimate.
        Assert.Contains("about 4.5 s", (await cli.RunAsync("reproduce")).Out);
    }

    [Fact]
    public async Task Failing_verdict_fails()
    {
        using CliHarness cli = Clone(new FakeExecutor(job => Record(job, holds: false)));
        CliResult result = await cli.RunAsync("reproduce");
        Assert.Equal(1, result.Code);
        Assert.Contains("1 of 2 recorded checks fail", result.Out);
        Assert.Contains("FAILS", result.Out);
    }

    [Fact]
    public async Task Failing_notebook_keeps_the_others_and_fails()
    {
        var problem = new CellProblem(3, 2, "DivideByZeroException", "Attempted to divide by zero.", "  2 | 1 / z\n    |   ^");
        using CliHarness cli = Clone(new FakeExecutor(job => job.Source.Contains("02", StringComparison.Ordinal) ? new(NotebookStatus.Failed, 1, problem) : Record(job)));
        CliResult result = await cli.RunAsync("reproduce");
        Assert.Equal(1, result.Code);
        Assert.Contains("cell 3, line 2: DivideByZeroException", result.Error);
        Assert.Contains("1 / z", result.Error);
        string index = File.ReadAllText(cli.Path("notebooks", "report", "index.html"));
        Assert.Contains("the loss is kept", index);
        Assert.Contains("DivideByZeroException", index);
        Assert.Contains("absent", index);
    }

    [Fact]
    public async Task Engine_exception_counts_as_that_notebooks_failure()
    {
        using CliHarness cli = Clone(new FakeExecutor(job => job.Source.Contains("03", StringComparison.Ordinal) ? throw new InvalidOperationException("engine broke") : Record(job)));
        CliResult result = await cli.RunAsync("reproduce");
        Assert.Equal(1, result.Code);
        Assert.Contains("engine broke", File.ReadAllText(cli.Path("notebooks", "report", "index.html")));
    }

    [Fact]
    public async Task Silent_notebook_is_absent_not_success()
    {
        using CliHarness cli = Clone(new FakeExecutor(_ => Ok));
        CliResult result = await cli.RunAsync("reproduce");
        Assert.Equal(1, result.Code);
        Assert.Contains("2 expected checks are absent", result.Out);
    }

    [Fact]
    public async Task Damaged_record_is_a_failure()
    {
        using CliHarness cli = Clone(new FakeExecutor(job =>
        {
            if (job.Source.Contains("02", StringComparison.Ordinal))
                File.AppendAllText(Environment.GetEnvironmentVariable(Claims.FileVariable)!, "{ torn\n");
            return Record(job);
        }));
        Assert.Equal(1, (await cli.RunAsync("reproduce")).Code);
    }

    [Theory]
    [InlineData("fig2", "02-error")]
    [InlineData("FIG3", "03-data")]
    [InlineData("start", "01-start")]
    public async Task Only_selects_by_tag_or_name(string pattern, string name)
    {
        var executor = new FakeExecutor(job => Record(job));
        using CliHarness cli = Clone(executor);
        CliResult result = await cli.RunAsync("reproduce", "--only", pattern);
        Assert.Equal(0, result.Code);
        Assert.Equal(name, Path.GetFileNameWithoutExtension(Assert.Single(executor.Jobs).Source));
    }

    [Fact]
    public async Task Only_without_match_lists_what_there_is()
    {
        using CliHarness cli = Clone(new FakeExecutor(_ => Ok));
        CliResult result = await cli.RunAsync("reproduce", "--only", "fig4");
        Assert.Equal(2, result.Code);
        Assert.Contains("Did you mean 'fig2' or 'fig3'?", result.Error);
        Assert.Contains("02-error", result.Error);
    }

    [Fact]
    public async Task Full_goes_to_notebooks_that_know_it()
    {
        var executor = new FakeExecutor(job => Record(job));
        using CliHarness cli = Clone(executor);
        CliResult result = await cli.RunAsync("reproduce", "--full", "--param", "d=7", "--output", "out");
        Assert.Equal(0, result.Code);
        Assert.Empty(executor.Jobs[0].Parameters);
        Assert.Equal("true", executor.Jobs[1].Parameters["full"]);
        Assert.Equal("7", executor.Jobs[1].Parameters["d"]);
        Assert.Contains("2.0 h", result.Out);
        Assert.True(File.Exists(cli.Path("out", "index.html")));
    }

    [Theory]
    [InlineData("dd=7", "Did you mean 'd'?")]
    [InlineData("nonsense", "name=value")]
    [InlineData("d=many", "expects an int")]
    public async Task Unknown_parameter_is_an_error_before_anything_runs(string parameter, string message)
    {
        var executor = new FakeExecutor(_ => Ok);
        using CliHarness cli = Clone(executor);
        CliResult result = await cli.RunAsync("reproduce", "--param", parameter);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
        Assert.Empty(executor.Jobs);
    }

    [Fact]
    public async Task Cancelling_leaves_a_partial_report_that_says_so()
    {
        using var source = new CancellationTokenSource();
        using CliHarness cli = Clone(new FakeExecutor(job =>
        {
            if (!job.Source.Contains("02", StringComparison.Ordinal)) return Record(job);
            source.Cancel();
            return new NotebookOutcome(NotebookStatus.Cancelled, 0.5);
        }));
        CliResult result = await cli.RunAsync(source.Token, "reproduce");
        Assert.Equal(130, result.Code);
        string index = File.ReadAllText(cli.Path("notebooks", "report", "index.html"));
        Assert.Contains("Cancelled: 2 of 3 notebooks did not finish", index);
        Assert.Contains("not run", index);
    }

    [Fact]
    public async Task Outside_a_clone_says_so()
    {
        using var cli = new CliHarness();
        // The test assembly lies inside a clone, which the search falls back to; so ask the repository directly.
        var context = new CliContext { Out = null!, Error = null!, WorkingDirectory = cli.Root, BaseDirectory = cli.Root };
        Assert.Contains("clone", Assert.Throws<CliException>(() => Repository.Require(context)).Remedy);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Output_that_is_a_file_or_the_notebooks_themselves_is_refused()
    {
        using CliHarness cli = Clone(new FakeExecutor(_ => Ok));
        cli.Write("taken", "");
        Assert.Equal(2, (await cli.RunAsync("reproduce", "--output", "taken")).Code);
        CliResult same = await cli.RunAsync("reproduce", "--output", "notebooks");
        Assert.Equal(2, same.Code);
        Assert.Contains("would replace", same.Error);
    }
}
