using System.Globalization;
using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Benchmarks;

/// <summary>The loss of original and reduced training sets on two planes through the trained student, point by point.</summary>
internal static class LandscapeCommand
{
    private const string Usage = "landscape --output FILE [--seeds 3] [--d 100000] [--budget 1000] [--steps 21] [--extent 1] [--epochs 400] [--threads 1]";

    private static readonly string[] Kinds = ["original", "compressed", "smoothed", "selected", "total", "random", "naive"];

    public static int Run(string[] args)
    {
        if (StudyFile.Options(Usage, args, new()
        {
            ["--output"] = "", ["--seeds"] = "3", ["--d"] = "100000", ["--budget"] = "1000", ["--steps"] = "21", ["--extent"] = "1", ["--epochs"] = "400", ["--threads"] = "1",
        }) is not { } options) return 2;
        var file = new StudyFile("landscape", args, options["--output"], "seed,plane,a,b," + string.Join(',', Kinds));
        int threads = StudyFile.Number(options["--threads"]), steps = StudyFile.Number(options["--steps"]);
        double extent = double.Parse(options["--extent"], CultureInfo.InvariantCulture);
        DatasetTraining training = DatasetReductionSetting.Trainings.Single(t => t is { Optimizer: "AdamW", FullBatch: true });
        var table = new TextTable(["plane", "seed", "least", "largest", .. Kinds.Skip(1)]);
        for (int seed = 1; seed <= StudyFile.Number(options["--seeds"]); seed++)
        {
            if (file.Rows.Any(r => r[0] == seed)) continue;
            DatasetReductionSetting setting = DatasetReductionSetting.Full with
            {
                Count = StudyFile.Number(options["--d"]), Budget = StudyFile.Number(options["--budget"]), Epochs = StudyFile.Number(options["--epochs"]), EvaluateEvery = 400, Seed = seed,
            };
            TeacherRegressionTask task = setting.Task();
            TwoLayerNetwork start = setting.Start(), end = setting.Start();
            Trainer.Train(end, Optimizers.Create(training.Optimizer), setting.Reduced(task, "original").Samples(), null, setting.Training(training) with { MaxDegreeOfParallelism = threads });
            ReducedDataset[] sets = [.. Kinds.Select(k => setting.Reduced(task, k))];
            LossPlane[] planes = [LossPlane.Random(end, steps, extent, seed), LossPlane.Along(start, end, steps, extent, seed)];
            for (int p = 0; p < planes.Length; p++)
            {
                LossPlane plane = planes[p];
                double[][,] losses = [.. sets.Select(s => plane.Losses(s.Samples(), s.LossOffset, threads))];
                table.Add([p == 0 ? "random" : "start to end", $"{seed}", .. new[] { losses[0].Cast<double>().Min(), losses[0].Cast<double>().Max() }.Select(v => TextTable.Number(v, "F2")),
                    .. losses.Skip(1).Select(l => LossPlane.LargestRelativeError(losses[0], l).ToString("E1", CultureInfo.InvariantCulture))]);
                file.Add(from row in Enumerable.Range(0, steps) from column in Enumerable.Range(0, steps)
                         select (double[])[seed, p, plane.A[column], plane.B[row], .. losses.Select(l => l[row, column])]);
            }
        }
        file.Finish($"plane: 0 = two random directions, filter-normalised, a and b to {options["--extent"]}; 1 = a from the start (-1) through the solution (0) to 0.5, b random",
            "mean squared training loss (with the constant that free labels lose); the solution was trained on the original, " + training.Name);
        table.Print($"d = {options["--d"]} to {options["--budget"]}: least and largest loss on the plane, largest relative errors");
        return 0;
    }
}
