namespace ResearchKit.Scaling;

/// <summary>
/// y = A exp(-c x^p) by least squares of log y on x^p, with Student-t intervals: the law of T7 and T8, where x = d' and
/// p = 1/m. Over x^p the points lie on a straight line.
/// </summary>
/// <remarks>
/// The power is given by theory (<see cref="Fit"/>) or fitted too (<see cref="FitWithPower"/>). As in
/// <see cref="PowerLawFit"/>, points at round-off are no evidence: below a named floor they are left out and counted.
/// </remarks>
public sealed record StretchedExponentialFit
{
    private const string Law = "a stretched exponential";

    /// <summary>Powers between which <see cref="FitWithPower"/> looks; towards 0 the law becomes a power law.</summary>
    private const double LeastPower = 0.02, MostPower = 5;

    private StretchedExponentialFit() { }

    /// <summary>c, per unit of x^p; positive where y falls.</summary>
    public double Rate { get; private init; }

    /// <summary>A.</summary>
    public double Prefactor { get; private init; }

    /// <summary>p.</summary>
    public double Power { get; private init; }

    /// <summary>Standard error of c, at this power.</summary>
    public double RateStandardError { get; private init; }

    /// <summary>Student-t interval of c, at this power.</summary>
    public ConfidenceInterval RateInterval { get; private init; }

    /// <summary>Student-t interval of A (of ln A, exponentiated: not symmetric), at this power.</summary>
    public ConfidenceInterval PrefactorInterval { get; private init; }

    /// <summary>The interval of p; null where p was given.</summary>
    public ConfidenceInterval? PowerInterval { get; private init; }

    /// <summary>The explained part of the variance of ln y; 1 when y does not vary and is met exactly.</summary>
    public double RSquared { get; private init; }

    /// <summary>log10 of the largest over the smallest y used: the range over which the law was seen.</summary>
    public double Decades { get; private init; }

    /// <summary>Points used.</summary>
    public int Used { get; private init; }

    /// <summary>Points left out because they were below <see cref="Floor"/>.</summary>
    public int Excluded { get; private init; }

    /// <summary>The floor below which points were left out; 0 when there was none.</summary>
    public double Floor { get; private init; }

    /// <summary>A exp(-c x^p) at x &gt;= 0.</summary>
    public double Predict(double x)
    {
        if (!(x >= 0))
            throw new ArgumentOutOfRangeException(nameof(x), x, "A stretched exponential is defined for x >= 0 alone.");
        return Prefactor * Math.Exp(-Rate * Math.Pow(x, Power));
    }

    /// <summary>Fits A and c at a given power.</summary>
    /// <param name="x">Positive finite sizes, at least two of them different.</param>
    /// <param name="y">As many positive finite values; zeros are allowed only below a positive floor.</param>
    /// <param name="power">p, positive: 1/m in T7.</param>
    /// <param name="floor">Points with y below it are left out; 0 keeps all.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1.</param>
    /// <exception cref="ArgumentException">Fewer than 3 points at or above the floor, a value that is not positive, equal x.</exception>
    public static StretchedExponentialFit Fit(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double power, double floor = 0, double confidence = 0.95)
    {
        if (!(power > 0) || double.IsInfinity(power))
            throw new ArgumentOutOfRangeException(nameof(power), power, "The power p must be positive and finite; T7 has 1/m.");
        FitPoints.RequireConfidence(confidence);
        bool[] used = FitPoints.Usable(Law, x, y, floor);
        (double[] kept, double[] logs) = Kept(x, y, used);
        return Of(kept, logs, power, confidence) with { Excluded = x.Length - kept.Length, Floor = floor };
    }

