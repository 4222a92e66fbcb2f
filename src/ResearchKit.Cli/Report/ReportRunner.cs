using System.Diagnostics;
using ResearchKit.Notebooks;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>Runs the notebooks of a report one after the other, and rewrites the report after each.</summary>
internal static class ReportRunner
{
    public static async Task RunAsync(CliContext context, ReportModel report, string folder, Func<NotebookRun, IReadOnlyDictionary<string, string>> parameters)
    {
        var view = new NotebookProgressView(context);
        var clock = Stopwatch.StartNew();
        RemoveOldPages(report, folder);
        for (int i = 0; i < report.Runs.Count && !report.Cancelled; i++)
        {
            NotebookRun run = report.Runs[i];
            await RunOneAsync(context, run, JobOf(report, i, folder, parameters(run)), view, $"{i + 1}/{report.Runs.Count} {run.Info.Name}");
            report.Cancelled = context.Cancellation.IsCancellationRequested;
            report.Seconds = clock.Elapsed.TotalSeconds;
            if (i + 1 < report.Runs.Count && !report.Cancelled) Write(report, folder);
        }
        report.Finished = true;
        Write(report, folder);
    }

    /// <summary>Runs one notebook of a finished report again and rewrites the report; cancelled, it leaves all as it was.</summary>
    public static async Task<NotebookStatus> AgainAsync(
        CliContext context, ReportModel report, NotebookRun run, string folder, IReadOnlyDictionary<string, string> parameters, Action<int, int> onCell)
    {
        NotebookJob job = JobOf(report, report.Runs.ToList().IndexOf(run), folder, parameters);
        var earlier = new EarlierResult(run, [job.ExecutedPath, job.HtmlPath]);
        await RunOneAsync(context, run, job, new NotebookProgressView(context), run.Info.Name, onCell);
        if (run.State == RunState.Cancelled)
        {
            earlier.Restore();
            return NotebookStatus.Cancelled;
        }
        report.Again = $"{run.Info.Name}, {DateTimeOffset.Now:yyyy-MM-dd HH:mm zzz}";
        report.Cancelled = report.Runs.Any(r => r.State is RunState.Cancelled or RunState.Pending);
        report.Finished = true;
        report.Seconds = report.Runs.Sum(r => r.Seconds);
        Write(report, folder);
        return run.State == RunState.Succeeded ? NotebookStatus.Succeeded : NotebookStatus.Failed;
    }

    private static NotebookJob JobOf(ReportModel report, int i, string folder, IReadOnlyDictionary<string, string> parameters)
    {
        string stem = Path.Combine(folder, report.Runs[i].PageName);
        return new NotebookJob(report.Runs[i].Info.Path, stem + ".ipynb", stem + ".html", parameters, Timeout: null)
        {
            Home = new("index.html", "Report"),
            Previous = i > 0 ? Link(report.Runs[i - 1]) : null,
            Next = i + 1 < report.Runs.Count ? Link(report.Runs[i + 1]) : null,
        };
    }

    private static async Task RunOneAsync(CliContext context, NotebookRun run, NotebookJob job, NotebookProgressView view, string label, Action<int, int>? also = null)
    {
        using var file = new ClaimsFile();
        NotebookOutcome outcome;
        try
        {
            context.Cancellation.ThrowIfCancellationRequested();
            outcome = await view.ShowAsync(label, onCell => context.Notebooks.RunAsync(job, also is null ? onCell : onCell + also, context.Cancellation));
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            outcome = new(NotebookStatus.Cancelled, 0);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One notebook that the engine cannot run must not take the report of the others with it.
            outcome = new(NotebookStatus.Failed, 0, new(null, null, e.GetType().Name, e.Message, ""));
        }
        run.Seconds = outcome.Seconds;
        run.State = outcome.Status switch
        {
            NotebookStatus.Succeeded => RunState.Succeeded,
            NotebookStatus.Cancelled => RunState.Cancelled,
            _ => RunState.Failed,
        };
        run.Claims = file.Read(out string? unreadable);
        if (outcome.Problem is { } problem)
        {
            run.Problem = OutcomePrinter.Describe(problem);
            run.Excerpt = problem.Excerpt;
        }
        else if (unreadable is not null)
        {
            run.State = RunState.Failed;
            run.Problem = unreadable;
        }
        OutcomePrinter.Print(context, run.Info.Path, outcome);
        foreach (Claim claim in run.Claims.Where(c => !c.Holds))
            context.Out.WriteLine($"  {claim}");
    }

    private static PageLink Link(NotebookRun run) => new(Uri.EscapeDataString(run.PageName) + ".html", run.Info.Title);

    /// <summary>A page of an earlier run beside today's verdict would mislead.</summary>
    private static void RemoveOldPages(ReportModel report, string folder)
    {
        foreach (NotebookRun run in report.Runs)
            foreach (string ending in new[] { ".html", ".ipynb" })
                File.Delete(Path.Combine(folder, run.PageName + ending));
    }

    private static void Write(ReportModel report, string folder)
    {
        OutputFolder.WriteTextAtomically(Path.Combine(folder, "index.html"), ReportPage.Html(report, folder));
        RunTimes.Save(folder, report);
    }
}
