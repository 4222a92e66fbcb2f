using System.Text.Json.Nodes;

namespace ResearchKit.Engine.Jupyter;

/// <summary>What the kernel says of itself.</summary>
internal static class KernelInfo
{
    public static JsonObject Content()
    {
        var version = typeof(KernelInfo).Assembly.GetName().Version?.ToString(3) ?? "";
        return new JsonObject
        {
            ["status"] = "ok",
            ["protocol_version"] = WireFormat.Version,
            ["implementation"] = "researchkit",
            ["implementation_version"] = version,
            ["language_info"] = new JsonObject
            {
                ["name"] = "csharp",
                ["version"] = "14.0",
                ["mimetype"] = "text/x-csharp",
                ["file_extension"] = ".cs",
                ["pygments_lexer"] = "csharp",
                ["codemirror_mode"] = "text/x-csharp",
            },
            ["banner"] = $"ResearchKit {version}: C# with the moments kept.",
            ["debugger"] = false,
            ["help_links"] = new JsonArray(),
        };
    }
}
