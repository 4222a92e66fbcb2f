using System.Globalization;

namespace ResearchKit.Benchmarks;

/// <summary>
/// The CSV file of a study that may take hours: rows are appended to FILE.partial as they come, so that a run that was stopped
/// goes on where it was, and moved to FILE with notes on how they were made when all are there.
/// </summary>
/// <param name="command">Name of the benchmark command.</param>
/// <param name="args">Its arguments, repeated in the file.</param>
/// <param name="output">FILE.</param>
/// <param name="columns">Header of the rows.</param>
internal sealed class StudyFile(string command, string[] args, string output, string columns)
{
    private readonly string partial = output + ".partial";

    /// <summary>All rows so far, each as its numbers.</summary>
    public List<double[]> Rows { get; } = File.Exists(output + ".partial") ? [.. File.ReadLines(output + ".partial").Select(Parse)] : [];

    /// <summary>Options as "--name value" over their defaults; null, after the usage was printed, when they are not understood.</summary>
    public static Dictionary<string, string>? Options(string usage, string[] args, Dictionary<string, string> defaults)
    {
        if (args.Length % 2 == 0 && args.Where((_, i) => i % 2 == 0).All(defaults.ContainsKey))
        {
            for (int i = 0; i < args.Length; i += 2) defaults[args[i]] = args[i + 1];
            if (defaults["--output"].Length > 0) return defaults;
        }
        Console.Error.WriteLine(usage);
        return null;
    }

    /// <summary>Whole numbers apart from each other by commas.</summary>
    public static int[] Numbers(string text) => [.. text.Split(',').Select(Number)];

    /// <summary>One whole number.</summary>
    public static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Appends rows that belong together.</summary>
    public void Add(params IEnumerable<double[]> rows)
    {
        double[][] all = [.. rows];
        if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder) Directory.CreateDirectory(folder);
        File.AppendAllText(partial, string.Concat(all.Select(r => Line(r) + "\n")));
        Rows.AddRange(all);
    }

    /// <summary>Writes FILE, rows in order of their columns, and removes the partial one.</summary>
    /// <param name="notes">What the columns mean.</param>
    public void Finish(params string[] notes)
    {
        WholeFile.WriteText(output, text =>
        {
            text.Write($"# command: dotnet run -c Release --project tests/ResearchKit.Benchmarks -- {command} {string.Join(' ', args)}\n");
            foreach (string note in notes) text.Write($"# {note}\n");
            text.Write($"# processor: {Machine.Processor()}; date: {DateTime.UtcNow:yyyy-MM-dd}\n{columns}\n");
            foreach (double[] row in Rows.Order(Comparer<double[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))) text.Write(Line(row) + "\n");
        });
        File.Delete(partial);
    }

    /// <summary>"0 = a, 1 = b".</summary>
    public static string Codes(IEnumerable<string> names) => string.Join(", ", names.Select((name, i) => $"{i} = {name}"));

    private static string Line(double[] row) => string.Join(',', row.Select(v => v.ToString(v == Math.Round(v) && Math.Abs(v) < 1e9 ? "F0" : "G8", CultureInfo.InvariantCulture)));

    private static double[] Parse(string line) => [.. line.Split(',').Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
}
