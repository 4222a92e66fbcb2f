namespace ResearchKit.Networks;

/// <summary>What every model asks of the weights c of its objects.</summary>
internal static class ObjectWeightCheck
{
    /// <summary>A copy of the weights, or ones for null.</summary>
    /// <param name="weights">One weight per object, or null.</param>
    /// <param name="count">The number of objects.</param>
    /// <param name="objects">What they are, in the plural, e.g. "neurons of layer 0".</param>
    /// <exception cref="ArgumentException">Another number of weights, or one that is not positive and finite.</exception>
    public static double[] Copy(double[]? weights, int count, string objects)
    {
        var copy = new double[count];
        if (weights is null)
        {
            copy.AsSpan().Fill(1);
            return copy;
        }
        if (weights.Length != count)
            throw new ArgumentException($"{weights.Length} weights were given for {count} {objects}; pass one each, or null for 1 each.", nameof(weights));
        for (int i = 0; i < count; i++)
        {
            if (!(weights[i] > 0) || double.IsInfinity(weights[i]))
                throw new ArgumentException($"Weight {i} of the {objects} is {weights[i]}; weights must be positive and finite: leave out objects of weight 0.", nameof(weights));
        }
        weights.CopyTo(copy, 0);
        return copy;
    }

    /// <summary>The weights of one of a model's sets.</summary>
    public static double[] Set(double[][] weights, int set) => set >= 0 && set < weights.Length
        ? weights[set]
        : throw new ArgumentOutOfRangeException(nameof(set), set, $"The model has {weights.Length} set(s) of objects; the set must lie between 0 and {weights.Length - 1}.");
}
