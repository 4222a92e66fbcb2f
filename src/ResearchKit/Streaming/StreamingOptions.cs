namespace ResearchKit;

/// <summary>How a stream is compressed: what to keep in the end, and in what portions it is taken.</summary>
public sealed record StreamingOptions
{
    /// <summary>Sets below this many objects are not worth merging so carefully; it costs a few milliseconds a chunk.</summary>
    internal const int LeastIntermediate = 4096;

    private const int MostRatio = 128, LeastRatio = 4;
    private const double ChunkBytes = 64e6;

    /// <summary>
    /// What to keep and how many objects to spend in the end: a budget, with a degree or moment space. A tolerance or an
    /// automatic degree would need the whole stream several times. Threads and cancellation are taken from here too.
    /// </summary>
    public required CompressionOptions Compression { get; init; }

    /// <summary>
    /// Objects that sets hold between the first and the last compression, in units of the budget (but at least 4096): at
    /// least 1. Larger ones lose less against compressing everything at once, and cost more time.
    /// </summary>
    public double Oversampling { get; init; } = 2;

    /// <summary>
    /// Objects compressed at once; null for 128 times the intermediate sets, as far as that stays below 64 MB. The result
    /// depends on it, but not on the portions in which the objects arrive.
    /// </summary>
    public int? ChunkSize { get; init; }

    /// <summary>Receives progress after each compression, on the calling thread.</summary>
    public IProgress<StreamingProgress>? Progress { get; init; }

    /// <summary>Objects of a set between two merges.</summary>
    internal int IntermediateBudget => (int)Math.Min(int.MaxValue / 2, Math.Max(LeastIntermediate, Math.Ceiling(Oversampling * Compression.RequireBudget())));

    /// <summary>The chunk size that is used.</summary>
    internal int ResolvedChunkSize(int dimension)
    {
        if (ChunkSize is { } given) return given;
        double fits = ChunkBytes / (sizeof(double) * (dimension + 2.0));
        return (int)Math.Clamp(Math.Max(fits, (double)LeastRatio * IntermediateBudget), 1, Math.Min((double)MostRatio * IntermediateBudget, Array.MaxLength / (double)dimension));
    }

    /// <summary>Refuses what cannot be meant.</summary>
    internal void Require(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (Compression is null) throw new ArgumentException("Compression is null; give the options of the compression.", "options");
        OptionsCheck.Require(Compression);
        if (Compression.Searches)
            throw new ArgumentException($"{(Compression.Tolerance is { } t ? $"Tolerance = {t}" : "AutomaticDegree")} was given, but a search needs the whole set several times and a stream passes once; give a Budget and a Degree, or use {nameof(Compressor)}.{nameof(Compressor.Compress)}.", "options");
        if (!(Oversampling >= 1) || double.IsInfinity(Oversampling))
            throw new ArgumentOutOfRangeException("options", Oversampling, $"Oversampling = {Oversampling}; it must be at least 1 and finite (2 is usual).");
        if (ChunkSize is { } chunk && (chunk <= IntermediateBudget || (long)chunk * dimension > Array.MaxLength))
            throw new ArgumentOutOfRangeException("options", chunk, $"ChunkSize = {chunk}; it must be larger than the {IntermediateBudget} objects of an intermediate set (Oversampling times the budget, at least {LeastIntermediate}), and at most {Array.MaxLength / dimension} in {dimension} coordinates. Leave it null, or lower Oversampling or the budget.");
    }
}

/// <summary>How far a stream has come.</summary>
/// <param name="Objects">Objects taken so far.</param>
/// <param name="Chunks">Chunks compressed.</param>
/// <param name="Merges">Merges of compressed sets.</param>
public readonly record struct StreamingProgress(long Objects, long Chunks, long Merges);
