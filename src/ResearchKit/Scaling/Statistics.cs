namespace ResearchKit.Scaling;

/// <summary>Small-sample summaries that figures of errors need.</summary>
public static class Statistics
{
    /// <summary>Errors below this count as this in geometric means: a tenth of a unit in the last place of 1, below any honest error.</summary>
    public const double GeometricClip = 1e-17;

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    /// <param name="values">At least one finite value; not changed.</param>
    public static double Median(ReadOnlySpan<double> values) => Quantile(values, 0.5);

    /// <summary>The p-quantile with linear interpolation between order statistics (Hyndman and Fan's type 7, as in NumPy and R).</summary>
    /// <param name="values">At least one finite value; not changed.</param>
    /// <param name="probability">p, 0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> values, double probability)
    {
        Require(values);
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability must lie between 0 and 1.");
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        double position = probability * (sorted.Length - 1);
        int below = (int)position;
        double part = position - below;
        return part == 0 ? sorted[below] : sorted[below] + part * (sorted[below + 1] - sorted[below]);
    }

    /// <summary>The arithmetic mean.</summary>
    /// <param name="values">At least one finite value.</param>
    public static double Mean(ReadOnlySpan<double> values)
    {
        Require(values);
        return CompensatedSum.Of(values) / values.Length;
    }

    /// <summary>The sample standard deviation (n - 1 in the denominator); 0 for a single value.</summary>
    /// <param name="values">At least one finite value.</param>
    public static double StandardDeviation(ReadOnlySpan<double> values)
    {
        double mean = Mean(values);
        var squares = new CompensatedSum();
        foreach (double v in values) squares.Add((v - mean) * (v - mean));
        return values.Length == 1 ? 0 : Math.Sqrt(squares.Total / (values.Length - 1));
    }

    /// <summary>
    /// The geometric mean of absolute values, each raised to at least <paramref name="clip"/>, so that one error that
    /// happens to be exactly zero does not make the mean zero.
    /// </summary>
    /// <param name="values">At least one finite value, of any sign.</param>
    /// <param name="clip">Positive; <see cref="GeometricClip"/> when not given.</param>
    public static double GeometricMean(ReadOnlySpan<double> values, double clip = GeometricClip)
    {
        Require(values);
        if (!(clip > 0) || double.IsInfinity(clip))
            throw new ArgumentOutOfRangeException(nameof(clip), clip, "The clip must be positive and finite; 1e-17 is the default.");
        var logs = new CompensatedSum();
        foreach (double v in values) logs.Add(Math.Log(Math.Max(clip, Math.Abs(v))));
        return Math.Exp(logs.Total / values.Length);
    }

    private static void Require(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("No values were given; at least one is needed.", nameof(values));
        int bad = NonFinite.IndexOf(values);
        if (bad >= 0)
            throw new ArgumentException($"Value {bad} is {values[bad]}; all values must be finite (drop failed trials first, and say how many).", nameof(values));
    }
}
