using System.Diagnostics;
using System.Globalization;
using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>One table: how far every kind of computation is from what the machine can do at best.</summary>
/// <remarks>
/// The ratio is to one plain pass over the same moments; GFLOP/s count one moment pass where there is one cell, factorisation
/// and Lagrange values where there are many; the peak is that of fused multiply-adds on the vectors in use. The error is the
/// largest relative moment residual that the certificate states.
/// </remarks>
internal static class LimitsCommand
{
    private static readonly string[] Parts = ["one-cell", "small", "many", "large", "free", "step"];
    private static readonly (int M, int K)[] OneCells = [(2, 4), (3, 5), (5, 4), (10, 3)];
    private static readonly (int M, int K, int Count)[] SmallCells = [(2, 4, 100), (3, 3, 200), (3, 5, 500), (5, 4, 252)];

    /// <param name="args">Parts to run; all if there are none.</param>
    public static int Run(string[] args)
    {
        if (args.Any(a => !Parts.Contains(a)))
        {
            Console.Error.WriteLine($"limits takes any of {string.Join(", ", Parts)}; all of them if none is given.");
            return 2;
        }
        Machine machine = Machine.Describe();
        double[] peaks = [.. machine.ThreadCounts.Select(t => t == 1 ? machine.PeakGigaflops : Machine.MeasurePeak(t))];
        foreach ((int threads, double peak) in machine.ThreadCounts.Zip(peaks).Skip(1))
            Console.WriteLine($"multiply-add peak of {threads} threads together, measured now: {TextTable.Number(peak, "F1")} GFLOP/s");
        var table = new TextTable("case", "threads", "median", "min", "passes", "(min)", "GFLOP/s", "of peak", "bytes/object", "error", "beside it");
        bool Wanted(string part) => args.Length == 0 || args.Contains(part);
        foreach ((int threads, double peak) in machine.ThreadCounts.Zip(peaks))
        {
            if (Wanted("one-cell")) OneCell(table, threads, peak);
            if (Wanted("many")) for (int m = 1; m <= 5; m++) Many(table, m, 5, 128_000, 12_800, m < 4 ? 5 : 1, threads, peak);
            if (Wanted("large")) Many(table, 3, 4, 10_000_000, 100_000, 1, threads, peak);
            if (Wanted("free")) Free(table, threads);
            if (Wanted("step")) Step(table, threads, peak);
        }
        if (Wanted("small")) Small(table, machine.PeakGigaflops);
        table.Print("Limits: time, ratio to one pass over the moments, arithmetic rate, bytes allocated per object, largest relative moment residual");
        return 0;
    }

    private static void OneCell(TextTable table, int threads, double peak)
    {
        foreach ((int m, int k) in OneCells)
        {
            foreach (int d in new[] { 10_000, 100_000, 1_000_000 })
            {
                int moments = (int)MomentSpace.CountOf(m, k);
                Compressed(table, "one cell", m, k, d, moments, m == 10 && d == 1_000_000 ? 3 : 7, threads, 2.0 * moments * d, peak);
            }
        }
    }

    private static void Many(TextTable table, int m, int k, int d, int budget, int rounds, int threads, double peak)
        => Compressed(table, "many cells", m, k, d, budget, rounds, threads, CellsCommand.Operations(m, k, d, budget), peak);

    private static void Compressed(TextTable table, string name, int m, int k, int d, int budget, int rounds, int threads, double operations, double peak)
    {
        WeightedPoints set = RidgeSigmoidTask.Generate(m, d, seed: 1).Points;
        MomentSpace space = MomentSpace.TotalDegree(m, k);
        LocalFrame frame = LocalFrame.Of(set);
        var options = new CompressionOptions { Budget = budget, MomentSpace = space, MaxDegreeOfParallelism = threads };
        CompressedSet? result = null;
        Sample[] s = Timing.Interleave(rounds, ("pass", () => MomentPass.Run(set, space, frame, threads)), ("compress", () => result = Compressor.Compress(set, options)));
        Add(table, $"{name}, m = {m}, k = {k}: {d} -> {budget}", threads, s[1], s[0], operations, peak, d, result!.Certificate.MaxMomentResidual, "");
    }

    private static void Free(TextTable table, int threads)
    {
        const int D = 16_000;
        WeightedPoints set = RidgeSigmoidTask.Generate(3, D, seed: 1).Points;
        MomentSpace space = MomentSpace.TotalDegree(3, 5);
        LocalFrame frame = LocalFrame.Of(set);
        var options = new FreeNodeOptions { Budget = 400, Degree = 5, Seed = 1, MaxDegreeOfParallelism = threads };
        SyntheticSet? result = null;
        Sample[] s = Timing.Interleave(2, ("pass", () => MomentPass.Run(set, space, frame, threads)), ("free", () => result = FreeNodes.Compress(set, options)));
        Add(table, $"free nodes, m = 3, k = 5: {D} -> 400", threads, s[1], s[0], double.NaN, 1, D, result!.Certificate.MaxMomentResidual, "");
    }

    private static void Step(TextTable table, int threads, double peak)
    {
        const int Inputs = 3, Width = 10_000, Batch = 512;
        var step = new StepCommand.OurStep(Inputs, Width, Batch, threads);
        long before = GC.GetTotalAllocatedBytes(true);
        double[] seconds = step.Take(40);
        Add(table, $"training step, {Inputs}-{Width}-1, batch {Batch}", threads, new Sample("step", seconds, (GC.GetTotalAllocatedBytes(true) - before) / 40), null, (4.0 * Inputs + 6) * Width * Batch, peak, Width, double.NaN, "");
    }

