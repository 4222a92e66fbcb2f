using System.Text.Json.Nodes;
using ResearchKit.Engine.Language;

namespace ResearchKit.Engine.Jupyter;

/// <summary>Answers what editors ask about code that is being written.</summary>
/// <remarks>Positions in messages count code points; positions in .NET strings count UTF-16 units.</remarks>
internal sealed class LanguageRequests(NotebookLanguage language)
{
    public async Task<JsonObject> CompleteAsync(JupyterMessage request)
    {
        var (code, position) = Place(request);
        var found = await language.CompleteAsync(code, position, CancellationToken.None).ConfigureAwait(false);
        int start = CodePoints(code, found.Start), end = CodePoints(code, found.End);
        var matches = new JsonArray();
        var types = new JsonArray();
        foreach (var item in found.Items)
        {
            matches.Add(item.Text);
            types.Add((JsonNode)new JsonObject { ["start"] = start, ["end"] = end, ["text"] = item.Text, ["type"] = item.Kind });
        }

        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = matches,
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject { ["_jupyter_types_experimental"] = types },
        };
    }

    public async Task<JsonObject> InspectAsync(JupyterMessage request)
    {
        var (code, position) = Place(request);
        var hover = await language.DescribeAsync(code, position, CancellationToken.None).ConfigureAwait(false);
        var data = new JsonObject();
        if (hover is not null)
        {
            data["text/plain"] = hover.Plain;
            data["text/markdown"] = hover.Markdown;
        }

        return new JsonObject { ["status"] = "ok", ["found"] = hover is not null, ["data"] = data, ["metadata"] = new JsonObject() };
    }

    public static JsonObject IsComplete(JupyterMessage request)
    {
        var (status, indent) = CellCompleteness.Of(request.Text("code") ?? "");
        var reply = new JsonObject { ["status"] = status };
        if (status == "incomplete")
            reply["indent"] = indent;
        return reply;
    }

    private static (string Code, int Position) Place(JupyterMessage request)
    {
        var code = request.Text("code") ?? "";
        int points = request.Number("cursor_pos", int.MaxValue), units = 0;
        while (points-- > 0 && units < code.Length)
            units += char.IsHighSurrogate(code[units]) && units + 1 < code.Length && char.IsLowSurrogate(code[units + 1]) ? 2 : 1;
        return (code, units);
    }

    private static int CodePoints(string code, int units)
    {
        int points = 0;
        for (int i = 0; i < units; i++)
        {
            if (!(char.IsLowSurrogate(code[i]) && i > 0 && char.IsHighSurrogate(code[i - 1])))
                points++;
        }

        return points;
    }
}
