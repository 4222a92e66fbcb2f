namespace ResearchKit;

/// <summary>Weights of the residual rows, so that a defect measures what a smooth function sees of it.</summary>
internal static class DefectScale
{
    /// <summary>
    /// Fills the weight of every residual row: <see cref="MomentSpace.DefectWeight"/> times the cell's relative sides to
    /// the power of the exponents. Times the returned unit, weighted residuals of different cells of one space are moments in the same
    /// global units (up to a common factor), so that neighbours can be added.
    /// </summary>
    /// <returns>The cell's scale to the power of the watched degree.</returns>
    public static double Set(Span<double> weights, MomentSpace extended, int first, LocalFrame frame)
    {
        int m = extended.Dimension;
        Span<double> half = m <= 64 ? stackalloc double[m] : new double[m];
        double widest = 0;
        for (int j = 0; j < m; j++)
        {
            half[j] = extended.Metric.Scales[j] * (0.5 * frame.Upper[j] - 0.5 * frame.Lower[j]);
            widest = Math.Max(widest, half[j]);
        }
        // A cell without extent in the metric is measured in its own coordinates.
        for (int j = 0; j < m; j++) half[j] = widest > 0 ? half[j] / widest : 1;
        for (int e = 0; e < weights.Length; e++)
        {
            ReadOnlySpan<byte> exponents = extended.Exponents(first + e);
            double weight = MomentSpace.DefectWeight(exponents);
            for (int j = 0; j < m; j++)
                for (int i = 0; i < exponents[j]; i++) weight *= half[j];
            weights[e] = weight;
        }
        double unit = Math.Pow(widest, extended.Degree);
        return double.IsNormal(unit) ? unit : 1;
    }
}
