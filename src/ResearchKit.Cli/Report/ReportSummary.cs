using ResearchKit.Notebooks;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace ResearchKit.Cli;

/// <summary>The end of `reproduce` on the terminal: the table of claims and the verdict.</summary>
internal static class ReportSummary
{
    public static void Write(CliContext context, ReportModel report, string index)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("claim").AddColumn("paper").AddColumn("ours").AddColumn("tolerance").AddColumn("verdict");
        foreach (NotebookRun run in report.Runs)
        {
            foreach (Claim c in run.Claims)
                Row(c.Statement, c.Paper, c.Ours, c.Tolerance, c.Holds ? "[green]holds[/]" : "[red]FAILS[/]");
            foreach (string id in run.Absent)
                Row($"{id} ({run.Info.Name})", "", "", "", "[red]absent[/]");
            if (run.IsSilent && run.Absent.Count == 0)
                Row($"{run.Info.Name} records no check", "", "", "", "[red]absent[/]");
            if (run.State is RunState.Failed or RunState.Cancelled)
                Row($"{run.Info.Name} did not finish", "", "", "", run.State == RunState.Failed ? "[red]FAILED[/]" : "[yellow]cancelled[/]");
        }
        context.Out.WriteLine();
        if (table.Rows.Count > 0) context.Out.Write(table);
        string colour = report.Holds ? "green" : report.Cancelled ? "yellow" : "red";
        context.Out.MarkupLine($"[{colour} bold]{Markup.Escape(report.Verdict)}[/] [grey]{Duration.Text(report.Seconds)}[/]");
        context.Out.WriteLine($"Report: {context.Display(index)}");

        void Row(string claim, string paper, string ours, string tolerance, string verdict) =>
            table.AddRow(new Text(claim), new Text(paper), new Text(ours), new Text(tolerance), new Markup(verdict));
    }
}
