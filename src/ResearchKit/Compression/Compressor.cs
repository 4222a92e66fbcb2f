namespace ResearchKit;

/// <summary>Replaces d objects by d' weighted ones with the same moments in every cell of a partition (T4).</summary>
public static class Compressor
{
    /// <summary>Compresses a set. (Under construction.)</summary>
    public static CompressedSet Compress(WeightedPoints set, CompressionOptions options)
        => throw new NotSupportedException("under construction");

    /// <summary>What <see cref="Compress"/> would cost.</summary>
    public static CostEstimate Estimate(int count, int dimension, CompressionOptions options)
        => throw new NotSupportedException("under construction");
}
