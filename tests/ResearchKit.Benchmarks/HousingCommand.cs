using System.Diagnostics;
using System.Globalization;
using ResearchKit.Baselines;
using ResearchKit.Datasets;
using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Benchmarks;

/// <summary>
/// California housing: a small network trained on all training rows, on 1000 compressed rows, and on 1000 random ones; each
/// seed splits the rows anew, four fifths for training. Nothing but the test error sees the test rows.
/// </summary>
internal static class HousingCommand
{
    private const string File = "california-housing.csv";
    private const int Features = 8;

    private static readonly string[] Kinds = ["all rows", "compressed, fitted labels", "random rows", "compressed, own labels", "random rows, fitted labels"];

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string> { ["--output"] = "", ["--seeds"] = "5", ["--steps"] = "1000", ["--budget"] = "1000", ["--width"] = "32", ["--batch"] = "0", ["--kinds"] = "0,1,2,3,4" };
        for (int i = 0; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
        string? folder = Environment.GetEnvironmentVariable("RESEARCHKIT_DATA");
        if (args.Length % 2 != 0 || folder is null || !System.IO.File.Exists(Path.Combine(folder, File)))
        {
            Console.Error.WriteLine($"housing [--output FILE] [--seeds 5] [--steps 1000] [--budget 1000] [--width 32] [--batch 0] [--kinds 0,1,2,3,4]; RESEARCHKIT_DATA must name a folder with {File}");
            return 2;
        }
        int seeds = Number(options["--seeds"]), steps = Number(options["--steps"]), budget = Number(options["--budget"]), width = Number(options["--width"]), batch = Number(options["--batch"]);
        string batches = batch == 0 ? "full batch" : $"batches of {batch}";
        double[][] rows = Read(Path.Combine(folder, File));
        var results = new List<Result>();
        for (int seed = 1; seed <= seeds; seed++)
        {
            foreach (int kind in options["--kinds"].Split(',').Select(Number))
            {
                results.Add(Train(rows, kind, seed, steps, budget, width, batch));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{results[^1]}"));
            }
        }
        Print(results, width, batches);
        if (options["--output"].Length > 0) Write(options["--output"], results, args, steps, budget, width, batches);
        return 0;
    }

    private static Result Train(double[][] rows, int kind, int seed, int steps, int budget, int width, int batch)
    {
        (Samples train, Samples test) = Split(rows, seed);
        long start = Stopwatch.GetTimestamp();
        Samples samples = Reduced(train, kind, seed, budget);
        double reducing = Stopwatch.GetElapsedTime(start).TotalSeconds;
        // Tanh is smooth, as the theory asks (Assumption 1).
        TwoLayerNetwork network = TwoLayerNetwork.Initialised(Features, width, seed, activation: Activation.Tanh);
        TrainingResult result = Trainer.Train(network, Optimizers.Create("Adam"), samples, test, new TrainingOptions
        {
            Epochs = steps, StepsPerEpoch = 1, BatchSize = batch, LearningRate = 0.01, Schedule = LearningRateSchedule.Cosine, Seed = seed, EvaluateEvery = steps, MaxDegreeOfParallelism = 1,
        });
        return new Result(seed, kind, samples.Count, result.Last.TestLoss, reducing, result.Seconds);
    }

    private static Samples Reduced(Samples train, int kind, int seed, int budget)
    {
        var options = new DatasetOptions
        {
            Budget = budget, Seed = seed, Features = [new Standardise(), new RelevantDirections { Seed = seed }], MaxDegreeOfParallelism = 1,
            FittedLabels = kind == 3 ? null : new FittedLabels(),
        };
        if (kind == 0) return train;
        if (kind is 1 or 3) return DatasetCompressor.Compress(train, options).Samples;
        CompressedSet random = UniformSubset.Compress(new WeightedPoints(train.Inputs.ToArray(), Features), new CompressionOptions { Budget = budget, Degree = 1, Seed = seed });
        double[] labels = train.Targets.ToArray();
        if (kind == 4)
        {
            FittedFeatures features = FeatureMap.Fit(options.Features, train, 1);
            double[] mapped = features.Apply(train.Inputs);
            labels = RandomFeatureFit.Fit(new Samples(mapped, labels, Features), options.FittedLabels!.Features, FittedLabels.Scale, seed, 1, default).Predict(mapped, 1, default);
        }
        return new Samples(random.Gather(train.Inputs, Features), random.Gather<double>(labels), Features, 1, random.Weights.ToArray());
    }

