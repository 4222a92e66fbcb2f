namespace ResearchKit.Tasks;

/// <summary>
/// T7: at a given budget d' which degree k is best, and what error is left? Errors are relative, over several sets of
/// objects and several functions f of <see cref="RationalTask"/>.
/// </summary>
/// <remarks>
/// Each f is the mean over ten x: its error is that of the hardest of them. Errors of single x would mix easy functions
/// (x near 0), already at round-off, with hard ones, and a mixture of exponentials is none.
/// </remarks>
public static class OptimalDegreeStudy
{
    /// <summary>The functions are drawn apart from the objects of any seed a study would use.</summary>
    private const int FunctionSeeds = 1 << 20;

    /// <summary>Errors for every degree from 1 to the largest one asked for whose N moments the budget holds.</summary>
    /// <param name="dimension">m, at least 1.</param>
    /// <param name="count">d, the objects of each set.</param>
    /// <param name="budget">d', at least m + 1.</param>
    /// <param name="sets">Sets of objects: seeds seed, seed + 1, ...</param>
    /// <param name="functions">Functions, the same for all sets.</param>
    /// <param name="seed">First seed.</param>
    /// <param name="offset">A; m + 0.05 when null.</param>
    /// <param name="degrees">The degrees to try; all when null. Those that do not fit the budget are left out.</param>
    /// <param name="cancellation">Cancels between compressions and inside them.</param>
    /// <exception cref="ArgumentOutOfRangeException">A budget that holds not even degree 1; no set, no function.</exception>
    public static OptimalDegreePoint Run(int dimension, int count, int budget, int sets, int functions, int seed = 1, double? offset = null,
        IEnumerable<int>? degrees = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(functions, 1);
        if (budget < MomentSpace.CountOf(dimension, 1))
            throw new ArgumentOutOfRangeException(nameof(budget), budget, $"The budget d' must hold the {dimension + 1} moments of degree 1.");
        int[] fitting = [.. (degrees ?? Enumerable.Range(1, byte.MaxValue)).Where(k => k >= 1 && k <= byte.MaxValue)
            .TakeWhile(k => MomentSpace.CountOf(dimension, k) <= budget)];
        if (fitting.Length == 0)
            throw new ArgumentException($"None of the degrees fits the budget d' = {budget}; name smaller ones.", nameof(degrees));
        // Tasks of one object each: only their directions are used.
        RationalTask[] tasks = [.. Enumerable.Range(0, functions)
            .Select(a => RationalTask.Generate(dimension, 1, FunctionSeeds + a, offset))];
        var errors = new double[fitting.Length][];
        for (int i = 0; i < errors.Length; i++) errors[i] = new double[sets * functions];
        for (int s = 0; s < sets; s++)
        {
            WeightedPoints points = RationalTask.Generate(dimension, count, seed + s).Points;
            double[] values = [.. tasks.Select(t => t.Evaluate(points) / points.Mass)];
            for (int i = 0; i < fitting.Length; i++)
            {
                var options = new CompressionOptions { Budget = budget, Degree = fitting[i], CancellationToken = cancellation };
                WeightedPoints compressed = Compressor.Compress(points, options).Points(points);
                for (int a = 0; a < functions; a++)
                    errors[i][s * functions + a] = Math.Abs(tasks[a].Error(points, compressed) / values[a]);
            }
        }
        return new OptimalDegreePoint(dimension, count, budget, fitting, errors);
    }
}

/// <summary>The errors of all degrees at one budget.</summary>
/// <param name="M">m.</param>
/// <param name="D">d.</param>
/// <param name="Budget">d'.</param>
/// <param name="Degrees">The degrees k tried, ascending.</param>
/// <param name="Errors">For each of them the relative errors of every set and function.</param>
public sealed record OptimalDegreePoint(int M, int D, int Budget, int[] Degrees, double[][] Errors)
{
    /// <summary>For each degree the geometric mean of its errors.</summary>
    public double[] Means { get; } = [.. Errors.Select(e => Scaling.Statistics.GeometricMean(e))];

    /// <summary>The geometric mean of the best degree's errors.</summary>
    public double BestError => Means.Min();

    /// <summary>The smallest degree whose error is within a factor 2 of the best: beyond it, more degrees bring next to nothing.</summary>
    public int BestDegree => Degrees[Array.FindIndex(Means, e => e <= 2 * BestError)];

    /// <summary>d'^(1/m), over which theory has straight lines.</summary>
    public double Root => Math.Pow(Budget, 1.0 / M);
}
