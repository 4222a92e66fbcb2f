using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Engine;

/// <summary>Cancelling, progress, times.</summary>
public class RunTests
{
    [Fact]
    public async Task A_run_is_cancelled_between_cells()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Recorder(p =>
        {
            if (p.Cell == 2)
                cancel.Cancel();
        });
        var runner = new NotebookRunner(new NotebookRunOptions { Progress = progress });
        var result = await runner.RunAsync(Cells.Of("Console.Write(1);", "Console.Write(2);", "Console.Write(3);"), cancel.Token);

        Assert.True(result.Cancelled);
        Assert.False(result.Success);
        Assert.Null(result.Failure);
        Assert.Single(result.Executed.Cells[0].Outputs);
        Assert.Empty(result.Executed.Cells[2].Outputs);
    }

    [Fact]
    public async Task A_cell_that_never_ends_is_left_behind_and_not_heard_again()
    {
        using var cancel = new CancellationTokenSource();
        var name = "gate-" + Guid.NewGuid().ToString("n");
        AppDomain.CurrentDomain.SetData(name, new ManualResetEventSlim());
        var gate = (ManualResetEventSlim)AppDomain.CurrentDomain.GetData(name)!;
        var run = new NotebookRunner().RunAsync(
            Cells.Of($"var gate = (System.Threading.ManualResetEventSlim)AppDomain.CurrentDomain.GetData(\"{name}\");", "Console.Write(\"begun\"); gate.Wait(); Console.Write(\"late\"); gate.Reset();"),
            cancel.Token);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        cancel.CancelAfter(TimeSpan.FromSeconds(4));
        var result = await run;
        Assert.True(result.Cancelled);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), clock.Elapsed.ToString());

        gate.Set();
        while (gate.IsSet)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal(new StreamOutput("stdout", "begun"), Assert.Single(result.Executed.Cells[1].Outputs));
    }

    [Fact]
    public async Task A_cell_can_watch_for_cancellation()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var result = await new NotebookRunner().RunAsync(
            Cells.Of("var token = KernelInvocationContext.Current.CancellationToken;\nConsole.Write(token.CanBeCanceled);\nawait Task.Delay(-1, token);"),
            cancel.Token);
        Assert.True(result.Cancelled);
        Assert.Equal(new StreamOutput("stdout", "True"), Assert.Single(result.Executed.Cells[0].Outputs));
    }

    [Fact]
    public async Task A_session_that_was_abandoned_takes_no_more_cells()
    {
        using var session = new ScriptSession("s.ipynb");
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var sink = new OutputRecorder(100).For(new NotebookCell(CellKind.Code, ""), 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ExecuteAsync("System.Threading.Thread.Sleep(4000);", sink, cancel.Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.ExecuteAsync("1", sink, CancellationToken.None));
    }

    [Fact]
    public async Task Progress_counts_code_cells_and_names_the_section()
    {
        var seen = new List<NotebookProgress>();
        var notebook = new Notebook { Path = "p.ipynb" };
        notebook.Cells.Add(new NotebookCell(CellKind.Markdown, "# The title\n\ntext"));
        notebook.Cells.Add(new NotebookCell(CellKind.Code, "1"));
        notebook.Cells.Add(new NotebookCell(CellKind.Code, "  \n"));
        notebook.Cells.Add(new NotebookCell(CellKind.Markdown, "## A section"));
        notebook.Cells.Add(new NotebookCell(CellKind.Code, "2"));
        await new NotebookRunner(new NotebookRunOptions { Progress = new Recorder(seen.Add) }).RunAsync(notebook, TestContext.Current.CancellationToken);

        Assert.Equal(
            [(1, 2, "The title", false), (2, 2, "A section", false), (2, 2, "The title", true)],
            seen.Select(p => (p.Cell, p.Total, p.Title, p.Done)));
        Assert.True(seen[2].Elapsed >= seen[1].Elapsed);
    }

    [Fact]
    public async Task The_time_of_a_cell_is_kept_in_its_metadata()
    {
        var result = await Cells.Run("1", "await Task.Delay(120);");
        var times = result.Executed.Cells[1].Metadata["execution"]!;
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", times["iopub.execute_input"]!.ToString());
        Assert.InRange(result.Executed.Cells[1].Elapsed!.Value.TotalSeconds, 0.119, 20);
        Assert.True(result.Elapsed >= result.Executed.Cells[1].Elapsed);
    }

    [Fact]
    public async Task The_working_directory_can_be_left_alone()
    {
        var before = Directory.GetCurrentDirectory();
        await Cells.Run("1");
        Assert.Equal(before, Directory.GetCurrentDirectory());
    }

    private sealed class Recorder(Action<NotebookProgress> report) : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => report(value);
    }
}

