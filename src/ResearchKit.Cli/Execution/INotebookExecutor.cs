namespace ResearchKit.Cli;

/// <summary>Executes one notebook and writes what came of it.</summary>
internal interface INotebookExecutor
{
    /// <param name="job">What to run and where to write.</param>
    /// <param name="onCell">Told before each code cell: its 1-based number and the number of code cells.</param>
    /// <param name="cancellation">Cancelled by Ctrl+C; the outcome is then <see cref="NotebookStatus.Cancelled"/>.</param>
    Task<NotebookOutcome> RunAsync(NotebookJob job, Action<int, int> onCell, CancellationToken cancellation);
}

/// <summary>A page that another one links to.</summary>
internal sealed record PageLink(string Href, string Text);

/// <summary>A notebook to run.</summary>
/// <param name="Source">The .ipynb file.</param>
/// <param name="ExecutedPath">Where the executed .ipynb goes.</param>
/// <param name="HtmlPath">Where the page goes.</param>
/// <param name="Parameters">Values for the notebook's parameters.</param>
/// <param name="Timeout">The longest that the notebook may take; null for no limit.</param>
internal sealed record NotebookJob(string Source, string ExecutedPath, string HtmlPath, IReadOnlyDictionary<string, string> Parameters, TimeSpan? Timeout)
{
    public PageLink? Home { get; init; }

    public PageLink? Previous { get; init; }

    public PageLink? Next { get; init; }
}

internal enum NotebookStatus
{
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>What came of a notebook.</summary>
internal sealed record NotebookOutcome(NotebookStatus Status, double Seconds, CellProblem? Problem = null);

/// <summary>The first cell that failed.</summary>
/// <param name="Cell">Its 1-based number among all cells; 0 for the cell of injected parameters; null if no cell is to blame.</param>
/// <param name="Line">The 1-based line in the cell, if known.</param>
/// <param name="Name">The kind of error.</param>
/// <param name="Message">What it says.</param>
/// <param name="Excerpt">The source line with a caret under the place; empty if unknown.</param>
internal sealed record CellProblem(int? Cell, int? Line, string Name, string Message, string Excerpt);