    /// <summary>Fits A, c and p together.</summary>
    /// <remarks>
    /// p minimises the sum of squared residuals between 0.02 and 5. Its interval holds the powers whose sum stays below
    /// (1 + t^2 / (n - 3)) times the least, t being Student's with n - 3 degrees of freedom (a profile likelihood); it ends
    /// at those limits where the points do not.
    /// </remarks>
    /// <param name="x">Positive finite sizes, at least three of them different.</param>
    /// <param name="y">As many positive finite values; zeros are allowed only below a positive floor.</param>
    /// <param name="floor">Points with y below it are left out; 0 keeps all.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1.</param>
    /// <exception cref="ArgumentException">Fewer than 4 points at or above the floor, a value that is not positive, equal x.</exception>
    public static StretchedExponentialFit FitWithPower(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double floor = 0, double confidence = 0.95)
    {
        FitPoints.RequireConfidence(confidence);
        bool[] used = FitPoints.Usable(Law + " of unknown power", x, y, floor, least: 4);
        (double[] kept, double[] logs) = Kept(x, y, used);
        if (kept.Distinct().Count() < 3)
            throw new ArgumentException($"The usable points have {kept.Distinct().Count()} different x; a power needs at least 3.", nameof(x));
        double Residual(double logPower) => Line(kept, logs, Math.Exp(logPower)).Residual;
        double low = Math.Log(LeastPower), high = Math.Log(MostPower);
        double best = Minimum(Residual, low, high);
        double t = LineFit.StudentT(confidence, kept.Length - 3);
        // Round-off keeps the limit of an exact law from being zero.
        double limit = Residual(best) * (1 + t * t / (kept.Length - 3)) + 1e-26 * logs.Sum(l => l * l);
        var interval = new ConfidenceInterval(Math.Exp(End(Residual, best, low, limit)), Math.Exp(End(Residual, best, high, limit)), confidence);
        return Of(kept, logs, Math.Exp(best), confidence) with { Excluded = x.Length - kept.Length, Floor = floor, PowerInterval = interval };
    }

    private static StretchedExponentialFit Of(double[] x, double[] logs, double power, double confidence)
    {
        LineFit line = Line(x, logs, power);
        ConfidenceInterval slope = line.SlopeInterval(confidence, x.Length);
        return new StretchedExponentialFit
        {
            Rate = -line.Slope,
            Prefactor = Math.Exp(line.Intercept),
            Power = power,
            RateStandardError = line.SlopeError,
            RateInterval = new(-slope.High, -slope.Low, confidence),
            PrefactorInterval = line.PrefactorInterval(confidence, x.Length),
            RSquared = line.RSquared,
            Decades = (logs.Max() - logs.Min()) / Math.Log(10),
            Used = x.Length,
        };
    }

    private static LineFit Line(double[] x, double[] logs, double power) => LineFit.Of([.. x.Select(v => Math.Pow(v, power))], logs);

    private static (double[] X, double[] Logs) Kept(ReadOnlySpan<double> x, ReadOnlySpan<double> y, bool[] used)
    {
        var kept = new List<double>();
        var logs = new List<double>();
        for (int i = 0; i < used.Length; i++)
        {
            if (!used[i]) continue;
            kept.Add(x[i]);
            logs.Add(Math.Log(y[i]));
        }
        return ([.. kept], [.. logs]);
    }

    /// <summary>The least of a grid, refined by golden sections: the sum may have several dips.</summary>
    private static double Minimum(Func<double, double> f, double low, double high)
    {
        const int steps = 100;
        double width = (high - low) / steps;
        int at = Enumerable.Range(0, steps + 1).MinBy(i => f(low + i * width));
        double a = Math.Max(low, low + (at - 1) * width), b = Math.Min(high, low + (at + 1) * width), golden = (Math.Sqrt(5) - 1) / 2;
        while (b - a > 1e-10)
        {
            double left = b - golden * (b - a), right = a + golden * (b - a);
            if (f(left) <= f(right)) b = right;
            else a = left;
        }
        return (a + b) / 2;
    }

    /// <summary>The end of the interval on one side: the first crossing of the limit, or the end of the range.</summary>
    private static double End(Func<double, double> f, double best, double range, double limit)
    {
        const int steps = 100;
        double inside = best;
        for (int i = 1; i <= steps; i++)
        {
            double outside = best + (range - best) * i / steps;
            if (f(outside) <= limit)
            {
                inside = outside;
                continue;
            }
            for (int halving = 0; halving < 40; halving++)
            {
                double middle = (inside + outside) / 2;
                if (f(middle) <= limit) inside = middle;
                else outside = middle;
            }
            return inside;
        }
        return range;
    }
}
