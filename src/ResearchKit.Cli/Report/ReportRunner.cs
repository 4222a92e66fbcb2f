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
            string stem = Path.Combine(folder, run.PageName);
            var job = new NotebookJob(run.Info.Path, stem + ".ipynb", stem + ".html", parameters(run), Timeout: null)
            {
                Home = new("index.html", "Report"),
                Previous = i > 0 ? Link(report.Runs[i - 1]) : null,
                Next = i + 1 < report.Runs.Count ? Link(report.Runs[i + 1]) : null,
            };
            await RunOneAsync(context, run, job, view, $"{i + 1}/{report.Runs.Count} {run.Info.Name}");
            report.Cancelled = context.Cancellation.IsCancellationRequested;
            report.Seconds = clock.Elapsed.TotalSeconds;
            if (i + 1 < report.Runs.Count && !report.Cancelled) Write(report, folder);
        }
        report.Finished = true;
        Write(report, folder);
    }

    private static async Task RunOneAsync(CliContext context, NotebookRun run, NotebookJob job, NotebookProgressView view, string label)
    {
        using var file = new ClaimsFile();
        NotebookOutcome outcome;
        try
        {
            context.Cancellation.ThrowIfCancellationRequested();
            outcome = await view.ShowAsync(label, onCell => context.Notebooks.RunAsync(job, onCell, context.Cancellation));
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
