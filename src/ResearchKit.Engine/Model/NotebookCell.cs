using System.Text.Json.Nodes;

namespace ResearchKit.Engine;

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>C# to execute.</summary>
    Code,

    /// <summary>Text in Markdown.</summary>
    Markdown,

    /// <summary>Text that no tool interprets.</summary>
    Raw,
}

/// <summary>One cell of a <see cref="Notebook"/>.</summary>
public sealed class NotebookCell
{
    /// <summary>Creates a cell without outputs.</summary>
    /// <param name="kind">What the cell holds.</param>
    /// <param name="source">Its text; line ends are normalised to a line feed.</param>
    /// <param name="id">Its id (1 to 64 letters, digits, '-' or '_'); a new one if null.</param>
    public NotebookCell(CellKind kind, string source, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        Kind = kind;
        Source = source.Replace("\r\n", "\n", StringComparison.Ordinal);
        Id = id ?? Guid.NewGuid().ToString("n")[..8];
    }

    /// <summary>What the cell holds.</summary>
    public CellKind Kind { get; }

    /// <summary>The id, unique in its notebook.</summary>
    public string Id { get; }

    /// <summary>The text of the cell, lines separated by line feeds.</summary>
    public string Source { get; set; }

    /// <summary>The cell's metadata as found in the file, unknown members included.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Files embedded in a Markdown cell (name to mime bundle), if any.</summary>
    public JsonObject? Attachments { get; init; }

    /// <summary>The number in "In [n]"; null when the cell has not run.</summary>
    public int? ExecutionCount { get; set; }

    /// <summary>The outputs of a code cell, in the order in which they came.</summary>
    public List<NotebookOutput> Outputs { get; } = [];

    /// <summary>The strings in <c>metadata.tags</c>.</summary>
    public IReadOnlyList<string> Tags =>
        Metadata["tags"] is JsonArray tags
            ? [.. tags.OfType<JsonValue>().Select(t => t.ToString())]
            : [];

    /// <summary>
    /// How long the cell ran, from the times that Jupyter (and this engine) keeps in
    /// <c>metadata.execution</c>; null when they are not there.
    /// </summary>
    public TimeSpan? Elapsed =>
        Time("shell.execute_reply") - (Time("iopub.execute_input") ?? Time("iopub.status.busy"));

    /// <summary>A copy that shares nothing with this cell.</summary>
    public NotebookCell Clone()
    {
        var copy = new NotebookCell(Kind, Source, Id)
        {
            Metadata = (JsonObject)Metadata.DeepClone(),
            Attachments = (JsonObject?)Attachments?.DeepClone(),
            ExecutionCount = ExecutionCount,
        };
        copy.Outputs.AddRange(Outputs);
        return copy;
    }

    /// <summary>Keeps the start and the end of an execution where Jupyter keeps them.</summary>
    internal void SetTimes(DateTimeOffset start, DateTimeOffset end)
    {
        string from = Iso(start), to = Iso(end);
        Metadata["execution"] = new JsonObject
        {
            ["iopub.execute_input"] = from,
            ["iopub.status.busy"] = from,
            ["iopub.status.idle"] = to,
            ["shell.execute_reply"] = to,
        };

        static string Iso(DateTimeOffset t) =>
            t.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }

    private DateTimeOffset? Time(string key) =>
        Metadata["execution"] is JsonObject times
        && times[key] is JsonValue value
        && DateTimeOffset.TryParse(
            value.ToString(),
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal,
            out var time)
            ? time
            : null;
}
