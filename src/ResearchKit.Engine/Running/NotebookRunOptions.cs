namespace ResearchKit.Engine;

/// <summary>How a <see cref="NotebookRunner"/> runs a notebook.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>
    /// Parameters to set, by name, as text in the invariant culture: see
    /// <see cref="NotebookParameters"/>.
    /// </summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>
    /// The file that <c>#r</c> and <c>#load</c> are relative to the folder of; null for the
    /// notebook's own path.
    /// </summary>
    public string? BasePath { get; init; }

    /// <summary>Told before each code cell and once at the end.</summary>
    public IProgress<NotebookProgress>? Progress { get; init; }

    /// <summary>
    /// Runs with this as the process's current folder: null leaves it alone. The current folder
    /// belongs to the process, so set it only when one notebook runs at a time.
    /// </summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Characters that one cell may write to its streams before the rest is dropped; at least 1.</summary>
    public int MaxStreamCharacters { get; init; } = 1_000_000;
}

/// <summary>How far a run has come.</summary>
/// <param name="Cell">The cell about to run, 1-based among the cells to run; the total when done.</param>
/// <param name="Total">How many code cells there are to run.</param>
/// <param name="Elapsed">Time since the run began.</param>
/// <param name="Title">What the cell does: the last heading above it, else the notebook's title.</param>
/// <param name="Done">True for the last report of a run.</param>
public sealed record NotebookProgress(int Cell, int Total, TimeSpan Elapsed, string Title, bool Done);
