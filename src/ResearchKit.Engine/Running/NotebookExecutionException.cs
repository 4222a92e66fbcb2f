namespace ResearchKit.Engine;

/// <summary>A cell of a notebook failed.</summary>
/// <remarks>The message says which notebook, which cell, which line, and shows the line.</remarks>
public sealed class NotebookExecutionException : Exception
{
    internal NotebookExecutionException(string notebookPath, int cellNumber, string cellId, CellFailure failure)
        : base(Describe(notebookPath, cellNumber, cellId, failure), failure.Exception)
    {
        NotebookPath = notebookPath;
        CellNumber = cellNumber;
        CellId = cellId;
        Failure = failure;
    }

    /// <summary>The notebook's file.</summary>
    public string NotebookPath { get; }

    /// <summary>
    /// The cell, 1-based among all cells of the notebook as its author has it; 0 for the cell
    /// of injected parameters.
    /// </summary>
    public int CellNumber { get; }

    /// <summary>The cell's id.</summary>
    public string CellId { get; }

    /// <summary>What went wrong.</summary>
    public CellFailure Failure { get; }

    /// <summary>The 1-based line within the cell; null if unknown.</summary>
    public int? Line => Failure.Line;

    /// <summary>The text of that line; null if unknown.</summary>
    public string? SourceLine => Failure.SourceLine;

    /// <summary>The line with a caret under the place; empty if unknown.</summary>
    public string Excerpt => Failure.Excerpt;

    private static string Describe(string path, int number, string id, CellFailure failure)
    {
        var cell = number > 0 ? $"cell {number} ({id})" : "injected parameters";
        var line = failure.Line is { } l ? $", line {l}" : "";
        var excerpt = failure.Excerpt.Length > 0 ? "\n" + failure.Excerpt : "";
        return $"{Path.GetFileName(path)}, {cell}{line}: {failure.Name}: {failure.Message}{excerpt}";
    }
}
