using System.Diagnostics;
using ResearchKit.Baselines;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>The task of Fig. 2 with a tenfold compression: this library against the paper's own algorithm, in one run.</summary>
/// <remarks>
/// The reference makes d - d' decompositions and ours is linear in d, so the ratio hardly depends on d: with m = 2 it is
/// measured at the full d = 128000 as well, with more coordinates at a d where the reference takes seconds, not minutes.
/// The reference runs once: its seconds average out what rounds would.
/// </remarks>
internal static class ReferenceCommand
{
    private static readonly (int M, int K, int D)[] Cases = [(2, 5, 16000), (2, 5, 128000), (3, 5, 4000), (4, 5, 1000)];

    public static void Run(Machine machine)
    {
        var table = new TextTable("m k d -> d'", "threads", "ref. threads", "reference", "compressor", "min", "ratio", "ratio min", "points/s", "error ref.", "error");
        foreach ((int m, int k, int d) in Cases)
        {
            RidgeSigmoidTask task = RidgeSigmoidTask.Generate(m, d, seed: 1);
            int budget = ErrorScalingStudy.PaperBudget(m, k, d);
            Measured serial = Measure(task, budget, k, 1);
            Add(serial, serial, 1, 1);
            foreach (int threads in machine.ThreadCounts.Where(t => t > 1))
            {
                Measured both = Measure(task, budget, k, threads);
                Add(both, both, threads, threads);
                // The method as the paper describes it is serial.
                Add(both, serial, threads, 1);
            }

            void Add(Measured ours, Measured reference, int threads, int referenceThreads)
                => table.Add($"{m} {k} {d} -> {budget}", $"{threads}", $"{referenceThreads}", TextTable.Milliseconds(reference.Reference), TextTable.Milliseconds(ours.Sample.Median),
                    TextTable.Milliseconds(ours.Sample.Minimum), TextTable.Number(reference.Reference / ours.Sample.Median, "F0"), TextTable.Number(reference.Reference / ours.Sample.Minimum, "F0"),
                    TextTable.Number(d / ours.Sample.Median, "E1"), $"{reference.ReferenceError:E1}", $"{ours.Error:E1}");
        }
        table.Print("Against the paper's algorithm as written here (same input; one reference run between two series of ours)");
    }

    private static Measured Measure(RidgeSigmoidTask task, int budget, int k, int threads)
    {
        var options = new CompressionOptions { Budget = budget, Degree = k, Seed = 1, MaxDegreeOfParallelism = threads };
        CompressedSet? ours = null;
        // Before and after the reference, so that both are measured in the same weather.
        double[] before = Timing.Interleave(15, ("compressor", () => ours = Compressor.Compress(task.Points, options)))[0].Seconds;
        long start = Stopwatch.GetTimestamp();
        CompressedSet theirs = PaperAlgorithm.Compress(task.Points, options);
        double reference = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] after = Timing.Interleave(15, ("compressor", () => ours = Compressor.Compress(task.Points, options)))[0].Seconds;
        return new Measured(new Sample("compressor", [.. before, .. after], 0), reference, Math.Abs(task.Error(theirs)), Math.Abs(task.Error(ours!)));
    }

    private readonly record struct Measured(Sample Sample, double Reference, double ReferenceError, double Error);
}
