namespace ResearchKit.Tests.Compression;

/// <summary>The promises of every compression, checked on the result alone.</summary>
internal static class Check
{
    /// <summary>The residual that counts as exact: the figure, relative to the mass.</summary>
    public const double Exact = 1e-13;

    public static CompressedSet Compress(WeightedPoints set, int k, int budget, int threads = 1)
        => Compressor.Compress(set, new CompressionOptions { Degree = k, Budget = budget, MaxDegreeOfParallelism = threads });

    /// <summary>Compresses and checks shape, order, positivity, size, mass and every moment.</summary>
    public static CompressedSet AllPromises(WeightedPoints set, int k, int budget, string context, int threads = 1)
    {
        CompressedSet result = Compress(set, k, budget, threads);
        Shape(set, result, budget, context);
        double residual = ExactMoments.Residual(set, result, k);
        Assert.True(residual <= Exact, $"{context}: a moment differs by {residual:E2} of the mass");
        Assert.True(result.Certificate.MaxMomentResidual <= Exact, $"{context}: certified {result.Certificate.MaxMomentResidual:E2}");
        return result;
    }

    public static void Shape(WeightedPoints set, CompressedSet result, int budget, string context)
    {
        Assert.True(result.Count >= 1 && result.Count <= budget, $"{context}: {result.Count} objects for a budget of {budget}");
        Assert.Equal(result.Count, result.Weights.Length);
        Assert.Equal(result.Count, result.Indices.Length);
        Assert.Equal(result.Count, result.Certificate.Count);
        Assert.Equal(set.Count, result.Certificate.OriginalCount);
        Quad mass = 0, original = 0;
        for (int i = 0; i < result.Count; i++)
        {
            Assert.InRange(result.Indices[i], 0, set.Count - 1);
            Assert.True(i == 0 || result.Indices[i] > result.Indices[i - 1], $"{context}: indices not ascending and unique at {i}");
            Assert.True(result.Weights[i] > 0 && double.IsFinite(result.Weights[i]), $"{context}: weight {result.Weights[i]} at {i}");
            Assert.True(set.WeightOf(result.Indices[i]) > 0, $"{context}: object {result.Indices[i]} has weight zero");
            mass += result.Weights[i];
        }
        for (int i = 0; i < set.Count; i++) original += set.WeightOf(i);
        double lost = Math.Abs((double)(mass - original)) / (double)original;
        Assert.True(lost <= Exact, $"{context}: mass differs by {lost:E2}");
        Assert.True(Math.Abs(result.Certificate.Mass - (double)mass) <= 1e-15 * (double)mass, $"{context}: certified mass");
    }
}
