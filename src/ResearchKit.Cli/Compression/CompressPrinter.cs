using System.Globalization;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>The tables of `compress`.</summary>
internal static class CompressPrinter
{
    public static void Columns(CliContext context, IReadOnlyList<ColumnFinding> findings)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("column").AddColumn("use").AddColumn("found");
        foreach (ColumnFinding f in findings)
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

    /// <summary>What a stream is going to be.</summary>
    /// <param name="context">Where to print.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="dimension">m.</param>
    /// <param name="rows">Rows, as estimated.</param>
    /// <param name="cost">What compressing them will take.</param>
    /// <param name="reading">Seconds to read them once.</param>
    public static void StreamPlan(CliContext context, CompressRequest request, int dimension, long rows, CostEstimate cost, double reading)
        => context.Out.WriteLine(Inv($"About {rows} rows in {dimension} {(dimension == 1 ? "column" : "columns")}, read as a stream -> at most {request.Budget}, keeping {MomentSpace.CountOf(dimension, request.Degree!.Value):0} moments of degree 0 to {request.Degree}; about {Duration.Text(reading)} of reading and {Duration.Text(cost.Seconds)} of compressing side by side, and {Duration.Bytes(cost.Bytes)}."));

    /// <summary>What became of a stream.</summary>
    public static void Result(CliContext context, StreamCertificate c)
    {
        Table table = Certificate();
        Row(table, "rows", Inv($"{c.OriginalCount} -> {c.Count}"));
        Row(table, "method", Inv($"stream: {c.Chunks} chunks of {c.ChunkSize}, {c.Merges} merges of sets of {c.IntermediateBudget}"));
        Row(table, "moments kept", Inv($"{c.MomentSpace} ({c.Moments})"));
        Row(table, "mass", Inv($"{c.OriginalMass:R} -> {c.Mass:R}"));
        Row(table, "largest moment residual of the whole", Inv($"{c.MaxMomentResidual:E1} (before the last repair {c.MomentDrift:E1})"));
        Row(table, "largest moment residual of a cell", Inv($"{c.MaxCellResidual:E1}"));
        Row(table, "cells at the end", Inv($"{c.Last.Cells}, rank at most {c.Last.MaxRank}"));
        Row(table, "time to compress", Duration.Text(c.Seconds));
        context.Out.Write(table);
    }

    public static void Result(CliContext context, Certificate c)
    {
        Table table = Certificate();
        Row(table, "rows", Inv($"{c.OriginalCount} -> {c.Count}"));
        Row(table, "method", c.Method);
        Row(table, "moments kept", Inv($"{c.MomentSpace} ({c.Moments} per cell)"));
        Row(table, "cells", Inv($"{c.Cells}, rank at most {c.MaxRank}"));
        Row(table, "mass", Inv($"{c.OriginalMass:R} -> {c.Mass:R}"));
        Row(table, "largest moment residual", Inv($"{c.MaxMomentResidual:E1}"));
        Row(table, "defect of the next degree", double.IsNaN(c.NextDegreeDefect) ? "not measured" : Inv($"{c.NextDegreeDefect:E1}"));
        Row(table, "probe error", Inv($"{c.ProbeError:E1}"));
        Row(table, "estimated error", Inv($"{c.EstimatedError:E1}"));
        if (c.Trials.Count > 0) Row(table, "compressions tried", Inv($"{c.Trials.Count}"));
        Row(table, "largest cell diameter", Inv($"{c.MaxCellDiameter:G4}"));
        Row(table, "time, memory", $"{Duration.Text(c.Seconds)}, {Duration.Bytes(c.Bytes)}");
        context.Out.Write(table);
    }

    private static Table Certificate() => new Table().Border(TableBorder.Simple).AddColumn("certificate").AddColumn(new TableColumn("value").RightAligned());

    private static void Row(Table table, string name, string value) => table.AddRow(new Text(name), new Text(value));

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
