namespace ResearchKit.Engine;

/// <summary>Why a cell failed, and where in it.</summary>
/// <param name="Name">"CompilationError", "MagicError", or the name of the exception's type.</param>
/// <param name="Message">The message, with a remedy where the engine knows one.</param>
/// <param name="Traceback">Where it came from, one line each, in terms of cells.</param>
public sealed record CellFailure(string Name, string Message, IReadOnlyList<string> Traceback)
{
    /// <summary>The 1-based line within the cell; null if the cell's code was not on the way.</summary>
    public int? Line { get; init; }

    /// <summary>The 1-based column within the line; null if unknown.</summary>
    public int? Column { get; init; }

    /// <summary>The text of the line.</summary>
    public string? SourceLine { get; init; }

    /// <summary>The exception thrown by the cell; null for errors found before it ran.</summary>
    public Exception? Exception { get; init; }

    /// <summary>The line with a caret under the place, as compilers print it; empty if unknown.</summary>
    public string Excerpt
    {
        get
        {
            if (Line is not { } line || SourceLine is not { } source)
                return "";
            var number = line.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var excerpt = $"  {number} | {source}";
            if (Column is not { } column)
                return excerpt;
            // Tabs stay tabs, so that the caret stands under its place whatever their width.
            var indent = string.Concat(source.Take(column - 1).Select(c => c == '\t' ? '\t' : ' '));
            return $"{excerpt}\n  {new string(' ', number.Length)} | {indent}^";
        }
    }
}
