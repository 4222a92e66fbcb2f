using System.Globalization;
using ResearchKit.Baselines;
using ResearchKit.Networks;
using ResearchKit.Tasks;

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

    private static string Text(double value) => value.ToString("E1", CultureInfo.InvariantCulture);
}
