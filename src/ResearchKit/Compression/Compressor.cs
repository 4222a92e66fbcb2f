using System.Diagnostics;

namespace ResearchKit;

/// <summary>
/// Replaces a function's d objects by d' weighted ones with the same moments in every cell of a partition.
/// </summary>
/// <remarks>
/// <para>
/// Problem: f({c_i, w_i}) = h(sum_i c_i g(w_i)) does not care about the order of its d objects w_i in R^m. Find d' of
/// them with new weights c'_j >= 0 such that sum_j c'_j g(w_j) stays the same for every smooth g, up to a vanishing error.
/// </para>
/// <para>
/// Bound (T4, arXiv 2510.00504): with all moments of degree up to k kept in every cell the error is
/// O(d * d'^(1 - (k+1)/m)); cells whose errors are independent gain another half power of d'. For polynomials of degree up
/// to k it is zero.
/// </para>
/// <para>
/// Notation: d = <see cref="WeightedPoints.Count"/>, m = <see cref="WeightedPoints.Dimension"/>,
/// k = <see cref="CompressionOptions.Degree"/>, N = C(m+k, k) = <see cref="MomentSpace.Count"/>,
/// d' = <see cref="CompressionOptions.Budget"/>.
/// </para>
/// <para>
/// A function that is of low degree in some coordinates (a label, an output weight) needs fewer moments, and cells of the
/// others alone: <see cref="MomentSpace.ForSquaredLoss"/> and its siblings.
/// </para>
/// <para>
/// Method: the set is cut into near-cubic cells of about equal expected error, floor(d'/N) of them or somewhat fewer where
/// that many would be badly shaped; in each, Caratheodory's elimination (T2) reduces the points to as many as moments are
/// kept, in the cell's own frame, and chooses among the equally valid vertices one with a small defect in degrees k + 1 and
/// k + 2; what the cells leave of the budget keeps the most important combinations of degree k + 1; last, every cell's
/// weights are solved once more against the exact moments of its original points. The result has the same bits for any
/// number of threads.
/// </para>
/// <para>
/// With a <see cref="CompressionOptions.Tolerance"/> or an <see cref="CompressionOptions.AutomaticDegree"/> several such
/// compressions are made and measured on probe functions (<see cref="Certificate.EstimatedError"/>), from a single cell
/// of high degree to many of low degree (T7's choice of k, by measurement). Where the error gathers in few cells, cells of
/// uneven size are tried as well, cut again where it is largest. It takes a dozen compressions or so.
/// </para>
/// </remarks>
public static class Compressor
{
    /// <summary>Compresses a set.</summary>
    /// <param name="set">d objects in R^m with nonnegative weights.</param>
    /// <param name="options">What to keep and how many objects to spend.</param>
    /// <returns>
    /// Indices into <paramref name="set"/>, weights and certificate. A set of at most d' objects of positive weight comes
    /// back unchanged (without those of weight zero), and so does one whose tolerance no fewer objects meet.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The moment space does not fit the set, or the budget cannot hold its moments; both or neither of budget and
    /// tolerance were given; a probe function is not finite on an object.
    /// </exception>
    /// <exception cref="ArithmeticException">The coordinates or weights span more than double precision holds.</exception>
    /// <exception cref="InsufficientMemoryException">More memory is needed than there is, or than <see cref="CompressionOptions.MaxBytes"/>; found before the work begins.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static CompressedSet Compress(WeightedPoints set, CompressionOptions options)
    {
        var clock = Stopwatch.StartNew();
        MomentSpace space = Validated(set, options);
        options.CancellationToken.ThrowIfCancellationRequested();
        ErrorProbes? probes = ErrorProbes.For(set, options);
        if (options.Searches) return new CompressionSearch(set, options, probes!, clock).Run();
        return Once(set, space, options.RequireBudget(), options, probes, clock);
    }

