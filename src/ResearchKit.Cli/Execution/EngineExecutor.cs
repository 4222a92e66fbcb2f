using ResearchKit.Engine;

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
        int current = 0;
        var runner = new NotebookRunner(new NotebookRunOptions
        {
            Parameters = job.Parameters,
            // Notebooks name their files relative to their own folder, as under Jupyter.
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(job.Source)),
            Progress = new Direct(p =>
            {
                current = p.Cell;
                if (!p.Done) onCell(p.Cell, p.Total);
            }),
        });
        // The engine compiles and runs cells on the caller's thread; the caller has a display to keep alive.
        NotebookRunResult result = await Task.Run(() => runner.RunAsync(notebook, linked.Token), CancellationToken.None);

        result.Executed.Save(job.ExecutedPath);
        //HtmlExporter.Save(result.Executed, job.HtmlPath);
        double seconds = result.Elapsed.TotalSeconds;
        if (result.Failure is { } failure)
            return new(NotebookStatus.Failed, seconds, new(failure.CellNumber, failure.Line, failure.Failure.Name, failure.Failure.Message, failure.Excerpt));
        if (!result.Cancelled)
            return new(NotebookStatus.Succeeded, seconds);
        return cancellation.IsCancellationRequested
            ? new(NotebookStatus.Cancelled, seconds)
            : new(NotebookStatus.Failed, seconds, new(current, null, "Timeout",
                $"The notebook ran longer than the {job.Timeout!.Value.TotalSeconds:0.###} s that --timeout allows.", ""));
    }

    /// <summary>Reports at once, on the runner's thread; <see cref="Progress{T}"/> would reorder reports.</summary>
    private sealed class Direct(Action<NotebookProgress> report) : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => report(value);
    }
}
