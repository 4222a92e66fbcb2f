namespace ResearchKit.Scaling;

/// <summary>
/// Power law or stretched exponential: y = A x^p and y = A exp(-c x^q), q given, fitted by least squares of log y to the same
/// points and compared by Akaike's criterion. Two parameters each, so that the fits are on an equal footing.
/// </summary>
/// <remarks>
/// This is the question after a boosted scaling law (implication Ib of arXiv 2510.00504): with d' ~ d^s the loss stays a power
/// law of d', with d' ~ log^m d it becomes exp(-a' d'^(1/m)).
/// </remarks>
public sealed record LawComparison
{
    /// <summary>A difference of the criterion that counts as clear.</summary>
    public const double ClearPreference = 10;

    private const int Least = 5;

    private LawComparison() { }

    /// <summary>The power law.</summary>
    public PowerLawFit Power { get; private init; } = null!;

    /// <summary>The stretched exponential.</summary>
    public StretchedExponentialFit Stretched { get; private init; } = null!;

    /// <summary>Akaike's criterion of the power law, corrected for few points; smaller is better.</summary>
    public double PowerAic { get; private init; }

    /// <summary>The same of the stretched exponential.</summary>
    public double StretchedAic { get; private init; }

    /// <summary>Root mean square of ln y minus the power law.</summary>
    public double PowerResidual { get; private init; }

    /// <summary>Root mean square of ln y minus the stretched exponential.</summary>
    public double StretchedResidual { get; private init; }

    /// <summary>How much better the stretched exponential is: the power law's criterion minus its own.</summary>
    public double Preference => PowerAic - StretchedAic;

    /// <summary>Fits both.</summary>
    /// <param name="x">Positive finite sizes d', at least two of them different.</param>
    /// <param name="y">As many positive finite values; zeros are allowed only below a positive floor.</param>
    /// <param name="power">q, positive: 1/m in theory.</param>
    /// <param name="floor">Points with y below it are left out of both fits and counted; 0 keeps all.</param>
    /// <exception cref="ArgumentException">Fewer than 5 points at or above the floor, a value that is not positive, equal x.</exception>
    public static LawComparison Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double power, double floor = 0)
    {
        bool[] used = FitPoints.Usable("a comparison of laws", x, y, floor, Least);
        PowerLawFit line = PowerLawFit.Fit(x, y, floor);
        StretchedExponentialFit stretched = StretchedExponentialFit.Fit(x, y, power, floor);
        double ofLine = 0, ofStretched = 0;
        for (int i = 0; i < used.Length; i++)
        {
            if (!used[i]) continue;
            ofLine += Square(Math.Log(y[i] / line.Predict(x[i])));
            ofStretched += Square(Math.Log(y[i] / stretched.Predict(x[i])));
        }
        int n = line.Used;
        return new LawComparison
        {
            Power = line, Stretched = stretched,
            PowerAic = AkaikeCriterion.Of(ofLine, n, 2), StretchedAic = AkaikeCriterion.Of(ofStretched, n, 2),
            PowerResidual = Math.Sqrt(ofLine / n), StretchedResidual = Math.Sqrt(ofStretched / n),
        };
    }

    private static double Square(double x) => x * x;
}
