namespace ResearchKit;

/// <summary>How far a null vector can be followed, and which pivot empties first (the simplex method's ratio test).</summary>
internal static unsafe class RatioTest
{
    /// <summary>
    /// Lagrange values up to this are rounding of 0 (points on a lattice have many): an empty pivot would leave by such a
    /// value after a step of 0, and dividing by it would ruin every later null vector. A genuine value this small costs
    /// less than this part of the moments.
    /// </summary>
    public const double Noise = 3e-14;

    /// <summary>How far the entering point can give (down) and take (up) before a pivot empties.</summary>
    /// <param name="basic">Weights of the pivots, nonnegative; aligned.</param>
    /// <param name="v">Lagrange values of the pivots at the entering point, aligned.</param>
    /// <param name="rank">Number of pivots.</param>
    /// <param name="slack">Added to every weight, so that among near ties the largest |v| can win.</param>
    /// <param name="noise">Values up to this count as 0, at least <see cref="Noise"/>.</param>
    /// <param name="down">Smallest (basic + slack) / -v over v below -noise; infinite if there is none.</param>
    /// <param name="up">Smallest (basic + slack) / v over v above noise; infinite if there is none.</param>
    public static void Limits(double* basic, double* v, int rank, double slack, double noise, out double down, out double up)
        => VectorPath.Current.Limits(basic, v, rank, slack, noise, out down, out up);

    /// <summary>Among the pivots that empty first within the slack, the one with the largest |v| (Harris' rule).</summary>
    public static int Leaving(double* basic, double* v, int rank, bool gives, double limit)
        => VectorPath.Current.Leaving(basic, v, rank, gives, limit);
}
