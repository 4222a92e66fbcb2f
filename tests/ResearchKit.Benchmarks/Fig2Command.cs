using System.Globalization;
using System.Text;
using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>
/// The whole grid of Fig. 2 as a CSV file: d' = max(d/10, N), seeds 1, 2, ..., one line per (m, k, d). Lines are appended
/// to FILE.partial as they come, so that a run that was stopped goes on where it was; the last step sorts them into FILE.
/// </summary>
internal static class Fig2Command
{
    private const int FirstSeed = 1;

    private const string Usage = """
        fig2 --output FILE [--trials 20] [--m 1,2,3,4,5] [--k 1,2,3,4,5,6] [--max-d 128000] [--trials-beyond 20]
          --trials-beyond  trials where the authors report nothing (m = 5 with k = 6, or with k = 5 and d > 16000); these run last
        """;

    private const string Columns = "m,k,d,budget,trials,geomean,mean,std,min,max,median_seconds";

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string>
        {
            ["--trials"] = "20", ["--m"] = "1,2,3,4,5", ["--k"] = "1,2,3,4,5,6", ["--max-d"] = "128000", ["--output"] = "",
        };
        for (int i = 0; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
        if (args.Length % 2 != 0 || options["--output"].Length == 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        string output = options["--output"], partial = output + ".partial";
        int trials = int.Parse(options["--trials"], CultureInfo.InvariantCulture);
        int few = options.TryGetValue("--trials-beyond", out string? beyond) ? int.Parse(beyond, CultureInfo.InvariantCulture) : trials;
        int largest = int.Parse(options["--max-d"], CultureInfo.InvariantCulture);
        if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder) Directory.CreateDirectory(folder);

        var known = new Dictionary<(int M, int K, int D), string>();
        if (File.Exists(partial))
            foreach (string line in File.ReadLines(partial))
                if (line.Split(',') is { Length: 11 } cells) known[(Number(cells[0]), Number(cells[1]), Number(cells[2]))] = line;

        foreach ((int m, int k, int d) in Grid(Numbers(options["--m"]), Numbers(options["--k"]), largest))
        {
            int wanted = IsBeyond(m, k, d) ? few : trials;
            if (known.TryGetValue((m, k, d), out string? done) && Number(done.Split(',')[4]) >= wanted) continue;
            string line = Line(ErrorScalingStudy.Run(m, k, d, wanted, FirstSeed));
            known[(m, k, d)] = line;
            File.AppendAllText(partial, line + "\n");
            Console.WriteLine(line);
        }
        var text = new StringBuilder();
        text.Append("# command: dotnet run -c Release --project tests/ResearchKit.Benchmarks -- fig2 ").AppendJoin(' ', args).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"# seeds: {FirstSeed} to trials (objects and directions of each trial); threads: {Environment.ProcessorCount}\n");
        text.Append(CultureInfo.InvariantCulture, $"# trials: {trials}, or as the row says\n");
        text.Append(CultureInfo.InvariantCulture, $"# date: {DateTime.UtcNow:yyyy-MM-dd}\n");
        text.Append("# processor: ").Append(Machine.Processor()).Append("; median_seconds were measured on a machine shared with other work\n");
        text.Append(Columns).Append('\n');
        foreach (string line in known.OrderBy(entry => entry.Key).Select(entry => entry.Value)) text.Append(line).Append('\n');
        WholeFile.WriteText(output, file => file.Write(text));
        File.Delete(partial);
        return 0;
    }

    /// <summary>Cheap cells first, so that a run that is stopped early has most of the grid.</summary>
    private static IEnumerable<(int M, int K, int D)> Grid(int[] dimensions, int[] degrees, int largest)
    {
        var cells = new List<(int M, int K, int D)>();
        foreach (int m in dimensions)
            foreach (int k in degrees)
                for (int d = 1000; d <= largest; d *= 2) cells.Add((m, k, d));
        return cells.OrderBy(c => IsBeyond(c.M, c.K, c.D)).ThenBy(c => c.D * Math.Pow(MomentSpace.CountOf(c.M, c.K), 2));
    }

    /// <summary>The authors stopped where a trial took them hours.</summary>
    private static bool IsBeyond(int m, int k, int d) => m > 5 || (m == 5 && (k > 5 || (k == 5 && d > 16000)));

    private static string Line(ErrorScalingCell cell)
    {
        double[] e = cell.Errors;
        return string.Create(CultureInfo.InvariantCulture,
            $"{cell.M},{cell.K},{cell.D},{cell.Budget},{e.Length},{cell.GeometricMean:G6},{Statistics.Mean(e):G6},{(e.Length > 1 ? Statistics.StandardDeviation(e) : 0):G6},{e.Min():G6},{e.Max():G6},{cell.MedianSeconds:G4}");
    }

    private static int[] Numbers(string list) => [.. list.Split(',').Select(Number)];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