    /// <summary>One compression to a budget.</summary>
    internal static CompressedSet Once(WeightedPoints set, MomentSpace space, int budget, CompressionOptions options, ErrorProbes? probes, Stopwatch clock)
    {
        options.Progress?.Report(new CompressionProgress("partition", 0));
        ParallelOptions parallel = CostModel.Fitting(set.Count, space, budget, options);
        (WeightedPoints points, space) = Mapped(set, space);
        var table = new PointTable(points, parallel);
        if (table.Count <= budget)
        {
            CompressedSet same = CertificateBuilder.Unchanged(set, table, space, probes, clock);
            options.Progress?.Report(new CompressionProgress("done", 1));
            return same;
        }

        Region[] regions = Region.Of(table, space, budget, options.MomentsOnly);
        Parallelism.Unwrap(() => Region.ForEach(regions, parallel, (r, threads) => regions[r].Cut(table, space, threads)));
        options.Progress?.Report(new CompressionProgress("reduce", 0.1));
        var results = new CellResult[regions.Length][];
        var progress = new CellProgress(options.Progress, regions.Sum(r => r.Cells.Length));
        Parallelism.Unwrap(() => Region.ForEach(regions, parallel, (r, threads) => results[r] = regions[r].Reduce(table, options, threads, progress)));
        CompressedSet result = CertificateBuilder.Build(set, table, [.. regions.SelectMany(r => r.Cells)], [.. results.SelectMany(r => r)], space, options, probes, clock, mapped: points != set);
        if (result.Count > budget)
            throw Impossible(space, budget, result.Count);
        options.Progress?.Report(new CompressionProgress("done", 1));
        return result;
    }

    /// <summary>What <see cref="Compress"/> would cost on this machine.</summary>
    /// <param name="count">d, at least 1.</param>
    /// <param name="dimension">m, at least 1.</param>
    /// <param name="options">The options it would be called with: a budget, since what a tolerance takes only the search itself can tell.</param>
    /// <exception cref="ArgumentException">A tolerance, or options that are refused anyway.</exception>
    public static CostEstimate Estimate(int count, int dimension, CompressionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        MomentSpace space = Validated(dimension, options);
        return options.ChoosesDegree ? CostModel.EstimateSearch(count, dimension, options) : CostModel.Estimate(count, space, options);
    }

    /// <summary>A set in whitened coordinates, if its space wants them: the kept polynomials and the indices are the same.</summary>
    internal static (WeightedPoints Points, MomentSpace Space) Mapped(WeightedPoints set, MomentSpace space)
        => space.Metric.Map is { } map ? (map.Apply(set), space.With(space.Metric.WithoutMap())) : (set, space);

    internal static MomentSpace Validated(WeightedPoints set, CompressionOptions options, bool needsGoal = true)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Validated(set.Dimension, options, needsGoal);
    }

    private static MomentSpace Validated(int dimension, CompressionOptions options, bool needsGoal = true)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsCheck.Require(options, needsGoal);
        // A degree that is still to be chosen must not be refused for what the default one would take: the least checks the metric.
        MomentSpace space = options.ChoosesDegree ? options.SpaceOf(dimension, 0) : options.Space(dimension);
        if (space.Dimension != dimension)
            throw new ArgumentException($"The moment space has m = {space.Dimension} coordinates, the set has {dimension}; make the space for the set's dimension.", nameof(options));
        return space;
    }

    internal static ArgumentOutOfRangeException Impossible(MomentSpace space, int budget, int rank)
    {
        string remedy = space switch
        {
            // Every value takes its own moments, one at the least.
            { Metric.Separated: >= 0, Count: 1 } => $"separate a coordinate of fewer values than coordinate {space.Metric.Separated}",
            { Metric.Separated: >= 0 } => "keep fewer moments of each value",
            { IsTotalDegree: true } => $"lower the degree to at most {LargestDegree()}",
            _ => "keep fewer moments",
        };
        return new ArgumentOutOfRangeException("options", budget,
            $"Budget d' = {budget} is too small: keeping {space.Name} takes {rank} objects on this set (N = {space.Count}). Raise the budget to at least {rank}, or {remedy}.");

        int LargestDegree()
        {
            int degree = 0;
            while (MomentSpace.CountOf(space.Dimension, degree + 1) <= budget) degree++;
            return degree;
        }
    }
}
