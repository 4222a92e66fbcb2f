using System.Diagnostics;

namespace ResearchKit;

/// <summary>
/// Compresses a stream of objects that need never be in memory together: chunks are compressed as they fill, the results
/// merged and compressed again, and the last compression meets the budget.
/// </summary>
/// <remarks>
/// <para>
/// Problem: as <see cref="Compressor"/>, for d objects that arrive one after the other and d too large for memory. Since
/// moments add up, compressing a union of compressed sets keeps the moments of everything that they stand for.
/// </para>
/// <para>
/// Method: a counter of base 8, as in merge-and-reduce coresets. A chunk becomes a set of a few times the budget; eight sets
/// of a level become one of the next. So an object is compressed 1 + log_8(chunks) times at most, and the error of sets that
/// hold c budgets is smaller than that of the last step by the factor c^((k+1)/m + 1/2) of T4: with the usual c = 2 the
/// stream hardly loses against one compression of everything. At most seven sets per level are held.
/// </para>
/// <para>
/// The moments of the whole stream are summed on the side in twice the precision; the last step moves the weights by what
/// all merges have drifted (some 1e-15 of the mass), and the certificate states what is left.
/// </para>
/// <para>
/// The result has the same bits for any number of threads, for any portions in which the objects arrive, and when a stream
/// goes on from a saved state (on the same machine; another may round differently). A stream of less than one chunk
/// gives exactly what <see cref="Compressor.Compress"/> gives. Not for several threads at once.
/// </para>
/// </remarks>
public sealed partial class StreamingCompressor
{
    /// <summary>Sets of a level that are merged into one of the next.</summary>
    private const int Fan = 8;

    private const int FirstCapacity = 4096;

    private readonly int dimension;
    private readonly StreamingOptions options;
    private readonly CompressionOptions intermediate;
    private readonly MomentSpace space;
    private readonly StreamMoments moments;
    private readonly List<List<StreamedRows>> levels = [];
    private double[] rows;
    private double[] weights;
    private long[] indices;
    private int buffered;
    private double cellResidual;
    private double seconds;
    private long chunks;
    private long merges;

    /// <summary>An empty stream.</summary>
    /// <param name="dimension">m, the coordinates of an object.</param>
    /// <param name="options">What to keep.</param>
    /// <exception cref="ArgumentException">Options that a stream cannot follow.</exception>
    public StreamingCompressor(int dimension, StreamingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Require(dimension);
        this.dimension = dimension;
        this.options = options;
        space = options.Compression.Space(dimension);
        if (space.Dimension != dimension)
            throw new ArgumentException($"The moment space has m = {space.Dimension} coordinates, the stream has {dimension}; make the space for the stream's dimension.", nameof(options));
        ChunkSize = options.ResolvedChunkSize(dimension);
        intermediate = options.Compression with { MomentSpace = space, Degree = null, Metric = null, Budget = options.IntermediateBudget, Probes = 0, ProbeFunctions = null, Progress = null };
        moments = new StreamMoments(space);
        int capacity = Math.Min(ChunkSize, FirstCapacity);
        (rows, weights, indices) = (new double[capacity * dimension], new double[capacity], new long[capacity]);
    }

    /// <summary>m.</summary>
    public int Dimension => dimension;

    /// <summary>Objects that have arrived, those of weight zero included.</summary>
    public long Count { get; private set; }

    /// <summary>Objects per chunk.</summary>
    public int ChunkSize { get; }

    /// <summary>Objects that wait for their chunk to fill.</summary>
    public int Waiting => buffered;

    /// <summary>How far the stream has come.</summary>
    public StreamingProgress Progress => new(Count, chunks, merges);

