using System.Diagnostics;

namespace ResearchKit.Tasks;

/// <summary>Errors and times of a compression method on the task of Fig. 2, over a grid of (m, k, d).</summary>
public static class ErrorScalingStudy
{
    /// <summary>The paper's budget: d' = max(d/10, N).</summary>
    public static int PaperBudget(int dimension, int degree, int count)
        => Math.Max(count / 10, (int)MomentSpace.CountOf(dimension, degree));

    /// <summary>Runs one cell of the grid.</summary>
    /// <param name="dimension">m.</param>
    /// <param name="degree">k.</param>
    /// <param name="count">d.</param>
    /// <param name="trials">Seeds seed, seed + 1, ...; each draws its own objects and directions.</param>
    /// <param name="seed">First seed.</param>
    /// <param name="compress">The method; <see cref="Compressor.Compress"/> when null.</param>
    /// <param name="cancellation">Cancels between trials and inside them.</param>
    /// <returns>Absolute errors |f' - f| and seconds, one per trial.</returns>
    public static ErrorScalingCell Run(int dimension, int degree, int count, int trials, int seed = 1,
        Func<WeightedPoints, CompressionOptions, CompressedSet>? compress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        compress ??= Compressor.Compress;
        int budget = PaperBudget(dimension, degree, count);
        var errors = new double[trials];
        var seconds = new double[trials];
        for (int t = 0; t < trials; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            RidgeSigmoidTask task = RidgeSigmoidTask.Generate(dimension, count, seed + t);
            var options = new CompressionOptions { Budget = budget, Degree = degree, Seed = seed + t, CancellationToken = cancellation };
            long start = Stopwatch.GetTimestamp();
            CompressedSet result = compress(task.Points, options);
            seconds[t] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            errors[t] = Math.Abs(task.Error(result));
        }
        return new ErrorScalingCell(dimension, degree, count, budget, errors, seconds);
    }
}

/// <summary>One cell of Fig. 2.</summary>
/// <param name="M">m.</param>
/// <param name="K">k.</param>
/// <param name="D">d.</param>
/// <param name="Budget">d'.</param>
/// <param name="Errors">|f' - f| per trial.</param>
/// <param name="Seconds">Seconds per trial.</param>
public sealed record ErrorScalingCell(int M, int K, int D, int Budget, double[] Errors, double[] Seconds)
{
    /// <summary>Geometric mean of the errors (exact zeros count as <see cref="Scaling.Statistics.GeometricClip"/>).</summary>
    public double GeometricMean => Scaling.Statistics.GeometricMean(Errors);

    /// <summary>Median seconds.</summary>
    public double MedianSeconds => Scaling.Statistics.Median(Seconds);
}
