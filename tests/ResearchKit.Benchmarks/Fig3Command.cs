using System.Globalization;
using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Benchmarks;

/// <summary>The trainings of Fig. 3 at 10^4 to 10^3 objects and at 10^5 to 10^3, as a CSV file that grows seed by seed.</summary>
internal static class Fig3Command
{
    private const string Usage = "fig3 --output FILE [--seeds 5] [--d 10000,100000] [--budget 1000] [--epochs 400] [--every 20] [--test 100000] [--kinds original,compressed,...] [--threads 1]";

    public static int Run(string[] args)
    {
        string[] all = [.. DatasetReductionSetting.Kinds];
        if (StudyFile.Options(Usage, args, new()
        {
            ["--output"] = "", ["--seeds"] = "5", ["--d"] = "10000,100000", ["--budget"] = "1000", ["--epochs"] = "400", ["--every"] = "20",
            ["--test"] = "100000", ["--kinds"] = string.Join(',', all), ["--threads"] = "1",
        }) is not { } options) return 2;
        var file = new StudyFile("fig3", args, options["--output"], "d,budget,training,seed,kind,epoch,loss,seconds");
        string[] kinds = options["--kinds"].Split(',');
        int seeds = StudyFile.Number(options["--seeds"]), threads = StudyFile.Number(options["--threads"]);
        for (int seed = 1; seed <= seeds; seed++)
        {
            foreach (int d in StudyFile.Numbers(options["--d"]))
            {
                if (file.Rows.Any(r => r[0] == d && r[3] == seed)) continue;
                DatasetReductionSetting setting = DatasetReductionSetting.Full with
                {
                    Count = d, Budget = StudyFile.Number(options["--budget"]), Epochs = StudyFile.Number(options["--epochs"]),
                    EvaluateEvery = StudyFile.Number(options["--every"]), TestSamples = StudyFile.Number(options["--test"]), Seed = seed,
                };
                TeacherRegressionTask task = setting.Task();
                Samples test = setting.Test(task);
                var rows = new List<double[]>();
                foreach (string kind in kinds)
                {
                    Samples train = setting.Reduced(task, kind).Samples();
                    for (int t = 0; t < DatasetReductionSetting.Trainings.Count; t++)
                    {
                        DatasetTraining training = DatasetReductionSetting.Trainings[t];
                        TrainingResult result = Trainer.Train(setting.Start(), Optimizers.Create(training.Optimizer), train, test, setting.Training(training) with { MaxDegreeOfParallelism = threads });
                        rows.AddRange(result.Points.Select(p => new[] { d, setting.Budget, t, seed, Array.IndexOf(all, kind), p.Epoch, p.TestLoss, Math.Round(p.Seconds, 2) }));
                        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"d = {d}, seed {seed}, {kind}, {training.Name}: {result.Last.TestLoss:G4} in {result.Seconds:F1} s"));
                    }
                }
                file.Add(rows);
            }
        }
        file.Finish($"training: {StudyFile.Codes(DatasetReductionSetting.Trainings.Select(t => t.Name))}; kind: {StudyFile.Codes(all)}",
            "seed: of teacher, data, start, batches and reduction; loss: mean squared error on clean test samples; seconds: of training, on a machine shared with other work");
        Print(file.Rows, all);
        return 0;
    }

    private static void Print(List<double[]> rows, string[] all)
    {
        foreach (var size in rows.GroupBy(r => (D: r[0], Budget: r[1])))
        {
            int[] kinds = [.. size.Select(r => (int)r[4]).Distinct().Order()];
            if (kinds[0] != 0) continue;
            var table = new TextTable(["training", .. kinds.Select(k => all[k]), .. kinds.Where(k => k > 0).Select(k => all[k] + " / original")]);
            foreach (var training in size.GroupBy(r => (int)r[2]))
            {
                double last = training.Max(r => r[5]);
                double[] means = [.. kinds.Select(k => training.Where(r => r[4] == k && r[5] == last).Average(r => r[6]))];
                table.Add([DatasetReductionSetting.Trainings[training.Key].Name, .. means.Select(m => TextTable.Number(m, "G4")), .. means.Skip(1).Select(m => TextTable.Number(m / means[0], "F3"))]);
            }
            table.Print($"d = {size.Key.D} to {size.Key.Budget}: mean last test loss of {size.Select(r => r[3]).Distinct().Count()} seeds");
        }
    }
}
