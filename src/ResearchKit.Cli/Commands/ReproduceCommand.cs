using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`researchkit reproduce`: runs the notebooks and writes the report that sets our numbers beside the paper's.</summary>
internal static class ReproduceCommand
{
    /// <summary>What a notebook takes in quick mode when neither it nor an earlier run says.</summary>
    private const double DefaultQuickSeconds = 60;

    /// <summary>The notebooks' own switch from minutes to the paper's sizes.</summary>
    private const string FullParameter = "full";

    public static Command Create(CliContext context)
    {
        var full = new Option<bool>("--full") { Description = "The paper's sizes and numbers of trials (hours) instead of quick mode (minutes)." };
        var only = new Option<string[]>("--only")
        {
            Description = "Only notebooks of this figure, or with this in their name; may be repeated.",
            HelpName = "fig2",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string?>("--output", "-o") { Description = "Folder of the report. Default: notebooks/report of the clone.", HelpName = "folder" };
        Option<string[]> parameters = ParameterOption.Create();
        var command = new DocumentedCommand("reproduce", "Runs every notebook and writes a report: the paper's numbers, ours, tolerances and verdicts.") { full, only, output, parameters };
        command.Remarks.Add("The report is a folder of plain files: index.html with the summary, one page and one executed notebook each, results.json for scripts. A notebook that fails, or that records no check, counts against the verdict.");
        command.Examples.Add(("researchkit reproduce", "everything in quick mode"));
        command.Examples.Add(("researchkit reproduce --only fig2 fig8", "two figures"));
        command.Examples.Add(("researchkit reproduce --full --output report-full", "the paper's sizes, into a folder of its own"));
        command.Examples.Add(("researchkit reproduce --only fig3 --param seed=7", "another seed"));
        command.SetAction((parsed, _) => RunAsync(context, parsed.GetValue(full), parsed.GetValue(only) ?? [], parsed.GetValue(output), parsed.GetValue(parameters) ?? []));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, bool full, string[] only, string? output, string[] assignments)
    {
        Repository repository = Repository.Require(context);
        IReadOnlyList<NotebookInfo> notebooks = Select(repository, only);
        ParameterOption.Assignments given = ParameterOption.Parse(assignments, notebooks);
        string folder = context.FullPath(output ?? repository.Report);
        if (Path.GetFullPath(folder) == Path.GetFullPath(repository.Notebooks))
            throw new CliException($"--output '{folder}' is the folder of the notebooks: the executed copies would replace them.", "Choose another folder.");
        OutputFolder.Create(folder);
        ShowPlan(context, notebooks, full, folder);
        NotebooksPrepareCommand.Prepare(context, repository, quiet: true);

        var report = new ReportModel
        {
            Runs = [.. notebooks.Select(n => new NotebookRun(n, n.Name))],
            Full = full,
            Started = DateTimeOffset.Now,
            Only = only,
            Parameters = given.Values,
        };
        await ReportRunner.RunAsync(context, report, folder, run => ParametersFor(run.Info, given, full));
        ReportSummary.Write(context, report, Path.Combine(folder, "index.html"));
        return report.Cancelled ? ExitCodes.Cancelled : report.Holds ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static IReadOnlyList<NotebookInfo> Select(Repository repository, string[] only)
    {
        string[] files = Directory.Exists(repository.Notebooks) ? Directory.GetFiles(repository.Notebooks, "*.ipynb") : [];
        if (files.Length == 0)
            throw new CliException($"No notebooks in '{repository.Notebooks}'.", "Restore them: git checkout -- notebooks.");
        Array.Sort(files, StringComparer.Ordinal);
        NotebookInfo[] all = [.. files.Select(NotebookInfo.Load)];
        foreach (string pattern in only)
            if (!all.Any(n => n.Matches(pattern)))
            {
                string[] known = [.. all.SelectMany(n => n.Figures).Distinct().Order(StringComparer.Ordinal), .. all.Select(n => n.Name)];
                throw new CliException($"--only '{pattern}' matches no notebook.", $"{Suggestions.Question(pattern, known)} Known: {string.Join(", ", known)}.".TrimStart());
            }
        return only.Length == 0 ? all : [.. all.Where(n => only.Any(n.Matches))];
    }

    internal static Dictionary<string, string> ParametersFor(NotebookInfo notebook, ParameterOption.Assignments given, bool full)
    {
        Dictionary<string, string> values = given.For(notebook);
        if (full && notebook.Parameters.Contains(FullParameter)) values.TryAdd(FullParameter, "true");
        return values;
    }

    private static void ShowPlan(CliContext context, IReadOnlyList<NotebookInfo> notebooks, bool full, string folder)
    {
        Dictionary<string, double> last = RunTimes.Load(folder, full);
        Table table = new Table().Border(TableBorder.Simple).AddColumn("notebook").AddColumn("title").AddColumn(new TableColumn("about").RightAligned());
        double total = 0;
        bool unknown = false;
        foreach (NotebookInfo n in notebooks)
        {
            double? seconds = last.TryGetValue(n.Name, out double measured) ? measured
                : full && n.Parameters.Contains(FullParameter) ? n.FullSeconds : n.QuickSeconds ?? DefaultQuickSeconds;
            unknown |= seconds is null;
            total += seconds ?? 0;
            table.AddRow(new Text(n.Name), new Text(n.Title), new Text(seconds is { } s ? Duration.Text(s) : "unknown"));
        }
        context.Out.WriteLine($"Reproducing {notebooks.Count} {(notebooks.Count == 1 ? "notebook" : "notebooks")} in {(full ? "full" : "quick")} mode; about {Duration.Text(total)}{(unknown ? " and those unknown" : "")}.");
        context.Out.Write(table);
        context.Out.WriteLine($"Report: {context.Display(Path.Combine(folder, "index.html"))}. Ctrl+C stops and leaves a report of what is done.");
    }
}
