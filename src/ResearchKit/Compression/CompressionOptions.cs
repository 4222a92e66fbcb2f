namespace ResearchKit;

/// <summary>What to keep, how many objects to spend or how accurate to be, and how to run.</summary>
/// <remarks>
/// Exactly one of <see cref="Budget"/> and <see cref="Tolerance"/> is given. A budget alone keeps degree 4; with
/// <see cref="AutomaticDegree"/> the certificate chooses degree and cell size together, as hp finite elements do. A
/// tolerance chooses the budget too.
/// </remarks>
public sealed record CompressionOptions
{
    /// <summary>k of a budget for which nothing else is said.</summary>
    public const int DefaultDegree = 4;

    /// <summary>Ridge functions drawn where a search needs an error estimate and nothing else is said.</summary>
    public const int DefaultSearchProbes = 32;

    /// <summary>The steepness of probes for which nothing else is said.</summary>
    public const double DefaultProbeScale = 1.5;

    /// <summary>
    /// d', the number of objects to keep at most; at least N when it binds (on a set of smaller rank, at least the rank).
    /// A budget that is not a multiple of N is used up by keeping some moments of the next degrees. Null when a
    /// <see cref="Tolerance"/> is given instead.
    /// </summary>
    public int? Budget { get; init; }

    /// <summary>
    /// Keep as few objects as have a <see cref="Certificate.EstimatedError"/> of at most this (absolute, of the mean
    /// (1/mass) sum_i c_i g(w_i); for the seeded probes, g is of order 1). Positive and finite. The search asks for two
    /// thirds of it, since it picks among trials, and stops within 8 percent of the fewest objects that it could find.
    /// Where no fewer will do, the whole set comes back, with error 0. Null when a <see cref="Budget"/> is given instead.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>The moments kept in every cell. Null means total degree <see cref="Degree"/>.</summary>
    public MomentSpace? MomentSpace { get; init; }

    /// <summary>
    /// k, used when <see cref="MomentSpace"/> is null. Null means <see cref="DefaultDegree"/> with a budget, and the
    /// degree that needs fewest objects with a tolerance.
    /// </summary>
    public int? Degree { get; init; }

    /// <summary>
    /// At a given budget, choose the degree (and with it the size of the cells) that has the least
    /// <see cref="Certificate.EstimatedError"/>, instead of <see cref="DefaultDegree"/>. Needs neither
    /// <see cref="Degree"/> nor <see cref="MomentSpace"/>; a tolerance without these does so anyway.
    /// </summary>
    public bool AutomaticDegree { get; init; }

    /// <summary>
    /// Keep the moments and nothing else. Of the many reductions with the same moments a cell otherwise chooses one that
    /// leaves little of the next two degrees; without, it takes a half to a quarter of the time, functions that are not
    /// polynomials of degree k come out less exact, and <see cref="Certificate.NextDegreeDefect"/> is NaN.
    /// </summary>
    public bool MomentsOnly { get; init; }

    /// <summary>How cells are measured and cut when <see cref="MomentSpace"/> (which has its own metric) is null; all coordinates, unscaled, when null.</summary>
    public PartitionMetric? Metric { get; init; }

    /// <summary>Seed of everything random. The moment compressor itself draws nothing but the certificate's probes.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Seeded directions a and offsets b, with each of which the certificate measures the result with four ridge functions:
    /// sigmoid, tanh, ReLU and cosine of a.x + b. 0 (the default) skips them, since one direction costs about as much as
    /// a moment pass; a tolerance or an automatic degree without <see cref="ProbeFunctions"/> then takes <see cref="DefaultSearchProbes"/>.
    /// </summary>
    public int Probes { get; init; }

    /// <summary>
    /// How steep the seeded probes are: the length of a, where the set's bounding box is [-1, 1]^m. Positive and finite.
    /// The default is <see cref="DefaultProbeScale"/>: a.x + b varies by about +-1.5 along a over half the box, as in
    /// the tasks of the paper. Raise it when the function varies faster over the set, lower it when it is smoother.
    /// </summary>
    public double ProbeScale { get; init; } = DefaultProbeScale;

    /// <summary>
    /// The caller's own functions g of one object's m coordinates: the error is estimated on these instead of on seeded
    /// ridge functions, in their own units. They must be finite on every object, and are called by several threads at once.
    /// Give what resembles the functions that will be used (other draws of the same kind): the certificate then holds for those.
    /// </summary>
    public IReadOnlyList<Func<ReadOnlySpan<double>, double>>? ProbeFunctions { get; init; }

    /// <summary>Threads to use at most; -1 means all processors. The result has the same bits for every value.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>
    /// Bytes beside the objects themselves that may be taken; null (the default) means what is available to the process.
    /// Where the matrices of all threads would need more, fewer threads run; where those of one do, nothing is begun.
    /// <see cref="Compressor.Estimate"/> says the need beforehand.
    /// </summary>
    public long? MaxBytes { get; init; }

    /// <summary>Receives progress from 0 to 1, on any thread.</summary>
    public IProgress<CompressionProgress>? Progress { get; init; }

    /// <summary>
    /// Cancels within milliseconds; in cells of thousands of moments within a second. <see cref="AmbientCancellation.Token"/>
    /// where none is given.
    /// </summary>
    public CancellationToken CancellationToken { get => AmbientCancellation.Or(field); init; }

    /// <summary>Whether the degree is left to the certificate.</summary>
    internal bool ChoosesDegree => MomentSpace is null && Degree is null && (AutomaticDegree || Tolerance is not null);

    /// <summary>Whether several compressions are tried and compared.</summary>
    internal bool Searches => Tolerance is not null || AutomaticDegree;

    /// <summary>Ridge directions that the certificate draws.</summary>
    internal int RidgeProbes => Probes == 0 && Searches && ProbeFunctions is not { Count: > 0 } ? DefaultSearchProbes : Probes;

    /// <summary>The moment space for objects of a dimension, where no search chooses it.</summary>
    internal MomentSpace Space(int dimension) => MomentSpace ?? SpaceOf(dimension, Degree ?? DefaultDegree);

    /// <summary>All moments of a degree, in the options' metric.</summary>
    internal MomentSpace SpaceOf(int dimension, int degree) => ResearchKit.MomentSpace.TotalDegree(dimension, degree, Metric);

    /// <summary>d' for a method that works to a budget only.</summary>
    internal int RequireBudget()
        => Budget ?? throw new ArgumentException("No Budget was given, and this method has no error estimate to meet a Tolerance by; set Budget (d').", "options");

    internal ParallelOptions Parallel() => new()
    {
        MaxDegreeOfParallelism = MaxDegreeOfParallelism,
        CancellationToken = CancellationToken,
    };
}

/// <summary>How far a compression has come.</summary>
/// <param name="Stage">What is being done, e.g. "partition", "reduce", "search".</param>
/// <param name="Fraction">The done part of the estimated work, 0 to 1.</param>
public readonly record struct CompressionProgress(string Stage, double Fraction);

/// <summary>What a compression will cost, before it is run.</summary>
/// <param name="Flops">Floating-point operations of all reductions.</param>
/// <param name="Seconds">Expected wall-clock seconds on this machine with the given parallelism (within a factor of about 3).</param>
/// <param name="Bytes">Memory beyond the input (within a factor of about 3).</param>
public readonly record struct CostEstimate(double Flops, double Seconds, double Bytes);
