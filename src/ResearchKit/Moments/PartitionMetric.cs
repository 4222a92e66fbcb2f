namespace ResearchKit;

/// <summary>Which coordinates a partition splits, and in what units it measures them.</summary>
/// <remarks>
/// <para>
/// The side of a cell along coordinate j counts scale_j times its length; a scale of 0 leaves the coordinate out of the
/// partition (its moments are kept all the same). Moments themselves need no scaling: they are measured in each cell's own
/// frame, and every lower set of exponents is invariant under shifts and scales of single coordinates.
/// </para>
/// <para>
/// Whitening is a linear map of several coordinates together, so cells are cut along directions that are no axes. The
/// compression then works on the mapped coordinates from the start; indices and moments are those of the originals,
/// because the kept polynomials are the same in both. That holds for spaces that are of total degree in the mapped
/// coordinates for every power of the others, and is checked when the space is made.
/// </para>
/// </remarks>
public sealed class PartitionMetric
{
    private readonly double[] scales;

    private PartitionMetric(double[] scales, LinearMap? map = null, int separated = -1)
    {
        this.scales = scales;
        Map = map;
        Separated = separated;
    }

    /// <summary>The scale of each coordinate (after whitening, if any), 0 for one that is never split.</summary>
    public ReadOnlySpan<double> Scales => scales;

    /// <summary>The linear map that whitens; null for none.</summary>
    internal LinearMap? Map { get; }

    /// <summary>The coordinate whose values are never mixed in a cell; -1 for none.</summary>
    internal int Separated { get; }

    /// <summary>What a space's name says of it.</summary>
    internal string Suffix => (Map is null ? "" : ", whitened") + (Separated < 0 ? "" : $", for each value of coordinate {Separated}");

    /// <summary>Every coordinate in its own units.</summary>
    public static PartitionMetric AllCoordinates(int dimension)
    {
        var s = new double[dimension];
        Array.Fill(s, 1.0);
        return new PartitionMetric(s);
    }

