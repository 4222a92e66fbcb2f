using ResearchKit.Scaling;

namespace ResearchKit.Training;

/// <summary>How far one learning curve is from another: |L'(t) - L(t)| / L(t) of the test losses, at every recorded epoch.</summary>
/// <param name="Values">One gap per recorded epoch, the start first.</param>
public sealed record RelativeGap(IReadOnlyList<double> Values)
{
    /// <summary>The median over training.</summary>
    public double Median => Statistics.Median([.. Values]);

    /// <summary>The largest over training.</summary>
    public double Largest => Values.Max();

    /// <summary>The gap of two trainings that were recorded at the same epochs.</summary>
    /// <param name="original">The curve L.</param>
    /// <param name="other">The curve L'.</param>
    public static RelativeGap Between(IReadOnlyList<TrainingPoint> original, IReadOnlyList<TrainingPoint> other)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(other);
        if (!original.Select(p => p.Epoch).SequenceEqual(other.Select(p => p.Epoch)))
            throw new ArgumentException($"The curves have {original.Count} and {other.Count} points and not the same epochs; record both with the same EvaluateEvery and Epochs.", nameof(other));
        return Between([.. original.Select(p => p.TestLoss)], [.. other.Select(p => p.TestLoss)]);
    }

    /// <summary>The gap of two curves of losses.</summary>
    /// <param name="original">Positive losses L.</param>
    /// <param name="other">As many nonnegative losses L'.</param>
    public static RelativeGap Between(ReadOnlySpan<double> original, ReadOnlySpan<double> other)
    {
        if (original.Length != other.Length || original.IsEmpty)
            throw new ArgumentException($"{original.Length} and {other.Length} losses were given; give two curves of the same, positive length.", nameof(other));
        var gaps = new double[original.Length];
        for (int i = 0; i < gaps.Length; i++)
        {
            if (!(original[i] > 0) || double.IsInfinity(original[i]))
                throw new ArgumentException($"Loss {i} of the original is {original[i]}; a relative gap needs positive, finite losses.", nameof(original));
            if (!(other[i] >= 0) || double.IsInfinity(other[i]))
                throw new ArgumentException($"Loss {i} of the other is {other[i]}; losses must be finite and nonnegative (a training that diverged has no gap).", nameof(other));
            gaps[i] = Math.Abs(other[i] - original[i]) / original[i];
        }
        return new RelativeGap(gaps);
    }
}
