namespace ResearchKit;

/// <summary>What was kept, measured on the result itself: the evidence that travels with a compressed set.</summary>
public sealed record Certificate
{
    /// <summary>The method that made the set, e.g. "moment cells" or "paper reference".</summary>
    public required string Method { get; init; }

    /// <summary>The moments kept per cell, e.g. "total degree 5 in 3 variables".</summary>
    public required string MomentSpace { get; init; }

    /// <summary>d.</summary>
    public required int OriginalCount { get; init; }

    /// <summary>d', the number of objects kept.</summary>
    public required int Count { get; init; }

    /// <summary>k, the largest total degree of a kept moment.</summary>
    public required int Degree { get; init; }

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
    /// and without). In a cell of more than 131072 objects that degree's moments are estimated on 65536 of them, unless few
    /// of those carry its mass: the defect is then known to about 0.4% of the mass.
    /// </summary>
    public required double NextDegreeDefect { get; init; }

    /// <summary>Largest cell diameter in the partition metric: in the units of the coordinates times their scales.</summary>
    public required double MaxCellDiameter { get; init; }

    /// <summary>
    /// Root mean square error of the mean of seeded random ridge functions tanh(a.x + b), x in the frame of the whole set
    /// (<see cref="ProbeErrors.Tanh"/>). Dimensionless; NaN when no such probes were asked for.
    /// </summary>
    public double ProbeError => ProbeErrors.Tanh;

    /// <summary>Root mean square errors on every family of probes.</summary>
    public ProbeErrors ProbeErrors { get; init; } = new();

    /// <summary>
    /// The a-posteriori estimate of |f' - f| for f = (1/mass) sum_i c_i g(w_i): the largest error on any of the P probes
    /// that count (<see cref="ResearchKit.ProbeErrors.Largest"/>). By default these are 3 P seeded ridge functions of unit scale, smooth at the
    /// scale of the whole set: it says nothing about functions that vary faster. One more function drawn like the probes
    /// exceeds it with probability 1 / (P + 1) only (a compression does not see its probes; a search that picks among
    /// <see cref="Trials"/> does, a little). The root mean square over such functions is about a third of it. 0 for an
    /// unchanged set; NaN without probes.
    /// </summary>
    public double EstimatedError { get; init; } = double.NaN;

    /// <summary>The compressions that a search tried, in order, the chosen one among them; empty where nothing was searched.</summary>
    public IReadOnlyList<CompressionTrial> Trials { get; init; } = [];

    /// <summary>Wall-clock seconds of the compression, the certificate included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Memory used beyond the input, in bytes (estimated from the buffers allocated).</summary>
    public required long Bytes { get; init; }

    /// <summary>
    /// A guaranteed bound on |f' - f|, f = (1/mass) sum_i c_i g(w_i) (T3 with its constants), for g whose Taylor
    /// coefficients about the centre of every cell obey |g_a| &lt;= M / rho^|a|.
    /// </summary>
    /// <remarks>
    /// <para>
    /// By Cauchy's estimate every g does so that is analytic and bounded by M on the polydisc |z_j - centre_j| &lt; rho
    /// about each cell's centre. In a cell with half sides h_j, y_j = h_j / rho &lt; 1, the part of g outside the kept
    /// moments is at most M T, T = sum over unkept a of prod_j y_j^a_j (for total degree the tail of prod_j 1 / (1 - y_j)),
    /// and original and compressed points have the cell's mass each: a cell adds at most 2 mass M T. What the kept moments
    /// differ by adds at most mass * residual * sqrt(N) M prod_j 1 / (1 - y_j).
    /// </para>
    /// <para>A bound of the worst case: the error is usually smaller by orders of magnitude, since vertices are chosen and cells' errors cancel.</para>
    /// </remarks>
    /// <param name="coefficient">M, nonnegative and finite.</param>
    /// <param name="radius">rho, positive, in the units of the coordinates.</param>
    /// <returns>The bound; infinite where a cell reaches as far as rho, NaN where a method has no cells (the baselines).</returns>
    /// <exception cref="ArgumentOutOfRangeException">M or rho out of range.</exception>
    public double TaylorBound(double coefficient, double radius)
    {
        if (!(coefficient >= 0) || double.IsInfinity(coefficient))
            throw new ArgumentOutOfRangeException(nameof(coefficient), coefficient, $"M = {coefficient}; the bound of the Taylor coefficients must be nonnegative and finite.");
        if (!(radius > 0))
            throw new ArgumentOutOfRangeException(nameof(radius), radius, $"rho = {radius}; the radius must be positive (infinity leaves the round-off alone).");
        return CellBounds is null ? double.NaN : CellBounds.Error(coefficient, radius);
    }

    /// <summary>What the cells were, for <see cref="TaylorBound"/>.</summary>
    internal CellBounds? CellBounds { get; init; }
}

/// <summary>One of the compressions that a search compared.</summary>
/// <param name="Degree">k.</param>
/// <param name="Budget">d' that was allowed.</param>
/// <param name="Count">d' that was used.</param>
/// <param name="Cells">Number of cells.</param>
/// <param name="Refined">Whether cells were cut again where the error was largest, instead of by the density of the objects.</param>
/// <param name="EstimatedError">Its <see cref="Certificate.EstimatedError"/>.</param>
public readonly record struct CompressionTrial(int Degree, int Budget, int Count, int Cells, bool Refined, double EstimatedError);
