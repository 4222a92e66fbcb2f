using System.Diagnostics;
using System.Globalization;
using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>Losses at d' = floor(c ln^m d) over six decades, and which law they follow; goes on where it was stopped.</summary>
internal static class StretchedCommand
{
    private const string Usage = "stretched --output FILE [--m 1,2] [--seeds 10] [--c1 3] [--c2 2] [--first 30] [--last 40000000 (d)] [--points 16] [--noise 0.1]";

    public static int Run(string[] args)
    {
        if (StudyFile.Options(Usage, args, new()
        {
            ["--output"] = "", ["--m"] = "1,2", ["--seeds"] = "10", ["--c1"] = "3", ["--c2"] = "2", ["--first"] = "30", ["--last"] = "40000000", ["--points"] = "16", ["--noise"] = "0.1",
        }) is not { } options) return 2;
        var file = new StudyFile("stretched", args, options["--output"], "m,d,budget,kept,degree,cells,seed,original,compressed,random");
        for (int seed = 1; seed <= StudyFile.Number(options["--seeds"]); seed++)
        {
            foreach (int m in StudyFile.Numbers(options["--m"]))
            {
                double c = Real(options["--c" + m]), first = Math.Log(Real(options["--first"])), last = Math.Log(Real(options["--last"]));
                int points = StudyFile.Number(options["--points"]);
                // Equal steps of ln d, at the least d of each d'.
                int[] counts = [.. Enumerable.Range(0, points).Select(i => first + (last - first) * i / (points - 1))
                    .Select(l => PolylogScalingSetting.CountFor(m, c, (int)(c * Math.Pow(l, m) + 1e-9))).Distinct()];
                foreach (int d in counts)
                {
                    if (file.Rows.Any(r => r[0] == m && r[1] == d && r[6] == seed)) continue;
                    long start = Stopwatch.GetTimestamp();
                    PolylogScalingPoint p = new PolylogScalingSetting { Features = m, Count = d, Constant = c, Noise = Real(options["--noise"]), Seed = seed }.Run();
                    file.Add([p.Features, p.Count, p.Budget, p.Kept, p.Degree, p.Cells, p.Seed, p.Original, p.Compressed, p.Random]);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"m = {m}, seed {seed}, d = {d} to {p.Kept} (of {p.Budget}; k = {p.Degree}, {p.Cells} cells): original {p.Original:E3}, compressed {p.Compressed:E3} ({p.Compressed / p.Original:F3}), random {p.Random:E2}; {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s"));
                }
            }
        }
        file.Finish($"d' = floor(c ln^m d) with c = {options["--c1"]} at m = 1 and {options["--c2"]} at m = 2; kept: nodes used; degree: k with the labels, 2k in x; label noise {options["--noise"]}",
            "original, compressed, random: mean of (f - teacher)^2 after training to the optimum on d objects, on d' weighted ones, on d' random ones");
        Print(file.Rows);
        return 0;
    }

    private static void Print(List<double[]> rows)
    {
        foreach (var group in rows.GroupBy(r => (int)r[0]))
        {
            int m = group.Key;
            double[] d = [.. group.Select(r => r[1]).Distinct().Order()], budgets = [.. d.Select(v => group.First(r => r[1] == v)[2])];
            double[] Means(int column) => [.. d.Select(v => Statistics.GeometricMean([.. group.Where(r => r[1] == v).Select(r => r[column])]))];
            double[] original = Means(7), compressed = Means(8);
            PowerLawFit own = PowerLawFit.Fit(d, original);
            LawComparison laws = LawComparison.Of(budgets, compressed, 1.0 / m);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"m = {m}: original ~ d^{own.Exponent:F3}; compressed over {laws.Stretched.Decades:F2} decades at {laws.Power.Used} sizes of {group.Select(r => r[6]).Distinct().Count()} seeds:"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  exp(-{laws.Stretched.Rate:F3} d'^(1/{m})): AIC {laws.StretchedAic:F1}, residual {laws.StretchedResidual:F3}; d'^{laws.Power.Exponent:F2}: AIC {laws.PowerAic:F1}, residual {laws.PowerResidual:F3}; preference {laws.Preference:F1}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  compressed / original: at most {compressed.Zip(original, (a, b) => a / b).Max():F3}"));
        }
    }

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
