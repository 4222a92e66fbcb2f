using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace ResearchKit.InteractiveHost;

/// <summary>Collects what a cell shows, formatted by Microsoft's package: which finds formatters by its conventions alone.</summary>
public sealed class CellOutputs
{
    /// <summary>Of the cell that runs.</summary>
    public static CellOutputs Current { get; set; } = new();

    /// <summary>Objects with the value's type and one text for each MIME type.</summary>
    public JsonArray Items { get; } = [];

    /// <summary>Formats a value in the asked MIME types, or in those its type prefers.</summary>
    public void Add(object? value, params string[]? mimeTypes)
    {
        Type type = value?.GetType() ?? typeof(object);
        IEnumerable<string> wanted = mimeTypes is { Length: > 0 } ? mimeTypes : Formatter.GetPreferredMimeTypesFor(type);
        var data = new JsonObject();
        foreach (string mime in wanted.DefaultIfEmpty(Formatter.DefaultMimeType))
            data[mime] = Formatter.ToDisplayString(value, mime);
        Items.Add((JsonNode)new JsonObject { ["type"] = type.FullName, ["data"] = data });
    }

    /// <summary>Shows text that is formatted already.</summary>
    public void AddText(string mimeType, string text) =>
        Items.Add((JsonNode)new JsonObject { ["type"] = "System.String", ["data"] = new JsonObject { [mimeType] = text } });
}
