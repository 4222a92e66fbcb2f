namespace ResearchKit;

/// <summary>
/// An affine map of a cell's bounding box to [-1, 1]^m. Moments are measured in it, so that a tight cluster far from the
/// origin (5 +- 0.01) is as well conditioned as the unit box.
/// </summary>
/// <remarks>A coordinate that is constant in the cell maps to 0.</remarks>
public sealed class LocalFrame
{
    private readonly double[] lower;
    private readonly double[] upper;
    private readonly double[] center;
    private readonly double[] inverseHalfWidth;

    internal LocalFrame(double[] lower, double[] upper)
    {
        this.lower = lower;
        this.upper = upper;
        center = new double[lower.Length];
        inverseHalfWidth = new double[lower.Length];
        for (int j = 0; j < lower.Length; j++)
        {
            // Halve first: the box of finite numbers may be wider than the largest double.
            double half = 0.5 * upper[j] - 0.5 * lower[j];
            center[j] = 0.5 * upper[j] + 0.5 * lower[j];
            // Half widths below 1e-300 (denormal boxes) have no usable inverse and are constants to double precision.
            inverseHalfWidth[j] = half > 1e-300 ? 1.0 / half : 0.0;
        }
    }

    /// <summary>m.</summary>
    public int Dimension => center.Length;

    /// <summary>The lower corner of the box.</summary>
    public ReadOnlySpan<double> Lower => lower;

    /// <summary>The upper corner of the box.</summary>
    public ReadOnlySpan<double> Upper => upper;

    /// <summary>The point that maps to 0.</summary>
    public ReadOnlySpan<double> Center => center;

    /// <summary>One over half the side of the box per coordinate; 0 for a constant coordinate.</summary>
    public ReadOnlySpan<double> InverseHalfWidth => inverseHalfWidth;

    /// <summary>The frame of a set's bounding box.</summary>
    public static LocalFrame Of(WeightedPoints set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Of(set.Coordinates, set.Dimension);
    }

    /// <summary>The frame of the bounding box of row-major points.</summary>
    internal static LocalFrame Of(ReadOnlySpan<double> coordinates, int dimension)
    {
        var lower = new double[dimension];
        var upper = new double[dimension];
        BoundingBox.Compute(coordinates, dimension, lower, upper);
        return new LocalFrame(lower, upper);
    }

    /// <summary>The same with several threads where that pays.</summary>
    internal static LocalFrame Of(ReadOnlyMemory<double> coordinates, int dimension, ParallelOptions? parallel)
    {
        var lower = new double[dimension];
        var upper = new double[dimension];
        BoundingBox.Compute(coordinates, dimension, lower, upper, parallel);
        return new LocalFrame(lower, upper);
    }

    /// <summary>The length of the box's diagonal in a partition metric.</summary>
    /// <param name="metric">Scales per coordinate.</param>
    public double Diameter(PartitionMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        metric.Require(Dimension);
        // In units of the longest side, so that no square leaves the range of doubles.
        double longest = 0;
        for (int j = 0; j < center.Length; j++) longest = Math.Max(longest, HalfSide(metric, j));
        if (longest == 0) return 0;
        double sum = 0;
        for (int j = 0; j < center.Length; j++)
        {
            double side = HalfSide(metric, j) / longest;
            sum += side * side;
        }
        return 2 * longest * Math.Sqrt(sum);
    }

    private double HalfSide(PartitionMetric metric, int j) => metric.Scales[j] * (0.5 * upper[j] - 0.5 * lower[j]);
}