    /// <summary>Adds the objects of a set.</summary>
    /// <param name="set">Objects of m coordinates.</param>
    /// <exception cref="ArgumentException">Another dimension.</exception>
    /// <exception cref="OperationCanceledException">
    /// The token of the options was cancelled. The stream can be saved, and can go on with the object after the first <see cref="Count"/>.
    /// </exception>
    public void Add(WeightedPoints set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.Dimension != dimension)
            throw new ArgumentException($"The set has m = {set.Dimension} coordinates, the stream {dimension}.", nameof(set));
        Take(set.Coordinates, set.Weights);
    }

    /// <summary>Adds objects.</summary>
    /// <param name="coordinates">Row-major coordinates of any number of objects, also none.</param>
    /// <param name="given">One nonnegative finite weight per object; empty for weight 1.</param>
    /// <exception cref="ArgumentException">NaN or infinity, a negative weight, not whole rows; nothing was added then.</exception>
    /// <exception cref="OperationCanceledException">
    /// The token of the options was cancelled. The stream can be saved, and can go on with the object after the first <see cref="Count"/>.
    /// </exception>
    public void Add(ReadOnlySpan<double> coordinates, ReadOnlySpan<double> given = default)
    {
        if (coordinates.Length % dimension != 0)
            throw new ArgumentException($"{coordinates.Length} coordinates are not a whole number of rows of m = {dimension}.", nameof(coordinates));
        if (given.Length > 0 && given.Length != coordinates.Length / dimension)
            throw new ArgumentException($"{given.Length} weights were given for {coordinates.Length / dimension} objects; pass one weight per object, or none for weight 1.", nameof(given));
        int bad = NonFinite.IndexOf(coordinates);
        if (bad >= 0)
            throw new ArgumentException($"Coordinate {bad % dimension} of object {Count + bad / dimension} of the stream is {coordinates[bad]}; every coordinate must be finite (drop or impute such rows first).", nameof(coordinates));
        for (int i = 0; i < given.Length; i++)
            if (!(given[i] >= 0) || double.IsInfinity(given[i]))
                throw new ArgumentException($"The weight of object {Count + i} of the stream is {given[i]}; weights must be finite and nonnegative (split a signed measure into two streams).", nameof(given));
        Take(coordinates, given);
    }

    /// <summary>Compresses a sequence of sets as one stream.</summary>
    /// <param name="sets">Sets of one dimension; at least one.</param>
    /// <param name="options">What to keep.</param>
    public static StreamedSet Compress(IEnumerable<WeightedPoints> sets, StreamingOptions options)
    {
        ArgumentNullException.ThrowIfNull(sets);
        StreamingCompressor? stream = null;
        foreach (WeightedPoints set in sets) (stream ??= new StreamingCompressor(set.Dimension, options)).Add(set);
        return (stream ?? throw Empty()).Finish();
    }

    /// <summary>Compresses an asynchronous sequence of sets as one stream.</summary>
    /// <param name="sets">Sets of one dimension; at least one.</param>
    /// <param name="options">What to keep; its token also stops the waiting for the next set.</param>
    public static async Task<StreamedSet> CompressAsync(IAsyncEnumerable<WeightedPoints> sets, StreamingOptions options)
    {
        ArgumentNullException.ThrowIfNull(sets);
        ArgumentNullException.ThrowIfNull(options);
        StreamingCompressor? stream = null;
        await foreach (WeightedPoints set in sets.WithCancellation(options.Compression?.CancellationToken ?? default).ConfigureAwait(false))
            (stream ??= new StreamingCompressor(set.Dimension, options)).Add(set);
        return (stream ?? throw Empty()).Finish();
    }

    /// <summary>
    /// Compresses everything that has arrived to the budget. The stream stays as it is: more objects may follow, and
    /// another result.
    /// </summary>
    /// <exception cref="InvalidOperationException">No object of positive weight has arrived.</exception>
    /// <exception cref="ArgumentException">The budget cannot hold the moments.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public StreamedSet Finish()
    {
        Settle();
        if (buffered == 0 && chunks == 0) throw Empty();
        long start = Stopwatch.GetTimestamp();
        int threads = options.Compression.MaxDegreeOfParallelism;
        // Higher levels hold earlier objects, so the positions ascend.
        var waiting = new StreamedRows(rows[..(buffered * dimension)], weights[..buffered], indices[..buffered]);
        StreamedRows all = chunks == 0 ? waiting : StreamedRows.Concat([.. Enumerable.Reverse(levels).SelectMany(l => l), waiting]);
        CompressedSet last = Compressor.Compress(Points(all.Rows, all.Weights), options.Compression with { MomentSpace = space, Degree = null, Metric = null });
        StreamedRows kept = StreamedRows.Of(last, all.Rows, all.Indices, dimension);
        StreamMoments exact = moments.Copy();
        if (buffered > 0) exact.Add(waiting.Rows, Weights(waiting.Weights), threads);
        (double drift, double residual) = chunks == 0
            ? (exact.Largest(exact.Residual(kept.Rows, kept.Weights, threads)) is var r ? (r, r) : default)
            : MomentRepair.Apply(exact, kept.Rows, kept.Weights, threads);
        var points = new WeightedPoints(kept.Rows, dimension, kept.Weights);
        return new StreamedSet(points, kept.Indices, new StreamCertificate
        {
            OriginalCount = Count,
            Count = kept.Count,
            MomentSpace = space.Name,
            Degree = space.Degree,
            Moments = space.Count,
            OriginalMass = exact.Mass,
            Mass = points.Mass,
            MaxMomentResidual = residual,
            MomentDrift = drift,
            MaxCellResidual = Math.Max(cellResidual, last.Certificate.MaxMomentResidual),
            ChunkSize = ChunkSize,
            IntermediateBudget = intermediate.RequireBudget(),
            Chunks = chunks,
            Merges = merges,
            Last = last.Certificate,
            Seconds = seconds + Stopwatch.GetElapsedTime(start).TotalSeconds,
        });
    }

    /// <summary>What a stream will cost on this machine, reading it not counted.</summary>
    /// <param name="count">d, at least 1.</param>
    /// <param name="dimension">m.</param>
    /// <param name="options">What to keep.</param>
    public static CostEstimate Estimate(long count, int dimension, StreamingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var stream = new StreamingCompressor(dimension, options);
        int chunk = (int)Math.Min(count, stream.ChunkSize), set = Math.Min(chunk, stream.intermediate.RequireBudget());
        double chunks = Math.Floor((double)count / stream.ChunkSize), levels = chunks < 1 ? 0 : Math.Ceiling(Math.Log(chunks + 1, Fan));
        int union = (int)Math.Min(int.MaxValue, chunk + levels * (Fan - 1) / 2 * set);
        CostEstimate first = Compressor.Estimate(chunk, dimension, stream.intermediate);
        CostEstimate merge = Compressor.Estimate((int)Math.Min(int.MaxValue, (long)Fan * set), dimension, stream.intermediate);
        CostEstimate last = Compressor.Estimate(union, dimension, options.Compression);
        double buffers = (dimension + 2.0) * sizeof(double) * (chunk + levels * (Fan - 1) * set + union);
        return new CostEstimate(chunks * (first.Flops + merge.Flops / (Fan - 1)) + last.Flops, chunks * (first.Seconds + merge.Seconds / (Fan - 1)) + last.Seconds,
            buffers + Math.Max(first.Bytes, Math.Max(merge.Bytes, last.Bytes)));
    }

    private static InvalidOperationException Empty() => new("The stream is empty: no object of positive weight has arrived.");
}
