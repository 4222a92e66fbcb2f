using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ResearchKit.Engine;

/// <summary>Writes a <see cref="Notebook"/> as Jupyter does: members sorted, text as lists of lines.</summary>
internal static class NotebookWriter
{
    public static string Write(Notebook notebook)
    {
        var cells = new JsonArray();
        foreach (var cell in notebook.Cells)
            cells.Add((JsonNode)Cell(cell));
        var document = new JsonObject
        {
            ["cells"] = cells,
            ["metadata"] = notebook.Metadata.DeepClone(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = Math.Max(notebook.FormatMinor, Notebook.MinorWithIds),
        };

        using var stream = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = true,
            IndentSize = notebook.Indent,
            NewLine = "\n",
            // Notebooks are UTF-8 files, never pasted into HTML: keep them readable in a diff.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(stream, options))
            document.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static JsonObject Cell(NotebookCell cell)
    {
        var json = new JsonObject();
        if (cell.Attachments is { } attachments && cell.Kind != CellKind.Code)
            json["attachments"] = attachments.DeepClone();
        json["cell_type"] = cell.Kind switch
        {
            CellKind.Code => "code",
            CellKind.Markdown => "markdown",
            _ => "raw",
        };
        if (cell.Kind == CellKind.Code)
            json["execution_count"] = cell.ExecutionCount;
        json["id"] = cell.Id;
        json["metadata"] = cell.Metadata.DeepClone();
        if (cell.Kind == CellKind.Code)
        {
            var outputs = new JsonArray();
            foreach (var output in cell.Outputs)
                outputs.Add((JsonNode)Output(output));
            json["outputs"] = outputs;
        }

        json["source"] = Lines(cell.Source);
        return json;
    }

    private static JsonObject Output(NotebookOutput output)
    {
        switch (output)
        {
            case StreamOutput stream:
                return new JsonObject { ["name"] = stream.Name, ["output_type"] = "stream", ["text"] = Lines(stream.Text) };
            case ErrorOutput error:
                return new JsonObject
                {
                    ["ename"] = error.Name,
                    ["evalue"] = error.Message,
                    ["output_type"] = "error",
                    ["traceback"] = new JsonArray([.. error.Traceback.Select(l => (JsonNode)l)]),
                };
            case DisplayOutput display:
                var data = new JsonObject();
                foreach (var (mime, content) in display.Data)
                {
                    data[mime] = content is JsonValue value && value.TryGetValue(out string? text) && !NotebookReader.IsJson(mime)
                        ? Lines(text)
                        : content?.DeepClone();
                }

                var json = new JsonObject { ["data"] = data };
                if (display.IsResult)
                    json["execution_count"] = display.ExecutionCount;
                json["metadata"] = display.Metadata.DeepClone();
                json["output_type"] = display.IsResult ? "execute_result" : "display_data";
                return json;
            default:
                throw new InvalidOperationException($"No JSON for the output {output.GetType().Name}.");
        }
    }

    /// <summary>Splits after each line feed, as nbformat does; no text is an empty list.</summary>
    internal static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start) is var n and >= 0 ? n + 1 : text.Length;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }

        return lines;
    }
}
