using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ResearchKit.Cli;

/// <summary>A kernel as Jupyter finds it: a folder with kernel.json.</summary>
/// <param name="Folder">The folder; its name is the kernel's.</param>
/// <param name="DisplayName">What menus show.</param>
/// <param name="Language">The language that it says it has.</param>
/// <param name="IsOurs">True if ResearchKit wrote it.</param>
/// <param name="Program">The assembly that it starts; null for a foreign kernel.</param>
internal sealed partial record KernelSpec(string Folder, string DisplayName, string Language, bool IsOurs, string? Program)
{
    public const string DefaultName = "researchkit", FileName = "kernel.json";

    private const string Mark = "researchkit";

    public string Name => Path.GetFileName(Folder);

    /// <summary>True if the program that it starts is there.</summary>
    public bool Works => !IsOurs || File.Exists(Program);

    public static void RequireName(string name)
    {
        if (!NamePattern().IsMatch(name))
            throw new CliException($"'{name}' cannot be the name of a kernel: letters, digits, '.', '_' and '-' are allowed.", $"Leave out --name for '{DefaultName}'.");
    }

    /// <summary>Reads a folder; null if there is no kernel in it.</summary>
    public static KernelSpec? Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) return null;
        try
        {
            if (JsonNode.Parse(File.ReadAllText(file)) is not JsonObject json) return new(folder, "", "", false, null);
            bool ours = json["metadata"] is JsonObject metadata && metadata.ContainsKey(Mark);
            string? program = ours && json["argv"] is JsonArray { Count: > 1 } argv ? Text(argv[1]) : null;
            return new(folder, Text(json["display_name"]) ?? "", Text(json["language"]) ?? "", ours, program);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // Not readable, so not known to be ours: never to be overwritten.
            return new(folder, $"unreadable: {e.Message}", "", false, null);
        }
    }

    /// <summary>Every kernel in these data folders.</summary>
    public static IEnumerable<KernelSpec> In(IEnumerable<string> dataFolders) => dataFolders
        .Select(f => Path.Combine(f, "kernels")).Where(Directory.Exists)
        .SelectMany(f => Directory.GetDirectories(f).Order(StringComparer.Ordinal)).Select(Read).OfType<KernelSpec>();

    /// <summary>The text of kernel.json.</summary>
    /// <param name="displayName">What menus show.</param>
    /// <param name="host">Path of dotnet.</param>
    /// <param name="program">Path of the command's assembly.</param>
    public static string Json(string displayName, string host, string program) => new JsonObject
    {
        ["argv"] = new JsonArray(host, program, "kernel", "run", "{connection_file}"),
        ["display_name"] = displayName,
        ["language"] = "csharp",
        ["interrupt_mode"] = "message",
        ["metadata"] = new JsonObject { ["debugger"] = false, [Mark] = new JsonObject { ["version"] = Versions.OfResearchKit } },
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    // Jupyter's own rule.
    [GeneratedRegex(@"^[A-Za-z0-9._\-]+$")]
    private static partial Regex NamePattern();
}
