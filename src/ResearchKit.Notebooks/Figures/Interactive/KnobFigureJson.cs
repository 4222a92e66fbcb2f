using System.Text.Json;
using System.Text.Json.Nodes;

namespace ResearchKit.Notebooks;

/// <summary>Writes the pictures behind sliders with everything that they share written once.</summary>
internal static class KnobFigureJson
{
    public static string Build(IReadOnlyList<FigureSpec> figures, IReadOnlyList<ControlSpec> controls)
    {
        var traces = new Pool();
        var layouts = new Pool();
        var states = new JsonArray();
        JsonNode? config = null;
        foreach (FigureSpec figure in figures)
        {
            JsonObject chart = JsonNode.Parse(PlotlyContext.Current.Call(nameof(PlotlyBridge.Build), (figure with { Controls = controls }).ToJson()))!.AsObject();
            config ??= chart["config"]!.DeepClone();
            states.Add((JsonNode)new JsonObject
            {
                ["traces"] = new JsonArray([.. chart["data"]!.AsArray().Select(t => (JsonNode)traces.Add(t!))]),
                ["layout"] = layouts.Add(chart["layout"]!),
                ["title"] = figure.Title,
                ["caption"] = figure.FullCaption,
            });
        }

        string Numbers(Func<ControlSpec, int> pick) => JsonSerializer.Serialize(controls.Select(pick));
        return $"{{\"traces\":{traces},\"layouts\":{layouts},\"states\":{states.ToJsonString()},\"stops\":{Numbers(c => c.Stops.Count)},"
            + $"\"at\":{Numbers(c => c.Active)},\"config\":{config!.ToJsonString()}}}";
    }

    /// <summary>Different pieces of JSON, each under the number of its first appearance.</summary>
    private sealed class Pool
    {
        private readonly Dictionary<string, int> _numbers = [];
        private readonly List<string> _texts = [];

        public int Add(JsonNode node)
        {
            string text = node.ToJsonString();
            if (_numbers.TryGetValue(text, out int number)) return number;
            _texts.Add(text);
            return _numbers[text] = _texts.Count - 1;
        }

        public override string ToString() => "[" + string.Join(',', _texts) + "]";
    }
}
