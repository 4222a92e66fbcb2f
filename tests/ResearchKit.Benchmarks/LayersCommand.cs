using System.Globalization;
using ResearchKit.Baselines;
using ResearchKit.Networks;
using ResearchKit.Tasks;
using ResearchKit.Training;

namespace ResearchKit.Benchmarks;

/// <summary>Deep networks, three hidden layers of 1000 neurons -> 100: how far the compressed function is from the original's at initialisation.</summary>
internal static class LayersCommand
{
    private const int Layers = 3, Width = 1000, Budget = 100, Unseen = 1000, FirstSeed = 1;

    private static readonly (string Name, Func<DeepNetwork, double[], int, DeepNetwork> Compress)[] Methods =
    [
        ("random neurons, rescaled", static (n, _, seed) => RandomNeurons.Compress(n, Options(seed)).Network),
        ("k-means neurons", static (n, _, seed) => KMeansNeurons.Compress(n, Options(seed)).Network),
        ("magnitude pruning", static (n, _, seed) => MagnitudePruning.Compress(n, Options(seed)).Network),
        ("spread, selection alone", static (n, x, seed) => Compress(n, x, seed, ObjectSpace.Spread(), 0)),
        ("total degree 2, selection alone", static (n, x, seed) => Compress(n, x, seed, ObjectSpace.TotalDegree(2, standardised: false), 0)),
        ("random, refit 1e-3", static (n, x, seed) => Compress(n, x, seed, ObjectSpace.Random(), 1e-3)),
        ("spread, refit 1e-1", static (n, x, seed) => Compress(n, x, seed, ObjectSpace.Spread(), 1e-1)),
        ("spread, refit 1e-3", static (n, x, seed) => Compress(n, x, seed, ObjectSpace.Spread(), 1e-3)),
        ("spread, refit 1e-6", static (n, x, seed) => Compress(n, x, seed, ObjectSpace.Spread(), 1e-6)),
        ("total degree 2, refit 1e-3", static (n, x, seed) => Compress(n, x, seed, ObjectSpace.TotalDegree(2, standardised: false), 1e-3)),
    ];

    public static void Run(string[] args)
    {
        if (args is ["train", ..])
        {
            Train([.. args.Skip(1).Select(a => int.Parse(a, CultureInfo.InvariantCulture))]);
            return;
        }
        int seeds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5, probes = 1000;
        foreach (int inputs in new[] { 2, 8 })
        {
            var errors = Methods.Select(_ => new List<(double Whole, double Varying)>()).ToArray();
            for (int seed = FirstSeed; seed < FirstSeed + seeds; seed++)
            {
                DeepNetwork network = DeepNetwork.Initialised(inputs, [.. Enumerable.Repeat(Width, Layers)], seed);
                double[] seen = Uniform(probes * inputs, seed, 1), unseen = Uniform(Unseen * inputs, seed, 2), expected = Predict(network, unseen);
                for (int i = 0; i < Methods.Length; i++)
                {
                    double[] predicted = Predict(Methods[i].Compress(network, seen, seed), unseen);
                    double mean = expected.Average(), square = expected.Zip(predicted, (a, b) => (a - b) * (a - b)).Sum();
                    errors[i].Add((Math.Sqrt(square / expected.Sum(a => a * a)), Math.Sqrt(square / expected.Sum(a => (a - mean) * (a - mean)))));
                }
            }
            var table = new TextTable(["method", "gap", "worst", "to varying part", "better than random"]);
            double random = RootMeanSquare(errors[0].Select(e => e.Whole));
            foreach (((string name, _), List<(double Whole, double Varying)> e) in Methods.Zip(errors))
                table.Add([name, Text(RootMeanSquare(e.Select(x => x.Whole))), Text(e.Max(x => x.Whole)), Text(RootMeanSquare(e.Select(x => x.Varying))), TextTable.Number(random / RootMeanSquare(e.Select(x => x.Whole)), "F1")]);
            table.Print($"{inputs}-1000-1000-1000-1 ReLU -> 100 per layer, at initialisation: RMS of the difference on {Unseen} unseen inputs over RMS of the function (and of its varying part), {probes} probes, seeds {FirstSeed} to {FirstSeed + seeds - 1}");
        }
    }

    /// <summary>The target of Fig. 4 from few samples: the gap of the test loss over a training of all, AdamW, same batches.</summary>
    /// <param name="numbers">Seeds (1), epochs of 20 steps (20), the first seed (1).</param>
    private static void Train(int[] numbers)
    {
        int seeds = numbers is [var given, ..] ? given : 1, epochs = numbers is [_, var e, ..] ? e : 20, first = numbers is [_, _, var f, ..] ? f : FirstSeed;
        var table = new TextTable(["method", "seed", "loss before", "loss after", "gap before", "median gap", "largest gap", "gap after"]);
        for (int seed = first; seed < first + seeds; seed++)
        {
            BesselTask task = BesselTask.Generate(2000, seed, noise: 0);
            Samples test = task.Test(2000);
            var options = new TrainingOptions { Epochs = epochs, LearningRate = 1e-3, BatchSize = 100, Seed = seed, Schedule = LearningRateSchedule.Cosine, MaxDegreeOfParallelism = 1 };
            DeepNetwork network = DeepNetwork.Initialised(2, [.. Enumerable.Repeat(Width, Layers)], seed);
            double[] probes = task.Train.Inputs[..2000].ToArray();
            (string Name, DeepNetwork Network)[] compressed = [.. Methods.Select(m => (m.Name, m.Compress(network, probes, seed))), ("small network", SmallNetwork.Create(network, Options(seed)).Network)];
            IReadOnlyList<TrainingPoint> original = Run(network);
            table.Add(["original", $"{seed}", Text(original[0].TestLoss), Text(original[^1].TestLoss), "", "", "", ""]);
            foreach ((string name, DeepNetwork few) in compressed)
            {
                IReadOnlyList<TrainingPoint> points = Run(few);
                RelativeGap gap = RelativeGap.Between(original, points);
                table.Add([name, $"{seed}", Text(points[0].TestLoss), Text(points[^1].TestLoss), Text(gap.Values[0]), Text(gap.Median), Text(gap.Largest), Text(gap.Values[^1])]);
            }

            IReadOnlyList<TrainingPoint> Run(DeepNetwork model) => Trainer.Train(model, Optimizers.Create("AdamW"), task.Train, test, options).Points;
        }
        table.Print($"2-1000-1000-1000-1 ReLU -> 100 per layer, AdamW 1e-3, {epochs} epochs of 20 batches of 100: relative gap of the test loss, compressed against original");
    }

    private static NetworkCompressionOptions Options(int seed) => new() { Budget = Budget, Seed = seed, MaxDegreeOfParallelism = 1 };

    private static DeepNetwork Compress(DeepNetwork network, double[] probes, int seed, ObjectSpace space, double ridge)
        => NetworkCompressor.Compress(network, probes, Options(seed) with { Space = space, Refit = ridge > 0 ? new OutputRefit { Inputs = probes, Ridge = ridge } : null }).Network;

    private static double[] Uniform(int count, int seed, int stream)
    {
        var values = new double[count];
        new SeededRandom(seed, stream).FillUniform(values, -1, 1);
        return values;
    }

    private static double[] Predict(DeepNetwork network, double[] inputs)
    {
        var predictions = new double[inputs.Length / network.InputSize];
        network.Predict(inputs, predictions, 1);
        return predictions;
    }

    private static double RootMeanSquare(IEnumerable<double> values) => Math.Sqrt(values.Average(x => x * x));

    private static string Text(double value) => value.ToString("E2", CultureInfo.InvariantCulture);
}
