using System.Diagnostics;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>A million points down to one cell of N = 56, against one plain pass over the same 56 moments.</summary>
internal static class OneCellCommand
{
    private const int Dimension = 3, Degree = 5, Count = 1_000_000, Rounds = 15;

    public static void Run(Machine machine)
    {
        WeightedPoints set = RidgeSigmoidTask.Generate(Dimension, Count, seed: 1).Points;
        MomentSpace space = MomentSpace.TotalDegree(Dimension, Degree);
        LocalFrame frame = LocalFrame.Of(set);
        long peak = PeakOfFirstCall(set, space);

        var table = new TextTable("case", "threads", "median", "min", "ratio", "ratio min", "Mpoints/s", "GFLOP/s", "of peak", "managed");
        foreach (int threads in machine.ThreadCounts)
        {
            Sample[] samples = Timing.Interleave(Rounds,
                ("plain pass, 56 moments", () => MomentPass.Run(set, space, frame, threads)),
                ("compress to 56", () => Compress(set, space, threads)));
            foreach (Sample s in samples)
            {
                // Counted are the multiply-adds of one moment pass, for both: what a compression does beyond it is overhead.
                double gigaflops = 2.0 * space.Count * Count / s.Median / 1e9;
                table.Add(s.Case, threads.ToString(), TextTable.Milliseconds(s.Median), TextTable.Milliseconds(s.Minimum),
                    TextTable.Number(s.Median / samples[0].Median), TextTable.Number(s.Minimum / samples[0].Minimum),
                    TextTable.Number(Count / s.Median / 1e6, "F1"), TextTable.Number(gigaflops, "F1"),
                    TextTable.Number(100 * gigaflops / (threads * machine.PeakGigaflops), "F0") + " %", TextTable.Megabytes(s.AllocatedBytes));
            }
        }
        table.Print($"One cell: d = {Count} to N = {space.Count}, m = {Dimension}, k = {Degree} (GFLOP/s counts one moment pass)");
        Console.WriteLine($"growth of the process's peak working set in its first such compression, native buffers and compiled code included: {TextTable.Megabytes(peak)} (input {TextTable.Megabytes(8.0 * Dimension * Count)})");
        CompressedSet result = Compress(set, space, -1);
        Console.WriteLine($"kept {result.Count}, largest relative moment residual {result.Certificate.MaxMomentResidual:E1}");
    }

    private static CompressedSet Compress(WeightedPoints set, MomentSpace space, int threads)
        => Compressor.Compress(set, new CompressionOptions { Budget = space.Count, MomentSpace = space, MaxDegreeOfParallelism = threads });

    private static long PeakOfFirstCall(WeightedPoints set, MomentSpace space)
    {
        GC.Collect();
        long before = Peak();
        Compress(set, space, -1);
        return Peak() - before;

        static long Peak()
        {
            using var self = Process.GetCurrentProcess();
            return self.PeakWorkingSet64;
        }
    }
}
