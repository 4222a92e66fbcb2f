using System.Globalization;
using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>
/// What a compression of 2-d-1 ReLU neurons keeps at initialisation: the function, both parts of the tangent kernel, and its
/// action on the target of Fig. 4, by which training begins.
/// </summary>
internal static class NeuronsCommand
{
    private const int Points = 300, FirstSeed = 1;

    private static readonly string[] Measures = ["f", "K of v", "K of (w,b)", "K y", "few steps"];

    public static void Run(string[] args)
    {
        int Number(int at, int fallback) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : fallback;
        int seeds = Number(0, 20), width = Number(1, 2000), budget = Number(2, 300);
        string[] names = args.Length > 3 ? args[3].Split(',') : [.. NeuronCandidates.All.Select(c => c.Name)];
        NeuronCandidate[] candidates = [.. names.Select(NeuronCandidates.Named)];
        var errors = names.ToDictionary(n => n, _ => new List<double[]>());
        var certificates = new Dictionary<string, Certificate>();
        var refused = new Dictionary<string, string>();
        for (int seed = FirstSeed; seed < FirstSeed + seeds; seed++)
        {
            BesselTask task = BesselTask.Generate(Points, seed);
            double[] inputs = task.Train.Inputs.ToArray();
            TwoLayerNetwork network = TwoLayerNetwork.Initialised(2, width, seed);
            double[][] full = Measure(network, inputs, task);
            foreach (NeuronCandidate candidate in candidates)
            {
                try
                {
                    CompressedNetwork<TwoLayerNetwork> few = candidate.Compress(network, new NetworkCompressionOptions { Budget = budget, Seed = seed, MaxDegreeOfParallelism = 1 });
                    if (few.Sets is [var set]) certificates[candidate.Name] = set.Certificate;
                    errors[candidate.Name].Add([.. Measure(few.Network, inputs, task).Zip(full, Relative)]);
                }
                catch (ArgumentOutOfRangeException e)
                {
                    refused[candidate.Name] = e.Message.Split(':')[0];
                }
            }
        }
        var table = new TextTable(["candidate", "N", "cells", .. Measures]);
        foreach (string name in names)
        {
            Certificate? c = certificates.GetValueOrDefault(name);
            table.Add([name, c is null ? "" : $"{c.Moments}", c is null ? "" : $"{c.Cells}",
                .. refused.TryGetValue(name, out string? why) ? [why] : Measures.Select((_, i) => Math.Sqrt(errors[name].Average(e => e[i] * e[i])).ToString("E1", CultureInfo.InvariantCulture))]);
        }
        table.Print($"Relative RMS errors at initialisation, 2-{width}-1 ReLU -> {budget}, root mean square over seeds {FirstSeed} to {FirstSeed + seeds - 1}");
    }

    private static double[][] Measure(TwoLayerNetwork network, double[] x, BesselTask task)
    {
        int width = network.Width, n = Points;
        double[] w = network.Block("hidden.weight").ToArray(), b = network.Block("hidden.bias").ToArray(), v = network.Block("output.weight").ToArray();
        ReadOnlySpan<double> c = network.ObjectWeights(), y = task.Train.Targets;
        double[] f = new double[n], first = new double[n * n], second = new double[n * n], h = new double[n];
        for (int j = 0; j < width; j++)
        {
            for (int p = 0; p < n; p++) f[p] += c[j] * v[j] * (h[p] = Math.Max(0, w[j] * x[2 * p] + w[width + j] * x[2 * p + 1] + b[j]));
            for (int p = 0; p < n; p++)
            {
                if (!(h[p] > 0)) continue;
                for (int q = 0; q <= p; q++)
                {
                    if (!(h[q] > 0)) continue;
                    first[p * n + q] += c[j] * h[p] * h[q];
                    second[p * n + q] += c[j] * v[j] * v[j] * (x[2 * p] * x[2 * q] + x[2 * p + 1] * x[2 * q + 1] + 1);
                }
            }
        }
        var action = new double[n];
        for (int p = 0; p < n; p++)
            for (int q = 0; q < n; q++) action[p] += (first[Math.Max(p, q) * n + Math.Min(p, q)] + second[Math.Max(p, q) * n + Math.Min(p, q)]) * y[q];
        return [f, first, second, action, Steps(network, x, y)];
    }

    /// <summary>Predictions after ten steps of gradient descent, on the full batch, as large as stability allows.</summary>
    private static double[] Steps(TwoLayerNetwork original, double[] x, ReadOnlySpan<double> y)
    {
        var network = (TwoLayerNetwork)original.Clone();
        var gradient = new double[network.Parameters.Length];
        double mass = 0;
        foreach (double c in network.ObjectWeights()) mass += c;
        for (int step = 0; step < 10; step++)
        {
            network.Gradient(x, y, gradient, default, 1);
            network.DivideByObjectWeights(gradient);
            // The largest eigenvalue of the tangent kernel is about a sixth of the mass.
            for (int i = 0; i < gradient.Length; i++) network.Parameters[i] -= 3 / mass * gradient[i];
        }
        var predictions = new double[x.Length / 2];
        network.Predict(x, predictions, 1);
        return predictions;
    }

    private static double Relative(double[] few, double[] full)
        => Math.Sqrt(few.Zip(full, static (a, b) => (a - b) * (a - b)).Sum() / full.Sum(static a => a * a));
}