    /// <summary>Cells as a worker meets them, one after another; SciPy's nonnegative least squares take turns.</summary>
    private static unsafe void Small(TextTable table, double peak)
    {
        const int Cells = 40, Rounds = 9;
        string? python = PythonProcess.Find(null, "scipy.optimize");
        Console.WriteLine(python is null ? SciPyNnls.HowToInstall : $"small cells: scipy.optimize.nnls by {python}");
        foreach ((int m, int k, int count) in SmallCells)
        {
            MomentSpace space = MomentSpace.TotalDegree(m, k);
            var points = new double[Cells * count * m];
            new SeededRandom(1).FillUniform(points, -1, 1);
            LocalFrame[] frames = [.. Enumerable.Range(0, Cells).Select(c => LocalFrame.Of(points.AsSpan(c * count * m, count * m), m))];
            using var reducer = new CellReducer(CellPlan.OneCell(frames[0], space, 0, momentsOnly: false));
            using var quick = new CellReducer(CellPlan.OneCell(frames[0], space, 0, momentsOnly: true));
            using var kernel = new MomentKernel();
            var sums = new MomentTotals(space.Count);
            using SciPyNnls? scipy = python is null ? null : new SciPyNnls(python, points, count, m, k);
            using var alone = new MomentsAlone(space, count);
            var (pass, ours, only, plain, theirs) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
            double residual = 0, onlyResidual = 0, scipyResidual = 0;
            long bytes = 0, onlyBytes = 0, plainBytes = 0;
            // The compiler's last tier comes after some calls and a pause.
            for (var warm = Stopwatch.StartNew(); warm.Elapsed.TotalSeconds < 0.7;) (residual, onlyResidual) = (Reduce(reducer, 0), Reduce(quick, 0));
            for (int round = -1; round < Rounds; round++)
            {
                Sample[] s = Timing.Interleave(1, ("pass", () => Pass()), ("reduce", () => residual = Reduce(reducer, residual)), ("moments only", () => onlyResidual = Reduce(quick, onlyResidual)), ("bare", () => Alone()));
                if (round < 0) continue;
                pass.Add(s[0].Seconds[0] / Cells);
                ours.Add(s[1].Seconds[0] / Cells);
                bytes = s[1].AllocatedBytes / Cells;
                only.Add(s[2].Seconds[0] / Cells);
                onlyBytes = s[2].AllocatedBytes / Cells;
                plain.Add(s[3].Seconds[0] / Cells);
                plainBytes = s[3].AllocatedBytes / Cells;
                if (scipy is null) continue;
                (double seconds, scipyResidual) = scipy.Round();
                theirs.Add(seconds);
            }
            string Beside(List<double> mine) => scipy is null ? "" : string.Create(CultureInfo.InvariantCulture,
                $"{scipy.Version}: {1e6 * Statistics.Median([.. theirs]):F0} us, {Statistics.Median([.. theirs]) / Statistics.Median([.. mine]):F1} times ours (min {theirs.Min() / mine.Min():F1}), error {scipyResidual:E0}");
            fixed (double* p = points)
            {
                alone.Reduce(p, frames[0]);
                alone.Measure(p, frames[0]);
            }
            var one = new Sample("", [.. pass], 0);
            Add(table, $"small cells, m = {m}, k = {k}: {count} -> {space.Count}", 1, new Sample("", [.. ours], bytes), one, CellsCommand.CellOperations(m, k, count), peak, count, residual, Beside(ours));
            Add(table, "  moments only", 1, new Sample("", [.. only], onlyBytes), one, double.NaN, peak, count, onlyResidual, Beside(only));
            Add(table, "  bare factorisation and elimination", 1, new Sample("", [.. plain], plainBytes), one, MomentsAlone.Operations(space.Count, count), peak, count, alone.Residual, Beside(plain));

            void Pass()
            {
                fixed (double* p = points)
                    for (int c = 0; c < Cells; c++) kernel.SumCompensated(ProductBasis.Of(space), frames[c], p + c * count * m, null, count, sums);
            }

            void Alone()
            {
                fixed (double* p = points)
                    for (int c = 0; c < Cells; c++) alone.Reduce(p + c * count * m, frames[c]);
            }

            double Reduce(CellReducer by, double worst)
            {
                fixed (double* p = points)
                {
                    for (int c = 0; c < Cells; c++)
                        worst = Math.Max(worst, by.ReduceAndRepair(p + c * count * m, null, count, frames[c], by.Moments, count).Kept);
                }
                return worst;
            }
        }
    }

    private static void Add(TextTable table, string name, int threads, Sample sample, Sample? pass, double operations, double peak, int objects, double error, string beside)
    {
        double rate = operations / sample.Median / 1e9;
        string Or(double value, string text) => double.IsNaN(value) ? "-" : text;
        string Time(double seconds) => seconds < 1e-3 ? TextTable.Number(1e6 * seconds, "F1") + " us" : TextTable.Milliseconds(seconds);
        table.Add(name, $"{threads}", Time(sample.Median), Time(sample.Minimum), pass is null ? "-" : TextTable.Number(sample.Median / pass.Median), pass is null ? "-" : TextTable.Number(sample.Minimum / pass.Minimum),
            Or(rate, TextTable.Number(rate, "F1")), Or(rate, TextTable.Number(100 * rate / peak, "F0") + " %"), TextTable.Number((double)sample.AllocatedBytes / objects, "F1"),
            Or(error, error.ToString("E0", CultureInfo.InvariantCulture)), beside);
        Console.Error.WriteLine($"{name}, {threads}: {Time(sample.Median)}");
    }
}
