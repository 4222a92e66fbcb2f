using MathNet.Numerics.LinearRegression;

namespace ResearchKit.Scaling;

/// <summary>
/// y = A x^p by least squares of log y on log x, with Student-t intervals: the exponents of Figs. 2 and 5.
/// </summary>
/// <remarks>
/// An error that falls gives a negative p; the paper's exponents are -p. Points at round-off are no evidence of a power
/// law and flatten it: name a floor (1e-13, say) and they are left out and counted, never dropped silently. The
/// intervals assume independent log-normal scatter of equal width; where there are trials, prefer <see cref="BootstrapExponent"/>.
/// </remarks>
public sealed record PowerLawFit
{
    private const string Law = "a power law";

    private PowerLawFit() { }

    /// <summary>p.</summary>
    public double Exponent { get; private init; }

    /// <summary>A.</summary>
    public double Prefactor { get; private init; }

    /// <summary>Standard error of p; 0 for an exact law.</summary>
    public double ExponentStandardError { get; private init; }

    /// <summary>Standard error of ln A.</summary>
    public double LogPrefactorStandardError { get; private init; }

    /// <summary>Student-t interval of p, with n - 2 degrees of freedom.</summary>
    public ConfidenceInterval ExponentInterval { get; private init; }

    /// <summary>Student-t interval of A (of ln A, exponentiated: not symmetric).</summary>
    public ConfidenceInterval PrefactorInterval { get; private init; }

    /// <summary>The explained part of the variance of ln y; 1 when y does not vary and is met exactly.</summary>
    public double RSquared { get; private init; }

    /// <summary>Points used.</summary>
    public int Used { get; private init; }

    /// <summary>Points left out because they were below <see cref="Floor"/>.</summary>
    public int Excluded { get; private init; }

    /// <summary>The floor below which points were left out; 0 when there was none.</summary>
    public double Floor { get; private init; }

    /// <summary>A x^p at x &gt; 0.</summary>
    public double Predict(double x)
    {
        if (!(x > 0))
            throw new ArgumentOutOfRangeException(nameof(x), x, "A power law is defined for positive x alone.");
        return Prefactor * Math.Pow(x, Exponent);
    }

    /// <summary>Fits a power law.</summary>
    /// <param name="x">Positive finite sizes, at least two of them different.</param>
    /// <param name="y">As many positive finite values; zeros are allowed only below a positive floor.</param>
    /// <param name="floor">Points with y below it are left out; 0 keeps all.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1.</param>
    /// <exception cref="ArgumentException">Fewer than 3 points at or above the floor, a value that is not positive, equal x.</exception>
    public static PowerLawFit Fit(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double floor = 0, double confidence = 0.95)
    {
        FitPoints.RequireConfidence(confidence);
        bool[] used = FitPoints.Usable(Law, x, y, floor);
        int n = used.Count(u => u);
        var logX = new double[n];
        var logY = new double[n];
        for (int i = 0, next = 0; i < used.Length; i++)
            if (used[i]) (logX[next], logY[next++]) = (Math.Log(x[i]), Math.Log(y[i]));
        LineFit line = LineFit.Of(logX, logY);
        return new PowerLawFit
        {
            Exponent = line.Slope,
            Prefactor = Math.Exp(line.Intercept),
            ExponentStandardError = line.SlopeError,
            LogPrefactorStandardError = line.InterceptError,
            ExponentInterval = line.SlopeInterval(confidence, n),
            PrefactorInterval = line.PrefactorInterval(confidence, n),
            RSquared = line.RSquared,
            Used = n,
            Excluded = used.Length - n,
            Floor = floor,
        };
    }

    /// <summary>
    /// Percentile bootstrap of the exponent over trials: at every x the trials are drawn anew with replacement, their
    /// geometric mean (see <see cref="Statistics.GeometricMean"/>) is taken, and the law is fitted again.
    /// </summary>
    /// <param name="x">Positive finite sizes.</param>
    /// <param name="trials">For every x the values of its trials; at least one each, two or more for a width.</param>
    /// <param name="seed">Seed of the resampling.</param>
    /// <param name="floor">Which x are used is decided once, by the geometric means of the trials as given.</param>
    /// <param name="confidence">Coverage of the interval, strictly between 0 and 1.</param>
    /// <param name="resamples">At least 100.</param>
    public static ConfidenceInterval BootstrapExponent(ReadOnlySpan<double> x, IReadOnlyList<double[]> trials, int seed, double floor = 0, double confidence = 0.95, int resamples = 2000)
    {
        ArgumentNullException.ThrowIfNull(trials);
        FitPoints.RequireConfidence(confidence);
        if (resamples < 100)
            throw new ArgumentOutOfRangeException(nameof(resamples), resamples, "At least 100 resamples are needed for a percentile interval.");
        if (trials.Count != x.Length)
            throw new ArgumentException($"{trials.Count} lists of trials were given for {x.Length} sizes; pass one list per size.", nameof(trials));
        var means = new double[x.Length];
        for (int i = 0; i < means.Length; i++) means[i] = Statistics.GeometricMean(trials[i]);
        bool[] used = FitPoints.Usable(Law, x, means, floor);
        int[] kept = [.. Enumerable.Range(0, used.Length).Where(i => used[i])];
        double[] logX = new double[kept.Length], logY = new double[kept.Length];
        for (int i = 0; i < kept.Length; i++) logX[i] = Math.Log(x[kept[i]]);
        double[][] logs = [.. kept.Select(i => trials[i].Select(v => Math.Log(Math.Max(Statistics.GeometricClip, Math.Abs(v)))).ToArray())];
        var random = new Tasks.SeededRandom(seed);
        var exponents = new double[resamples];
        for (int r = 0; r < resamples; r++)
        {
            for (int i = 0; i < logs.Length; i++)
            {
                double sum = 0;
                for (int t = 0; t < logs[i].Length; t++) sum += logs[i][random.NextInt(logs[i].Length)];
                logY[i] = sum / logs[i].Length;
            }
            exponents[r] = SimpleRegression.Fit(logX, logY).B;
        }
        return new(Statistics.Quantile(exponents, 0.5 - confidence / 2), Statistics.Quantile(exponents, 0.5 + confidence / 2), confidence);
    }
}
