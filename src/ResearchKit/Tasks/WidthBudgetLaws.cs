using ResearchKit.Scaling;

namespace ResearchKit.Tasks;

/// <summary>
/// Three laws of the least width d' against d, fitted to the same points by least squares of ln d': a power of d, a power of
/// ln d (polylog, the paper's claim) and a constant.
/// </summary>
/// <remarks>
/// Over two decades of d a power d^s and a power (ln d)^b with b = s ln d look alike: what tells them apart is the intervals
/// and how far the criteria differ. A difference of <see cref="PowerAic"/> and the others below 2 is no preference, above 10 a
/// clear one.
/// </remarks>
public sealed record WidthBudgetLaws
{
    private WidthBudgetLaws() { }

    /// <summary>d' = A d^s.</summary>
    public PowerLawFit Power { get; private init; } = null!;

    /// <summary>d' = A (ln d)^b.</summary>
    public PowerLawFit Polylog { get; private init; } = null!;

    /// <summary>d' = A: the geometric mean.</summary>
    public double Constant { get; private init; }

    /// <summary>Student-t interval of <see cref="Constant"/> (of its logarithm, exponentiated: not symmetric).</summary>
    public ConfidenceInterval ConstantInterval { get; private init; }

    /// <summary>Root mean square of ln d' minus the power law.</summary>
    public double PowerResidual { get; private init; }

    /// <summary>Root mean square of ln d' minus the polylog.</summary>
    public double PolylogResidual { get; private init; }

    /// <summary>Root mean square of ln d' minus the constant.</summary>
    public double ConstantResidual { get; private init; }

    /// <summary>Akaike's criterion of the power law, corrected for few points; smaller is better, negative infinity for an exact fit.</summary>
    public double PowerAic { get; private init; }

    /// <summary>The same of the polylog.</summary>
    public double PolylogAic { get; private init; }

    /// <summary>The same of the constant.</summary>
    public double ConstantAic { get; private init; }

    /// <summary>Fits all three.</summary>
    /// <param name="widths">d of every point, above 1; several seeds of one d are several points. Five points or more, at least two different d.</param>
    /// <param name="budgets">d' of every point, positive and finite: leave out searches that found none, and say how many.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1.</param>
    /// <exception cref="ArgumentException">Too few points, a width not above 1, a budget that is not positive and finite, equal widths.</exception>
    public static WidthBudgetLaws Fit(ReadOnlySpan<double> widths, ReadOnlySpan<double> budgets, double confidence = 0.95)
    {
        int n = widths.Length;
        if (n < Least)
            throw new ArgumentException($"{n} points were given; at least {Least} are needed to compare laws of two parameters (add widths or seeds).", nameof(widths));
        var logs = new double[n];
        for (int i = 0; i < n; i++)
        {
            if (!(widths[i] > 1))
                throw new ArgumentException($"widths[{i}] is {widths[i]}; a power of ln d needs d above 1.", nameof(widths));
            logs[i] = Math.Log(widths[i]);
        }
        PowerLawFit power = PowerLawFit.Fit(widths, budgets, confidence: confidence), polylog = PowerLawFit.Fit(logs, budgets, confidence: confidence);
        var y = new double[n];
        for (int i = 0; i < n; i++) y[i] = Math.Log(budgets[i]);
        double mean = Statistics.Mean(y), half = LineFit.StudentT(confidence, n - 1) * Statistics.StandardDeviation(y) / Math.Sqrt(n);
        double powerSquares = 0, polylogSquares = 0, constantSquares = 0;
        for (int i = 0; i < n; i++)
        {
            powerSquares += Square(y[i] - Math.Log(power.Predict(widths[i])));
            polylogSquares += Square(y[i] - Math.Log(polylog.Predict(logs[i])));
            constantSquares += Square(y[i] - mean);
        }
        return new WidthBudgetLaws
        {
            Power = power, Polylog = polylog, Constant = Math.Exp(mean),
            ConstantInterval = new(Math.Exp(mean - half), Math.Exp(mean + half), confidence),
            PowerResidual = Math.Sqrt(powerSquares / n), PolylogResidual = Math.Sqrt(polylogSquares / n), ConstantResidual = Math.Sqrt(constantSquares / n),
            PowerAic = AkaikeCriterion.Of(powerSquares, n, 2), PolylogAic = AkaikeCriterion.Of(polylogSquares, n, 2),
            ConstantAic = AkaikeCriterion.Of(constantSquares, n, 1),
        };
    }

    private const int Least = 5;

    private static double Square(double x) => x * x;
}
