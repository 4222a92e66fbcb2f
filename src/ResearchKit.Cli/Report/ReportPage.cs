using System.Net;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using ResearchKit.Engine;
using ResearchKit.Notebooks;

namespace ResearchKit.Cli;

/// <summary>Writes index.html of a report: one file, no scripts, readable offline, in the dark, on paper.</summary>
internal static class ReportPage
{
    /// <param name="report">What to show.</param>
    /// <param name="folder">Where the pages lie; only those that exist are linked.</param>
    public static string Html(ReportModel report, string folder)
    {
        var html = new StringBuilder(1 << 14);
        html.Append("""
            <h1>Universal compression: reproduction report</h1>
            <p class="lead">A permutation-invariant function of many objects changes little when the objects are replaced by few weighted ones with the
            same moments. This report sets the numbers of <a href="https://arxiv.org/abs/2510.00504">Wang, Luo, Poggio, Chuang and Ziyin (ICLR 2026)</a>
            beside ours, claim by claim, each with the tolerance that the notebook states.</p>

            """);
        html.Append($"<p class=\"verdict {(report.Holds ? "good" : report.Finished && !report.Cancelled ? "bad" : "open")}\" role=\"status\"><strong>{Mark(report)}</strong> {Text(report.Verdict)}</p>\n");
        Facts(html, report);
        Summary(html, report, folder);
        Notebooks(html, report, folder);
        return new HtmlShell
        {
            Title = "Universal compression: reproduction report",
            Body = html.ToString(),
            Head = $"<style>{ReportStyle.Css}</style>\n",
            Footer = "Written by researchkit reproduce. Every verdict is computed from numbers by the notebook linked beside it; nothing here is entered by hand. For scripts: results.json.",
        }.ToHtml();
    }

    private static string Mark(ReportModel report) =>
        report.Holds ? "&#10003;" : !report.Finished ? "&#8943;" : report.Cancelled ? "&#9632;" : "&#10007;";

    private static void Facts(StringBuilder html, ReportModel report)
    {
        html.Append("<dl class=\"facts\">");
        Fact("date", report.Started.ToString("yyyy-MM-dd HH:mm zzz"));
        Fact("mode", report.Full ? "full (the paper's sizes)" : "quick (smaller sizes, fewer trials)");
        if (report.Only.Count > 0) Fact("selection", string.Join(", ", report.Only));
        if (report.Parameters.Count > 0) Fact("parameters", string.Join(", ", report.Parameters.Select(p => $"{p.Key}={p.Value}")));
        if (report.Again is not null) Fact("last run again", report.Again);
        Fact("time", Duration.Text(report.Seconds));
        Fact("ResearchKit", Versions.OfResearchKit);
        Fact("runtime", RuntimeInformation.FrameworkDescription);
        Fact("machine", $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, {Vector<double>.Count} doubles per vector");
        html.Append("</dl>\n");

        void Fact(string name, string value) => html.Append($"<div><dt>{name}</dt><dd>{Text(value)}</dd></div>");
    }

    private static void Summary(StringBuilder html, ReportModel report, string folder)
    {
        html.Append("<h2>Claims</h2>\n<div class=\"wide\"><table><thead><tr><th>claim</th><th>paper</th><th>ours</th><th>tolerance</th><th>verdict</th><th>evidence</th></tr></thead><tbody>\n");
        int rows = 0;
        foreach (NotebookRun run in report.Runs)
        {
            string link = Link(run, folder, Text(run.Info.Figures.Count > 0 ? string.Join(", ", run.Info.Figures) : run.Info.Name));
            foreach (Claim c in run.Claims)
            {
                string note = c.Note is null ? "" : $"<small>{Text(c.Note)}</small>";
                Row($"{Text(c.Statement)}{note}", Text(c.Paper), Text(c.Ours), Text(c.Tolerance), c.Holds ? "holds" : "fails", c.Holds, link, c.Id);
            }
            foreach (string id in run.Absent)
                Row($"<code>{Text(id)}</code><small>announced by the notebook, but not recorded</small>", "", "", "", "absent", false, link, id);
            if (run.IsSilent && run.Absent.Count == 0)
                Row($"{Text(run.Info.Title)}<small>the notebook ran but recorded no check</small>", "", "", "", "absent", false, link, null);
            if (run.State is RunState.Failed or RunState.Cancelled)
                Row($"{Text(run.Info.Title)}<small>{(run.State == RunState.Failed ? "the notebook failed; checks after the failure are missing" : "the notebook was cancelled")}</small>",
                    "", "", "", run.State == RunState.Failed ? "failed" : "cancelled", false, link, null);
        }
        if (rows == 0) html.Append("<tr><td colspan=\"6\">No claim has been checked yet.</td></tr>\n");
        html.Append("</tbody></table></div>\n");

        void Row(string claim, string paper, string ours, string tolerance, string verdict, bool good, string evidence, string? id)
        {
            rows++;
            html.Append($"<tr{(id is null ? "" : $" id=\"{Text(id)}\"")}><td>{claim}</td><td>{paper}</td><td>{ours}</td><td>{tolerance}</td>")
                .Append($"<td><span class=\"{(good ? "good" : "bad")}\">{(good ? "&#10003;" : "&#10007;")} {verdict}</span></td><td>{evidence}</td></tr>\n");
        }
    }

    private static void Notebooks(StringBuilder html, ReportModel report, string folder)
    {
        html.Append("<h2>Notebooks</h2>\n<div class=\"wide\"><table><thead><tr><th>notebook</th><th>state</th><th>time</th><th>checks</th><th>source</th></tr></thead><tbody>\n");
        foreach (NotebookRun run in report.Runs)
        {
            (string css, string state) = run.State switch
            {
                RunState.Succeeded => ("good", "&#10003; ran"),
                RunState.Failed => ("bad", "&#10007; failed"),
                RunState.Cancelled => ("open", "&#9632; cancelled"),
                _ => ("open", report.Finished ? "&#9632; not run" : "&#8943; waiting"),
            };
            string checks = run.Claims.Count > 0 ? $"{run.Claims.Count(c => c.Holds)} of {run.Claims.Count} hold"
                : run.Info.IsDemo ? "demonstration" : run.State == RunState.Pending ? "" : "none";
            bool executed = File.Exists(Path.Combine(folder, run.PageName + ".ipynb"));
            string source = executed ? $"<a href=\"{Uri.EscapeDataString(run.PageName)}.ipynb\">executed .ipynb</a>" : "";
            html.Append($"<tr data-notebook=\"{Text(run.PageName)}\"><td>{Link(run, folder, Text(run.Info.Title))}<small>{Text(run.Info.Name)}</small></td><td><span class=\"{css}\">{state}</span></td>")
                .Append($"<td>{(run.State == RunState.Pending ? "" : Duration.Text(run.Seconds))}</td><td>{checks}</td><td>{source}</td></tr>\n");
            if (run.Problem is not null)
                html.Append($"<tr class=\"problem\"><td colspan=\"5\">{Text(run.Problem)}{(run.Excerpt.Length > 0 ? $"<pre>{Text(run.Excerpt)}</pre>" : "")}</td></tr>\n");
        }
        html.Append("</tbody></table></div>\n");
    }

    private static string Link(NotebookRun run, string folder, string text) =>
        File.Exists(Path.Combine(folder, run.PageName + ".html")) ? $"<a href=\"{Uri.EscapeDataString(run.PageName)}.html\">{text}</a>" : text;

    private static string Text(string s) => WebUtility.HtmlEncode(s);
}