/// <summary>Things that belong to the process: run while no other notebook runs, so in turn with those that run whole ones.</summary>
[Collection(Cli.CliCollection.Name)]
public class ProcessTests
{
    /// <summary>Waits for cells that other tests abandoned.</summary>
    public ProcessTests() => Assert.True(SpinWait.SpinUntil(() => ConsoleRouter.IsIdle, TimeSpan.FromMinutes(5)));

    [Fact]
    public async Task The_console_is_restored_after_success_failure_and_cancelling()
    {
        var (standard, error) = (Console.Out, Console.Error);
        await Cells.Run("Console.Write(1);");
        Assert.Same(standard, Console.Out);
        await Cells.Run("throw new Exception();");
        Assert.Same(error, Console.Error);
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await new NotebookRunner().RunAsync(Cells.Of("await Task.Delay(-1, KernelInvocationContext.Current.CancellationToken);"), cancel.Token);
        for (int i = 0; i < 500 && !ReferenceEquals(standard, Console.Out); i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Same(standard, Console.Out);
    }

    [Fact]
    public async Task An_abandoned_cell_does_not_reach_the_console()
    {
        var before = Console.Out;
        using var writer = new StringWriter();
        Console.SetOut(writer);
        try
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            var result = await new NotebookRunner().RunAsync(Cells.Of("System.Threading.Thread.Sleep(2500); Console.Write(\"late\"); System.IO.File.WriteAllText(System.IO.Path.GetTempPath() + \"researchkit-late\", \"\");"), cancel.Token);
            Assert.True(result.Cancelled);
            var mark = Path.GetTempPath() + "researchkit-late";
            for (int i = 0; i < 1000 && !File.Exists(mark); i++)
                await Task.Delay(10, TestContext.Current.CancellationToken);
            Assert.True(File.Exists(mark));
            File.Delete(mark);
            Assert.Equal("", writer.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    [Fact]
    public async Task What_others_write_meanwhile_goes_where_it_went()
    {
        var before = Console.Out;
        using var writer = new StringWriter();
        Console.SetOut(writer);
        try
        {
            var progress = new Writer();
            var result = await new NotebookRunner(new NotebookRunOptions { Progress = progress }).RunAsync(Cells.Of("Console.Write(\"cell\"); await Task.Delay(300);"), TestContext.Current.CancellationToken);
            Assert.Equal(new StreamOutput("stdout", "cell"), Assert.Single(result.Executed.Cells[0].Outputs));
            Assert.Equal("hosthost", writer.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    [Fact]
    public async Task The_working_directory_is_set_and_restored()
    {
        using var folder = new TemporaryFolder();
        var before = Directory.GetCurrentDirectory();
        var options = new NotebookRunOptions { WorkingDirectory = folder.Path };
        var result = await new NotebookRunner(options).RunAsync(Cells.Of("Environment.CurrentDirectory"), TestContext.Current.CancellationToken);
        Assert.EndsWith(Path.GetFileName(folder.Path), Assert.IsType<DisplayOutput>(result.Executed.Cells[0].Outputs[0]).Text("text/plain"), StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetCurrentDirectory());
    }

    [Fact]
    public async Task A_format_registered_by_one_notebook_is_gone_in_the_next()
    {
        const string Register = "Formatter.Register<Version>(v => \"mine\", \"text/html\");";
        Assert.Equal("mine", (await Cells.Shown(Register, "new Version(1, 2)")).Text("text/html"));
        Assert.NotEqual("mine", (await Cells.Shown("new Version(1, 2)")).Text("text/html"));
    }

    private sealed class Writer : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => Console.Write("host");
    }
}
