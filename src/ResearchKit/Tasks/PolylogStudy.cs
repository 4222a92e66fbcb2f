using System.Diagnostics;

namespace ResearchKit.Tasks;

/// <summary>Fig. 8: the error at a budget of d' ~ log^m d on the task <see cref="RationalTask"/>, the degree as good as it gets.</summary>
public static class PolylogStudy
{
    /// <summary>Degrees in a row without a smaller error after which the error is said to fall no longer.</summary>
    public const int DefaultPatience = 3;

    /// <summary>An error below this is round-off: raising k further would only draw lots.</summary>
    public const double RoundOff = 1e-15;

    /// <summary>The budget: floor(120 ln d) at m = 1 and floor(20 ln^2 d) at m = 2 as in the paper; our floor(2 ln^3 d) at m = 3.</summary>
    /// <param name="dimension">m, 1 to 3.</param>
    /// <param name="count">d, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another m, or d below 2.</exception>
    public static int Budget(int dimension, int count)
    {
        if (dimension is < 1 or > 3)
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "The study has budgets for m = 1, 2 (the paper's) and 3 (ours).");
        if (count < 2)
            throw new ArgumentOutOfRangeException(nameof(count), count, "d must be at least 2, or its logarithm gives no budget.");
        double constant = dimension switch { 1 => 120, 2 => 20, _ => 2 };
        return (int)(constant * Math.Pow(Math.Log(count), dimension));
    }

    /// <summary>
    /// Runs one point of the figure: in each trial k = 1, 2, ... is raised until the error stops falling, is round-off, or
    /// N exceeds d', and the smallest error counts.
    /// </summary>
    /// <remarks>
    /// The choice looks at the error itself, as the paper's does, and the error of one function passes zero now and then:
    /// single trials are lucky, medians less so.
    /// </remarks>
    /// <param name="dimension">m, 1 to 3.</param>
    /// <param name="count">d.</param>
    /// <param name="trials">Seeds seed, seed + 1, ...; each draws its own objects and directions.</param>
    /// <param name="seed">First seed.</param>
    /// <param name="patience">Degrees in a row without a smaller error, at least 1.</param>
    /// <param name="cancellation">Cancels between compressions and inside them.</param>
    public static PolylogPoint Run(int dimension, int count, int trials, int seed = 1, int patience = DefaultPatience, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        int budget = Budget(dimension, count);
        var errors = new double[trials];
        var degrees = new int[trials];
        long start = Stopwatch.GetTimestamp();
        for (int t = 0; t < trials; t++)
        {
            RationalTask task = RationalTask.Generate(dimension, count, seed + t);
            errors[t] = double.PositiveInfinity;
            for (int k = 1; MomentSpace.CountOf(dimension, k) <= budget && k - degrees[t] <= patience && errors[t] >= RoundOff; k++)
            {
                var options = new CompressionOptions { Budget = budget, Degree = k, CancellationToken = cancellation };
                double error = Math.Abs(task.Error(Compressor.Compress(task.Points, options)));
                if (error < errors[t]) (errors[t], degrees[t]) = (error, k);
            }
        }
        return new PolylogPoint(dimension, count, budget, degrees, errors, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}

/// <summary>One point of Fig. 8.</summary>
/// <param name="M">m.</param>
/// <param name="D">d.</param>
/// <param name="Budget">d'.</param>
/// <param name="Degrees">The best k per trial.</param>
/// <param name="Errors">The smallest |f' - f| per trial.</param>
/// <param name="Seconds">Seconds of all trials and degrees together.</param>
public sealed record PolylogPoint(int M, int D, int Budget, int[] Degrees, double[] Errors, double Seconds)
{
    /// <summary>Median error, as the authors report.</summary>
    public double Median => Scaling.Statistics.Median(Errors);
}
