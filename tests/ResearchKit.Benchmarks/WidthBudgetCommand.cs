using System.Diagnostics;
using System.Globalization;
using System.Text;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>
/// The width that keeps a learning curve within 1%, against d: every budget tried as one line of a CSV file. Lines are
/// appended to FILE.partial as a width and seed is done, so that a run that was stopped goes on where it was; the last step
/// sorts them into FILE and prints the laws.
/// </summary>
internal static class WidthBudgetCommand
{
    private const string Usage = """
        width-budget --output FILE [--seeds 3] [--optimizer AdamW,SGD] [--method compressed,random,free] [--d 1000,3162,10000,31623,100000]
          [--epochs 100] [--every 5] [--samples 10000] [--test 10000] [--gap 0.01] [--first 4] [--last 6000] [--threads 1]
        """;

    private const string Columns = "optimizer,method,d,seed,budget,median_gap,largest_gap,start_loss,last_loss";

    public static int Run(string[] args)
    {
        var study = new WidthBudgetOptions();
        WidthReductionSetting usual = WidthBudgetStudy.Setting(1000);
        var options = new Dictionary<string, string>
        {
            ["--output"] = "", ["--seeds"] = "3", ["--optimizer"] = string.Join(',', study.Optimizers), ["--method"] = string.Join(',', study.Methods),
            ["--d"] = "1000,3162,10000,31623,100000", ["--epochs"] = Text(usual.Epochs), ["--every"] = Text(usual.EvaluateEvery), ["--samples"] = Text(usual.Samples),
            ["--test"] = Text(usual.TestSamples), ["--gap"] = Text(study.Gap), ["--first"] = Text(study.FirstBudget), ["--last"] = Text(study.LastBudget), ["--threads"] = "1",
        };
        for (int i = 0; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
        string output = options["--output"], partial = output + ".partial";
        if (args.Length % 2 != 0 || output.Length == 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder) Directory.CreateDirectory(folder);
        study = study with
        {
            Gap = Real(options["--gap"]), Optimizers = options["--optimizer"].Split(','), Methods = options["--method"].Split(','),
            FirstBudget = Number(options["--first"]), LastBudget = Number(options["--last"]), MaxDegreeOfParallelism = Number(options["--threads"]),
            Progress = new Reporter(),
        };
        List<WidthBudgetTrial> trials = File.Exists(partial) ? [.. File.ReadLines(partial).Select(Parse)] : [];
        int seeds = Number(options["--seeds"]);
        // Seed by seed, so that a run that is stopped early has all widths.
        for (int seed = 1; seed <= seeds; seed++)
        {
            foreach (int d in options["--d"].Split(',').Select(Number))
            {
                if (trials.Any(t => t.Width == d && t.Seed == seed)) continue;
                long start = Stopwatch.GetTimestamp();
                WidthReductionSetting setting = WidthBudgetStudy.Setting(d, seed) with
                {
                    Epochs = Number(options["--epochs"]), EvaluateEvery = Number(options["--every"]), Samples = Number(options["--samples"]), TestSamples = Number(options["--test"]),
                };
                WidthBudgetTrial[] done = [.. WidthBudgetStudy.Run(setting, study).SelectMany(s => s.Trials)];
                trials.AddRange(done);
                File.AppendAllText(partial, string.Concat(done.Select(t => Line(t) + "\n")));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"d = {d}, seed {seed}: {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s"));
            }
        }
        Write(output, args, seeds, trials);
        File.Delete(partial);
        Print(trials, study.Gap);
        return 0;
    }

    private static void Write(string output, string[] args, int seeds, List<WidthBudgetTrial> trials)
    {
        var text = new StringBuilder();
        text.Append("# command: dotnet run -c Release --project tests/ResearchKit.Benchmarks -- width-budget ").AppendJoin(' ', args).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"# seeds: 1 to {seeds} (data, start, batches and reduction of each); date: {DateTime.UtcNow:yyyy-MM-dd}; processor: {Machine.Processor()}\n");
        text.Append("# optimizer: 0 AdamW, 1 SGD; method: 0 support points with refit, 1 random neurons rescaled, 2 free neurons with refit\n");
        text.Append("# gap: |L' - L| / L of the test loss, same batches; median and largest over training\n");
        text.Append(Columns).Append('\n');
        foreach (WidthBudgetTrial trial in WidthBudgetSearch.Group(trials).SelectMany(s => s.Trials)) text.Append(Line(trial)).Append('\n');
        WholeFile.WriteText(output, file => file.Write(text));
    }

    private static void Print(List<WidthBudgetTrial> trials, double gap)
    {
        foreach (var group in WidthBudgetSearch.Group(trials).GroupBy(s => (s.Optimizer, s.Method)))
        {
            var table = new TextTable("d", "median", "least d' by seed", "not reached");
            foreach (WidthBudgetPoint point in WidthBudgetPoint.Of(group, gap))
                table.Add(Text(point.Width), TextTable.Number(point.Median, "F0"), string.Join(' ', point.Budgets.Select(x => TextTable.Number(x, "F0"))), Text(point.NotReached));
            table.Print($"{group.Key.Optimizer}, {group.Key.Method}, gap {Text(gap)}");
            WidthBudgetSearch[] found = [.. group.Where(s => !double.IsNaN(s.LeastBudget(gap)))];
            if (found.Length < 5 || found.DistinctBy(s => s.Width).Count() < 2) continue;
            WidthBudgetLaws laws = WidthBudgetLaws.Fit([.. found.Select(s => (double)s.Width)], [.. found.Select(s => s.LeastBudget(gap))]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"d^s: s = {laws.Power.Exponent:F3} ({laws.Power.ExponentInterval.Low:F3} to {laws.Power.ExponentInterval.High:F3}), residual {laws.PowerResidual:F3}, AIC {laws.PowerAic:F1}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"(ln d)^b: b = {laws.Polylog.Exponent:F2} ({laws.Polylog.ExponentInterval.Low:F2} to {laws.Polylog.ExponentInterval.High:F2}), residual {laws.PolylogResidual:F3}, AIC {laws.PolylogAic:F1}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"constant: {laws.Constant:F0} ({laws.ConstantInterval.Low:F0} to {laws.ConstantInterval.High:F0}), residual {laws.ConstantResidual:F3}, AIC {laws.ConstantAic:F1}"));
        }
    }

    private static string Line(WidthBudgetTrial t) => string.Create(CultureInfo.InvariantCulture,
        $"{IndexOf(WidthBudgetStudy.Optimizers, t.Optimizer)},{IndexOf(WidthBudgetStudy.Methods, t.Method)},{t.Width},{t.Seed},{t.Budget},{t.MedianGap:G6},{t.LargestGap:G6},{t.StartLoss:G6},{t.LastLoss:G6}");

    private static WidthBudgetTrial Parse(string line)
    {
        string[] cells = line.Split(',');
        return new WidthBudgetTrial(WidthBudgetStudy.Optimizers[Number(cells[0])], WidthBudgetStudy.Methods[Number(cells[1])], Number(cells[2]), Number(cells[3]), Number(cells[4]), Real(cells[5]), Real(cells[6]), Real(cells[7]), Real(cells[8]));
    }

    private static int IndexOf(IReadOnlyList<string> names, string name) => Enumerable.Range(0, names.Count).First(i => names[i] == name);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed class Reporter : IProgress<WidthBudgetTrial>
    {
        public void Report(WidthBudgetTrial value) => Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{value.Optimizer} {value.Method} d = {value.Width}, seed {value.Seed}, d' = {value.Budget}: {value.MedianGap:G3} (at most {value.LargestGap:G3}; loss {value.StartLoss:G3} to {value.LastLoss:G4})"));
    }
}
