using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ResearchKit.Cli;

/// <summary>
/// The report's machine-readable half, results.json: verdicts for scripts, and how long each notebook took on this
/// machine, which is the best estimate for the next run.
/// </summary>
internal static class RunTimes
{
    public const string FileName = "results.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Seconds per notebook in the given mode, from the last report in the folder; empty if there is none.</summary>
    public static Dictionary<string, double> Load(string folder, bool full)
    {
        var times = new Dictionary<string, double>(StringComparer.Ordinal);
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return times;
        try
        {
            JsonNode? root = JsonNode.Parse(File.ReadAllText(path));
            if (root?["full"]?.GetValue<bool>() != full || root["notebooks"] is not JsonArray notebooks) return times;
            foreach (JsonNode? n in notebooks)
                if (n?["state"]?.GetValue<string>() == "succeeded")
                    times[n["name"]!.GetValue<string>()] = n["seconds"]!.GetValue<double>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException or IOException or NullReferenceException)
        {
            // Only an estimate is lost.
        }
        return times;
    }

    public static void Save(string folder, ReportModel report)
    {
        var root = new JsonObject
        {
            ["researchkit"] = Versions.OfResearchKit,
            ["started"] = report.Started.ToString("O"),
            ["full"] = report.Full,
            ["only"] = new JsonArray([.. report.Only.Select(o => (JsonNode)o)]),
            ["parameters"] = new JsonObject(report.Parameters.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            ["finished"] = report.Finished,
            ["cancelled"] = report.Cancelled,
            ["holds"] = report.Holds,
            ["verdict"] = report.Verdict,
            ["seconds"] = Math.Round(report.Seconds, 3),
            ["notebooks"] = new JsonArray([.. report.Runs.Select(Node)]),
        };
        OutputFolder.WriteTextAtomically(Path.Combine(folder, FileName), root.ToJsonString(Indented) + "\n");
    }

    private static JsonNode Node(NotebookRun run) => new JsonObject
    {
        ["name"] = run.Info.Name,
        ["state"] = run.State.ToString().ToLowerInvariant(),
        ["holds"] = run.Holds,
        ["seconds"] = Math.Round(run.Seconds, 3),
        ["problem"] = run.Problem,
        ["excerpt"] = run.Excerpt,
        ["absent"] = new JsonArray([.. run.Absent.Select(a => (JsonNode)a)]),
        ["claims"] = new JsonArray([.. run.Claims.Select(c => JsonNode.Parse(c.ToJson()))]),
    };
}
