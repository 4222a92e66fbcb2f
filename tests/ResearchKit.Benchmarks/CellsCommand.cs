using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>Tenfold compressions of the task of Fig. 2 over its dimensions: time per point and arithmetic rate.</summary>
internal static class CellsCommand
{
    private static readonly (int M, int K, int D, int Rounds)[] Cases =
        [(2, 5, 16000, 15), (2, 5, 128000, 9), (3, 5, 128000, 5), (4, 5, 128000, 3)];

    /// <param name="machine">The machine.</param>
    /// <param name="custom">Optionally m, k, d, rounds of a single case (for a profiler).</param>
    public static void Run(Machine machine, params int[] custom)
    {
        (int, int, int, int)[] cases = custom is [var cm, var ck, var cd, var cr] ? [(cm, ck, cd, cr)] : Cases;
        var table = new TextTable("m k d -> d'", "threads", "median", "min", "points/s", "GFLOP/s", "of peak", "managed", "residual");
        foreach ((int m, int k, int d, int rounds) in cases)
        {
            RidgeSigmoidTask task = RidgeSigmoidTask.Generate(m, d, seed: 1);
            int budget = ErrorScalingStudy.PaperBudget(m, k, d);
            foreach (int threads in machine.ThreadCounts)
            {
                var options = new CompressionOptions { Budget = budget, Degree = k, MaxDegreeOfParallelism = threads };
                CompressedSet? result = null;
                Sample s = Timing.Interleave(rounds, ("compressor", () => result = Compressor.Compress(task.Points, options)))[0];
                double gigaflops = Operations(m, k, d, budget) / s.Median / 1e9;
                table.Add($"{m} {k} {d} -> {budget}", threads.ToString(), TextTable.Milliseconds(s.Median), TextTable.Milliseconds(s.Minimum),
                    TextTable.Number(d / s.Median, "E1"), TextTable.Number(gigaflops, "F1"),
                    TextTable.Number(100 * gigaflops / (threads * machine.PeakGigaflops), "F0") + " %",
                    TextTable.Megabytes(s.AllocatedBytes), $"{result!.Certificate.MaxMomentResidual:E0}");
            }
        }
        table.Print("Many cells: tenfold compression (GFLOP/s counts factorisation and Lagrange values, not exchanges and descent)");
    }

    /// <summary>Of a compression with the same number of objects in every cell.</summary>
    public static double Operations(int m, int k, int d, int budget)
    {
        double cells = Math.Floor(budget / (double)MomentSpace.CountOf(m, k));
        return cells * CellOperations(m, k, d / cells);
    }

    /// <summary>Triangular factorisation of N + R rows (R watched) by s points, and the back-substitution.</summary>
    public static double CellOperations(int m, int k, double s)
    {
        double n = MomentSpace.CountOf(m, k), watched = MomentSpace.CountOf(m - 1, k + 1);
        return 2 * (n * n * s / 2 - n * n * n / 6 + watched * n * (s - n / 2)) + n * n * (s - n);
    }
}
