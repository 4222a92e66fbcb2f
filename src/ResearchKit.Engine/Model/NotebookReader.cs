using System.Text.Json;
using System.Text.Json.Nodes;

namespace ResearchKit.Engine;

/// <summary>Turns the text of an <c>.ipynb</c> file into a <see cref="Notebook"/>, or says exactly why it cannot.</summary>
internal static class NotebookReader
{
    private const string Restore = "Restore it from version control or save it again from the editor that wrote it.";

    public static Notebook Read(string text, string path)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            var problem = text.AsSpan().Trim().IsEmpty
                ? "is empty"
                : $"is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})";
            throw new NotebookFormatException(path, problem, Restore, e);
        }

        try
        {
            // What cannot be written again (half of a surrogate pair in a name) must not be found out when it is saved.
            _ = root?.ToJsonString();
            return Read(root, text, path);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            // A member of the wrong JSON type somewhere inside, or one that is there twice.
            throw new NotebookFormatException(path, "is not a valid notebook: " + e.Message.TrimEnd('.'), Restore, e);
        }
    }

    private static Notebook Read(JsonNode? root, string text, string path)
    {
        if (root is not JsonObject document)
            throw new NotebookFormatException(path, "is JSON but not a notebook: the top is not an object", Restore);
        if (document["nbformat"] is not JsonValue version || !version.TryGetValue(out int major))
            throw new NotebookFormatException(path, "is JSON but not a notebook: it has no number 'nbformat'", Restore);
        if (major != 4)
        {
            throw new NotebookFormatException(
                path,
                $"has notebook format {major}, but only format 4 is read",
                "Convert it with 'jupyter nbconvert --to notebook --nbformat 4', or open and save it in a current editor.");
        }

        if (document["cells"] is not JsonArray cells)
            throw new NotebookFormatException(path, "has no list 'cells'", Restore);

        var notebook = new Notebook
        {
            Path = Path.GetFullPath(path),
            FormatMinor = document["nbformat_minor"]?.GetValue<int>() ?? 0,
            Metadata = document["metadata"] is JsonObject m ? (JsonObject)m.DeepClone() : [],
            Indent = IndentOf(text),
        };
        for (int i = 0; i < cells.Count; i++)
            notebook.Cells.Add(ReadCell(cells[i], i + 1, path));
        return notebook;
    }

    private static NotebookCell ReadCell(JsonNode? node, int number, string path)
    {
        if (node is not JsonObject cell)
            throw new NotebookFormatException(path, $"is damaged: cell {number} is not an object", Restore);
        var type = cell["cell_type"]?.ToString();
        CellKind kind = type switch
        {
            "code" => CellKind.Code,
            "markdown" => CellKind.Markdown,
            "raw" => CellKind.Raw,
            _ => throw new NotebookFormatException(path, $"is damaged: cell {number} has the unknown cell_type '{type}'", Restore),
        };
        if (cell["source"] is not JsonNode source)
            throw new NotebookFormatException(path, $"is damaged: cell {number} has no source", Restore);

        // Ids by position where the file has none, so that reading twice gives the same notebook.
        var result = new NotebookCell(kind, MultilineText(source), cell["id"]?.ToString() ?? $"cell-{number}")
        {
            Metadata = cell["metadata"] is JsonObject m ? (JsonObject)m.DeepClone() : [],
            Attachments = (JsonObject?)(cell["attachments"] as JsonObject)?.DeepClone(),
            ExecutionCount = cell["execution_count"]?.GetValue<int>(),
        };
        if (cell["outputs"] is JsonArray outputs)
        {
            foreach (var output in outputs.OfType<JsonObject>())
            {
                if (ReadOutput(output) is { } read)
                    result.Outputs.Add(read);
            }
        }

        return result;
    }

    private static NotebookOutput? ReadOutput(JsonObject output) => output["output_type"]?.ToString() switch
    {
        "stream" => new StreamOutput(
            output["name"]?.ToString() ?? "stdout",
            output["text"] is JsonNode t ? MultilineText(t) : ""),
        "display_data" or "update_display_data" => ReadDisplay(output),
        "execute_result" => ReadDisplay(output) with
        {
            IsResult = true,
            ExecutionCount = output["execution_count"]?.GetValue<int>(),
        },
        "error" => new ErrorOutput(
            output["ename"]?.ToString() ?? "Error",
            output["evalue"]?.ToString() ?? "",
            output["traceback"] is JsonArray lines ? [.. lines.Select(l => l?.ToString() ?? "")] : []),
        _ => null,
    };

    private static DisplayOutput ReadDisplay(JsonObject output)
    {
        var data = new JsonObject();
        foreach (var (mime, content) in output["data"] as JsonObject ?? [])
            data[mime] = content is JsonArray && !IsJson(mime) ? MultilineText(content) : content?.DeepClone();
        var metadata = output["metadata"] is JsonObject m ? (JsonObject)m.DeepClone() : [];
        return new DisplayOutput(data, metadata);
    }

    /// <summary>Text that the format keeps as one string or as a list of lines.</summary>
    public static string MultilineText(JsonNode node) => node switch
    {
        JsonArray lines => string.Concat(lines.Select(l => l!.GetValue<string>())),
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => node.ToJsonString(),
    };

    public static bool IsJson(string mimeType) =>
        mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal);

    private static int IndentOf(string text)
    {
        int start = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        int end = start;
        while (end < text.Length && text[end] == ' ')
            end++;
        return start > 0 && end - start is >= 1 and <= 8 ? end - start : 1;
    }
}
