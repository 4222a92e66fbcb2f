using System.Diagnostics;
using System.Globalization;
using ResearchKit.Baselines;
using ResearchKit.Datasets;
using ResearchKit.Networks;
using ResearchKit.Notebooks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Benchmarks;

/// <summary>
/// Random jobs over the entry points for a long time: every result is checked, and memory, handles and threads, looked at
/// after each share of the time, must be flat. Exits with 1 where they are not.
/// </summary>
internal static class SoakCommand
{
    private const string Usage = "soak [--minutes 30] [--seed 1]";

    /// <summary>Looks at the process, one each minute of half an hour; the first quarter warms up (pools, compiled code).</summary>
    private const int Looks = 30, WarmUp = Looks / 4;

    /// <summary>Growth from the first to the last third after the warm-up that is still called flat.</summary>
    private const double MostBytes = 16e6;

    /// <summary>The same for resident bytes, native buffers included; the collector returns pages when it likes.</summary>
    private const double MostResident = 64e6;

    /// <inheritdoc cref="MostBytes"/>
    private const int MostHandles = 16;

    public static int Run(string[] args)
    {
        double minutes = 30;
        int seed = 1;
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "nothing";
            bool understood = args[i] switch
            {
                "--minutes" => double.TryParse(value, CultureInfo.InvariantCulture, out minutes) && minutes > 0 && double.IsFinite(minutes),
                "--seed" => int.TryParse(value, CultureInfo.InvariantCulture, out seed),
                _ => false,
            };
            if (understood) continue;
            Console.Error.WriteLine($"'{args[i]} {value}' is not understood; usage: {Usage}, minutes above 0.");
            return 2;
        }
        var random = new SeededRandom(seed);
        var clock = Stopwatch.StartNew();
        var looks = new List<Look>();
        Console.WriteLine($"seed {seed}, {minutes.ToString(CultureInfo.InvariantCulture)} minutes");
        Console.WriteLine("minute     jobs  managed MB  resident MB  handles  threads");
        for (int jobs = 0; looks.Count < Looks; jobs++)
        {
            int kind = random.NextInt(s_jobs.Length);
            int one = random.NextInt(int.MaxValue);
            try
            {
                s_jobs[kind](new SeededRandom(one));
            }
            catch (Exception e)
            {
                Console.Error.WriteLine($"job {jobs}, {s_jobs[kind].Method.Name} of seed {one}: {e}");
                return 1;
            }
            if (clock.Elapsed.TotalMinutes * Looks < minutes * (looks.Count + 1)) continue;
            looks.Add(Look.Now());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMinutes,6:F1} {jobs,8} {looks[^1].Managed / 1e6,11:F1} {looks[^1].Resident / 1e6,12:F0} {looks[^1].Handles,8} {looks[^1].Threads,8}"));
        }
        return Flat(looks[WarmUp..]) ? 0 : 1;
    }

    private static bool Flat(List<Look> looks)
    {
        int third = looks.Count / 3;
        double Growth(Func<Look, double> of) => Scaling.Statistics.Median([.. looks[^third..].Select(of)]) - Scaling.Statistics.Median([.. looks[..third].Select(of)]);
        double managed = Growth(l => l.Managed), resident = Growth(l => l.Resident), handles = Growth(l => l.Handles), threads = Growth(l => l.Threads);
        bool flat = managed <= MostBytes && resident <= MostResident && handles <= MostHandles && threads <= MostHandles;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"growth from the first to the last third after the warm-up: managed {managed / 1e6:F1} MB (at most {MostBytes / 1e6:F0}), resident {resident / 1e6:F0} MB (at most {MostResident / 1e6:F0}), handles {handles:F0}, threads {threads:F0} (at most {MostHandles}): {(flat ? "flat" : "NOT FLAT")}"));
        return flat;
    }

    private static readonly Action<SeededRandom>[] s_jobs = [Subset, FreeNodesJob, Pyramid, Network, Training, Streaming, Dataset, BaselinesJob, Files, Crowd, Cancelled, Refused];

    private static WeightedPoints Points(ref SeededRandom random, int most)
    {
        int m = 1 + random.NextInt(4), d = 1 + random.NextInt(most);
        var x = new double[m * d];
        random.FillNormal(x);
        if (random.NextInt(2) == 0) return new WeightedPoints(x, m);
        var w = new double[d];
        for (int i = 0; i < d; i++) w[i] = Math.Exp(3 * random.NextNormal());
        return new WeightedPoints(x, m, w);
    }

    private static void Whole(WeightedPoints set, double mass, int count, int budget)
    {
        if (count > budget || !(Math.Abs(mass - set.Mass) <= 1e-13 * set.Mass))
            throw new InvalidOperationException($"{set.Count} objects of mass {set.Mass:R} became {count} of mass {mass:R}; the budget was {budget}");
    }

    private static void Subset(SeededRandom random)
    {
        WeightedPoints set = Points(ref random, 20_000);
        int degree = random.NextInt(5), budget = (int)MomentSpace.CountOf(set.Dimension, degree) * (1 + random.NextInt(20));
        CompressedSet result = Compressor.Compress(set, new CompressionOptions { Budget = budget, Degree = degree, Probes = random.NextInt(2) * 8 });
        Whole(set, CompensatedSum.Of(result.Weights), result.Count, budget);
    }

    private static void FreeNodesJob(SeededRandom random)
    {
        WeightedPoints set = Points(ref random, 2000);
        int degree = random.NextInt(4), budget = (int)MomentSpace.CountOf(set.Dimension, degree) * (1 + random.NextInt(3));
        SyntheticSet result = FreeNodes.Compress(set, new FreeNodeOptions { Degree = degree, Budget = budget });
        Whole(set, result.Points.Mass, result.Count, budget);
    }

    private static void Pyramid(SeededRandom random)
    {
        WeightedPoints set = Points(ref random, 3000);
        CompressionPyramid pyramid = CompressionPyramid.Build(set, new CompressionOptions { Budget = 1, Degree = random.NextInt(4) });
        int budget = pyramid.SmallestBudget + random.NextInt(set.Count);
        CompressedSet result = pyramid.At(budget);
        Whole(set, CompensatedSum.Of(result.Weights), result.Count, budget);
    }

    private static void Network(SeededRandom random)
    {
        TwoLayerNetwork network = TwoLayerNetwork.Initialised(1 + random.NextInt(3), 50 + random.NextInt(500), random.NextInt(1000));
        TwoLayerNetwork few = SupportNeurons.Compress(network, new NetworkCompressionOptions { Budget = 10 + random.NextInt(40), Seed = 1 }).Network;
        double mass = few.ObjectWeights().ToArray().Sum();
        if (Math.Abs(mass / network.Width - 1) > 1e-10) throw new InvalidOperationException($"{network.Width} neurons became weights of {mass}");
    }

    private static void Training(SeededRandom random)
    {
        var x = new double[400];
        random.FillUniform(x, -1, 1);
        var samples = new Samples(x, [.. x.Select(Math.Sin)], 1);
        TrainingResult result = Trainer.Train(TwoLayerNetwork.Initialised(1, 40, random.NextInt(1000)), Optimizers.Create("AdamW"), samples, samples, new TrainingOptions { Epochs = 5, LearningRate = 1e-3, BatchSize = 64 });
        if (!double.IsFinite(result.Last.TestLoss)) throw new InvalidOperationException($"a test loss of {result.Last.TestLoss}");
    }

    /// <summary>A stream that is saved in the middle and goes on from the file.</summary>
    private static void Streaming(SeededRandom random)
    {
        WeightedPoints set = Points(ref random, 20_000);
        int degree = random.NextInt(4), budget = (int)MomentSpace.CountOf(set.Dimension, degree) * (2 + random.NextInt(4));
        var options = new StreamingOptions { Compression = new CompressionOptions { Budget = budget, Degree = degree }, ChunkSize = 8 * budget + 6000 };
        string path = Path.GetTempFileName();
        try
        {
            var first = new StreamingCompressor(set.Dimension, options);
            first.Add(set);
            first.Save(path);
            StreamingCompressor second = StreamingCompressor.Resume(path, set.Dimension, options, [], out _);
            second.Add(set);
            StreamedSet result = second.Finish();
            double mass = result.Points.Mass;
            if (result.Count > budget || !(Math.Abs(mass - 2 * set.Mass) <= 1e-13 * mass)) throw new InvalidOperationException($"a stream of mass {2 * set.Mass:R} became {result.Count} objects of mass {mass:R}; the budget was {budget}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Dataset(SeededRandom random)
    {
        WeightedPoints set = Points(ref random, 3000);
        bool classes = random.NextInt(2) == 0;
        double[] labels = [.. Enumerable.Range(0, set.Count).Select(i => classes ? i % 3 : set[i][0] + 0.1 * i % 7)];
        var data = new Samples(set.Coordinates.ToArray(), labels, set.Dimension, 1, [.. Enumerable.Range(0, set.Count).Select(set.WeightOf)]);
        int budget = 200 + random.NextInt(400);
        CompressedDataset result = DatasetCompressor.Compress(data, new DatasetOptions { Task = classes ? DatasetTask.Classification : DatasetTask.Regression, Degree = 2, Budget = budget, Probes = 2 });
        Whole(set, CompensatedSum.Of(result.Weights), result.Count, budget);
    }

    private static void BaselinesJob(SeededRandom random)
    {
        WeightedPoints set = Points(ref random, 600);
        int budget = (int)MomentSpace.CountOf(set.Dimension, 1) * (2 + random.NextInt(10));
        var options = new CompressionOptions { Budget = budget, Degree = 1, Seed = random.NextInt(100) };
        CompressedSet uniform = UniformSubset.Compress(set, options), paper = PaperAlgorithm.Compress(set, options);
        Whole(set, CompensatedSum.Of(uniform.Weights), uniform.Count, budget);
        Whole(set, CompensatedSum.Of(paper.Weights), paper.Count, budget);
        CentroidSet centroids = KMeansCentroids.Compress(set, options);
        Whole(set, centroids.Points.Mass, centroids.Count, budget);
    }

    /// <summary>A table out and in again, in both formats; every tenth damaged.</summary>
    private static void Files(SeededRandom random)
    {
        WeightedPoints set = Points(ref random, 500);
        string path = Path.Combine(Path.GetTempPath(), $"researchkit-soak-{Environment.ProcessId}.{(random.NextInt(2) == 0 ? "csv" : "parquet")}");
        try
        {
            DataFile.Write(path, new NumericTable([.. Enumerable.Range(0, set.Dimension).Select(j => $"x{j}")], set.Coordinates.ToArray()));
            if (random.NextInt(10) == 0)
            {
                byte[] bytes = File.ReadAllBytes(path);
                bytes[random.NextInt(bytes.Length)] ^= 0x55;
                File.WriteAllBytes(path, bytes);
            }
            else if (!DataFile.Read(path).RowMajor.SequenceEqual(set.Coordinates))
            {
                throw new InvalidOperationException($"a table of {set.Count} rows came back from '{path}' with other values");
            }
            DataFile.Read(path);
        }
        catch (DataFileException)
        {
            // A damaged file, refused.
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The same compression by several threads at once.</summary>
    private static void Crowd(SeededRandom random)
    {
        WeightedPoints set = Points(ref random, 5000);
        int budget = (int)MomentSpace.CountOf(set.Dimension, 3) * 4;
        var results = new CompressedSet[4];
        Parallel.For(0, results.Length, i => results[i] = Compressor.Compress(set, new CompressionOptions { Budget = budget, Degree = 3, MaxDegreeOfParallelism = 1 + i % 2 }));
        foreach (CompressedSet result in results)
            if (!result.Weights.SequenceEqual(results[0].Weights)) throw new InvalidOperationException("two threads got other weights than one");
    }

    private static void Cancelled(SeededRandom random)
    {
        using var source = new CancellationTokenSource();
        source.CancelAfter(TimeSpan.FromMilliseconds(random.NextInt(10)));
        try
        {
            Compressor.Compress(Points(ref random, 100_000), new CompressionOptions { Budget = 2000, Degree = 4, CancellationToken = source.Token });
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
    }

    private static void Refused(SeededRandom random)
    {
        try
        {
            Compressor.Compress(Points(ref random, 1000), new CompressionOptions { Budget = random.NextInt(2), Degree = 5 });
        }
        catch (ArgumentException)
        {
            // As it must be, except for very few objects.
        }
    }

    private readonly record struct Look(double Managed, double Resident, int Handles, int Threads)
    {
        public static Look Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            long managed = GC.GetTotalMemory(forceFullCollection: true);
            using var self = Process.GetCurrentProcess();
            return new Look(managed, self.WorkingSet64, self.HandleCount, self.Threads.Count);
        }
    }
}
