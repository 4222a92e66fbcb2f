namespace ResearchKit;

/// <summary>What to keep, how many objects to spend, and how to run.</summary>
public sealed record CompressionOptions
{
    /// <summary>
    /// d', the number of objects to keep at most; at least N when it binds (on a set of smaller rank, at least the rank).
    /// A budget that is not a multiple of N is used up by keeping some moments of the next degrees.
    /// </summary>
    public required int Budget { get; init; }

    /// <summary>The moments kept in every cell. Null means total degree <see cref="Degree"/>.</summary>
    public MomentSpace? MomentSpace { get; init; }

    /// <summary>k, used when <see cref="MomentSpace"/> is null.</summary>
    public int Degree { get; init; } = 4;

    /// <summary>Seed of everything random. The moment compressor itself draws nothing but the certificate's probes.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Seeded random ridge functions tanh(a.x + b) on which the certificate measures the result; 0 (the default) skips
    /// them, since one probe costs about as much as a moment pass.
    /// </summary>
    public int Probes { get; init; }

    /// <summary>Threads to use at most; -1 means all processors. The result has the same bits for every value.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Receives progress from 0 to 1, on any thread.</summary>
    public IProgress<CompressionProgress>? Progress { get; init; }

    /// <summary>Cancels within milliseconds; in cells of thousands of moments within a second.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The moment space for objects of a dimension.</summary>
    internal MomentSpace Space(int dimension) => MomentSpace ?? ResearchKit.MomentSpace.TotalDegree(dimension, Degree);

    /// <summary>The checks that need no set.</summary>
    internal void Require()
    {
        if (Budget < 1)
            throw new ArgumentOutOfRangeException("options", Budget, $"Budget d' = {Budget}; it must be at least 1 (and at least N, the number of moments, unless the set is smaller).");
        if (MaxDegreeOfParallelism is 0 or < -1)
            throw new ArgumentOutOfRangeException("options", MaxDegreeOfParallelism, $"MaxDegreeOfParallelism = {MaxDegreeOfParallelism}; use -1 for all processors or a positive number of threads.");
        if (Probes < 0)
            throw new ArgumentOutOfRangeException("options", Probes, $"Probes = {Probes}; use 0 for none or a positive number (16 is plenty).");
    }

    internal ParallelOptions Parallel() => new()
    {
        MaxDegreeOfParallelism = MaxDegreeOfParallelism,
        CancellationToken = CancellationToken,
    };
}

/// <summary>How far a compression has come.</summary>
/// <param name="Stage">What is being done, e.g. "partition", "reduce", "repair".</param>
/// <param name="Fraction">The done part of the estimated work, 0 to 1.</param>
public readonly record struct CompressionProgress(string Stage, double Fraction);

/// <summary>What a compression will cost, before it is run.</summary>
/// <param name="Flops">Floating-point operations of all reductions.</param>
/// <param name="Seconds">Expected wall-clock seconds on this machine with the given parallelism (within a factor of about 3).</param>
/// <param name="Bytes">Memory beyond the input.</param>
public readonly record struct CostEstimate(double Flops, double Seconds, double Bytes);
