using System.Diagnostics;
using System.Globalization;
using ResearchKit.Cli;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>Streams: time against parsing, memory, what is lost against one compression, drift of moments, and a killed run.</summary>
internal static class StreamCommand
{
    private const string Usage = """
        stream file --folder FOLDER [--rows 2000000] [--budget 5000] [--degree 4] [--seed 1] [--threads -1] [--kill 1] [--keep 0]
        stream error [--rows 1000000] [--seeds 5] [--budgets 1000,5000] [--chunk 65536]
        stream drift [--rows 5000000]
        """;

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string>
        {
            ["--folder"] = "", ["--rows"] = "", ["--budget"] = "5000", ["--degree"] = "4", ["--seed"] = "1", ["--threads"] = "-1", ["--kill"] = "1", ["--keep"] = "0",
            ["--seeds"] = "5", ["--budgets"] = "1000,5000", ["--chunk"] = "65536",
        };
        for (int i = 1; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
        long rows = options["--rows"].Length > 0 ? long.Parse(options["--rows"], CultureInfo.InvariantCulture) : 0;
        switch (args.FirstOrDefault())
        {
            case "file" when options["--folder"].Length > 0: File(options, rows == 0 ? 2_000_000 : rows); return 0;
            case "error": Error(rows == 0 ? 1_000_000 : (int)rows, Number("--seeds"), [.. options["--budgets"].Split(',').Select(b => int.Parse(b, CultureInfo.InvariantCulture))], Number("--chunk")); return 0;
            case "drift": Drift(rows == 0 ? 5_000_000 : rows); return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }

        int Number(string name) => int.Parse(options[name], CultureInfo.InvariantCulture);
    }

    private static void File(Dictionary<string, string> options, long rows)
    {
        string folder = Directory.CreateDirectory(options["--folder"]).FullName, path = Path.Combine(folder, "stream.csv");
        Console.WriteLine($"{Machine.Processor()}, {Environment.ProcessorCount} processors, {DateTime.UtcNow:yyyy-MM-dd HH:mm}");
        try
        {
            (_, double generate) = Timed(() => StreamFile.Generate(path, rows, int.Parse(options["--seed"], CultureInfo.InvariantCulture)));
            Console.WriteLine($"{rows} rows of 3 columns, {new FileInfo(path).Length / 1e9:F2} GB, seed {options["--seed"]}, written in {generate:F0} s");
            string[] command = ["compress", path, "-b", options["--budget"], "-k", options["--degree"], "--stream", "always", "--force", "--save-every", "1", .. options["--threads"] == "-1" ? Array.Empty<string>() : ["-t", options["--threads"]]];

            var table = new TextTable("what", "seconds", "ns a row", "CPU s", "ratio of seconds", "of CPU", "peak memory");
            (double parse, double parseCpu) = Best(() => StreamFile.Parse(path));
            Add("parsing by the same reader, one thread", parse, parseCpu, 0);
            long plain = Math.Min(rows, 5_000_000);
            (double lines, double linesCpu) = Best(() => StreamFile.ParseByLines(path, plain));
            double whole = (double)rows / plain;
            Add($"ReadLine, Split, double.Parse{(whole > 1 ? $" (from {plain} rows)" : "")}", lines * whole, linesCpu * whole, 0);
            string expected = Path.Combine(folder, "whole.csv"), actual = Path.Combine(folder, "resumed.csv");
            CliRun run = CliRun.Start([.. command, "-o", expected]).ToEnd();
            Console.WriteLine(run.Output);
            Add("researchkit compress, stream", run.Seconds, run.CpuSeconds, run.PeakBytes);
            table.Print("Time against plainly parsing the same file");

            if (options["--kill"] != "0") Kill([.. command, "-o", actual], expected, actual, run.Seconds);

            void Add(string what, double seconds, double cpu, double peak) => table.Add(what, TextTable.Number(seconds), TextTable.Number(1e9 * seconds / rows, "F0"),
                TextTable.Number(cpu), TextTable.Number(seconds / parse), TextTable.Number(cpu / parseCpu), peak > 0 ? TextTable.Megabytes(peak) : "");
        }
        finally
        {
            if (options["--keep"] == "0") System.IO.File.Delete(path);
        }
    }

    /// <summary>Kills in the middle by the signal that no process survives, and goes on; twice, since a resumed run may be killed too.</summary>
    private static void Kill(string[] command, string expected, string actual, double seconds)
    {
        string output = "";
        foreach (double part in new[] { 0.5, 0.3 })
        {
            CliRun run = CliRun.Start(command);
            bool killed = run.KillAfter(TimeSpan.FromSeconds(part * seconds));
            Console.WriteLine($"killed after {part * seconds:F0} s: {killed}; state there: {System.IO.File.Exists(actual + ".state")}");
        }
        CliRun last = CliRun.Start(command).ToEnd();
        output = last.Output.Split('\n').FirstOrDefault(l => l.StartsWith("Going on", StringComparison.Ordinal)) ?? "did not go on";
        bool same = System.IO.File.ReadAllBytes(expected).AsSpan().SequenceEqual(System.IO.File.ReadAllBytes(actual));
        Console.WriteLine($"{output} took {last.Seconds:F1} s more; the same bytes as the run that was not killed: {same}");
    }

