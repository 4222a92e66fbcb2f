using ResearchKit.Tasks;

namespace ResearchKit.Scaling;

/// <summary>
/// The power law of mean losses over seeds, with a bootstrap that draws whole seeds: the fits of Fig. 5.
/// </summary>
/// <remarks>
/// A seed's losses at different sizes belong together (one teacher, one target), so they are drawn together;
/// <see cref="PowerLawFit.BootstrapExponent"/> draws every size by itself, for trials that share nothing.
/// </remarks>
public sealed record SeedPowerLaw
{
    private SeedPowerLaw(double[] means, PowerLawFit fit, double[] exponents, int seeds)
    {
        (Means, Fit, this.exponents, Seeds) = (means, fit, exponents, seeds);
        Interval = IntervalOf(exponents);
    }

    private readonly double[] exponents;

    /// <summary>Coverage of the intervals.</summary>
    public const double Confidence = 0.95;

    /// <summary>Arithmetic means over the seeds, one per size.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>The law of the means.</summary>
    public PowerLawFit Fit { get; }

    /// <summary>Number of seeds.</summary>
    public int Seeds { get; }

    /// <summary>The rate of decrease a in L ~ x^-a: minus the exponent of <see cref="Fit"/>.</summary>
    public double Rate => -Fit.Exponent;

    /// <summary>Percentile interval of <see cref="Rate"/> over the resampled seeds; no width with a single seed.</summary>
    public ConfidenceInterval Interval { get; }

    /// <summary>Fits the law.</summary>
    /// <param name="x">Positive finite sizes, three or more.</param>
    /// <param name="losses">For every seed its positive finite losses, one per size.</param>
    /// <param name="seed">Seed of the resampling; laws fitted with the same one over as many seeds draw the same seeds.</param>
    /// <param name="resamples">At least 100.</param>
    /// <exception cref="ArgumentException">No seed, or one that has not a loss for each size; what <see cref="PowerLawFit.Fit"/> refuses.</exception>
    public static SeedPowerLaw Of(ReadOnlySpan<double> x, IReadOnlyList<double[]> losses, int seed = 1, int resamples = 2000)
    {
        ArgumentNullException.ThrowIfNull(losses);
        if (losses.Count == 0) throw new ArgumentException("No seed was given; pass the losses of one or more.", nameof(losses));
        for (int s = 0; s < losses.Count; s++)
        {
            if (losses[s].Length != x.Length)
                throw new ArgumentException($"Seed {s} has {losses[s].Length} losses for {x.Length} sizes; pass one per size (leave out seeds that are not complete).", nameof(losses));
            int bad = Array.FindIndex(losses[s], v => !(v > 0) || double.IsInfinity(v));
            if (bad >= 0)
                throw new ArgumentException($"Seed {s} has the loss {losses[s][bad]} at size {x[bad]}; losses must be positive and finite (subtract no L0 that is above them).", nameof(losses));
        }
        if (resamples < 100)
            throw new ArgumentOutOfRangeException(nameof(resamples), resamples, "At least 100 resamples are needed for a percentile interval.");
        int[] drawn = [.. Enumerable.Range(0, losses.Count)];
        double[] means = Mean(losses, drawn);
        PowerLawFit fit = PowerLawFit.Fit(x, means);
        var logX = new double[x.Length];
        for (int i = 0; i < logX.Length; i++) logX[i] = Math.Log(x[i]);
        var random = new SeededRandom(seed);
        var exponents = new double[resamples];
        for (int r = 0; r < resamples; r++)
        {
            for (int s = 0; s < drawn.Length; s++) drawn[s] = random.NextInt(drawn.Length);
            exponents[r] = -LineFit.Of(logX, [.. Mean(losses, drawn).Select(v => Math.Log(v))]).Slope;
        }
        return new SeedPowerLaw(means, fit, exponents, losses.Count);
    }

    /// <summary>How many times steeper this law is than another of the same seeds, in every resample: b / a of a boosted and an original law.</summary>
    /// <param name="original">Fitted with the same number of seeds, in the same order, and the same resampling.</param>
    /// <returns>Percentile interval of the ratio of the rates.</returns>
    /// <exception cref="ArgumentException">Other numbers of seeds or resamples.</exception>
    public ConfidenceInterval RatioTo(SeedPowerLaw original)
    {
        ArgumentNullException.ThrowIfNull(original);
        if (original.Seeds != Seeds || original.exponents.Length != exponents.Length)
            throw new ArgumentException($"The laws have {Seeds} and {original.Seeds} seeds, {exponents.Length} and {original.exponents.Length} resamples; fit both to the same seeds with the same resampling.", nameof(original));
        return IntervalOf([.. exponents.Zip(original.exponents, (b, a) => b / a)]);
    }

    private static double[] Mean(IReadOnlyList<double[]> losses, int[] drawn)
    {
        var means = new double[losses[0].Length];
        for (int i = 0; i < means.Length; i++)
        {
            double sum = 0;
            foreach (int s in drawn) sum += losses[s][i];
            means[i] = sum / drawn.Length;
        }
        return means;
    }

    private static ConfidenceInterval IntervalOf(double[] values)
        => new(Statistics.Quantile(values, 0.5 - Confidence / 2), Statistics.Quantile(values, 0.5 + Confidence / 2), Confidence);
}