    /// <summary>The eight numeric features and the house value, NaN where one is missing.</summary>
    private static double[][] Read(string path) => [.. System.IO.File.ReadLines(path).Skip(1).Where(l => l.Length > 0)
        .Select(l => l.Split(',')[..(Features + 1)].Select(c => c.Length == 0 ? double.NaN : double.Parse(c, CultureInfo.InvariantCulture)).ToArray())];

    /// <summary>Four fifths to train; gaps are filled and columns standardised with what the training rows know.</summary>
    private static (Samples Train, Samples Test) Split(double[][] rows, int seed)
    {
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        new SeededRandom(seed, 1).Shuffle(order.AsSpan());
        int[] train = order[..(rows.Length * 4 / 5)], test = order[train.Length..];
        double[] means = new double[Features + 1], deviations = new double[Features + 1];
        for (int j = 0; j <= Features; j++)
        {
            double[] present = [.. train.Select(i => rows[i][j]).Where(v => !double.IsNaN(v))];
            means[j] = present.Average();
            deviations[j] = Math.Sqrt(present.Sum(v => (v - means[j]) * (v - means[j])) / train.Length);
        }
        double Cell(int i, int j) => double.IsNaN(rows[i][j]) ? 0 : (rows[i][j] - means[j]) / deviations[j];
        Samples Of(int[] part) => new([.. part.SelectMany(i => Enumerable.Range(0, Features).Select(j => Cell(i, j)))], [.. part.Select(i => Cell(i, Features))], Features);
        return (Of(train), Of(test));
    }

    private static void Print(List<Result> results, int width, string batches)
    {
        var table = new TextTable("training rows", "number", "test error", "standard error", "to all rows", "reducing", "training");
        foreach (IGrouping<int, Result> kind in results.GroupBy(r => r.Kind))
        {
            Result[] all = [.. kind];
            double[] ratios = [.. all.Select(r => results.Find(o => o.Kind == 0 && o.Seed == r.Seed) is { } o ? r.TestError / o.TestError : double.NaN)];
            double mean = all.Average(r => r.TestError), error = all.Length < 2 ? double.NaN : Math.Sqrt(all.Sum(r => (r.TestError - mean) * (r.TestError - mean)) / (all.Length - 1) / all.Length);
            table.Add(Kinds[kind.Key], TextTable.Number(all.Average(r => r.Rows), "F0"), TextTable.Number(mean, "F4"), TextTable.Number(error, "F4"),
                $"{TextTable.Number(ratios.Average(), "F3")} ({TextTable.Number(ratios.Min(), "F3")} to {TextTable.Number(ratios.Max(), "F3")})",
                TextTable.Number(all.Min(r => r.ReducingSeconds)) + " s", TextTable.Number(all.Min(r => r.TrainingSeconds)) + " s");
        }
        table.Print($"California housing, 8-{width}-1 tanh network, {batches}: mean squared test error in units of the label's variance; times are minima over the seeds, one thread");
    }

    private static void Write(string output, List<Result> results, string[] args, int steps, int budget, int width, string batches) => WholeFile.WriteText(output, text =>
    {
        text.Write($"# command: dotnet run -c Release --project tests/ResearchKit.Benchmarks -- housing {string.Join(' ', args)}\n");
        text.Write($"# kind: {string.Join(", ", Kinds.Select((kind, i) => $"{i} = {kind}"))}; seed: of split, start, random rows and features\n");
        text.Write($"# 8-{width}-1 tanh, Adam 0.01 with cosine schedule, {steps} steps on every kind, {batches}; d' = {budget}; test_error in units of the label's variance\n");
        text.Write(string.Create(CultureInfo.InvariantCulture, $"# processor: {Machine.Processor()}, shared, one thread; date: {DateTime.UtcNow:yyyy-MM-dd}\nseed,kind,rows,test_error,reducing_seconds,training_seconds\n"));
        foreach (Result r in results)
            text.Write(string.Create(CultureInfo.InvariantCulture, $"{r.Seed},{r.Kind},{r.Rows},{r.TestError:G9},{r.ReducingSeconds:F2},{r.TrainingSeconds:F2}\n"));
    });

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Result(int Seed, int Kind, int Rows, double TestError, double ReducingSeconds, double TrainingSeconds);
}
