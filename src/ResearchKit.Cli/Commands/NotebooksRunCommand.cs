using System.CommandLine;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`researchkit notebooks run`: executes the notebooks named on the command line.</summary>
internal static class NotebooksRunCommand
{
    public static Command Create(CliContext context)
    {
        var paths = new Argument<string[]>("path") { Description = "Notebooks (.ipynb) or folders of them.", Arity = ArgumentArity.OneOrMore };
        var parameters = ParameterOption.Create();
        var output = new Option<string?>("--output", "-o") { Description = "Folder for executed notebooks and pages. Default: notebooks/report of the clone.", HelpName = "folder" };
        var timeout = new Option<double?>("--timeout") { Description = "Seconds that one notebook may take. Default: no limit.", HelpName = "seconds" };
        var command = new DocumentedCommand("run", "Executes notebooks and writes each as executed .ipynb and as .html.") { paths, parameters, output, timeout };
        command.Examples.Add(("researchkit notebooks run notebooks/01-start.ipynb", "run one with its own parameters"));
        command.Examples.Add(("researchkit notebooks run notebooks/02-error.ipynb --param d=4000 --param full=false", "set variables of its parameters cell"));
        command.Examples.Add(("researchkit notebooks run notebooks --timeout 120 --output out", "run a whole folder, none longer than two minutes"));
        command.SetAction((parsed, _) => RunAsync(context, parsed.GetRequiredValue(paths), parsed.GetValue(parameters) ?? [], parsed.GetValue(output), parsed.GetValue(timeout)));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string[] paths, string[] assignments, string? output, double? timeout)
    {
        if (timeout is not null and not (> 0 and <= 2_000_000))
            throw new CliException($"--timeout is {timeout}; it must be more than 0 and at most 2000000 seconds.", "Leave it out for no limit.");
        NotebookInfo[] notebooks = [.. Expand(context, paths).Select(NotebookInfo.Load)];
        // The clone that the notebooks are in is the one whose library they load.
        Repository repository = Repository.Require(context, Path.GetDirectoryName(notebooks[0].Path));
        ParameterOption.Assignments given = ParameterOption.Parse(assignments, notebooks);
        string folder = OutputFolder.Create(context.FullPath(output ?? repository.Report));
        NotebooksPrepareCommand.Prepare(context, repository, quiet: true);

        var view = new NotebookProgressView(context);
        var names = new NameChooser();
        int failed = 0;
        for (int i = 0; i < notebooks.Length; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            NotebookInfo notebook = notebooks[i];
            string stem = Path.Combine(folder, names.Choose(notebook.Name));
            var job = new NotebookJob(notebook.Path, stem + ".ipynb", stem + ".html", given.For(notebook), timeout is { } s ? TimeSpan.FromSeconds(s) : null);
            if (Path.GetFullPath(job.ExecutedPath) == Path.GetFullPath(notebook.Path))
                throw new CliException($"--output '{folder}' is the notebook's own folder: the executed copy would replace '{notebook.Path}'.", "Choose another folder.");
            NotebookOutcome outcome = await view.ShowAsync($"{i + 1}/{notebooks.Length} {notebook.Name}",
                onCell => context.Notebooks.RunAsync(job, onCell, context.Cancellation));
            OutcomePrinter.Print(context, notebook.Path, outcome);
            if (outcome.Status == NotebookStatus.Cancelled) throw new OperationCanceledException(context.Cancellation);
            if (outcome.Status == NotebookStatus.Failed) failed++;
            context.Out.MarkupLine($"  [grey]{Markup.Escape(context.Display(job.HtmlPath))}[/]");
        }
        if (notebooks.Length > 1)
            context.Out.WriteLine(failed == 0 ? $"All {notebooks.Length} notebooks ran." : $"{failed} of {notebooks.Length} notebooks failed.");
        return failed == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static List<string> Expand(CliContext context, string[] paths)
    {
        var all = new List<string>();
        foreach (string path in paths)
        {
            string full = context.FullPath(path);
            if (Directory.Exists(full))
            {
                string[] inside = Directory.GetFiles(full, "*.ipynb");
                if (inside.Length == 0) throw new CliException($"The folder '{path}' holds no notebook (*.ipynb).", "Name a notebook or another folder.");
                Array.Sort(inside, StringComparer.Ordinal);
                all.AddRange(inside);
            }
            else if (File.Exists(full))
            {
                all.Add(full);
            }
            else
            {
                string folder = Path.GetDirectoryName(full)!;
                string? question = Directory.Exists(folder)
                    ? Suggestions.Question(Path.GetFileName(full), Directory.GetFiles(folder, "*.ipynb").Select(f => Path.GetFileName(f))) : null;
                throw new CliException($"The notebook '{path}' does not exist.", question ?? "Check the path.");
            }
        }
        return all;
    }
}
