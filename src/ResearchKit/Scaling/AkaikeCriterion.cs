namespace ResearchKit.Scaling;

/// <summary>Akaike's information criterion of a least-squares fit, corrected for few points.</summary>
internal static class AkaikeCriterion
{
    /// <summary>The criterion; smaller is better, negative infinity for an exact fit.</summary>
    /// <param name="squares">Sum of squared residuals.</param>
    /// <param name="points">n, above <paramref name="parameters"/> + 2.</param>
    /// <param name="parameters">Fitted parameters, without the scatter's width, which is one more.</param>
    public static double Of(double squares, int points, int parameters)
    {
        int k = parameters + 1;
        return points * Math.Log(squares / points) + 2 * k + 2.0 * k * (k + 1) / (points - k - 1);
    }
}
