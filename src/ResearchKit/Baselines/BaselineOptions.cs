namespace ResearchKit.Baselines;

/// <summary>The checks that every baseline makes of its input.</summary>
internal static class BaselineOptions
{
    /// <summary>Validates set and options and returns the moment space that they mean.</summary>
    public static MomentSpace Require(WeightedPoints set, CompressionOptions options)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        RequireBudget(options.Budget, nameof(options));
        RequireParallelism(options.MaxDegreeOfParallelism, nameof(options));
        options.CancellationToken.ThrowIfCancellationRequested();
        MomentSpace space = options.MomentSpace ?? MomentSpace.TotalDegree(set.Dimension, options.Degree);
        if (space.Dimension != set.Dimension)
            throw new ArgumentException($"The moment space has m = {space.Dimension} coordinates, the set has {set.Dimension}; build the space for the set's dimension.", nameof(options));
        return space;
    }

    public static void RequireBudget(int budget, string name)
    {
        if (budget < 1)
            throw new ArgumentOutOfRangeException(name, budget, "The budget d' must be at least 1.");
    }

    public static void RequireParallelism(int threads, string name)
    {
        if (threads is 0 or < -1)
            throw new ArgumentOutOfRangeException(name, threads, "MaxDegreeOfParallelism must be -1 (all processors) or at least 1.");
    }

    /// <summary>Indices of the objects with positive weight, ascending.</summary>
    public static int[] WithWeight(WeightedPoints set)
    {
        int[] all = [.. Enumerable.Range(0, set.Count)];
        return set.IsUniform ? all : [.. all.Where(i => set.WeightOf(i) > 0)];
    }
}
