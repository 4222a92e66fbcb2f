using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>What more threads bring: one against all, interleaved, and what the serial part so measured means for more cores.</summary>
/// <remarks>
/// Amdahl's law, t(p) = t(1) (s + (1 - s) / p), gives the serial fraction s from the two times, memory and the scheduler's
/// latency included; what it says of more cores is a forecast, not a measurement. The first line shows what pure
/// arithmetic gains, in the same run: on a machine whose cores are taken nothing can gain more.
/// </remarks>
internal static class ScalingCommand
{
    private static readonly int[] Forecast = [16, 64];

    private static readonly (int M, int K, int D, int Budget, int Rounds)[] Cases =
        [(2, 5, 128_000, 12_800, 51), (3, 5, 128_000, 12_800, 31), (4, 5, 128_000, 12_800, 9), (5, 5, 128_000, 12_800, 5), (3, 4, 1_000_000, 10_000, 15), (3, 5, 1_000_000, 56, 31)];

    public static int Run(Machine machine)
    {
        int threads = machine.Threads;
        if (threads < 2)
        {
            Console.Error.WriteLine("There is one processor here; scaling needs two or more.");
            return 2;
        }
        Console.WriteLine($"pure arithmetic: {threads} threads do {TextTable.Number(Machine.MeasurePeak(threads) / Machine.MeasurePeak(1))} times what one does");
        var table = new TextTable(["m k d -> d'", "1 thread", "min", $"{threads} threads", "min", "ratio", "ratio min", "serial, of medians", "of minima", .. Forecast.Select(p => $"forecast {p} cores")]);
        foreach ((int m, int k, int d, int budget, int rounds) in Cases)
        {
            WeightedPoints set = RidgeSigmoidTask.Generate(m, d, seed: 1).Points;
            Action Compress(int n) => () => Compressor.Compress(set, new CompressionOptions { Budget = budget, Degree = k, MaxDegreeOfParallelism = n });
            Sample[] s = Timing.Interleave(rounds, ("one", Compress(1)), ("all", Compress(threads)));
            double ratio = s[0].Median / s[1].Median, best = s[0].Minimum / s[1].Minimum, serial = Serial(best, threads);
            table.Add([$"{m} {k} {d} -> {budget}", TextTable.Milliseconds(s[0].Median), TextTable.Milliseconds(s[0].Minimum), TextTable.Milliseconds(s[1].Median),
                TextTable.Milliseconds(s[1].Minimum), TextTable.Number(ratio), TextTable.Number(best), TextTable.Number(Serial(ratio, threads), "F3"), TextTable.Number(serial, "F3"),
                .. Forecast.Select(p => TextTable.Number(1 / (serial + (1 - serial) / p), "F1"))]);
        }
        table.Print("Scaling (forecasts by Amdahl's law from the minima)");
        return 0;
    }

    /// <summary>The serial fraction that explains a ratio; at least 0, where a ratio beats the number of threads by chance.</summary>
    private static double Serial(double ratio, int threads) => Math.Max(0, (threads / ratio - 1) / (threads - 1));
}
