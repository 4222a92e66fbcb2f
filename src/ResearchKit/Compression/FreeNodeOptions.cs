namespace ResearchKit;

/// <summary>Where free nodes may lie.</summary>
public enum NodeContainment
{
    /// <summary>In the bounding box of their cell's objects.</summary>
    Box,

    /// <summary>In the convex hull of their cell's objects (to rounding): every node is a weighted mean of them.</summary>
    ConvexHull,
}

/// <summary>What free nodes keep, how many there may be, and how to run.</summary>
public sealed record FreeNodeOptions
{
    /// <summary>
    /// d', the number of nodes at most; where it binds, at least what one cell takes (about 1.3 N / (m + 1), never more
    /// than N).
    /// </summary>
    public required int Budget { get; init; }

    /// <summary>
    /// The moments kept in every cell. Null means total degree <see cref="Degree"/>. Its metric may scale coordinates, but
    /// neither whiten nor separate them.
    /// </summary>
    public MomentSpace? MomentSpace { get; init; }

    /// <summary>k, used when <see cref="MomentSpace"/> is null.</summary>
    public int Degree { get; init; } = 3;

    /// <summary>
    /// Degrees beyond k that cells keep as well as far as budget and speed allow, 0 to 8: fewer, larger cells of more
    /// nodes each, which smooth functions reward. Only spaces of total degree are extended.
    /// </summary>
    public int DegreesBeyond { get; init; } = 3;

    /// <summary>Where nodes may lie.</summary>
    public NodeContainment Containment { get; init; }

    /// <summary>Seed of the fresh starts that a cell makes when its first one does not converge.</summary>
    public int Seed { get; init; }

    /// <summary>Threads to use at most; -1 means all processors. The result has the same bits for every value.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Receives progress from 0 to 1, on any thread.</summary>
    public IProgress<CompressionProgress>? Progress { get; init; }

    /// <summary>Cancels between two Gauss-Newton steps of a cell.</summary>
    public CancellationToken CancellationToken { get => AmbientCancellation.Or(field); init; }

    internal ParallelOptions Parallel() => new()
    {
        MaxDegreeOfParallelism = MaxDegreeOfParallelism,
        CancellationToken = CancellationToken,
    };

    /// <summary>Checks the options for objects of a dimension and gives their space.</summary>
    internal MomentSpace Validated(int dimension)
    {
        if (Budget < 1)
            throw new ArgumentOutOfRangeException("options", Budget, $"Budget d' = {Budget}; it must be at least 1 (and at least what one cell takes, about 1.3 N / (m + 1), unless the set is smaller).");
        if (MaxDegreeOfParallelism is 0 or < -1)
            throw new ArgumentOutOfRangeException("options", MaxDegreeOfParallelism, $"MaxDegreeOfParallelism = {MaxDegreeOfParallelism}; use -1 for all processors or a positive number of threads.");
        if (DegreesBeyond is < 0 or > 8)
            throw new ArgumentOutOfRangeException("options", DegreesBeyond, $"DegreesBeyond = {DegreesBeyond}; use 0 to 8 (3 is a good choice for smooth functions, 0 for rough ones).");
        if (!Enum.IsDefined(Containment))
            throw new ArgumentOutOfRangeException("options", Containment, $"Containment = {(int)Containment} is none of {string.Join(", ", Enum.GetNames<NodeContainment>())}.");
        MomentSpace space = MomentSpace ?? ResearchKit.MomentSpace.TotalDegree(dimension, Degree);
        if (space.Dimension != dimension)
            throw new ArgumentException($"The moment space has m = {space.Dimension} coordinates, the set has {dimension}; make the space for the set's dimension.", "options");
        space.Metric.RequireUnmapped("free nodes");
        return space;
    }
}
