using ResearchKit.Networks;

namespace ResearchKit.Baselines;

/// <summary>
/// The classic lottery ticket (Frankle and Carbin, 2019), by whole objects: train, prune the part with the smallest
/// magnitudes, rewind the survivors to their initial values, repeat down to d'. It costs a full training per round, and it
/// has seen the data.
/// </summary>
public static class IterativeMagnitudePruning
{
    /// <summary>The part of the objects that a round prunes, when not said otherwise.</summary>
    public const double DefaultPart = 0.5;

    /// <summary>Finds the ticket.</summary>
    /// <param name="network">The original, at its initial values; left as it is.</param>
    /// <param name="options">Budget, progress (per round) and cancellation (between trainings).</param>
    /// <param name="train">Trains a network in place, in each round with what is left of the original.</param>
    /// <param name="part">The part of the objects that a round prunes, above 0 and below 1.</param>
    /// <returns>The survivors at their initial values and with their initial weights.</returns>
    /// <exception cref="ArgumentException">A parameter that is not finite (after a training too), a budget below 1, or a part out of range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CompressedNetwork<TModel> Compress<TModel>(TModel network, NetworkCompressionOptions options, Action<TModel> train, double part = DefaultPart)
        where TModel : WeightedModel
    {
        NetworkBaseline.Require(network, options);
        ArgumentNullException.ThrowIfNull(train);
        if (!(part > 0 && part < 1))
            throw new ArgumentOutOfRangeException(nameof(part), part, $"A round prunes the part {part}; it must lie above 0 and below 1 (0.2 to 0.5 is usual).");
        long start = NetworkBaseline.Start();
        NetworkKind<TModel> kind = NetworkKind<TModel>.Instance;
        NetworkObjectLayout layout = kind.Layout(network);
        int[][] kept = [.. layout.Widths.Select(static w => Enumerable.Range(0, w).ToArray())];
        int largest = layout.Widths.Max(), left = largest;
        while (left > options.Budget)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            options.Progress?.Report(new CompressionProgress("prune", Math.Log((double)largest / left) / Math.Log((double)largest / options.Budget)));
            TModel trained = kind.Select(network, kept, WeightsOf(network, kept), out _);
            train(trained);
            NetworkKind<TModel>.RequireFinite(trained);
            left = Math.Max(options.Budget, Math.Min(left - 1, (int)(left * (1 - part))));
            for (int s = 0; s < kept.Length; s++)
            {
                int[] survivors = MagnitudePruning.Largest(kind.Layout(trained).Objects(trained, s), kind.LinearCoordinates(trained, s), left);
                kept[s] = [.. survivors.Select(i => kept[s][i])];
            }
        }
        options.Progress?.Report(new CompressionProgress("done", 1));
        double[][] weights = WeightsOf(network, kept);
        CompressedSet[] sets = [.. kept.Select((k, s) => NetworkBaseline.Certify("iterative magnitude pruning", layout.Objects(network, s), k, weights[s], NetworkBaseline.Options(options, s), start))];
        return NetworkSelection.Make(kind, network, sets);
    }

    private static double[][] WeightsOf<TModel>(TModel network, int[][] kept)
        where TModel : WeightedModel
    {
        var weights = new double[kept.Length][];
        for (int s = 0; s < kept.Length; s++)
        {
            ReadOnlySpan<double> c = network.ObjectWeights(s);
            weights[s] = new double[kept[s].Length];
            for (int i = 0; i < weights[s].Length; i++) weights[s][i] = c[kept[s][i]];
        }
        return weights;
    }
}
