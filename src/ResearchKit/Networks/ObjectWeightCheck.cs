using System.Numerics;

namespace ResearchKit.Networks;

/// <summary>What all models do with the weights c of their objects.</summary>
internal static class ObjectWeightCheck
{
    /// <summary>A checked copy of weights, or ones.</summary>
    public static double[] Copy(double[]? weights, int count, string what)
    {
        if (weights is null)
        {
            var ones = new double[count];
            Array.Fill(ones, 1.0);
            return ones;
        }
        if (weights.Length != count)
            throw new ArgumentException($"{weights.Length} weights were given for {count} objects; pass one per {what}, or null for 1 each.", nameof(weights));
        for (int j = 0; j < count; j++)
            if (!(weights[j] > 0) || double.IsInfinity(weights[j]))
                throw new ArgumentException($"The weight c of {what} {j} is {weights[j]}; weights must be positive and finite (leave out a {what} of weight 0).", nameof(weights));
        return [.. weights];
    }

    /// <summary>Divides values by weights, one by one.</summary>
    public static void Divide(Span<double> values, ReadOnlySpan<double> weights)
    {
        int j = 0, width = Vector<double>.Count;
        for (; j <= values.Length - width; j += width)
            (new Vector<double>(values[j..]) / new Vector<double>(weights[j..])).CopyTo(values[j..]);
        for (; j < values.Length; j++) values[j] /= weights[j];
    }

    /// <summary>The weights of one of a model's sets.</summary>
    public static double[] Set(double[][] weights, int set) => set >= 0 && set < weights.Length
        ? weights[set]
        : throw new ArgumentOutOfRangeException(nameof(set), set, $"The model has {weights.Length} set(s) of objects; the set must lie between 0 and {weights.Length - 1}.");
}
