using ResearchKit.Engine;
using ResearchKit.Notebooks;

namespace ResearchKit.Cli;

/// <summary>Runs notebooks with ResearchKit's own engine.</summary>
internal sealed class EngineExecutor : INotebookExecutor
{
    public async Task<NotebookOutcome> RunAsync(NotebookJob job, Action<int, int> onCell, CancellationToken cancellation)
    {
        Notebook notebook = Notebook.Load(job.Source);
        using var limit = new CancellationTokenSource();
        if (job.Timeout is { } timeout) limit.CancelAfter(timeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var runner = new NotebookRunner(new NotebookRunOptions
        {
            Parameters = job.Parameters,
            // Notebooks name their files relative to their own folder, as under Jupyter.
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(job.Source)),
            Progress = new Direct(p =>
            {
                if (!p.Done) onCell(p.Cell, p.Total);
            }),
        });
        // Notebooks of one process share the list; a table at a notebook's end shows its own checks.
        Claims.Clear();
        PlotlyFile.Ensure(Path.GetDirectoryName(job.HtmlPath)!);
        using var supplied = PlotlyFile.SuppliedByPage();
        // The engine compiles and runs cells on the caller's thread; the caller has a display to keep alive.
        NotebookRunResult result = await Task.Run(() => runner.RunAsync(notebook, linked.Token), CancellationToken.None);

        result.Executed.Save(job.ExecutedPath);
        await HtmlExporter.WriteAsync(result.Executed, job.HtmlPath, new HtmlExportOptions
        {
            Home = Link(job.Home),
            Previous = Link(job.Previous),
            Next = Link(job.Next),
            Plotly = PlotlyScript.Beside(PlotlyFile.Name),
            Footer = $"Executed by ResearchKit {Versions.OfResearchKit} on {DateTimeOffset.Now:yyyy-MM-dd HH:mm zzz}.",
        });
        double seconds = result.Elapsed.TotalSeconds;
        if (result.Failure is { } failure)
            return new(NotebookStatus.Failed, seconds, new(failure.CellNumber, failure.Line, failure.Failure.Name, failure.Failure.Message, failure.Excerpt));
        if (!result.Cancelled)
            return new(NotebookStatus.Succeeded, seconds);
        return cancellation.IsCancellationRequested
            ? new(NotebookStatus.Cancelled, seconds)
            : new(NotebookStatus.Failed, seconds, new(null, null, "Timeout",
                $"The notebook ran longer than the {job.Timeout!.Value.TotalSeconds:0.###} s that --timeout allows.", ""));
    }

    private static HtmlLink? Link(PageLink? link) => link is null ? null : new HtmlLink(link.Href, link.Text);

    /// <summary>Reports at once, on the runner's thread; <see cref="Progress{T}"/> would reorder reports.</summary>
    private sealed class Direct(Action<NotebookProgress> report) : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => report(value);
    }
}
