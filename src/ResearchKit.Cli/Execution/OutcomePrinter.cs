using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>Says what came of a notebook: one line, or the failing cell with its line and a caret.</summary>
internal static class OutcomePrinter
{
    public static void Print(CliContext context, string path, NotebookOutcome outcome)
    {
        string name = Markup.Escape(context.Display(path)), time = Duration.Text(outcome.Seconds);
        switch (outcome.Status)
        {
            case NotebookStatus.Succeeded:
                context.Out.MarkupLine($"[green]ok[/] {name} [grey]{time}[/]");
                break;
            case NotebookStatus.Cancelled:
                context.Out.MarkupLine($"[yellow]cancelled[/] {name} [grey]{time}[/]");
                break;
            default:
                context.Out.MarkupLine($"[red]FAILED[/] {name} [grey]{time}[/]");
                if (outcome.Problem is { } problem)
                {
                    context.Error.MarkupLine($"[red bold]error:[/] [red]{name}, {Markup.Escape(Describe(problem))}[/]");
                    if (problem.Excerpt.Length > 0) context.Error.WriteLine(problem.Excerpt);
                }
                break;
        }
    }

    /// <summary>"cell 3, line 2: DivideByZeroException: Attempted to divide by zero."</summary>
    public static string Describe(CellProblem problem)
    {
        string cell = problem.Cell switch { null => "", 0 => "injected parameters", int n => $"cell {n}" };
        string line = problem.Line is { } l ? $", line {l}" : "";
        return $"{cell}{line}{(cell.Length > 0 ? ": " : "")}{problem.Name}: {problem.Message}";
    }
}
