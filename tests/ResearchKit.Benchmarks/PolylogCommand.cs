using System.Globalization;
using System.Text;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>The full runs behind notebook 05: Fig. 8 for m = 1, 2, 3, and the best degree at each budget (T7).</summary>
internal static class PolylogCommand
{
    private const string Usage = "polylog fig8 | line --output FILE [--seeds 5] [--functions 12] [--m 1,2,3] [--count D]";

    private const double RoundOff = 1e-14;

    private const int LargestBudget = 700;

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string> { ["--seeds"] = "5", ["--functions"] = "12", ["--m"] = "1,2,3", ["--count"] = "16000", ["--output"] = "" };
        for (int i = 1; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
        if (args.Length % 2 != 1 || options["--output"].Length == 0 || args[0] is not ("fig8" or "line"))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        int seeds = Number(options["--seeds"]), functions = Number(options["--functions"]), count = Number(options["--count"]);
        int[] dimensions = [.. options["--m"].Split(',').Select(Number)];
        var lines = new List<string>();
        foreach (string line in args[0] == "fig8" ? Fig8(dimensions, seeds, count) : Lines(dimensions, seeds, functions, count))
        {
            lines.Add(line);
            Console.WriteLine(line);
        }
        var text = new StringBuilder();
        text.Append("# command: dotnet run -c Release --project tests/ResearchKit.Benchmarks -- polylog ").AppendJoin(' ', args).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"# seeds: 1 to {seeds}; date: {DateTime.UtcNow:yyyy-MM-dd}\n");
        text.AppendJoin('\n', lines).Append('\n');
        File.WriteAllText(options["--output"], text.ToString());
        return 0;
    }

    private static IEnumerable<string> Fig8(int[] dimensions, int seeds, int largest)
    {
        yield return "m,d,budget,trials,k_min,k_max,median,min,max,seconds";
        foreach (int m in dimensions)
            for (int d = 1000; d <= largest; d *= 2)
            {
                PolylogPoint p = PolylogStudy.Run(m, d, seeds);
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"{m},{d},{p.Budget},{seeds},{p.Degrees.Min()},{p.Degrees.Max()},{p.Median:G6},{p.Errors.Min():G6},{p.Errors.Max():G6},{p.Seconds:G3}");
            }
    }

    private static IEnumerable<string> Lines(int[] dimensions, int seeds, int functions, int count)
    {
        yield return "m,d,budget,seeds,functions,k_best,error";
        foreach (int m in dimensions)
        {
            // d' = C(m + j, j), every second one at m = 1, until the error has reached round-off or a run takes minutes.
            double error = 1;
            for (int j = 1; error >= RoundOff && MomentSpace.CountOf(m, j) <= LargestBudget; j += m == 1 ? 2 : 1)
            {
                OptimalDegreePoint p = OptimalDegreeStudy.Run(m, count, (int)MomentSpace.CountOf(m, j), seeds, functions,
                    degrees: Enumerable.Range(Math.Max(1, j / 3), j));
                error = p.BestError;
                yield return string.Create(CultureInfo.InvariantCulture, $"{m},{count},{p.Budget},{seeds},{functions},{p.BestDegree},{error:G6}");
            }
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
