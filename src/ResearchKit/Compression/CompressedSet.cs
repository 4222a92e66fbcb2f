namespace ResearchKit;

/// <summary>d' objects of the original with new weights: the compressed form of a permutation-invariant set.</summary>
public sealed class CompressedSet
{
    private readonly int[] indices;
    private readonly double[] weights;

    internal CompressedSet(int[] indices, double[] weights, Certificate certificate)
    {
        this.indices = indices;
        this.weights = weights;
        Certificate = certificate;
    }

    /// <summary>d', the number of objects kept.</summary>
    public int Count => indices.Length;

    /// <summary>Indices into the original set, ascending and without repeats.</summary>
    public ReadOnlySpan<int> Indices => indices;

    /// <summary>The positive weight of each kept object; they sum to the original mass.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>What was kept, as measured.</summary>
    public Certificate Certificate { get; }

    /// <summary>The kept objects with their new weights as a point set of its own.</summary>
    /// <param name="original">The set that was compressed.</param>
    public WeightedPoints Points(WeightedPoints original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return new WeightedPoints(Gather(original.Coordinates, original.Dimension), original.Dimension, [.. weights]);
    }

    /// <summary>Applies the selection to any array that runs along the objects: labels, optimiser state, names.</summary>
    /// <param name="perObject">d rows of <paramref name="width"/> values, row-major.</param>
    /// <param name="width">Values per object.</param>
    public T[] Gather<T>(ReadOnlySpan<T> perObject, int width = 1)
    {
        if (width < 1)
            throw new ArgumentOutOfRangeException(nameof(width), width, "The width must be at least 1.");
        if (perObject.Length != (long)Certificate.OriginalCount * width)
            throw new ArgumentException($"{perObject.Length} values were given; d x width = {Certificate.OriginalCount} x {width} are needed.", nameof(perObject));
        var result = new T[indices.Length * width];
        for (int i = 0; i < indices.Length; i++)
            perObject.Slice(indices[i] * width, width).CopyTo(result.AsSpan(i * width));
        return result;
    }

    /// <summary>The same selection with a certificate that says more.</summary>
    internal CompressedSet With(Certificate certificate) => new(indices, weights, certificate);
}
