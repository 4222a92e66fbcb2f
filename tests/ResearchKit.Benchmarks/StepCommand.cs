using System.Diagnostics;
using System.Globalization;
using ResearchKit.Networks;
using ResearchKit.Scaling;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Benchmarks;

/// <summary>
/// One training step of Fig. 4's network (batch of 512, gradient, 1/c rule, AdamW) against the machine's arithmetic and,
/// taking turns in the same run, against PyTorch.
/// </summary>
/// <remarks>
/// The plain algorithm's arithmetic per neuron and sample, n inputs and one output: forward 2 (n + 1), the n multiply-adds of
/// w.x + b and that of v h; backward 2 (n + 1) + 2, the multiply-adds of dv and of the n dw, the product g v and the sum of
/// db. Together 4 n + 6, or 14 for two inputs; comparisons and the optimiser are not counted. For two inputs and ReLU our
/// network gets the same sums from half-planes with less arithmetic, so that its share of the peak is one of the plain
/// algorithm's operations, not of those it makes; the rows for other inputs are the plain algorithm itself.
/// </remarks>
internal static class StepCommand
{
    private const string Usage = "step [--rounds 7] [--steps 20] [--widths 1000,10000] [--batch 512] [--threads 1,2] [--python PROGRAM]";
    private const int Samples = 100_000;

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string>
        {
            ["--rounds"] = "7", ["--steps"] = "20", ["--widths"] = "1000,10000", ["--batch"] = "512",
            ["--threads"] = string.Join(',', new[] { 1, Environment.ProcessorCount }.Distinct()), ["--python"] = "",
        };
        if (args.Length % 2 != 0 || args.Where((_, i) => i % 2 == 0).Any(a => !options.ContainsKey(a)))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        for (int i = 0; i < args.Length; i += 2) options[args[i]] = args[i + 1];
        int[] Values(string name) => [.. options[name].Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
        int rounds = Values("--rounds")[0], steps = Values("--steps")[0], batch = Values("--batch")[0];

        Machine machine = Machine.Describe();
        string? python = PythonProcess.Find(options["--python"] is "" ? null : options["--python"], "torch");
        var table = new TextTable("2-d-1, threads", "ours", "fastest", "Arrange", "plain GFLOP/s", "of peak", "(fastest)", "PyTorch f32", "ratio", "(fastest)", "PyTorch f64", "ratio", "(fastest)");
        var plain = new TextTable("plain loops, threads", "ours", "fastest", "GFLOP/s", "of peak", "(fastest)");
        string version = "";
        foreach (int threads in Values("--threads"))
        {
            double peak = threads == 1 ? machine.PeakGigaflops : Machine.MeasurePeak(threads);
            if (threads > 1) Console.WriteLine($"multiply-add peak of {threads} threads, measured now: {TextTable.Number(peak, "F1")} GFLOP/s{(peak < 1.5 * machine.PeakGigaflops ? " (the machine is busy, or its processors share units)" : "")}");
            foreach (int width in Values("--widths"))
            {
                AddTwoInputs(width, threads, peak);
                AddPlain(3, width, threads, peak);
            }
        }
        table.Print($"One step, batch {batch}, AdamW, double precision: median (and fastest) of {rounds} rounds of {steps} steps, in turns; PyTorch in single (its default) and double precision");
        plain.Print("The same with 3 inputs, where every neuron meets every sample");
        Console.WriteLine(python is null ? PyTorchStep.HowToInstall : $"{version}. Ratio: PyTorch's median over ours; (fastest): the same of the fastest steps, which other work on the machine disturbs least.");
        return 0;

        void AddTwoInputs(int width, int threads, double peak)
        {
            var ours = new OurStep(2, width, batch, threads);
            PyTorchStep[] theirs = python is null ? [] : [new PyTorchStep(python, width, batch, threads, "float32"), new PyTorchStep(python, width, batch, threads, "float64")];
            var mine = new List<double>();
            List<double>[] others = [.. theirs.Select(_ => new List<double>())];
            for (int round = 0; round < rounds; round++)
            {
                mine.AddRange(ours.Take(steps));
                for (int i = 0; i < theirs.Length; i++) others[i].AddRange(theirs[i].Take(steps));
            }
            double median = Median(mine);
            string[] row = [$"d = {width}, {threads}", TextTable.Milliseconds(median), TextTable.Milliseconds(mine.Min()), TextTable.Milliseconds(Median(ours.Arranging)), .. Share(2, width, mine, peak)];
            foreach (List<double> other in others) row = [.. row, TextTable.Milliseconds(Median(other)), TextTable.Number(Median(other) / median, "F1"), TextTable.Number(other.Min() / mine.Min(), "F1")];
            table.Add([.. row, .. Enumerable.Repeat("-", 13 - row.Length)]);
            foreach (PyTorchStep process in theirs)
            {
                version = process.Version;
                process.Dispose();
            }
        }

        void AddPlain(int inputs, int width, int threads, double peak)
        {
            var ours = new OurStep(inputs, width, batch, threads);
            List<double> mine = [.. Enumerable.Range(0, rounds).SelectMany(_ => ours.Take(steps))];
            plain.Add([$"{inputs}-{width}-1, {threads}", TextTable.Milliseconds(Median(mine)), TextTable.Milliseconds(mine.Min()), .. Share(inputs, width, mine, peak)]);
        }

        string[] Share(int inputs, int width, List<double> seconds, double peak)
        {
            double operations = (4.0 * inputs + 6) * width * batch, rate = operations / Median(seconds) / 1e9, best = operations / seconds.Min() / 1e9;
            return [TextTable.Number(rate, "F1"), TextTable.Number(100 * rate / peak, "F0") + " %", TextTable.Number(100 * best / peak, "F0") + " %"];
        }
    }

    private static double Median(List<double> values) => Statistics.Median([.. values]);

    /// <summary>Our side: the trainer's own step on a network at its start.</summary>
    internal sealed class OurStep
    {
        private readonly TwoLayerNetwork network;
        private readonly BatchSequence batches;
        private readonly TrainingStep step;
        private int epoch;

        public OurStep(int inputs, int width, int batch, int threads)
        {
            var random = new SeededRandom(1);
            var x = new double[Samples * inputs];
            var y = new double[Samples];
            random.FillUniform(x, -1, 1);
            random.FillNormal(y);
            var options = new TrainingOptions { Epochs = 1000, LearningRate = 1e-4, BatchSize = batch, MaxDegreeOfParallelism = threads };
            network = TwoLayerNetwork.Initialised(inputs, width, 1);
            batches = new BatchSequence(new Samples(x, y, inputs), options);
            step = new TrainingStep(network, new AdamW(), batches, options);
            Take(20);
            Arranging.Clear();
        }

        /// <summary>Seconds of what is done once an epoch, before its first step.</summary>
        public List<double> Arranging { get; } = [];

        /// <summary>The seconds of each of some further steps; every call starts an epoch.</summary>
        public double[] Take(int steps)
        {
            long start = Stopwatch.GetTimestamp();
            network.Arrange();
            batches.Start(epoch++);
            Arranging.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            var seconds = new double[steps];
            for (int s = 0; s < steps; s++)
            {
                if (s > 0 && s % batches.Steps == 0) batches.Start(epoch++);
                start = Stopwatch.GetTimestamp();
                step.Take(0, s, 1e-4);
                seconds[s] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
            return seconds;
        }
    }
}
