using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ResearchKit.Notebooks;

/// <summary>
/// Records what a notebook checks against the paper: the number reported, our number, the tolerance, and whether it holds.
/// </summary>
/// <remarks>
/// End a cell with <c>Claims.Check(...)</c> to show the row, and the notebook with <c>Claims.Table()</c> to show them
/// all. When the environment variable <see cref="FileVariable"/> names a file, every record is appended to it as one
/// line of JSON: this is how `researchkit reproduce` collects its summary. Nothing is recorded until a check is made,
/// so that a notebook which stops early reports nothing rather than success.
/// </remarks>
public static class Claims
{
    /// <summary>The environment variable that names the file of JSON lines.</summary>
    public const string FileVariable = "RESEARCHKIT_CLAIMS";

    private static readonly Lock Gate = new();
    private static readonly List<Claim> List = [];
    private static string? run;

    /// <summary>The records so far, in the order of their first appearance.</summary>
    public static IReadOnlyList<Claim> Recorded
    {
        get
        {
            lock (Gate)
            {
                BeginRun();
                return [.. List];
            }
        }
    }

    /// <summary>Records one check. Checking the same id again, as when a cell is re-run, replaces its row in <see cref="Table"/>.</summary>
    /// <param name="id">A short stable name, e.g. "fig2-slope-m3-k5".</param>
    /// <param name="claim">What is claimed, in one phrase.</param>
    /// <param name="paper">The paper's value as text, with its unit; "not in the paper" where it has none.</param>
    /// <param name="ours">Our value as text.</param>
    /// <param name="tolerance">What was allowed, e.g. "within 10%" or "at most 1e-12".</param>
    /// <param name="holds">The verdict, computed by the notebook from numbers.</param>
    /// <param name="note">What a reader must know to judge it, or null.</param>
    /// <exception cref="ArgumentException">The id or the claim is empty.</exception>
    /// <exception cref="IOException">The file of records cannot be written.</exception>
    public static Claim Check(string id, string claim, string paper, string ours, string tolerance, bool holds, string? note = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentException.ThrowIfNullOrWhiteSpace(claim);
        ArgumentNullException.ThrowIfNull(paper);
        ArgumentNullException.ThrowIfNull(ours);
        ArgumentNullException.ThrowIfNull(tolerance);
        var record = new Claim(id, claim, paper, ours, tolerance, holds, note);
        lock (Gate)
        {
            BeginRun();
            int same = List.FindIndex(c => c.Id == id);
            if (same >= 0) List[same] = record;
            else List.Add(record);
            if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file)
                File.AppendAllText(file, record.ToJson() + "\n");
        }
        return record;
    }

    /// <summary>All records so far as one table.</summary>
    public static ClaimTable Table() => new(Recorded);

    /// <summary>Forgets the records of this session; lines already written to the file stay.</summary>
    public static void Clear()
    {
        lock (Gate) List.Clear();
    }

    /// <summary>Several notebooks may run in one process, each with a file of its own: a new file begins a new list.</summary>
    private static void BeginRun()
    {
        string? file = Environment.GetEnvironmentVariable(FileVariable);
        if (file != run) List.Clear();
        run = file;
    }
}

/// <summary>One check against the paper.</summary>
/// <param name="Id">A short stable name.</param>
/// <param name="Statement">What is claimed.</param>
/// <param name="Paper">The paper's value.</param>
/// <param name="Ours">Our value.</param>
/// <param name="Tolerance">What was allowed.</param>
/// <param name="Holds">The verdict.</param>
/// <param name="Note">A remark, or null.</param>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed record Claim(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("claim")] string Statement,
    [property: JsonPropertyName("paper")] string Paper,
    [property: JsonPropertyName("ours")] string Ours,
    [property: JsonPropertyName("tolerance")] string Tolerance,
    [property: JsonPropertyName("holds")] bool Holds,
    [property: JsonPropertyName("note")] string? Note = null) : INotebookHtml
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The record as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a line written by <see cref="ToJson"/>.</summary>
    /// <exception cref="JsonException">The line is not such a record.</exception>
    public static Claim FromJson(string line)
    {
        Claim? claim = JsonSerializer.Deserialize<Claim>(line, Json);
        if (claim is null || string.IsNullOrWhiteSpace(claim.Id) || string.IsNullOrWhiteSpace(claim.Statement))
            throw new JsonException($"Not a record of a claim: {line}");
        return claim;
    }

    string INotebookHtml.ToHtml() => ((INotebookHtml)new ClaimTable([this])).ToHtml();

    /// <summary>The record as one line of text.</summary>
    public override string ToString() =>
        $"{(Holds ? "holds" : "FAILS")}: {Statement} (paper {Paper}; ours {Ours}; {Tolerance}){(Note is null ? "" : $" - {Note}")}";
}

/// <summary>Records as a table: in notebooks as HTML, elsewhere as lines of text.</summary>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class ClaimTable(IReadOnlyList<Claim> claims) : INotebookHtml
{
    /// <summary>The rows.</summary>
    public IReadOnlyList<Claim> Claims { get; } = claims ?? throw new ArgumentNullException(nameof(claims));

    /// <summary>One line per record.</summary>
    public override string ToString() =>
        Claims.Count == 0 ? "No claim has been checked." : string.Join('\n', Claims);

    /// <summary>Verdicts can be told apart without colours.</summary>
    string INotebookHtml.ToHtml()
    {
        if (Claims.Count == 0) return "<p>No claim has been checked.</p>";
        var html = new StringBuilder("<table class=\"rk-claims\"><thead><tr><th>claim</th><th>paper</th><th>ours</th><th>tolerance</th><th>verdict</th></tr></thead><tbody>");
        foreach (Claim c in Claims)
        {
            string note = c.Note is null ? "" : $"<br><small>{Text(c.Note)}</small>";
            string verdict = c.Holds ? "<span style=\"color:light-dark(#1a7f37,#4ac26b)\">&#10003; holds</span>" : "<strong style=\"color:light-dark(#cf222e,#ff8182)\">&#10007; fails</strong>";
            html.Append($"<tr><td style=\"text-align:left\">{Text(c.Statement)}{note}</td><td>{Text(c.Paper)}</td><td>{Text(c.Ours)}</td><td>{Text(c.Tolerance)}</td><td>{verdict}</td></tr>");
        }
        return html.Append("</tbody></table>").ToString();

        static string Text(string s) => WebUtility.HtmlEncode(s);
    }
}