    /// <summary>Some coordinates in their own units; the others are never split.</summary>
    /// <param name="dimension">m, at least 1.</param>
    /// <param name="coordinates">The coordinates that are split, each from 0 to m - 1, at least one.</param>
    public static PartitionMetric Unscaled(int dimension, params int[] coordinates)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        RequireCoordinates(coordinates, dimension);
        var s = new double[dimension];
        foreach (int j in coordinates) s[j] = 1;
        return new PartitionMetric(s);
    }

    /// <summary>Explicit scales.</summary>
    /// <param name="scales">One finite nonnegative scale per coordinate, at least one of them positive.</param>
    public static PartitionMetric Scaled(params double[] scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        for (int j = 0; j < scales.Length; j++)
            if (!(scales[j] >= 0) || double.IsInfinity(scales[j]))
                throw new ArgumentException($"The scale of coordinate {j} is {scales[j]}; scales must be finite and nonnegative.", nameof(scales));
        if (!scales.Any(s => s > 0))
            throw new ArgumentException("All scales are 0; at least one coordinate must be split.", nameof(scales));
        return new PartitionMetric([.. scales]);
    }

    /// <summary>Coordinates in units of their standard deviations in a set: cells are as long in each as the data are.</summary>
    /// <param name="set">Gives the (weighted) standard deviations. A constant coordinate keeps the scale 1.</param>
    /// <param name="coordinates">The coordinates that are split, each from 0 to m - 1; all of them when none is named.</param>
    public static PartitionMetric Standardised(WeightedPoints set, params int[] coordinates)
    {
        ArgumentNullException.ThrowIfNull(set);
        coordinates = AllUnlessNamed(coordinates, set.Dimension);
        double[] deviations = Whitening.StandardDeviations(set, coordinates);
        var s = new double[set.Dimension];
        for (int i = 0; i < coordinates.Length; i++)
        {
            double scale = 1 / deviations[i];
            s[coordinates[i]] = double.IsNormal(scale) ? scale : 1;
        }
        return new PartitionMetric(s);
    }

    /// <summary>
    /// Coordinates mapped linearly so that a set's covariance becomes the unit matrix: cells are as long in each direction
    /// as the data are, correlated or not. A direction without any extent in the set (a constant, a duplicated feature)
    /// keeps the units of its coordinate.
    /// </summary>
    /// <param name="set">
    /// Gives the (weighted) covariance. The metric belongs to sets like this one, but any set of the same m can be
    /// compressed with it: one that extends where this one does not keeps those moments as well.
    /// </param>
    /// <param name="coordinates">The coordinates that are mapped and split, each from 0 to m - 1; all of them when none is named.</param>
    /// <remarks>
    /// Mapped coordinates are rounded, by about 1e-16 of the whole set's extent, not of a cell's: kept moments are exact to
    /// that, which is all that matters unless cells are smaller than 1e-8 of the set.
    /// </remarks>
    public static PartitionMetric Whitened(WeightedPoints set, params int[] coordinates)
    {
        ArgumentNullException.ThrowIfNull(set);
        coordinates = AllUnlessNamed(coordinates, set.Dimension);
        var s = new double[set.Dimension];
        foreach (int j in coordinates) s[j] = 1;
        return new PartitionMetric(s, Whitening.Fit(set, coordinates));
    }

    /// <summary>
    /// This metric with a coordinate whose values no cell ever mixes, such as the class of a labelled object. The
    /// coordinate is not split otherwise.
    /// </summary>
    /// <param name="coordinate">A coordinate of few distinct values, from 0 to m - 1.</param>
    public PartitionMetric Separating(int coordinate)
    {
        RequireCoordinates([coordinate], scales.Length);
        if (Map is not null && Map.Coordinates.Contains(coordinate))
            throw new ArgumentException($"Coordinate {coordinate} is whitened with others, so it has no values of its own to separate; whiten the other coordinates alone.", nameof(coordinate));
        double[] s = [.. scales];
        s[coordinate] = 0;
        if (!s.Any(x => x > 0))
            throw new ArgumentException($"Coordinate {coordinate} is the only one that is split; another must be left to split the objects of each value.", nameof(coordinate));
        return new PartitionMetric(s, Map, coordinate);
    }

    /// <summary>The metric on coordinates that are mapped already.</summary>
    internal PartitionMetric WithoutMap() => new(scales, null, Separated);

    /// <summary>Refuses what only subsets of cells know: a method that ignored it would certify what it has not done.</summary>
    /// <param name="method">Whose metric this is.</param>
    internal void RequireUnmapped(string method)
    {
        string subset = $"{nameof(Compressor)}.{nameof(Compressor.Compress)}";
        if (Separated >= 0)
            throw new ArgumentException($"The moment space separates the values of coordinate {Separated}, which {method} would mix; use {subset}, or give {method} the objects of one value at a time.", "options");
        if (Map is not null)
            throw new ArgumentException($"The partition metric whitens coordinates {string.Join(", ", Map.Coordinates)}, and {method} can have coordinates scaled but not mixed; use {nameof(Standardised)}, or {subset}.", "options");
    }

    internal void Require(int dimension)
    {
        if (scales.Length != dimension)
            throw new ArgumentException($"The partition metric has {scales.Length} scales for m = {dimension} coordinates.");
    }

    private static int[] AllUnlessNamed(int[] coordinates, int dimension)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        if (coordinates.Length == 0) return [.. Enumerable.Range(0, dimension)];
        RequireCoordinates(coordinates, dimension);
        return [.. coordinates];
    }

    private static void RequireCoordinates(int[] coordinates, int dimension)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        if (coordinates.Length == 0)
            throw new ArgumentException("No coordinate is named; at least one must be split.", nameof(coordinates));
        var seen = new HashSet<int>();
        foreach (int j in coordinates)
        {
            if (j < 0 || j >= dimension)
                throw new ArgumentOutOfRangeException(nameof(coordinates), j, $"Coordinate {j} does not exist: with m = {dimension} they run from 0 to {dimension - 1}.");
            if (!seen.Add(j))
                throw new ArgumentException($"Coordinate {j} is named twice.", nameof(coordinates));
        }
    }
}