    private static void Error(int rows, int seeds, int[] budgets, int chunk)
    {
        var table = new TextTable("budget", "oversampling", "chunks", "merges", "one compression", "stream", "ratio", "seconds", "stream's");
        foreach (int budget in budgets)
        {
            foreach (double oversampling in new[] { 1.0, 2, 4 })
            {
                double once = 0, streamed = 0, onceSeconds = 0, streamSeconds = 0;
                StreamCertificate? certificate = null;
                for (int seed = 1; seed <= seeds; seed++)
                {
                    var random = new SeededRandom(seed, 0);
                    var points = new double[3 * rows];
                    random.FillNormal(points);
                    var set = new WeightedPoints(points, 3);
                    var options = new CompressionOptions { Budget = budget, Degree = 4, MaxDegreeOfParallelism = 1 };
                    ErrorProbes probes = ErrorProbes.For(set, options with { Probes = 32, Seed = 1000 + seed })!;
                    (CompressedSet whole, double wholeTime) = Timed(() => Compressor.Compress(set, options));
                    (StreamedSet stream, double streamTime) = Timed(() => StreamingCompressor.Compress([set], new StreamingOptions { Compression = options, Oversampling = oversampling, ChunkSize = Math.Max(chunk, (int)(4 * oversampling * budget)) }));
                    once += Math.Pow(probes.Measure([.. whole.Indices], [.. whole.Weights]).Tanh, 2);
                    streamed += Math.Pow(probes.Measure([.. stream.Indices.ToArray().Select(i => (int)i)], [.. stream.Points.Weights]).Tanh, 2);
                    (onceSeconds, streamSeconds, certificate) = (onceSeconds + wholeTime, streamSeconds + streamTime, stream.Certificate);
                }
                table.Add($"{budget}", TextTable.Number(oversampling, "F0"), $"{certificate!.Chunks}", $"{certificate.Merges}", $"{Math.Sqrt(once / seeds):E2}", $"{Math.Sqrt(streamed / seeds):E2}",
                    TextTable.Number(Math.Sqrt(streamed / once)), TextTable.Number(onceSeconds / seeds), TextTable.Number(streamSeconds / seeds));
            }
        }
        table.Print($"Root mean square error on 32 functions tanh(a.x + b), {rows} normal points in R^3, degree 4, {seeds} seeds");
    }

    /// <summary>Small chunks, sorted so that the box grows with every one of them: as many merges and changes of the frame as can be.</summary>
    private static void Drift(long rows)
    {
        var table = new TextTable("rows", "chunks", "merges", "drift", "after repair", "mass", "cell");
        var options = new StreamingOptions { Compression = new CompressionOptions { Budget = 200, Degree = 4, MaxDegreeOfParallelism = 1 }, ChunkSize = 4500 };
        var stream = new StreamingCompressor(2, options);
        var random = new SeededRandom(1, 0);
        var row = new double[2 * 4500];
        for (long done = 0, next = 1; done < rows; done += 4500)
        {
            for (int i = 0; i < 4500; i++) (row[2 * i], row[2 * i + 1]) = (1e-6 * (done + i), random.NextDouble());
            stream.Add(row);
            if (stream.Progress.Chunks != next && done + 4500 < rows) continue;
            next *= 4;
            StreamCertificate c = stream.Finish().Certificate;
            table.Add($"{c.OriginalCount}", $"{c.Chunks}", $"{c.Merges}", $"{c.MomentDrift:E1}", $"{c.MaxMomentResidual:E1}", $"{Math.Abs(c.Mass / c.OriginalMass - 1):E1}", $"{c.MaxCellResidual:E1}");
        }
        table.Print("Moments of the whole against exact sums: rows sorted by the first column, chunks of 4500, budget 200, degree 4, m = 2");
    }

    private static (T Result, double Seconds) Timed<T>(Func<T> work)
    {
        long start = Stopwatch.GetTimestamp();
        return (work(), Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The faster of two runs, and its processor time.</summary>
    private static (double Seconds, double Cpu) Best(Func<double> work)
    {
        (double Seconds, double Cpu) best = (double.PositiveInfinity, 0);
        for (int run = 0; run < 2; run++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            (_, double seconds) = Timed(work);
            if (seconds < best.Seconds) best = (seconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        return best;
    }
}
