namespace ResearchKit;

/// <summary>The sizes, masses and residuals of a result's cells: what an analytic bound of the error needs (T3).</summary>
/// <param name="Kept">The moments that every cell keeps.</param>
/// <param name="HalfSides">Cells x m half sides of the bounding boxes, in the units of the coordinates.</param>
/// <param name="Shares">Each cell's part of the total mass; cells that were left as they were are not listed.</param>
/// <param name="Residuals">Largest kept moment residual of each cell, relative to its mass.</param>
internal sealed record CellBounds(MomentSpace Kept, double[] HalfSides, double[] Shares, double[] Residuals)
{
    /// <summary>Terms of the tail that are summed before the rest is bounded by a geometric series.</summary>
    private const int MostTerms = 1 << 16;

    /// <summary>Bound of |f' - f| for Taylor coefficients below M / rho^|a|.</summary>
    public double Error(double coefficient, double radius)
    {
        int m = Kept.Dimension;
        var y = new double[m];
        var sum = new CompensatedSum();
        for (int c = 0; c < Shares.Length; c++)
        {
            double product = 1;
            for (int j = 0; j < m; j++)
            {
                y[j] = HalfSides[c * m + j] / radius;
                if (!(y[j] < 1)) return double.PositiveInfinity;
                product /= 1 - y[j];
            }
            sum.Add(Shares[c] * (2 * Tail(Kept, y) + Residuals[c] * Math.Sqrt(Kept.Count) * product));
        }
        return coefficient == 0 ? 0 : coefficient * sum.Total;
    }

    /// <summary>The sum of prod_j y_j^a_j over all exponents a outside a space, 0 &lt;= y_j &lt; 1; never too small but for rounding.</summary>
    public static double Tail(MomentSpace space, ReadOnlySpan<double> y)
    {
        // Homogeneous sums h_n(y_1..y_j), n fixed, all j: h_n(y_1..y_j) = h_n(y_1..y_(j-1)) + y_j h_(n-1)(y_1..y_j).
        int m = y.Length, degree = space.Degree;
        var h = new double[m];
        double largest = 0, inside = 0, tail = 0;
        foreach (double v in y) largest = Math.Max(largest, v);
        if (largest == 0) return 0;
        Array.Fill(h, 1.0);
        for (int n = 0; ; n++)
        {
            if (n > 0)
            {
                double left = 0;
                for (int j = 0; j < m; j++) left = h[j] = left + y[j] * h[j];
            }
            if (n <= degree) inside += h[m - 1];
            else tail += h[m - 1];
            // h_(n+1) <= y_max (n + m) / (n + 1) h_n, since sum_j dh_(n+1)/dy_j = (n + m) h_n and Euler's identity.
            double ratio = largest * (n + m) / (n + 1);
            if (n <= degree || ratio >= 1) continue;
            double rest = h[m - 1] * ratio / (1 - ratio);
            if (rest > 1e-3 * tail && n < MostTerms) continue;
            return tail + rest + Missing(space, y, inside);
        }
    }

    /// <summary>What a space lacks of the degrees up to its own: nothing for a total degree.</summary>
    private static double Missing(MomentSpace space, ReadOnlySpan<double> y, double inside)
    {
        if (space.Count == MomentSpace.CountOf(space.Dimension, space.Degree)) return 0;
        double kept = 0;
        for (int e = 0; e < space.Count; e++)
        {
            double term = 1;
            ReadOnlySpan<byte> exponents = space.Exponents(e);
            for (int j = 0; j < y.Length; j++) term *= Math.Pow(y[j], exponents[j]);
            kept += term;
        }
        return Math.Max(0, inside - kept);
    }
}
