using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ResearchKit.Cli;
using ResearchKit.Notebooks.Tests.Cli;

namespace ResearchKit.Notebooks.Tests.Serve;

/// <summary>The command: what it refuses, and what a run does to the report.</summary>
[Collection(CliCollection.Name)]
public class ServeCommandTests
{
    [Fact]
    public async Task A_missing_report_a_bad_port_and_a_taken_one_say_what_to_do()
    {
        using CliHarness cli = Clone(_ => new(NotebookStatus.Succeeded, 1));
        CliResult result = await cli.RunAsync("serve", "--no-open");
        Assert.Equal(ExitCodes.BadInput, result.Code);
        Assert.Contains("no report", result.Error);
        Assert.Contains("researchkit reproduce", result.Error);

        await cli.RunAsync("reproduce");
        result = await cli.RunAsync("serve", "--no-open", "--port", "70000");
        Assert.Equal(ExitCodes.BadInput, result.Code);
        Assert.Contains("--port is 70000; it must be between 1 and 65535", result.Error);
        Assert.Contains("--port got 'x'", (await cli.RunAsync("serve", "--port", "x")).Error);

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString();
        result = await cli.RunAsync("serve", "--no-open", "--port", port);
        Assert.Equal(ExitCodes.BadInput, result.Code);
        Assert.Contains($"Port {port} cannot be used", result.Error);
        Assert.Contains("another --port", result.Error);

        cli.Write("notebooks/report/results.json", "{\"notebooks\": 7}");
        Assert.Contains("researchkit reproduce", (await cli.RunAsync("serve", "--no-open")).Error);
    }

    [Fact]
    public async Task Cancelled_it_stops_and_says_so()
    {
        using CliHarness cli = Clone(_ => new(NotebookStatus.Succeeded, 1));
        await cli.RunAsync("reproduce");
        using var interrupt = new CancellationTokenSource();
        Task<CliResult> serving = cli.RunAsync(interrupt.Token, "serve", "--no-open");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await interrupt.CancelAsync();
        CliResult result = await serving.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(("", ExitCodes.Ok), (result.Error, result.Code));
        Assert.Matches("http://127.0.0.1:[0-9]+/[?]token=[0-9a-f]{48}", result.Out);
        Assert.Contains("Stopped.", result.Out);
    }

    [Fact]
    public async Task A_notebook_run_again_changes_its_own_rows_and_keeps_the_others()
    {
        NotebookStatus next = NotebookStatus.Succeeded;
        var cellsSeen = new List<int>();
        using CliHarness cli = Clone(job => new(Path.GetFileName(job.Source)[..2] == "00" ? next : NotebookStatus.Succeeded, 2,
            next == NotebookStatus.Failed ? new(1, 2, "SomeException", "what went wrong", "here ^") : null));
        await cli.RunAsync("reproduce", "--param", "seed=7");
        string folder = cli.Path("notebooks", "report");
        string before = Comparable(folder);
        ReportModel report = SavedReport.Load(folder, cli.Path("notebooks"));
        Assert.Equal("7", report.Parameters["seed"]);
        Assert.True(report.Finished);

        // Failed: the report says so, in the words of a run of everything.
        next = NotebookStatus.Failed;
        await AgainAsync(cli, report, cellsSeen);
        string failed = File.ReadAllText(Path.Combine(folder, "index.html"));
        Assert.Contains("what went wrong", failed);
        Assert.Contains("here ^", failed);
        Assert.Contains("last run again", failed);
        Assert.Equal([1, 2, 3, 4], cellsSeen);

        // Cancelled: nothing changes, the pages included.
        string page = Path.Combine(folder, "00-a.html");
        File.WriteAllText(page, "the earlier page");
        next = NotebookStatus.Cancelled;
        await AgainAsync(cli, report, []);
        Assert.Equal(failed, File.ReadAllText(Path.Combine(folder, "index.html")));
        Assert.Equal("the earlier page", File.ReadAllText(page));
        Assert.Equal(RunState.Failed, report.Runs[0].State);

        // Read back and mended: as if it had never failed.
        next = NotebookStatus.Succeeded;
        await AgainAsync(cli, SavedReport.Load(folder, cli.Path("notebooks")), []);
        Assert.Equal(before, Comparable(folder));
    }

    private static Task AgainAsync(CliHarness cli, ReportModel report, List<int> cells)
    {
        var context = new CliContext { Out = Spectre.Console.AnsiConsole.Create(new() { Out = new Spectre.Console.AnsiConsoleOutput(TextWriter.Null) }), Error = Spectre.Console.AnsiConsole.Create(new() { Out = new Spectre.Console.AnsiConsoleOutput(TextWriter.Null) }), WorkingDirectory = cli.Root, Notebooks = cli.Executor! };
        return ReportRunner.AgainAsync(context, report, report.Runs[0], cli.Path("notebooks", "report"), new Dictionary<string, string>(), (cell, _) => cells.Add(cell));
    }

    private static string Comparable(string folder)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, RunTimes.FileName)))!;
        root["seconds"] = 0;
        return root.ToJsonString();
    }

    private static CliHarness Clone(Func<NotebookJob, NotebookOutcome> run)
    {
        var cli = new CliHarness { Executor = new FakeExecutor(run) };
        cli.MakeClone();
        cli.WriteNotebook("00-a", ["// parameters\nint seed = 1;"], "{\"demo\": true}");
        cli.WriteNotebook("01-b", ["// parameters\nint seed = 1;"], "{\"demo\": true}");
        return cli;
    }
}
