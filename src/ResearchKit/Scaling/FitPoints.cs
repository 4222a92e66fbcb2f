namespace ResearchKit.Scaling;

/// <summary>The checks that every fit of a positive quantity makes of its points.</summary>
internal static class FitPoints
{
    /// <summary>Throws unless the confidence lies strictly between 0 and 1.</summary>
    public static void RequireConfidence(double confidence)
    {
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence must lie strictly between 0 and 1, e.g. 0.95.");
    }

    /// <summary>Which points are at or above the floor, after all have been checked.</summary>
    /// <param name="law">The law's name with its article, for messages: "a power law".</param>
    /// <param name="x">Positive finite sizes.</param>
    /// <param name="y">As many positive finite values; zeros are allowed only below a positive floor.</param>
    /// <param name="floor">Points with y below it are not usable; 0 keeps all.</param>
    /// <param name="least">Usable points needed.</param>
    /// <exception cref="ArgumentException">Too few usable points, a value that is not positive, equal x.</exception>
    public static bool[] Usable(string law, ReadOnlySpan<double> x, ReadOnlySpan<double> y, double floor, int least = 3)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"{x.Length} values of x and {y.Length} of y were given; pass one y per x.", nameof(y));
        if (!(floor >= 0) || double.IsInfinity(floor))
            throw new ArgumentOutOfRangeException(nameof(floor), floor, "The floor must be finite and nonnegative; 1e-13 suits errors in double precision.");
        var used = new bool[x.Length];
        int count = 0;
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int i = 0; i < x.Length; i++)
        {
            if (!(x[i] > 0) || double.IsInfinity(x[i]))
                throw new ArgumentException($"x[{i}] is {x[i]}; {law} needs positive finite x.", nameof(x));
            if (!double.IsFinite(y[i]) || y[i] < 0 || (y[i] == 0 && floor == 0))
                throw new ArgumentException($"y[{i}] is {y[i]}; {law} needs positive finite y (take absolute errors, and a floor that leaves out zeros).", nameof(y));
            used[i] = y[i] >= floor;
            if (!used[i]) continue;
            count++;
            low = Math.Min(low, x[i]);
            high = Math.Max(high, x[i]);
        }
        if (count < least)
            throw new ArgumentException($"{count} of {x.Length} points are at or above the floor {floor}; at least {least} are needed for {law} with an error (add sizes, or lower the floor).", nameof(y));
        if (!(high > low))
            throw new ArgumentException($"All {count} usable points have x = {low}; at least two different x are needed.", nameof(x));
        return used;
    }
}
