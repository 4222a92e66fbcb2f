using System.Globalization;
using ResearchKit.Baselines;
using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Benchmarks;

/// <summary>Heads of an attention layer, 4000 -> 800 as in Fig. 7: errors of function and tangent kernel at initialisation.</summary>
internal static class HeadsCommand
{
    private const int Heads = 4000, Budget = 800, Sequences = 60, FirstSeed = 1;

    private static readonly (string Name, Func<AttentionLayer, NetworkCompressionOptions, CompressedNetwork<AttentionLayer>> Compress)[] Methods =
    [
        ("random heads, rescaled", static (n, o) => RandomNeurons.Compress(n, o)),
        ("k-means heads", static (n, o) => KMeansNeurons.Compress(n, o)),
        ("k-means medoids", static (n, o) => KMeansNeurons.Compress(n, o, medoids: true)),
        .. new[] { 1, 2, 3, 4 }.Select(k => Space($"total degree {k}, unscaled", ObjectSpace.TotalDegree(k, standardised: false))),
        .. new[] { 2, 3 }.Select(k => Space($"total degree {k}, standardised", ObjectSpace.TotalDegree(k))),
        Space("product: 1 in U, 1 in Wv, 2 in (Wq, Wk)", ObjectSpace.Of(MomentSpace.Product(8, [([0, 1], 1), ([2, 3], 1), ([4, 5, 6, 7], 2)], PartitionMetric.Unscaled(8, 4, 5, 6, 7)))),
        .. new[] { 1, 3, 5, 8, 12 }.Select(k => Space($"heads, degree {k} in kappa", ObjectSpace.Heads(k))),
    ];

    public static void Run(string[] args)
    {
        if (args is ["train", ..])
        {
            Train([.. args.Skip(1).Select(a => int.Parse(a, CultureInfo.InvariantCulture))]);
            return;
        }
        int seeds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var errors = Methods.Select(_ => new List<double[]>()).ToArray();
        var certificates = new Certificate?[Methods.Length];
        for (int seed = FirstSeed; seed < FirstSeed + seeds; seed++)
        {
            AttentionLayer layer = AttentionLayer.Initialised(Heads, seed);
            double[] inputs = new double[Sequences * layer.InputSize];
            new SeededRandom(seed, 3).FillNormal(inputs);
            double[][] full = Measure(layer, inputs);
            for (int i = 0; i < Methods.Length; i++)
            {
                CompressedNetwork<AttentionLayer> few = Methods[i].Compress(layer, new NetworkCompressionOptions { Budget = Budget, Seed = seed, MaxDegreeOfParallelism = 1 });
                if (few.Sets is [var set]) certificates[i] = set.Certificate;
                errors[i].Add([.. Measure(few.Network, inputs).Zip(full, (a, b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum() / b.Sum(y => y * y)))]);
            }
        }
        var table = new TextTable(["method", "N", "cells", "f", "tangent kernel"]);
        for (int i = 0; i < Methods.Length; i++)
            table.Add([Methods[i].Name, $"{certificates[i]?.Moments}", $"{certificates[i]?.Cells}", .. Enumerable.Range(0, 2).Select(m => Math.Sqrt(errors[i].Average(e => e[m] * e[m])).ToString("E1", CultureInfo.InvariantCulture))]);
        table.Print($"Heads {Heads} -> {Budget} at initialisation, {Sequences} sequences of normal tokens: relative RMS errors, seeds {FirstSeed} to {FirstSeed + seeds - 1}");
    }

    /// <summary>Fig. 7's training: the gap of the test loss, Adam 1e-4, 50 epochs of 5 batches of 256 new sequences.</summary>
    /// <param name="numbers">Seeds (3), heads (4000), budget (800).</param>
    private static void Train(int[] numbers)
    {
        int seeds = numbers is [var given, ..] ? given : 3, heads = numbers is [_, var h, ..] ? h : Heads, budget = numbers is [_, _, var b, ..] ? b : Budget;
        var table = new TextTable(["method", "seed", "loss before", "loss after", "gap before", "median after epoch 10", "largest after epoch 10"]);
        for (int seed = FirstSeed; seed < FirstSeed + seeds; seed++)
        {
            (Samples train, Samples test) = Fig7Command.Data(seed);
            TrainingOptions options = Fig7Command.Training(seed);
            AttentionLayer layer = AttentionLayer.Initialised(heads, seed);
            (string Name, AttentionLayer Network)[] compressed = [.. Methods.Where(m => Fits(m.Name, budget)).Select(m => (m.Name, m.Compress(layer, new NetworkCompressionOptions { Budget = budget, Seed = seed }).Network))];
            IReadOnlyList<TrainingPoint> original = Run(layer);
            table.Add(["original", $"{seed}", TextTable.Number(original[0].TestLoss, "F4"), TextTable.Number(original[^1].TestLoss, "F4"), "", "", ""]);
            foreach ((string name, AttentionLayer few) in compressed)
            {
                IReadOnlyList<TrainingPoint> points = Run(few);
                RelativeGap gap = RelativeGap.Between(original, points);
                double[] late = [.. gap.Values.Where((_, i) => original[i].Epoch > 10)];
                table.Add([name, $"{seed}", TextTable.Number(points[0].TestLoss, "F4"), TextTable.Number(points[^1].TestLoss, "F4"),
                    .. new[] { gap.Values[0], Scaling.Statistics.Median(late), late.Max() }.Select(x => x.ToString("E1", CultureInfo.InvariantCulture))]);
            }

            IReadOnlyList<TrainingPoint> Run(AttentionLayer model) => Trainer.Train(model, Optimizers.Create("Adam"), train, test, options).Points;
        }
        table.Print($"Fig. 7: {heads} -> {budget} heads, Adam 1e-4, 50 epochs of 5 batches of 256: relative gap of the test loss");
    }

    private static bool Fits(string name, int budget) => budget >= 495 || !name.StartsWith("total degree 4", StringComparison.Ordinal);

    private static (string, Func<AttentionLayer, NetworkCompressionOptions, CompressedNetwork<AttentionLayer>>) Space(string name, ObjectSpace space)
        => (name, (n, o) => NetworkCompressor.Compress(n, o with { Space = space }));

    /// <summary>Predictions, and the kernel sum_j c_j grad_j f(x) . grad_j f(x') from the model's own gradients.</summary>
    private static double[][] Measure(AttentionLayer layer, double[] inputs)
    {
        int tokens = layer.InputSize, parameters = layer.Parameters.Length;
        var predictions = new double[Sequences];
        layer.Predict(inputs, predictions, 1);
        double[][] gradients = new double[Sequences][], shares = new double[Sequences][];
        for (int s = 0; s < Sequences; s++)
        {
            // The gradient of (f - y)^2 at y = f - 1/2 is that of f.
            gradients[s] = new double[parameters];
            layer.Gradient(inputs.AsSpan(s * tokens, tokens), [predictions[s] - 0.5], gradients[s], default, 1);
            shares[s] = [.. gradients[s]];
            layer.DivideByObjectWeights(shares[s]);
        }
        var kernel = new double[Sequences * Sequences];
        for (int a = 0; a < Sequences; a++)
            for (int b = 0; b < Sequences; b++)
                kernel[a * Sequences + b] = gradients[a].Zip(shares[b], (x, y) => x * y).Sum();
        return [predictions, kernel];
    }
}
