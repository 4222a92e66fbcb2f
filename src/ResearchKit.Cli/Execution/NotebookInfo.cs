using System.Text.Json.Nodes;
using ResearchKit.Engine;

namespace ResearchKit.Cli;

/// <summary>
/// What a notebook says of itself before it runs: heading, parameters, and the metadata object `researchkit`, e.g.
/// <c>{ "figures": ["fig2"], "claims": ["fig2-slope"], "seconds": { "quick": 20, "full": 900 }, "demo": false }</c>.
/// </summary>
internal sealed record NotebookInfo
{
    public required string Path { get; init; }

    public required string Title { get; init; }

    /// <summary>Figures of the paper that it reproduces: what --only selects by.</summary>
    public IReadOnlyList<string> Figures { get; init; } = [];

    /// <summary>Ids of claims that a complete run must record.</summary>
    public IReadOnlyList<string> ExpectedClaims { get; init; } = [];

    /// <summary>It shows how to use the library and checks nothing against the paper.</summary>
    public bool IsDemo { get; init; }

    public double? QuickSeconds { get; init; }

    public double? FullSeconds { get; init; }

    public IReadOnlyList<string> Parameters { get; init; } = [];

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <exception cref="CliException">The file is missing or no notebook.</exception>
    public static NotebookInfo Load(string path)
    {
        Notebook notebook = Read(path);
        JsonObject own = notebook.Metadata["researchkit"] as JsonObject ?? [];
        JsonObject? seconds = own["seconds"] as JsonObject;
        return new NotebookInfo
        {
            Path = path,
            // The heading's own marks would be noise in tables and links.
            Title = string.Concat(notebook.Title.Where(c => c is not ('`' or '*' or '$'))),
            Figures = Strings(own["figures"]),
            ExpectedClaims = Strings(own["claims"]),
            IsDemo = own["demo"] is JsonValue demo && demo.TryGetValue(out bool isDemo) && isDemo,
            QuickSeconds = Number(seconds?["quick"]),
            FullSeconds = Number(seconds?["full"]),
            Parameters = [.. NotebookParameters.Find(notebook).Select(p => p.Name)],
        };
    }

    /// <summary>By a figure's tag exactly, or by a part of the file's name.</summary>
    public bool Matches(string pattern) =>
        Figures.Contains(pattern, StringComparer.OrdinalIgnoreCase) || Name.Contains(pattern, StringComparison.OrdinalIgnoreCase);

    private static Notebook Read(string path)
    {
        try
        {
            return Notebook.Load(path);
        }
        catch (NotebookFormatException e)
        {
            throw new CliException(e.Message, inner: e);
        }
    }

    private static string[] Strings(JsonNode? node) =>
        node is JsonArray array ? [.. array.OfType<JsonValue>().Select(v => v.ToString())] : [];

    private static double? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out double number) && number > 0 ? number : null;
}
