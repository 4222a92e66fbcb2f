using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ResearchKit.Benchmarks;

/// <summary>The machine that the numbers belong to, and what its arithmetic can do at best.</summary>
/// <param name="Threads">Processors.</param>
/// <param name="PeakGigaflops">Multiply-adds from registers, one thread, two operations each, in 10^9 per second.</param>
internal sealed record Machine(int Threads, double PeakGigaflops)
{
    /// <summary>Measures, and prints the header of every run.</summary>
    public static Machine Describe()
    {
        double peak = Enumerable.Range(0, 7).Max(_ => FusedPeak());
        Console.WriteLine($"{Processor()}, {Environment.ProcessorCount} processors, vectors of {VectorPath.Bits} bits, {RuntimeInformation.FrameworkDescription}");
        Console.WriteLine($"multiply-add peak of one thread, measured now: {TextTable.Number(peak, "F1")} GFLOP/s");
        return new Machine(Environment.ProcessorCount, peak);
    }

    /// <summary>Distinct thread counts worth measuring: one, and all.</summary>
    public int[] ThreadCounts => Threads == 1 ? [1] : [1, Threads];

    /// <summary>The processor's name.</summary>
    public static string Processor()
    {
        const string File = "/proc/cpuinfo";
        string? line = System.IO.File.Exists(File) ? System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    /// <summary>The same peak of several threads together, in 10^9 per second, the best of a few trials.</summary>
    public static double MeasurePeak(int threads) => Enumerable.Range(0, 7).Max(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        Thread[] all = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() => FusedPeak()))];
        foreach (Thread thread in all) thread.Start();
        foreach (Thread thread in all) thread.Join();
        return threads * Operations / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    });

    private const int Steps = 2_000_000;

    private static double Operations => 20.0 * VectorPath.Bits / 64 * Steps;

    private static double FusedPeak()
    {
        long start = Stopwatch.GetTimestamp();
        double sum = VectorPath.Bits switch
        {
            512 => Chains<Lanes8>(0.999999, 1e-6),
            256 => Chains<Lanes4>(0.999999, 1e-6),
            128 => Chains<Lanes2>(0.999999, 1e-6),
            _ => Chains<Lanes1>(0.999999, 1e-6),
        };
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        // The result is used, so that the loop is not dropped.
        return double.IsNaN(sum) ? 0 : Operations / seconds / 1e9;
    }

    /// <summary>Ten independent chains cover latency times throughput of current cores; no calls, so that they stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Chains<V>(double factor, double term) where V : struct, ILanes<V>
    {
        V a = V.Of(factor), b = V.Of(term);
        V x0 = b, x1 = b, x2 = b, x3 = b, x4 = b, x5 = b, x6 = b, x7 = b, x8 = b, x9 = b;
        for (int i = 0; i < Steps; i++)
        {
            x0 = V.MultiplyAdd(x0, a, b); x1 = V.MultiplyAdd(x1, a, b);
            x2 = V.MultiplyAdd(x2, a, b); x3 = V.MultiplyAdd(x3, a, b);
            x4 = V.MultiplyAdd(x4, a, b); x5 = V.MultiplyAdd(x5, a, b);
            x6 = V.MultiplyAdd(x6, a, b); x7 = V.MultiplyAdd(x7, a, b);
            x8 = V.MultiplyAdd(x8, a, b); x9 = V.MultiplyAdd(x9, a, b);
        }
        return V.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9);
    }
}
