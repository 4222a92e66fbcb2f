using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>Time of one gradient of the deep network and of the attention layer, and of the activations.</summary>
internal static unsafe class ModelsCommand
{
    private const int Rounds = 9;

    public static void Run(Machine machine)
    {
        Activations();
        var table = new TextTable("gradient", "threads", "minimum", "median", "GFLOP/s", "of the peak");
        int[] widths = [1000, 1000, 1000];
        // Three products of this size per layer: forward, weights, inputs of the layer.
        double work = 6.0 * 512 * (2 * 1000 + 2 * 1000 * 1000 + 1000);
        (string, Action)[] cases =
        [
            .. Enum.GetValues<Activation>().SelectMany(activation => machine.ThreadCounts.Select(threads =>
                ($"2-1000-1000-1000-1 {activation}, batch 512|{threads}", Gradient(DeepNetwork.Initialised(2, widths, seed: 1, activation: activation), 512, threads)))),
            .. new[] { false, true }.SelectMany(every => machine.ThreadCounts.Select(threads =>
                ($"4000 heads, 17 tokens, {(every ? "every position" : "last position")}, batch 256|{threads}", Gradient(AttentionLayer.Initialised(4000, seed: 1, everyPosition: every), 256, threads)))),
        ];
        foreach (Sample sample in Timing.Interleave(Rounds, cases))
        {
            string[] name = sample.Case.Split('|');
            double speed = work / sample.Minimum / 1e9;
            bool dense = name[0].StartsWith("2-", StringComparison.Ordinal);
            table.Add(name[0], name[1], TextTable.Milliseconds(sample.Minimum), TextTable.Milliseconds(sample.Median),
                dense ? TextTable.Number(speed, "F1") : "", dense ? TextTable.Number(100 * speed / (machine.PeakGigaflops * int.Parse(name[1])), "F0") + "%" : "");
        }
        table.Print($"One gradient, seed 1, {Rounds} interleaved rounds");
    }

    private static Action Gradient(WeightedModel model, int count, int threads)
    {
        var random = new SeededRandom(2);
        double[] inputs = new double[count * model.InputSize], targets = new double[count * model.OutputSize], gradient = new double[model.Parameters.Length];
        random.FillUniform(inputs, -1, 1);
        random.FillNormal(targets);
        return () => model.Gradient(inputs, targets, gradient, default, threads);
    }

    private static void Activations()
    {
        const int count = 4096, calls = 250;
        double[] z = new double[count], value = new double[count], slope = new double[count];
        new SeededRandom(3).FillUniform(z, -5, 5);
        var table = new TextTable("activation", "value", "with derivative");
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            Sample[] samples = Timing.Interleave(Rounds, ("value", () => Repeat(false)), ("both", () => Repeat(true)));
            table.Add([activation.ToString(), .. samples.Select(s => TextTable.Number(1e9 * s.Minimum / (calls * count)) + " ns")]);

            void Repeat(bool both)
            {
                fixed (double* p = z, v = value, d = slope)
                {
                    for (int i = 0; i < calls; i++)
                    {
                        if (both) ActivationKernel.ApplyWithDerivative(activation, p, v, d, count);
                        else ActivationKernel.Apply(activation, p, v, count);
                    }
                }
            }
        }
        table.Print("Activations, per value, one thread, minimum");
    }
}
