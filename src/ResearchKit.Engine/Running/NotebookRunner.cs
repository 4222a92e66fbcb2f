using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ResearchKit.Engine;

/// <summary>Runs a notebook from its first cell to its last, or to the first that fails.</summary>
/// <param name="options">How to run it.</param>
/// <remarks>
/// Each run has a <see cref="ScriptSession"/> of its own. Runs may go on at the same time in one
/// process; their outputs do not mix.
/// </remarks>
public sealed class NotebookRunner(NotebookRunOptions options)
{
    /// <summary>Runs with default options.</summary>
    public NotebookRunner()
        : this(new NotebookRunOptions())
    {
    }

    /// <summary>Runs a notebook.</summary>
    /// <param name="notebook">The notebook; it is not changed.</param>
    /// <param name="cancellation">
    /// Stops the run. A cell that does not watch the token goes on in the background, unheard.
    /// </param>
    /// <returns>The executed copy, and the failure if a cell failed: that is not thrown.</returns>
    /// <exception cref="NotebookParameterException">A parameter does not fit the notebook.</exception>
    public async Task<NotebookRunResult> RunAsync(Notebook notebook, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxStreamCharacters, 1);
        var executed = Prepare(NotebookParameters.Apply(notebook, options.Parameters).Clone());
        var path = Path.GetFullPath(options.BasePath ?? notebook.Path ?? "notebook.ipynb");
        var folderBefore = Directory.GetCurrentDirectory();
        if (options.WorkingDirectory is { } folder)
            Directory.SetCurrentDirectory(folder);

        var clock = Stopwatch.StartNew();
        var recorder = new OutputRecorder(options.MaxStreamCharacters);
        try
        {
            using var session = new ScriptSession(path);
            var failure = await RunCellsAsync(executed, path, session, recorder, clock, cancellation).ConfigureAwait(false);
            recorder.Complete();
            return new NotebookRunResult(executed, failure, Cancelled: false, clock.Elapsed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            recorder.Complete();
            return new NotebookRunResult(executed, Failure: null, Cancelled: true, clock.Elapsed);
        }
        finally
        {
            if (options.WorkingDirectory is not null)
                Directory.SetCurrentDirectory(folderBefore);
        }
    }

    private async Task<NotebookExecutionException?> RunCellsAsync(
        Notebook notebook, string path, ScriptSession session, OutputRecorder recorder, Stopwatch clock, CancellationToken cancellation)
    {
        int total = notebook.Cells.Count(Runs), done = 0, number = 0;
        var title = notebook.Title;
        foreach (var cell in notebook.Cells)
        {
            // The author's numbering: the injected cell is not in the author's file.
            bool injected = cell.Tags.Contains(NotebookParameters.InjectedTag);
            if (!injected)
                number++;
            if (cell.Kind == CellKind.Markdown)
                title = LastHeading(cell.Source) ?? title;
            if (!Runs(cell))
                continue;

            cancellation.ThrowIfCancellationRequested();
            options.Progress?.Report(new NotebookProgress(++done, total, clock.Elapsed, title, Done: false));
            cell.ExecutionCount = session.ExecutionCount + 1;
            var start = DateTimeOffset.UtcNow;
            var sink = recorder.For(cell, cell.ExecutionCount.Value);
            var name = injected ? "injected parameters" : $"cell {number}";
            var result = await session.ExecuteAsync(cell.Source, sink, cancellation, name).ConfigureAwait(false);
            cell.SetTimes(start, start + result.Elapsed);
            if (result.Failure is { } failure)
                return new NotebookExecutionException(path, injected ? 0 : number, cell.Id, failure);
        }

        options.Progress?.Report(new NotebookProgress(total, total, clock.Elapsed, notebook.Title, Done: true));
        return null;
    }

    private static bool Runs(NotebookCell cell) =>
        cell.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(cell.Source);

    /// <summary>Clears earlier outputs, and names the language where the notebook does not.</summary>
    private static Notebook Prepare(Notebook notebook)
    {
        foreach (var cell in notebook.Cells)
        {
            cell.Outputs.Clear();
            cell.ExecutionCount = null;
            cell.Metadata.Remove("execution");
        }

        notebook.Metadata["kernelspec"] ??= new JsonObject
        {
            ["display_name"] = ".NET (C#)",
            ["language"] = "C#",
            ["name"] = ".net-csharp",
        };
        notebook.Metadata["language_info"] ??= new JsonObject
        {
            ["file_extension"] = ".cs",
            ["mimetype"] = "text/x-csharp",
            ["name"] = "csharp",
            ["pygments_lexer"] = "csharp",
        };
        return notebook;
    }

    private static string? LastHeading(string markdown) =>
        markdown.Split('\n').LastOrDefault(l => l.StartsWith('#'))?.TrimStart('#').Trim() is { Length: > 0 } heading ? heading : null;
}
