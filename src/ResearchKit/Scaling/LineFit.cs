namespace ResearchKit.Scaling;

/// <summary>A straight line by least squares, with the errors that independent scatter of equal width implies.</summary>
/// <param name="Intercept">The value at 0.</param>
/// <param name="Slope">The slope.</param>
/// <param name="InterceptError">Standard error of the intercept.</param>
/// <param name="SlopeError">Standard error of the slope; 0 for an exact line.</param>
/// <param name="Residual">Sum of squared residuals.</param>
/// <param name="RSquared">The explained part of the variance; 1 where there is none.</param>
internal readonly record struct LineFit(double Intercept, double Slope, double InterceptError, double SlopeError, double Residual, double RSquared)
{
    /// <summary>Fits a line to three or more points, not all at one x.</summary>
    public static LineFit Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        int n = x.Length;
        double meanX = Statistics.Mean(x), meanY = Statistics.Mean(y), sxx = 0, sxy = 0, syy = 0, residual = 0;
        for (int i = 0; i < n; i++)
        {
            sxx += (x[i] - meanX) * (x[i] - meanX);
            sxy += (x[i] - meanX) * (y[i] - meanY);
            syy += (y[i] - meanY) * (y[i] - meanY);
        }
        double slope = sxy / sxx, intercept = meanY - slope * meanX;
        for (int i = 0; i < n; i++)
        {
            double r = y[i] - intercept - slope * x[i];
            residual += r * r;
        }
        double variance = residual / (n - 2);
        return new(intercept, slope, Math.Sqrt(variance * (1.0 / n + meanX * meanX / sxx)), Math.Sqrt(variance / sxx), residual,
            syy > 0 ? 1 - residual / syy : 1);
    }

    /// <summary>Student's t for a two-sided interval.</summary>
    public static double StudentT(double confidence, int freedom) =>
        MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, freedom, 0.5 + confidence / 2);

    /// <summary>Student-t interval of the slope.</summary>
    public ConfidenceInterval SlopeInterval(double confidence, int points)
    {
        double t = StudentT(confidence, points - 2);
        return new(Slope - t * SlopeError, Slope + t * SlopeError, confidence);
    }

    /// <summary>Student-t interval of exp(intercept): not symmetric.</summary>
    public ConfidenceInterval PrefactorInterval(double confidence, int points)
    {
        double t = StudentT(confidence, points - 2);
        return new(Math.Exp(Intercept - t * InterceptError), Math.Exp(Intercept + t * InterceptError), confidence);
    }
}
