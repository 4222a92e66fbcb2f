namespace ResearchKit.Networks;

/// <summary>How many objects of a network to keep, what to keep of the others, and how to run.</summary>
public sealed record NetworkCompressionOptions
{
    /// <summary>d', the objects (neurons, heads) to keep at most in every set; at least the moments of <see cref="Space"/> when it binds.</summary>
    public required int Budget { get; init; }

    /// <summary>The coordinates and moments of the objects; what suits the network's activation when null (<see cref="ObjectSpace.ForNetwork"/>).</summary>
    public ObjectSpace? Space { get; init; }

    /// <summary>Inputs on which the kept objects' output weights are fitted to the original's function; none (a pure selection) when null.</summary>
    public OutputRefit? Refit { get; init; }

    /// <summary>Seed of everything random: a spread selection's first clusters, and the baselines. Moment cells draw nothing.</summary>
    public int Seed { get; init; }

    /// <summary>Threads to use at most; -1 means all processors. The result has the same bits for every value.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Receives progress from 0 to 1, on any thread.</summary>
    public IProgress<CompressionProgress>? Progress { get; init; }

    /// <summary>Cancels.</summary>
    public CancellationToken CancellationToken { get => AmbientCancellation.Or(field); init; }

    /// <summary>The options of the compression of one set of objects.</summary>
    internal CompressionOptions For(MomentSpace? space) => new()
    {
        Budget = Budget,
        MomentSpace = space,
        Seed = Seed,
        MaxDegreeOfParallelism = MaxDegreeOfParallelism,
        Progress = Progress,
        CancellationToken = CancellationToken,
    };
}
