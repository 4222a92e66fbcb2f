using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace ResearchKit.Engine.Jupyter;

/// <summary>What was executed in this kernel, for clients that let their user go back.</summary>
internal sealed class KernelHistory
{
    /// <summary>How many inputs are kept.</summary>
    public const int Kept = 1000;

    private readonly Queue<(int Number, string Code)> _inputs = new();

    public void Add(int number, string code)
    {
        _inputs.Enqueue((number, code));
        if (_inputs.Count > Kept)
            _inputs.Dequeue();
    }

    /// <summary>Answers a history_request: the tail, a range of this session, or a search by pattern.</summary>
    public JsonObject Answer(JupyterMessage request)
    {
        int most = request.Number("n", Kept);
        IEnumerable<(int Number, string Code)> found = request.Text("hist_access_type") switch
        {
            // Earlier sessions are not kept; this one is session 0 in the protocol's relative count.
            "range" when request.Number("session", 0) is 0 or 1 =>
                _inputs.Where(i => i.Number >= request.Number("start", 0) && i.Number < request.Number("stop", int.MaxValue)),
            "range" => [],
            "search" => Search(request.Text("pattern") ?? "*", request.Flag("unique", otherwise: false)).TakeLast(most),
            _ => _inputs.TakeLast(most),
        };
        bool output = request.Flag("output", otherwise: false);
        var items = new JsonArray();
        foreach (var (number, code) in found)
            items.Add((JsonNode)new JsonArray(1, number, output ? new JsonArray(code, null) : JsonValue.Create(code)));
        return new JsonObject { ["status"] = "ok", ["history"] = items };
    }

    private IEnumerable<(int Number, string Code)> Search(string pattern, bool unique)
    {
        var found = _inputs.Where(i => FileSystemName.MatchesSimpleExpression(pattern, i.Code, ignoreCase: false));
        return unique ? found.Reverse().DistinctBy(i => i.Code).Reverse() : found;
    }
}
