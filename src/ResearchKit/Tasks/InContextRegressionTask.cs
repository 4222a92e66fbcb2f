using ResearchKit.Networks;

namespace ResearchKit.Tasks;

/// <summary>
/// The data of Fig. 7: in-context regression. A sequence shows 8 noisy pairs (x, f(x)) of a random piecewise-linear function
/// on [0, 1] and asks for f at a ninth point: 17 scalar tokens x1, y1, ..., x8, y8, x.
/// </summary>
/// <remarks>
/// <para>
/// f has 16 segments of equal length, f(0) ~ N(0, 0.5^2) and slopes ~ N(0, 1); every sequence has a function of its own.
/// All nine x are uniform on [0, 1]; y = f(x) + 0.3 N(0, 1).
/// </para>
/// <para>
/// The paper leaves open where the x lie, whether training targets carry the noise of the context, and whether the 5 steps of
/// batch 256 of its 50 epochs see one set of 1280 sequences again or new ones. Here the x are uniform and unsorted, training
/// targets carry noise of the same standard deviation (set it apart by the targetNoise parameter), test targets are clean, and
/// the count decides about the rest: train with BatchSize 256 and StepsPerEpoch 5, and 1280 sequences are one set that every
/// epoch sees again, while 50 * 1280 = 64000 are new ones in every epoch, none seen twice.
/// </para>
/// </remarks>
public sealed class InContextRegressionTask
{
    /// <summary>Segments of a function.</summary>
    public const int Segments = 16;

    /// <summary>Pairs (x, y) that a sequence shows.</summary>
    public const int ContextPairs = 8;

    /// <summary>Scalar tokens of a sequence: the pairs and the query.</summary>
    public const int Tokens = 2 * ContextPairs + 1;

    private const double StartDeviation = 0.5;

    private InContextRegressionTask(int count, int seed, double noise, double targetNoise)
    {
        (Seed, Noise, TargetNoise) = (seed, noise, targetNoise);
        Train = Draw(count, 1, targetNoise);
    }

    /// <summary>The training sequences, <see cref="Tokens"/> numbers each, with their targets.</summary>
    public Samples Train { get; }

    /// <summary>Standard deviation of the noise of the context's y.</summary>
    public double Noise { get; }

    /// <summary>Standard deviation of the noise of training targets.</summary>
    public double TargetNoise { get; }

    /// <summary>The seed of all data.</summary>
    public int Seed { get; }

    /// <summary>Draws training sequences.</summary>
    /// <param name="count">At least 1 (1280 for one epoch of the paper, 64000 for all 50).</param>
    /// <param name="seed">Seed of everything.</param>
    /// <param name="noise">Standard deviation of the context's noise, nonnegative (the paper: 0.3).</param>
    /// <param name="targetNoise">Standard deviation of the training targets' noise, nonnegative; null for <paramref name="noise"/>.</param>
    public static InContextRegressionTask Generate(int count, int seed, double noise = 0.3, double? targetNoise = null)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of training sequences must be at least 1.");
        RequireNoise(noise, nameof(noise));
        RequireNoise(targetNoise ?? noise, nameof(targetNoise));
        return new InContextRegressionTask(count, seed, noise, targetNoise ?? noise);
    }

    /// <summary>The continuous function with a value at 0 and slopes on segments of equal length.</summary>
    /// <param name="start">f(0).</param>
    /// <param name="slopes">One slope per segment, from 0 to 1.</param>
    /// <param name="x">In [0, 1].</param>
    public static double Function(double start, ReadOnlySpan<double> slopes, double x)
    {
        if (slopes.IsEmpty)
            throw new ArgumentException("No slopes were given; give one per segment.", nameof(slopes));
        if (x is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(x), x, "The function is defined on [0, 1].");
        double length = 1.0 / slopes.Length, y = start;
        int segment = Math.Min((int)(x * slopes.Length), slopes.Length - 1);
        for (int s = 0; s < segment; s++) y += slopes[s] * length;
        return y + slopes[segment] * (x - segment * length);
    }

    /// <summary>Test sequences of their own, with noisy contexts and clean targets.</summary>
    /// <param name="count">At least 1.</param>
    public Samples Test(int count)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of test sequences must be at least 1.");
        return Draw(count, 2, 0);
    }

    private Samples Draw(int count, int stream, double targetNoise)
    {
        var random = new SeededRandom(Seed, stream);
        var inputs = new double[checked(Tokens * count)];
        var targets = new double[count];
        Span<double> slopes = stackalloc double[Segments];
        for (int i = 0; i < count; i++)
        {
            Span<double> tokens = inputs.AsSpan(i * Tokens, Tokens);
            double start = StartDeviation * random.NextNormal();
            random.FillNormal(slopes);
            for (int pair = 0; pair < ContextPairs; pair++)
            {
                double x = tokens[2 * pair] = random.NextDouble();
                tokens[2 * pair + 1] = Function(start, slopes, x) + Noise * random.NextNormal();
            }
            double query = tokens[^1] = random.NextDouble();
            targets[i] = Function(start, slopes, query) + targetNoise * random.NextNormal();
        }
        return new Samples(inputs, targets, Tokens);
    }

    private static void RequireNoise(double noise, string name)
    {
        if (!(noise >= 0) || double.IsInfinity(noise))
            throw new ArgumentOutOfRangeException(name, noise, "The noise's standard deviation must be finite and nonnegative; 0 gives clean values.");
    }
}
