using System.Globalization;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>The tables of `compress`.</summary>
internal static class CompressPrinter
{
    public static void Columns(CliContext context, SourceData source)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("column").AddColumn("use").AddColumn("found");
        foreach (ColumnFinding f in source.Findings)
            table.AddRow(new Text(f.Column), new Text(f.Use), new Text(f.Note));
        context.Out.Write(table);
    }

    public static void Plan(CliContext context, CompressRequest request, SourceData source, CostEstimate? cost)
    {
        int m = source.Points.Dimension;
        string goal = request.Budget is { } budget ? Inv($"at most {budget}") : Inv($"as few as have an estimated error of {request.Tolerance:G3}");
        string kept = request.Degree is { } k ? Inv($"keeping {MomentSpace.CountOf(m, k):0} moments of degree 0 to {k} per cell") : "trying degrees";
        string about = cost is { } c ? $"; about {Duration.Text(c.Seconds)} and {Duration.Bytes(c.Bytes)}" : "";
        context.Out.WriteLine(Inv($"{source.Points.Count} rows in {m} {(m == 1 ? "column" : "columns")} -> {goal}, {kept}{about}."));
        double[] deviations = [.. source.Deviations().Where(s => s > 0)];
        if (!request.Standardize && deviations.Length > 1 && deviations.Max() > 100 * deviations.Min())
            context.Out.MarkupLine(Inv($"[yellow]note:[/] the columns' standard deviations range from {deviations.Min():G3} to {deviations.Max():G3}, so cells are cut along the widest ones only; --standardize weighs all columns alike."));
    }

    public static void Result(CliContext context, Certificate c)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("certificate").AddColumn(new TableColumn("value").RightAligned());
        Row("rows", Inv($"{c.OriginalCount} -> {c.Count}"));
        Row("method", c.Method);
        Row("moments kept", Inv($"{c.MomentSpace} ({c.Moments} per cell)"));
        Row("cells", Inv($"{c.Cells}, rank at most {c.MaxRank}"));
        Row("mass", Inv($"{c.OriginalMass:R} -> {c.Mass:R}"));
        Row("largest moment residual", Inv($"{c.MaxMomentResidual:E1}"));
        Row("defect of the next degree", Inv($"{c.NextDegreeDefect:E1}"));
        Row("probe error", Inv($"{c.ProbeError:E1}"));
        Row("estimated error", Inv($"{c.EstimatedError:E1}"));
        if (c.Trials.Count > 0) Row("compressions tried", Inv($"{c.Trials.Count}"));
        Row("largest cell diameter", Inv($"{c.MaxCellDiameter:G4}"));
        Row("time, memory", $"{Duration.Text(c.Seconds)}, {Duration.Bytes(c.Bytes)}");
        context.Out.Write(table);

        void Row(string name, string value) => table.AddRow(new Text(name), new Text(value));
    }

    public static void Verified(CliContext context, Verification v, IReadOnlyList<string> names)
    {
        string worst = string.Join(' ', v.Comparison.Worst.Select((e, j) => (e, j)).Where(t => t.e > 0).Select(t => t.e == 1 ? names[t.j] : $"{names[t.j]}^{t.e}"));
        string numbers = Inv($"{v.Comparison.Moments} moments of the whole data; mass differs by {v.Comparison.MassResidual:E1}, moments by at most {v.Comparison.MaxResidual:E1} (allowed {Verification.Tolerance:E0}, relative to the mass)");
        if (v.Holds)
        {
            context.Out.MarkupLine($"[green]verified[/] {Markup.Escape(numbers)}.");
            return;
        }
        context.Error.MarkupLine($"[red bold]error:[/] [red]verification failed: {Markup.Escape(numbers)}; worst {Markup.Escape(worst.Length > 0 ? worst : "mass")}.[/]");
        foreach (string problem in v.Problems.Take(5)) context.Error.WriteLine($"  {problem}");
        if (v.Problems.Count > 5) context.Error.WriteLine(Inv($"  and {v.Problems.Count - 5} more"));
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
