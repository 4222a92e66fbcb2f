namespace ResearchKit;

/// <summary>d' objects of a stream with new weights.</summary>
public sealed class StreamedSet
{
    private readonly long[] indices;

    internal StreamedSet(WeightedPoints points, long[] indices, StreamCertificate certificate)
    {
        Points = points;
        this.indices = indices;
        Certificate = certificate;
    }

    /// <summary>d', the number of objects kept.</summary>
    public int Count => indices.Length;

    /// <summary>Positions in the stream, counted from 0, ascending and without repeats.</summary>
    public ReadOnlySpan<long> Indices => indices;

    /// <summary>The kept objects with their new, positive weights, in the order of <see cref="Indices"/>.</summary>
    public WeightedPoints Points { get; }

    /// <summary>What was kept, as measured.</summary>
    public StreamCertificate Certificate { get; }
}

/// <summary>What a stream's compression kept, measured against moments that were summed from all objects as they passed.</summary>
public sealed record StreamCertificate
{
    /// <summary>d, the objects of the stream, those of weight zero included.</summary>
    public required long OriginalCount { get; init; }

    /// <summary>d', the objects kept.</summary>
    public required int Count { get; init; }

    /// <summary>The moments kept, e.g. "total degree 4 in 3 variables".</summary>
    public required string MomentSpace { get; init; }

    /// <summary>k.</summary>
    public required int Degree { get; init; }

    /// <summary>N.</summary>
    public required int Moments { get; init; }

    /// <summary>Total weight of the stream.</summary>
    public required double OriginalMass { get; init; }

    /// <summary>Total weight of the kept objects.</summary>
    public required double Mass { get; init; }

    /// <summary>
    /// Largest difference of any of the N moments of the whole, in the frame of the stream's bounding box and the basis of
    /// products of Legendre polynomials (each at most 1 in magnitude), relative to the mass. The stream's moments were
    /// summed in twice the precision and carried over exactly whenever the box grew.
    /// </summary>
    public required double MaxMomentResidual { get; init; }

    /// <summary>The same before the last step, which moved the weights against the drift of all merges.</summary>
    public required double MomentDrift { get; init; }

    /// <summary>Largest moment residual of any cell of any compression, in its own frame (<see cref="Certificate.MaxMomentResidual"/>).</summary>
    public required double MaxCellResidual { get; init; }

    /// <summary>Objects per chunk.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>Objects of the sets between first and last compression.</summary>
    public required int IntermediateBudget { get; init; }

    /// <summary>Chunks that were compressed on their own; 0 where all fitted into one.</summary>
    public required long Chunks { get; init; }

    /// <summary>Merges of compressed sets, the last not counted.</summary>
    public required long Merges { get; init; }

    /// <summary>The last compression; its original are the intermediate sets, not the stream.</summary>
    public required Certificate Last { get; init; }

    /// <summary>Seconds spent compressing and summing moments, in every run of a resumed stream.</summary>
    public required double Seconds { get; init; }
}
