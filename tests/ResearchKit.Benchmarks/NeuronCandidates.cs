using ResearchKit.Baselines;
using ResearchKit.Networks;

namespace ResearchKit.Benchmarks;

/// <summary>Ways to compress a two-layer network's neurons, by names that command lines can take.</summary>
internal static class NeuronCandidates
{
    /// <summary>All of them, in the order of tables.</summary>
    public static IReadOnlyList<NeuronCandidate> All { get; } = [.. Make()];

    /// <summary>One by its name.</summary>
    public static NeuronCandidate Named(string name) => All.FirstOrDefault(c => c.Name == name)
        ?? throw new ArgumentException($"There is no candidate '{name}'; there are {string.Join(", ", All.Select(c => c.Name))}.");

    private static IEnumerable<NeuronCandidate> Make()
    {
        yield return new("compressed", static (network, options) => NetworkCompressor.Compress(network, options));
        yield return new("random", static (network, options) => RandomNeurons.Compress(network, options));
        yield return new("k-means", static (network, options) => KMeansNeurons.Compress(network, options));
        yield return new("medoids", static (network, options) => KMeansNeurons.Compress(network, options, medoids: true));
        yield return new("magnitude", static (network, options) => MagnitudePruning.Compress(network, options));
        yield return new("magnitude-rescaled", static (network, options) => MagnitudePruning.Compress(network, options, rescale: true));
        foreach (int k in Enumerable.Range(2, 5)) yield return Space($"total{k}-raw", ObjectSpace.TotalDegree(k, standardised: false));
        foreach (int k in Enumerable.Range(2, 5)) yield return Space($"total{k}", ObjectSpace.TotalDegree(k));
        foreach ((int k, int l) in new[] { (1, 1), (2, 1), (3, 1), (4, 1), (1, 2), (2, 2), (3, 2), (2, 3) })
            yield return Space($"neurons{k}{l}", ObjectSpace.Neurons(k, l));
        foreach (double scale in new[] { 0.3, 1 }) yield return Space($"neurons21-v{scale}", ObjectSpace.Neurons(2, 1, scale));
        foreach (int k in Enumerable.Range(1, 3)) yield return Space($"directions{k}", ObjectSpace.Directions(k));
        yield return Space("directions2-v0.3", ObjectSpace.Directions(2, outputScale: 0.3));
        foreach ((double scale, int perMoment) in new[] { (0, 10), (0.1, 10), (0.1, 20), (0.2, 10) })
            yield return Space(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"spread-v{scale}-{perMoment}"), ObjectSpace.Spread(2, 1, scale, perMoment));
        foreach (string name in new[] { "total5", "neurons11", "directions2", "spread-v0.1-10" })
        {
            ObjectSpace space = name switch { "total5" => ObjectSpace.TotalDegree(5), "neurons11" => ObjectSpace.Neurons(1), "directions2" => ObjectSpace.Directions(), _ => ObjectSpace.Spread() };
            yield return new($"{name}-refit", (network, options) => NetworkCompressor.Compress(network, options with { Space = space, Refit = Probes(network, options) }));
        }
    }

    private static NeuronCandidate Space(string name, ObjectSpace space)
        => new(name, (network, options) => NetworkCompressor.Compress(network, options with { Space = space }));

    /// <summary>Four uniform inputs on [-1, 1]^n for each kept neuron.</summary>
    private static OutputRefit Probes(TwoLayerNetwork network, NetworkCompressionOptions options)
    {
        var inputs = new double[4 * options.Budget * network.InputSize];
        new Tasks.SeededRandom(options.Seed, 77).FillUniform(inputs, -1, 1);
        return new OutputRefit { Inputs = inputs };
    }
}

/// <summary>A named way to compress.</summary>
internal sealed record NeuronCandidate(string Name, Func<TwoLayerNetwork, NetworkCompressionOptions, CompressedNetwork<TwoLayerNetwork>> Compress);
