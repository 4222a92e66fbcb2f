using ResearchKit.Notebooks;

namespace ResearchKit.Cli;

/// <summary>How a notebook of the report stands.</summary>
internal enum RunState
{
    /// <summary>Its turn has not come; in a finished report, it was cancelled before.</summary>
    Pending,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>A notebook in the report: what was planned, what happened, and which claims it recorded.</summary>
internal sealed class NotebookRun(NotebookInfo info, string pageName)
{
    public NotebookInfo Info { get; } = info;

    /// <summary>The page's file name without ending.</summary>
    public string PageName { get; } = pageName;

    public RunState State { get; set; }

    public double Seconds { get; set; }

    public string? Problem { get; set; }

    public string Excerpt { get; set; } = "";

    public IReadOnlyList<Claim> Claims { get; set; } = [];

    /// <summary>Ids that the notebook announces in its metadata but has not recorded.</summary>
    public IReadOnlyList<string> Absent => State == RunState.Pending ? [] :
        [.. Info.ExpectedClaims.Where(id => !Claims.Any(c => c.Id == id))];

    /// <summary>It ran to its end, is no demonstration, and yet says nothing: that is not success.</summary>
    public bool IsSilent => State == RunState.Succeeded && Claims.Count == 0 && !Info.IsDemo;

    public bool Holds => State == RunState.Succeeded && !IsSilent && Absent.Count == 0 && Claims.All(c => c.Holds);
}

/// <summary>A whole report.</summary>
internal sealed class ReportModel
{
    public required IReadOnlyList<NotebookRun> Runs { get; init; }

    public required bool Full { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>What was selected by --only, empty for everything.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Which notebook was run again after the others, and when.</summary>
    public string? Again { get; set; }

    public bool Finished { get; set; }

    public bool Cancelled { get; set; }

    public double Seconds { get; set; }

    /// <summary>Every planned notebook ran and every verdict holds.</summary>
    public bool Holds => Finished && !Cancelled && Runs.All(r => r.Holds);

    public int ClaimsHeld => Runs.Sum(r => r.Claims.Count(c => c.Holds));

    public int ClaimsFailed => Runs.Sum(r => r.Claims.Count(c => !c.Holds));

    public int ClaimsAbsent => Runs.Sum(r => r.Absent.Count + (r.IsSilent && r.Absent.Count == 0 ? 1 : 0));

    /// <summary>The verdict in a sentence, for the page and the terminal.</summary>
    public string Verdict
    {
        get
        {
            int failed = Runs.Count(r => r.State == RunState.Failed);
            var parts = new List<string>();
            if (!Finished) parts.Add($"Still running: {Runs.Count(r => r.State != RunState.Pending)} of {Runs.Count} notebooks done");
            if (Cancelled) parts.Add($"Cancelled: {Runs.Count(r => r.State is RunState.Pending or RunState.Cancelled)} of {Runs.Count} notebooks did not finish");
            if (failed > 0) parts.Add($"{failed} of {Runs.Count} notebooks failed");
            if (ClaimsFailed > 0) parts.Add($"{ClaimsFailed} of {ClaimsHeld + ClaimsFailed} recorded {(ClaimsHeld + ClaimsFailed == 1 ? "check fails" : "checks fail")}");
            if (ClaimsAbsent > 0) parts.Add($"{ClaimsAbsent} expected {(ClaimsAbsent == 1 ? "check is" : "checks are")} absent");
            if (parts.Count == 0)
                parts.Add(ClaimsHeld == 0 ? "All notebooks ran; none of them checks a claim" : $"{(ClaimsHeld == 1 ? "The one check holds" : $"All {ClaimsHeld} checks hold")} in {Runs.Count} {(Runs.Count == 1 ? "notebook" : "notebooks")}");
            else if (ClaimsHeld > 0)
                parts.Add($"{ClaimsHeld} {(ClaimsHeld == 1 ? "holds" : "hold")}");
            return string.Join("; ", parts) + ".";
        }
    }
}
