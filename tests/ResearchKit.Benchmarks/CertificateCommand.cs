using System.Globalization;

namespace ResearchKit.Benchmarks;

/// <summary>
/// Is the a-posteriori estimate honest? For a grid of (m, k, d): the estimate of 32 probes against the errors of unseen
/// functions: the same families from another seed, and five kinds that no probe belongs to.
/// </summary>
internal static class CertificateCommand
{
    private const int Unseen = 200, Directions = 100;

    private static readonly (int M, int K, int D)[] Grid =
        [(1, 3, 2000), (1, 8, 2000), (2, 2, 4000), (2, 5, 4000), (2, 5, 32000), (2, 10, 16000), (3, 2, 4000), (3, 4, 16000), (3, 6, 16000), (5, 3, 16000), (8, 2, 16000)];

    public static void Run()
    {
        Console.WriteLine($"d' = max(d/10, N), sets of seed 1, {CompressionOptions.DefaultSearchProbes} probes of seed 1, {Unseen} unseen functions per kind; columns: estimate, then root mean square errors over unseen ones");
        var table = new TextTable(["m k d", "defect", "estimate", "tanh", "sigmoid", "cosine", "ReLU", "above", .. TestFunctions.Names, "Taylor rational", "true worst"]);
        foreach ((int m, int k, int d) in Grid)
        {
            WeightedPoints set = TestFunctions.Box(m, d, seed: 1);
            int budget = Math.Max(d / 10, (int)MomentSpace.CountOf(m, k));
            var options = new CompressionOptions { Budget = budget, Degree = k, Seed = 1, Probes = CompressionOptions.DefaultSearchProbes };
            CompressedSet result = Compressor.Compress(set, options);
            Certificate c = result.Certificate;
            // The seed draws nothing but the probes: the same compression, measured on others.
            ProbeErrors unseen = Compressor.Compress(set, options with { Seed = 2, Probes = Unseen }).Certificate.ProbeErrors;
            int above = 0;
            for (int s = 0; s < Directions; s++)
                if (Compressor.Compress(set, options with { Seed = 1000 + s, Probes = 1 }).Certificate.EstimatedError > c.EstimatedError) above++;
            double worst = 0;
            string[] kinds = [.. TestFunctions.Names.Select((_, kind) =>
            {
                double[] errors = [.. Enumerable.Range(0, Unseen).Select(f => TestFunctions.Error(set, result, TestFunctions.Values(set, TestFunctions.Draw(kind, m, f))))];
                if (kind == 3) worst = errors.Max();
                return Text(Math.Sqrt(errors.Average(e => e * e)));
            })];
            // 1/(m + 1 + w.z) about a centre in the cube: on the polydisc of radius 0.9/m the denominator stays above 0.1.
            double bound = c.TaylorBound(10, 0.9 / m);
            table.Add([$"{m} {k} {d}", Text(c.NextDegreeDefect), Text(c.EstimatedError), Text(unseen.Tanh), Text(unseen.Sigmoid), Text(unseen.Cosine), Text(unseen.Relu),
                TextTable.Number(100.0 * above / Directions, "F1") + " %", .. kinds, Text(bound), Text(worst)]);
        }
        table.Print("Certificate: estimate against unseen functions ('above': single unseen directions whose worst smooth ridge function exceeds the estimate)");
    }

    private static string Text(double value) => value.ToString("E1", CultureInfo.InvariantCulture);
}
