namespace ResearchKit;

/// <summary>Which coordinates a partition splits, and in what units it measures them.</summary>
/// <remarks>
/// The side of a cell along coordinate j counts scale_j times its length; a scale of 0 leaves the coordinate out of the
/// partition (its moments are kept all the same).
/// </remarks>
public sealed class PartitionMetric
{
    private readonly double[] scales;

    private PartitionMetric(double[] scales) => this.scales = scales;

    /// <summary>The scale of each coordinate, 0 for one that is never split.</summary>
    public ReadOnlySpan<double> Scales => scales;

    /// <summary>Every coordinate in its own units.</summary>
    public static PartitionMetric AllCoordinates(int dimension)
    {
        var s = new double[dimension];
        Array.Fill(s, 1.0);
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

    internal void Require(int dimension)
    {
        if (scales.Length != dimension)
            throw new ArgumentException($"The partition metric has {scales.Length} scales for m = {dimension} coordinates.");
    }
}
