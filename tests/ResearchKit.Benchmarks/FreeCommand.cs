using System.Diagnostics;
using System.Globalization;
using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>Free nodes: how few a cell needs, what they gain on the task of Fig. 2, and free labels on that of Fig. 3.</summary>
internal static class FreeCommand
{
    private const string Usage = """
        free nodes [seeds 20]                          least nodes of one cell of 2000 uniform points
        free fig2 [trials 10] [m,k,d ...]              against subsets of the same degree and budget, d' = d/10
        free labels [trials 5] [d 100000] [budget 1000] [k ...]   error of the squared loss on the data of Fig. 3
        """;

    public static int Run(string[] args)
    {
        int count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0;
        switch (args.FirstOrDefault())
        {
            case "nodes": Nodes(count == 0 ? 20 : count); return 0;
            case "fig2": Fig2(count == 0 ? 10 : count, [.. args.Skip(2)]); return 0;
            case "labels": Labels(count == 0 ? 5 : count, [.. args.Skip(2).Select(a => int.Parse(a, CultureInfo.InvariantCulture))]); return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static void Nodes(int seeds)
    {
        var table = new TextTable("m k", "N", "N/(m+1)", "mean nodes", "most", "ratio", "hull mean", "residual", "ms (median)", "ms hull");
        foreach (int k in Enumerable.Range(1, 15)) Add(1, k);
        foreach ((int m, int k) in new[] { (2, 5), (2, 9), (3, 3), (3, 5), (4, 3), (4, 4), (5, 3), (4, 5) }) Add(m, k);
        table.Print($"Least nodes of a cell of 2000 uniform points, {seeds} seeds");

        void Add(int m, int k)
        {
            var counts = new List<double>[] { [], [] };
            var seconds = new List<double>[] { [], [] };
            double residual = 0;
            int moments = (int)MomentSpace.CountOf(m, k), least = (moments + m) / (m + 1);
            for (int seed = 1; seed <= seeds; seed++)
            {
                WeightedPoints set = RidgeSigmoidTask.Generate(m, 2000, seed).Points;
                foreach (NodeContainment containment in Enum.GetValues<NodeContainment>())
                {
                    SyntheticSet result = FreeNodes.Fewest(set, new FreeNodeOptions { Budget = moments, Degree = k, Seed = seed, Containment = containment });
                    counts[(int)containment].Add(result.Count);
                    seconds[(int)containment].Add(result.Certificate.Seconds);
                    residual = Math.Max(residual, result.Certificate.MaxMomentResidual);
                }
            }
            double mean = counts[0].Average();
            table.Add($"{m} {k}", $"{moments}", $"{least}", TextTable.Number(mean), $"{counts[0].Max()}", TextTable.Number(mean / least), TextTable.Number(counts[1].Average()),
                $"{residual:E1}", TextTable.Number(1e3 * Statistics.Median([.. seconds[0]])), TextTable.Number(1e3 * Statistics.Median([.. seconds[1]])));
        }
    }

    private static void Fig2(int trials, string[] cases)
    {
        if (cases.Length == 0)
            cases = [.. from d in new[] { 16000, 128000 } from m in new[] { 2, 3, 4 } from k in new[] { 3, 5 } select $"{m},{k},{d}"];
        var table = new TextTable("m k d -> d'", "subset", "free nodes", "gain", "cells", "nodes/cell", "residual", "s subset", "s free");
        foreach (string one in cases)
        {
            int[] p = [.. one.Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture))];
            (int m, int k, int d) = (p[0], p[1], p[2]);
            int budget = ErrorScalingStudy.PaperBudget(m, k, d);
            ErrorScalingCell subset = ErrorScalingStudy.Run(m, k, d, trials);
            var errors = new double[trials];
            var seconds = new double[trials];
            SyntheticSet? last = null;
            for (int t = 0; t < trials; t++)
            {
                RidgeSigmoidTask task = RidgeSigmoidTask.Generate(m, d, 1 + t);
                long start = Stopwatch.GetTimestamp();
                last = FreeNodes.Compress(task.Points, new FreeNodeOptions { Budget = budget, Degree = k, Seed = 1 + t });
                seconds[t] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                errors[t] = Math.Abs(task.Error(task.Points, last.Points));
            }
            double mean = Statistics.GeometricMean(errors);
            table.Add($"{m} {k} {d} -> {budget}", $"{subset.GeometricMean:E2}", $"{mean:E2}", TextTable.Number(subset.GeometricMean / mean, "F1"), $"{last!.Cells}",
                TextTable.Number((double)last.Count / last.Cells, "F1"), $"{last.Certificate.MaxMomentResidual:E0}", TextTable.Number(subset.MedianSeconds), TextTable.Number(Statistics.Median(seconds)));
        }
        table.Print($"Task of Fig. 2, geometric mean of {trials} trials, same degree and budget");
    }

    private static void Labels(int trials, int[] numbers)
    {
        int d = numbers.Length > 0 ? numbers[0] : 100_000, budget = numbers.Length > 1 ? numbers[1] : 1000;
        int[] degrees = numbers.Length > 2 ? numbers[2..] : [0, 1, 2, 3];
        LandscapeRegion[] regions = Enum.GetValues<LandscapeRegion>();
        var table = new TextTable(["method", .. regions.Select(r => r.ToString()), "seconds"]);
        for (int k = 1; k <= 5; k++)
            Add($"subset (x1, x2, y), k = {k}", task => (Compressor.Compress(task.Train, new CompressionOptions { Budget = budget, Degree = k }).Points(task.Train), 0));
        foreach (int k in degrees)
            Add($"free labels, k = {k}", task =>
            {
                SyntheticSet set = FreeLabels.Compress(task.Train, 2, new FreeNodeOptions { Budget = budget, Degree = k, Seed = task.Seed });
                return (set.Points, set.ConstantOffset);
            });
        table.Print($"Fig. 3, d = {d} -> {budget}: rms error of the squared loss over 20 parameter vectors, geometric mean of {trials} trials");

        void Add(string name, Func<TeacherRegressionTask, (WeightedPoints Points, double Offset)> compress)
        {
            var errors = regions.Select(_ => new double[trials]).ToArray();
            var seconds = new double[trials];
            for (int t = 0; t < trials; t++)
            {
                var task = TeacherRegressionTask.Generate(d, 1 + t);
                long start = Stopwatch.GetTimestamp();
                (WeightedPoints points, double offset) = compress(task);
                seconds[t] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                for (int r = 0; r < regions.Length; r++)
                {
                    LossLandscapeStudy study = LossLandscapeStudy.Draw(task, regions[r], 20, 100 + t);
                    double[] original = study.Losses(task.Train), few = study.Losses(points);
                    errors[r][t] = Math.Sqrt(original.Zip(few, (a, b) => (b + offset - a) * (b + offset - a)).Average());
                }
            }
            table.Add([name, .. errors.Select(e => $"{Statistics.GeometricMean(e):E2}"), TextTable.Number(Statistics.Median(seconds))]);
        }
    }
}
