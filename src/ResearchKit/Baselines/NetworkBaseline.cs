using System.Diagnostics;
using ResearchKit.Networks;

namespace ResearchKit.Baselines;

/// <summary>What the baselines for networks share.</summary>
internal static class NetworkBaseline
{
    /// <summary>Makes the model of a selection from every set of objects.</summary>
    /// <param name="network">The original.</param>
    /// <param name="options">Budget, seed and how to run; every set has a stream of random numbers of its own.</param>
    /// <param name="select">From objects, the number of coordinates in which the output is linear, and options.</param>
    public static CompressedNetwork<TModel> Select<TModel>(TModel network, NetworkCompressionOptions options, Func<WeightedPoints, int, CompressionOptions, CompressedSet> select)
        where TModel : WeightedModel
    {
        Require(network, options);
        NetworkKind<TModel> kind = NetworkKind<TModel>.Instance;
        NetworkObjectLayout layout = kind.Layout(network);
        var sets = new CompressedSet[layout.Widths.Length];
        for (int s = 0; s < sets.Length; s++) sets[s] = select(layout.Objects(network, s), kind.LinearCoordinates(network, s), Options(options, s));
        return NetworkSelection.Make(kind, network, sets);
    }

    /// <summary>The checks of every baseline.</summary>
    public static void Require<TModel>(TModel network, NetworkCompressionOptions options)
        where TModel : WeightedModel
    {
        NetworkKind<TModel>.RequireFinite(network);
        ArgumentNullException.ThrowIfNull(options);
        OptionsCheck.Require(options.For(null));
        options.CancellationToken.ThrowIfCancellationRequested();
        if (options.Refit is not null)
            throw new ArgumentException($"A Refit was given, which a baseline does without; use {nameof(NetworkCompressor)}, or leave it out.", nameof(options));
    }

    /// <summary>The options for one set. A baseline keeps no moments: its certificate compares the means.</summary>
    public static CompressionOptions Options(NetworkCompressionOptions options, int set)
        => options.For(null) with { Degree = 1, Seed = unchecked(options.Seed + 7919 * set) };

    /// <summary>A selection with its certificate.</summary>
    public static CompressedSet Certify(string method, WeightedPoints objects, int[] indices, double[] weights, CompressionOptions options, long start)
        => SelectionCertificate.Certify(method, objects, options.Space(objects.Dimension), indices, weights, options, default, start);

    /// <summary>Now, for the certificate's seconds.</summary>
    public static long Start() => Stopwatch.GetTimestamp();
}
