using System.Diagnostics;
using System.Globalization;
using ResearchKit.Scaling;

namespace ResearchKit.Benchmarks;

/// <summary>
/// Does a tolerance hold, and at what price? Five functions, two distributions, three tolerances, seeded trials; each
/// trial draws its own set and functions.
/// </summary>
/// <remarks>
/// "own" searches see 32 functions of the same kind from other seeds (<see cref="CompressionOptions.ProbeFunctions"/>),
/// "ridge" ones the default probes and know nothing of the function. The least budget is that with which the median
/// |f' - f| over seeds is below the tolerance, and stays so for every higher degree with the same number of cells, over
/// all degrees (at most 500 moments) and 1, 2, 4, .. 64 cells, same compressor, no estimate. As it stands the command
/// takes three minutes of one core; "tolerance --trials 100 --grid 5" is the full study, of one and a half hours or so.
/// </remarks>
internal static class ToleranceCommand
{
    private const int OwnProbes = 32, DrawsPerSet = 10, MostMoments = 500;

    private static readonly double[] Tolerances = [1e-3, 1e-6, 1e-9];

    private static readonly (string Name, int Dimension, Func<int, int, int, WeightedPoints> Draw)[] Distributions =
        [("box", 2, TestFunctions.Box), ("clusters", 3, TestFunctions.Clusters)];

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string> { ["--trials"] = "4", ["--d"] = "16000", ["--grid"] = "1", ["--m"] = "", ["--only"] = "", ["--probes"] = "both" };
        for (int i = 0; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
        if (args.Length % 2 != 0 || options.Count > 6)
        {
            Console.Error.WriteLine("tolerance [--trials 4] [--d 16000] [--grid 1 (sets for the least budget)] [--m another dimension] [--only box or clusters] [--probes both, or own (the default probes take several times as long)]");
            return 2;
        }
        bool ridges = options["--probes"] != "own";
        int trials = Number(options["--trials"]), d = Number(options["--d"]), grid = Number(options["--grid"]);
        Console.WriteLine($"seeds 1 to {trials}, d = {d}; least budgets from {grid} sets x {DrawsPerSet} functions; {Environment.ProcessorCount} processors");
        foreach ((string name, int usual, Func<int, int, int, WeightedPoints> draw) in Distributions)
        {
            if (options["--only"].Length > 0 && options["--only"] != name) continue;
            int m = options["--m"].Length > 0 ? Number(options["--m"]) : usual;
            long start = Stopwatch.GetTimestamp();
            int[,] least = LeastBudgets(m, d, grid, draw);
            Console.WriteLine($"{name}, m = {m}: least budgets in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
            int kinds = TestFunctions.Names.Length;
            for (int t = 0; t < Tolerances.Length; t++)
            {
                start = Stopwatch.GetTimestamp();
                var table = new TextTable("function", "tolerance", "probes", "coverage", "median error", "median d'", "least d'", "ratio", "seconds");
                var own = new Outcome[kinds, trials];
                var ridge = new Outcome[kinds, trials];
                for (int trial = 0; trial < trials; trial++) Trial(m, draw(m, d, trial + 1), trial, Tolerances[t], own, ridges ? ridge : null);
                for (int kind = 0; kind < kinds; kind++)
                {
                    Add(table, kind, t, "own", own, least[kind, t]);
                    if (ridges) Add(table, kind, t, "ridge", ridge, least[kind, t]);
                }
                table.Print($"{name}, m = {m}, {trials} trials in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
            }
        }
        return 0;
    }

    private readonly record struct Outcome(double Error, int Count, double Seconds);

    private static void Trial(int m, WeightedPoints set, int trial, double tolerance, Outcome[,] own, Outcome[,]? ridge)
    {
        long start = Stopwatch.GetTimestamp();
        CompressedSet? general = ridge is null ? null : Compressor.Compress(set, new CompressionOptions { Tolerance = tolerance, Seed = trial });
        double generalSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        for (int k = 0; k < TestFunctions.Names.Length; k++)
        {
            int kind = k;
            // The function itself has seed 0 of the trial, the probes have others.
            double[] values = TestFunctions.Values(set, TestFunctions.Draw(kind, m, Seed(trial, 0)));
            if (general is not null) ridge![kind, trial] = new Outcome(TestFunctions.Error(set, general, values), general.Count, generalSeconds);
            start = Stopwatch.GetTimestamp();
            CompressedSet special = Compressor.Compress(set, new CompressionOptions
            {
                Tolerance = tolerance,
                ProbeFunctions = [.. Enumerable.Range(1, OwnProbes).Select(p => TestFunctions.Draw(kind, m, Seed(trial, p)))],
            });
            own[kind, trial] = new Outcome(TestFunctions.Error(set, special, values), special.Count, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    private static int Seed(int trial, int draw) => 100 * (trial + 1) + draw;

    private static void Add(TextTable table, int kind, int t, string probes, Outcome[,] outcomes, int least)
    {
        Outcome[] of = [.. Enumerable.Range(0, outcomes.GetLength(1)).Select(i => outcomes[kind, i])];
        double median = Statistics.Median([.. of.Select(o => (double)o.Count)]);
        table.Add(TestFunctions.Names[kind], Tolerances[t].ToString("E0", CultureInfo.InvariantCulture), probes,
            TextTable.Number(100.0 * of.Count(o => o.Error <= Tolerances[t]) / of.Length, "F0") + " %",
            Statistics.Median([.. of.Select(o => o.Error)]).ToString("E1", CultureInfo.InvariantCulture),
            TextTable.Number(median, "F0"), least > 0 ? least.ToString(CultureInfo.InvariantCulture) : "-",
            least > 0 ? TextTable.Number(median / least) : "-", TextTable.Number(Statistics.Median([.. of.Select(o => o.Seconds)])));
    }

    private static int[,] LeastBudgets(int m, int d, int sets, Func<int, int, int, WeightedPoints> draw)
    {
        int kinds = TestFunctions.Names.Length;
        var errors = new Dictionary<(int Cells, int Degree), List<double>[]>();
        for (int s = 0; s < sets; s++)
        {
            WeightedPoints set = draw(m, d, s + 1);
            double[][][] values = [.. Enumerable.Range(0, kinds).Select(k => Enumerable.Range(0, DrawsPerSet)
                .Select(f => TestFunctions.Values(set, TestFunctions.Draw(k, m, Seed(s, f)))).ToArray())];
            for (int cells = 1; cells <= 64; cells *= 2)
            {
                for (int k = 0; MomentSpace.CountOf(m, k) <= MostMoments && cells * MomentSpace.CountOf(m, k) <= d / 4; k++)
                {
                    CompressedSet result = Compressor.Compress(set, new CompressionOptions { Budget = cells * (int)MomentSpace.CountOf(m, k), Degree = k });
                    if (!errors.TryGetValue((cells, k), out List<double>[]? lists)) errors[(cells, k)] = lists = [.. Enumerable.Range(0, kinds).Select(_ => new List<double>())];
                    for (int kind = 0; kind < kinds; kind++) lists[kind].AddRange(values[kind].Select(v => TestFunctions.Error(set, result, v)));
                }
            }
        }
        var least = new int[kinds, Tolerances.Length];
        for (int kind = 0; kind < kinds; kind++)
            for (int t = 0; t < Tolerances.Length; t++)
                foreach (IGrouping<int, KeyValuePair<(int Cells, int Degree), List<double>[]>> path in errors.GroupBy(e => e.Key.Cells))
                {
                    int budget = 0;
                    // From the highest degree down, as long as it holds.
                    foreach (KeyValuePair<(int Cells, int Degree), List<double>[]> point in path.OrderByDescending(p => p.Key.Degree))
                    {
                        if (Statistics.Median([.. point.Value[kind]]) > Tolerances[t]) break;
                        budget = point.Key.Cells * (int)MomentSpace.CountOf(m, point.Key.Degree);
                    }
                    if (budget > 0 && (least[kind, t] == 0 || budget < least[kind, t])) least[kind, t] = budget;
                }
        return least;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
