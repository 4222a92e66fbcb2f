using System.Diagnostics;

namespace ResearchKit.Benchmarks;

/// <summary>Times of one case over the rounds of an interleaved run.</summary>
internal sealed record Sample(string Case, double[] Seconds, long AllocatedBytes)
{
    public double Minimum => Seconds.Min();

    public double Median => Scaling.Statistics.Median(Seconds);
}

/// <summary>
/// Interleaved timing: every round runs every case once, so that a busy neighbour or a slower clock meets all cases alike
/// and ratios stay honest.
/// </summary>
/// <remarks>
/// A harness that times one case to statistical rest before the next (as BenchmarkDotNet does, in a process each) assumes
/// a quiet machine; on a shared one the two sides of a ratio would then be measured minutes apart. Minimum and median over
/// short interleaved rounds show both the undisturbed time and the usual one.
/// </remarks>
internal static class Timing
{
    public static Sample[] Interleave(int rounds, params (string Name, Action Run)[] cases)
    {
        var seconds = cases.Select(_ => new double[rounds]).ToArray();
        var bytes = new long[cases.Length];
        foreach ((_, Action run) in cases) run();
        for (int round = 0; round < rounds; round++)
        {
            for (int c = 0; c < cases.Length; c++)
            {
                // What one case left to collect must not be paid for by the next.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                long before = GC.GetTotalAllocatedBytes(true), start = Stopwatch.GetTimestamp();
                cases[c].Run();
                seconds[c][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                bytes[c] = GC.GetTotalAllocatedBytes(true) - before;
            }
        }
        return [.. cases.Select((c, i) => new Sample(c.Name, seconds[i], bytes[i]))];
    }
}
