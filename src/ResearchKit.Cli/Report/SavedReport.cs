using System.Text.Json;
using System.Text.Json.Nodes;
using ResearchKit.Notebooks;

namespace ResearchKit.Cli;

/// <summary>Reads a report back from its results.json, so that one notebook can be run again beside the others' results.</summary>
internal static class SavedReport
{
    private const string Remedy = "Make the report again: researchkit reproduce.";

    /// <param name="folder">The report.</param>
    /// <param name="notebooks">Where its notebooks lie.</param>
    /// <exception cref="CliException">There is no report, it is not one of this version, or a notebook is gone.</exception>
    public static ReportModel Load(string folder, string notebooks)
    {
        string path = Path.Combine(folder, RunTimes.FileName);
        if (!File.Exists(path) || !File.Exists(Path.Combine(folder, "index.html")))
            throw new CliException($"There is no report in '{folder}'.", "Make one first: researchkit reproduce (some minutes), or researchkit reproduce --only 00 (seconds).");
        try
        {
            JsonNode root = JsonNode.Parse(File.ReadAllText(path))!;
            return new ReportModel
            {
                Runs = [.. root["notebooks"]!.AsArray().Select(n => Run(n!, notebooks, path))],
                Full = root["full"]!.GetValue<bool>(),
                Started = root["started"]!.GetValue<DateTimeOffset>(),
                Only = [.. root["only"]!.AsArray().Select(o => o!.GetValue<string>())],
                Parameters = root["parameters"]!.AsObject().ToDictionary(p => p.Key, p => p.Value!.GetValue<string>()),
                Finished = root["finished"]!.GetValue<bool>(),
                Cancelled = root["cancelled"]!.GetValue<bool>(),
                Seconds = root["seconds"]!.GetValue<double>(),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException)
        {
            throw new CliException($"'{path}' is not a report of this version of ResearchKit.", Remedy, e);
        }
    }

    private static NotebookRun Run(JsonNode node, string notebooks, string path)
    {
        string name = node["name"]!.GetValue<string>(), file = Path.Combine(notebooks, name + ".ipynb");
        if (Path.GetFileName(file) != name + ".ipynb" || !File.Exists(file))
            throw new CliException($"The report '{path}' is about a notebook '{name}' that is not in '{notebooks}'.", Remedy);
        return new NotebookRun(NotebookInfo.Load(file), name)
        {
            State = Enum.Parse<RunState>(node["state"]!.GetValue<string>(), ignoreCase: true),
            Seconds = node["seconds"]!.GetValue<double>(),
            Problem = node["problem"]?.GetValue<string>(),
            Excerpt = node["excerpt"]!.GetValue<string>(),
            Claims = [.. node["claims"]!.AsArray().Select(c => Claim.FromJson(c!.ToJsonString()))],
        };
    }
}
