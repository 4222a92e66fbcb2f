using ResearchKit.Datasets;
using ResearchKit.Baselines;
using ResearchKit.Networks;

namespace ResearchKit.Tests.Compression;

/// <summary>Every public way to make few weighted objects out of many, under one form: what comes back is their coordinates and their weights.</summary>
internal static class EntryPoints
{
    /// <summary>What is asked of an entry point.</summary>
    public sealed record Request(int K, int Budget, int Threads = 1, CancellationToken Cancellation = default, IProgress<CompressionProgress>? Progress = null);

    /// <summary>Coordinates (or parameters) and weights that came back.</summary>
    public sealed record Few(double[] Coordinates, double[] Weights);

    /// <summary>One entry point.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Run">Runs it on a set.</param>
    /// <param name="KeepsMass">Whether the weights sum to the set's mass; a count of neurons otherwise.</param>
    public sealed record EntryPoint(string Name, Func<WeightedPoints, Request, Few> Run, bool KeepsMass = true)
    {
        public override string ToString() => Name;
    }

    public static readonly EntryPoint[] All =
    [
        new("Compressor", (s, r) => Of(s, Compressor.Compress(s, Options(r)))),
        new("Compressor, moments only", (s, r) => Of(s, Compressor.Compress(s, Options(r) with { MomentsOnly = true }))),
        new("Compressor, automatic degree", (s, r) => Of(s, Compressor.Compress(s, Options(r) with { Degree = null, AutomaticDegree = true, Probes = 4 }))),
        new("Compressor, to a tolerance", (s, r) => Of(s, Compressor.Compress(s, Options(r) with { Budget = null, Tolerance = 0.01, Probes = 4 }))),
        new("CompressionPyramid", (s, r) => Of(s, CompressionPyramid.Build(s, Options(r)).At(r.Budget))),
        new("FreeNodes", (s, r) => Of(ResearchKit.FreeNodes.Compress(s, Free(r)))),
        new("FreeNodes, fewest", (s, r) => Of(ResearchKit.FreeNodes.Fewest(s, Free(r)))),
        new("FreeLabels", (s, r) => Of(FreeLabels.Compress(s, s.Dimension - 1, Free(r)))),
        new("StreamingCompressor", (s, r) => Stream(s, r)),
        new("UniformSubset", (s, r) => Of(s, UniformSubset.Compress(s, Options(r)))),
        new("KernelThinning", (s, r) => Of(s, KernelThinning.Compress(s, Options(r)))),
        new("KMeansCentroids", (s, r) => KMeansCentroids.Compress(s, Options(r)) is var c ? Of(c.Points) : null!),
        new("PaperAlgorithm", (s, r) => Of(s, PaperAlgorithm.Compress(s, Options(r)))),
        new("DatasetCompressor, regression", (s, r) => Dataset(s, r, DatasetTask.Regression)),
        new("DatasetCompressor, classification", (s, r) => Dataset(s, r, DatasetTask.Classification)),
        new("NetworkCompressor", (s, r) => Of(NetworkCompressor.Compress(Network(s), Neurons(r)).Network), false),
        new("SupportNeurons", (s, r) => Of(SupportNeurons.Compress(Network(s), Neurons(r)).Network), false),
        new("FreeNeurons", (s, r) => Of(FreeNeurons.Compress(Network(s), Neurons(r)).Network), false),
        new("KMeansNeurons", (s, r) => Of(KMeansNeurons.Compress(Network(s), Neurons(r)).Network), false),
        new("RandomNeurons", (s, r) => Of(RandomNeurons.Compress(Network(s), Neurons(r)).Network), false),
    ];

    public static EntryPoint Named(string name) => All.Single(e => e.Name == name);

    private static CompressionOptions Options(Request r) => new() { Degree = r.K, Budget = r.Budget, Seed = 1, MaxDegreeOfParallelism = r.Threads, CancellationToken = r.Cancellation, Progress = r.Progress };

    private static FreeNodeOptions Free(Request r) => new() { Degree = r.K, Budget = r.Budget, DegreesBeyond = 1, Seed = 1, MaxDegreeOfParallelism = r.Threads, CancellationToken = r.Cancellation, Progress = r.Progress };

    private static NetworkCompressionOptions Neurons(Request r) => new() { Budget = r.Budget, Seed = 1, MaxDegreeOfParallelism = r.Threads, CancellationToken = r.Cancellation, Progress = r.Progress };

    private static Few Of(WeightedPoints points) => new(points.Coordinates.ToArray(), [.. Enumerable.Range(0, points.Count).Select(points.WeightOf)]);

    private static Few Of(SyntheticSet set) => Of(set.Points);

    private static Few Of(WeightedPoints all, CompressedSet set) => new([.. set.Indices.ToArray().SelectMany(i => all[i].ToArray())], set.Weights.ToArray());

    private static Few Of(TwoLayerNetwork network) => new(network.Parameters.ToArray(), network.ObjectWeights().ToArray());

    private static Few Stream(WeightedPoints set, Request r)
    {
        var stream = new StreamingCompressor(set.Dimension, new StreamingOptions { Compression = Options(r) with { Progress = null } });
        stream.Add(set);
        return Of(stream.Finish().Points);
    }

    /// <summary>The last coordinate is the label; of classes, there are three.</summary>
    private static Few Dataset(WeightedPoints set, Request r, DatasetTask task)
    {
        int m = Math.Max(1, set.Dimension - 1);
        double[] x = [.. Enumerable.Range(0, set.Count).SelectMany(i => set[i][..m].ToArray())];
        double[] y = [.. Enumerable.Range(0, set.Count).Select(i => task == DatasetTask.Classification ? i % 3 : set[i][set.Dimension - 1])];
        double[] w = [.. Enumerable.Range(0, set.Count).Select(set.WeightOf)];
        var options = new DatasetOptions { Task = task, Degree = r.K, Budget = r.Budget, Probes = 0, Seed = 1, MaxDegreeOfParallelism = r.Threads, CancellationToken = r.Cancellation, Progress = r.Progress };
        CompressedDataset result = DatasetCompressor.Compress(new Samples(x, y, m, 1, w), options);
        return new([.. result.Samples.Inputs, .. result.Samples.Targets], result.Weights.ToArray());
    }

    /// <summary>The coordinates are the parameters of ReLU neurons, the weights stay 1.</summary>
    public static TwoLayerNetwork Network(WeightedPoints set)
    {
        var network = new TwoLayerNetwork(2, set.Count);
        Span<double> parameters = network.Parameters;
        ReadOnlySpan<double> x = set.Coordinates;
        for (int i = 0; i < parameters.Length; i++) parameters[i] = x[i % x.Length];
        return network;
    }
}
