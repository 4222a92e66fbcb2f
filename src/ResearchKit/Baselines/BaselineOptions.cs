namespace ResearchKit.Baselines;

/// <summary>The checks that every baseline makes of its input.</summary>
internal static class BaselineOptions
{
    /// <summary>Validates set and options and returns the moment space that they mean.</summary>
    public static MomentSpace Require(WeightedPoints set, CompressionOptions options)
    {
        MomentSpace space = Compressor.Validated(set, options);
        space.Metric.RequireUnmapped("a baseline");
        options.CancellationToken.ThrowIfCancellationRequested();
        // A baseline has nothing to choose a degree by: it takes the default one.
        return options.AutomaticDegree ? options.Space(set.Dimension) : space;
    }

    /// <summary>Indices of the objects with positive weight, ascending.</summary>
    public static int[] WithWeight(WeightedPoints set)
    {
        int[] all = [.. Enumerable.Range(0, set.Count)];
        return set.IsUniform ? all : [.. all.Where(i => set.WeightOf(i) > 0)];
    }
}
