namespace ResearchKit;

/// <summary>What was kept, measured on the result itself: the evidence that travels with a compressed set.</summary>
public sealed record Certificate
{
    /// <summary>The method that made the set, e.g. "moment tree" or "paper reference".</summary>
    public required string Method { get; init; }

    /// <summary>The moments kept per cell, e.g. "total degree 5 in 3 variables".</summary>
    public required string MomentSpace { get; init; }

    /// <summary>d.</summary>
    public required int OriginalCount { get; init; }

    /// <summary>d', the number of objects kept.</summary>
    public required int Count { get; init; }

    /// <summary>N, the moments per cell.</summary>
    public required int Moments { get; init; }

    /// <summary>The number of cells.</summary>
    public required int Cells { get; init; }

    /// <summary>The largest numerical rank of any cell's moment matrix (N unless the points lie on an algebraic set).</summary>
    public required int MaxRank { get; init; }

    /// <summary>Total mass of the original.</summary>
    public required double OriginalMass { get; init; }

    /// <summary>Total mass of the compressed set.</summary>
    public required double Mass { get; init; }

    /// <summary>
    /// Largest difference of any kept moment over all cells, in the cell's local frame and orthonormal Legendre product
    /// basis, relative to the cell's mass. Dimensionless; near 1e-15 is round-off. (Of a whitened metric: in frames of the
    /// whitened coordinates.)
    /// </summary>
    public required double MaxMomentResidual { get; init; }

    /// <summary>
    /// The defect of the first unmatched degree: root mean square over cells (by mass) and moments of that degree of the
    /// difference in the same frames, relative to the cell's mass. It bounds nothing by itself but says how far beyond
    /// degree k the two sets agree. NaN where that degree has too many moments to be watched. For other spaces than total
    /// degree, the next layer of the space takes that degree's place (for a squared loss degree k + 1 in x, with the label
    /// and without).
    /// </summary>
    public required double NextDegreeDefect { get; init; }

    /// <summary>Largest cell diameter in the partition metric: in the units of the coordinates times their scales.</summary>
    public required double MaxCellDiameter { get; init; }

    /// <summary>
    /// Root mean square error of the mean of seeded random ridge functions tanh(a.x + b), a and b standard normal, x in the
    /// frame of the whole set. Dimensionless; NaN when no probes were asked for.
    /// </summary>
    public required double ProbeError { get; init; }

    /// <summary>Wall-clock seconds of the compression, the certificate included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Memory used beyond the input, in bytes (estimated from the buffers allocated).</summary>
    public required long Bytes { get; init; }
}
