using System.Diagnostics;
using CsCheck;
using static ResearchKit.Tests.Compression.AdversarialSets;

namespace ResearchKit.Tests.Compression;

/// <summary>
/// What is true of every entry point: on adversarial sets the mass is whole or the refusal says what to do; a cancelled run
/// ends, and leaves nothing behind; any number of runs at once give what each gives alone.
/// </summary>
public class EntryPointTests
{
    /// <summary>Longer than this is a hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Names => [.. EntryPoints.All.Select(e => e.Name)];

    [Theory, MemberData(nameof(Names))]
    public void AdversarialSetsAreWholeOrRefusedWithARemedy(string name)
    {
        EntryPoints.EntryPoint entry = EntryPoints.Named(name);
        Of(120).Sample(r => OrARemedy(r, (set, context) =>
        {
            var clock = Stopwatch.StartNew();
            EntryPoints.Few few = entry.Run(set, new EntryPoints.Request(Math.Max(1, r.K), r.Budget));
            foreach (double x in few.Coordinates) Assert.True(double.IsFinite(x), $"{name} on {context}: a coordinate of {x}");
            int most = name.Contains("tolerance") ? r.D : Math.Max(r.Budget, 1);
            WeightedPoints whole = entry.KeepsMass ? set : new WeightedPoints(new double[r.D], 1);
            IsWhole(whole, few.Weights, Math.Max(most, 1), $"{name} on {context}");
            Assert.True(clock.Elapsed < Patience, $"{name} on {context}: {clock.Elapsed}");
        }), iter: 400, threads: 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void ACancelledRunEndsAndLeavesNothingBehind(string name)
    {
        EntryPoints.EntryPoint entry = EntryPoints.Named(name);
        WeightedPoints set = HardSets.Cube(3, 2000);
        var request = new EntryPoints.Request(3, 200, 2);
        EntryPoints.Few alone = entry.Run(set, request);
        var clock = Stopwatch.StartNew();
        entry.Run(set, request);
        TimeSpan once = clock.Elapsed;
        const int Moments = 12;
        for (int i = 0; i < Moments; i++)
        {
            using var source = new CancellationTokenSource(once * i / Moments);
            EndsOrIsTheSame(source.Token, null, $"cancelled after {i}/{Moments} of {once.TotalMilliseconds:F1} ms");
        }
        foreach (int reports in new[] { 0, 1, 2, 3, 5, 8, 20, 100 })
        {
            using var source = new CancellationTokenSource();
            EndsOrIsTheSame(source.Token, new CancelAt(source, reports), $"cancelled at progress report {reports}");
        }
        Same(alone, entry.Run(set, request), $"{name} after all that");

        void EndsOrIsTheSame(CancellationToken token, IProgress<CompressionProgress>? progress, string when)
        {
            clock.Restart();
            try
            {
                Same(alone, entry.Run(set, request with { Cancellation = token, Progress = progress }), $"{name} {when}");
            }
            catch (OperationCanceledException cancelled)
            {
                Assert.Equal(token, cancelled.CancellationToken);
            }
            Assert.True(clock.Elapsed < Patience, $"{name} {when}: ended only after {clock.Elapsed}");
        }
    }

    [Fact]
    public void ATokenCancelledBeforehandStopsEveryEntryPoint()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        WeightedPoints set = HardSets.Cube(3, 2000);
        foreach (EntryPoints.EntryPoint entry in EntryPoints.All)
        {
            var caught = Record.Exception(() => entry.Run(set, new EntryPoints.Request(3, 200, 2, source.Token)));
            Assert.True(caught is OperationCanceledException, $"{entry.Name}: {caught?.ToString() ?? "ran to its end"}");
        }
    }

    [Fact]
    public void RunsAtOnceGiveWhatEachGivesAlone()
    {
        WeightedPoints[] sets = [HardSets.Cube(3, 1500), HardSets.Cube(2, 3000, 5), HardSets.Make("Cauchy tails", 2, 800)];
        var jobs = (from entry in EntryPoints.All from set in sets select (entry, set)).ToArray();
        EntryPoints.Few[] alone = [.. jobs.Select(j => j.entry.Run(j.set, new EntryPoints.Request(2, 120)))];
        // Every thread in an order of its own, so that all kinds meet all kinds.
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        Thread[] threads = [.. Enumerable.Range(0, 6).Select(t => new Thread(() =>
        {
            for (int i = 0; i < jobs.Length; i++)
            {
                int job = (i * 7 + t * 11) % jobs.Length;
                try
                {
                    Same(alone[job], jobs[job].entry.Run(jobs[job].set, new EntryPoints.Request(2, 120, t % 2 == 0 ? 1 : -1)), jobs[job].entry.Name);
                }
                catch (Exception e)
                {
                    failures.Add($"thread {t}: {jobs[job].entry.Name}: {e.Message}");
                }
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.NotEqual(0, jobs.Length % 7);
        Assert.Empty(failures);
    }

    private static void Same(EntryPoints.Few wanted, EntryPoints.Few got, string context)
    {
        Assert.True(wanted.Weights.AsSpan().SequenceEqual(got.Weights), $"{context}: other weights");
        Assert.True(wanted.Coordinates.AsSpan().SequenceEqual(got.Coordinates), $"{context}: other coordinates");
    }

    /// <summary>Cancels at a report, counted from 0.</summary>
    private sealed class CancelAt(CancellationTokenSource source, int report) : IProgress<CompressionProgress>
    {
        private int reports;

        public void Report(CompressionProgress value)
        {
            if (Interlocked.Increment(ref reports) == report + 1) source.Cancel();
        }
    }
}
