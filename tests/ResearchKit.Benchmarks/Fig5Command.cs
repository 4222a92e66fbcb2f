using System.Diagnostics;
using System.Globalization;
using ResearchKit.Networks;
using ResearchKit.Scaling;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Benchmarks;

/// <summary>The trainings of Figs. 5a and 5b, seed by seed, each size as lines of a CSV file; both go on where they were stopped.</summary>
internal static class Fig5Command
{
    private const string UsageA = "fig5a --output FILE [--seeds 10] [--d 256,512,...,524288] [--budget 1048576 (samples seen at least)] [--passes 100 (over d, at least)] [--test 100000] [--kinds original,compressed,total,random] [--powers 0.3333333,0.25 (of further compressed sets)] [--threads 1]";
    private const string UsageB = "fig5b --output FILE [--seeds 10] [--d 256,512,...,16384] [--kinds original,compressed,random] [--epochs 2000] [--samples 20000] [--test 100000] [--threads 1]";
    private const string Notes = "seed: of data, start, batches and reduction; loss: last mean squared error on clean test samples; budget: d'";

    public static int RunDatasets(string[] args)
    {
        string[] all = [.. DatasetReductionSetting.Kinds];
        if (StudyFile.Options(UsageA, args, new()
        {
            ["--output"] = "", ["--seeds"] = "10", ["--d"] = string.Join(',', DatasetScalingSetting.Counts), ["--budget"] = "1048576", ["--passes"] = "100", ["--test"] = "100000",
            ["--kinds"] = "original,compressed,total,random", ["--powers"] = "0.3333333,0.25", ["--threads"] = "1",
        }) is not { } options) return 2;
        var file = new StudyFile("fig5a", args, options["--output"], "power,d,budget,seed,kind,loss");
        int compressed = Array.IndexOf(all, "compressed");
        (double Power, int Kind)[] runs =
        [
            .. options["--kinds"].Split(',').Select(k => (0.5, Array.IndexOf(all, k))),
            .. options["--powers"].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => (double.Parse(p, CultureInfo.InvariantCulture), compressed)),
        ];
        for (int seed = 1; seed <= StudyFile.Number(options["--seeds"]); seed++)
        {
            foreach (int d in StudyFile.Numbers(options["--d"]))
            {
                if (file.Rows.Any(r => r[1] == d && r[3] == seed)) continue;
                long start = Stopwatch.GetTimestamp();
                var setting = new DatasetScalingSetting
                {
                    Count = d, Seed = seed, SampleBudget = StudyFile.Number(options["--budget"]), Passes = StudyFile.Number(options["--passes"]), TestSamples = StudyFile.Number(options["--test"]),
                    MaxDegreeOfParallelism = StudyFile.Number(options["--threads"]),
                };
                TeacherRegressionTask task = setting.Data.Task();
                Samples test = setting.Data.Test(task);
                file.Add(runs.Select(r =>
                {
                    DatasetScalingSetting one = setting with { Power = r.Power };
                    return new[] { r.Power, d, r.Kind == 0 ? d : one.Budget, seed, r.Kind, one.Loss(task, test, all[r.Kind]) };
                }));
                Report(d, seed, start, file.Rows.TakeLast(runs.Length));
            }
        }
        file.Finish($"kind: {StudyFile.Codes(all)}; power: s in d' = 256^(1-s) d^s", Notes);
        Print(file.Rows, all);
        return 0;
    }

    public static int RunWidths(string[] args)
    {
        string[] all = [.. WidthScalingSetting.Kinds];
        if (StudyFile.Options(UsageB, args, new()
        {
            ["--output"] = "", ["--seeds"] = "10", ["--d"] = string.Join(',', WidthScalingSetting.Widths), ["--kinds"] = string.Join(',', all),
            ["--epochs"] = "2000", ["--samples"] = "20000", ["--test"] = "100000", ["--threads"] = "1",
        }) is not { } options) return 2;
        string output = options["--output"];
        var file = new StudyFile("fig5b", args, output, "power,d,budget,seed,kind,loss");
        for (int seed = 1; seed <= StudyFile.Number(options["--seeds"]); seed++)
        {
            foreach (int d in StudyFile.Numbers(options["--d"]))
            {
                foreach (string kind in options["--kinds"].Split(','))
                {
                    int k = Array.IndexOf(all, kind);
                    if (file.Rows.Any(r => r[1] == d && r[3] == seed && r[4] == k)) continue;
                    long start = Stopwatch.GetTimestamp();
                    int epochs = StudyFile.Number(options["--epochs"]);
                    WidthReductionSetting setting = WidthScalingSetting.Of(d, seed) with
                    {
                        Epochs = epochs, EvaluateEvery = epochs, Samples = StudyFile.Number(options["--samples"]), TestSamples = StudyFile.Number(options["--test"]),
                    };
                    BesselTask task = setting.Task();
                    string checkpoint = $"{output}.{d}-{seed}-{kind}.checkpoint";
                    TrainingResult result = Trainer.Train(WidthScalingSetting.Start(setting, kind), new AdamW(), task.Train, task.Test(setting.TestSamples), WidthScalingSetting.Training(setting) with
                    {
                        MaxDegreeOfParallelism = StudyFile.Number(options["--threads"]), CheckpointPath = checkpoint, CheckpointEvery = 50,
                    });
                    file.Add([0.5, d, k == 0 ? d : Math.Min(d, setting.Budget), seed, k, result.Last.TestLoss]);
                    File.Delete(checkpoint);
                    Report(d, seed, start, file.Rows.TakeLast(1));
                }
            }
        }
        file.Finish($"kind: {StudyFile.Codes(all)}; power: s in d' = 256^(1-s) d^s", Notes);
        Print(file.Rows, all);
        return 0;
    }

    private static void Report(int d, int seed, long start, IEnumerable<double[]> rows) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"d = {d}, seed {seed}: {string.Join(' ', rows.Select(r => r[5].ToString("G4", CultureInfo.InvariantCulture)))} in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s"));

    private static void Print(List<double[]> rows, string[] all)
    {
        var table = new TextTable("law", "rate", "95 %", "seeds", "sizes");
        foreach (var group in rows.GroupBy(r => (Power: r[0], Kind: (int)r[4])).Where(g => g.Select(r => r[1]).Distinct().Count() >= 3))
        {
            double[] d = [.. group.Select(r => r[1]).Distinct().Order()];
            double[] x = [.. d.Select(v => group.First(r => r[1] == v)[2])];
            double[][] losses = [.. group.GroupBy(r => r[3]).Where(s => s.Count() == d.Length).Select(s => s.OrderBy(r => r[1]).Select(r => r[5]).ToArray())];
            if (losses.Length == 0) continue;
            SeedPowerLaw law = SeedPowerLaw.Of(x, losses);
            table.Add($"{all[group.Key.Kind]}, s = {TextTable.Number(group.Key.Power)}", TextTable.Number(law.Rate, "F3"),
                $"{TextTable.Number(law.Interval.Low, "F3")} to {TextTable.Number(law.Interval.High, "F3")}", TextTable.Number(law.Seeds, "F0"), TextTable.Number(d.Length, "F0"));
        }
        table.Print("L ~ x^-rate, x = d for the original and d' for the others");
    }
}
