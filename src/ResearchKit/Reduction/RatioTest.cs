using System.Numerics;
using System.Runtime.CompilerServices;

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
    /// <param name="basic">Weights of the pivots, nonnegative.</param>
    /// <param name="v">Lagrange values of the pivots at the entering point.</param>
    /// <param name="rank">Number of pivots.</param>
    /// <param name="slack">Added to every weight, so that among near ties the largest |v| can win.</param>
    /// <param name="down">Smallest (basic + slack) / -v over v below -<see cref="Noise"/>; infinite if there is none.</param>
    /// <param name="up">Smallest (basic + slack) / v over v above <see cref="Noise"/>; infinite if there is none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Limits(double* basic, double* v, int rank, double slack, out double down, out double up)
    {
        int width = Vector<double>.Count, q = 0;
        down = up = double.PositiveInfinity;
        if (rank >= width)
        {
            var infinity = new Vector<double>(double.PositiveInfinity);
            Vector<double> lowest = infinity, highest = infinity, s = new(slack), noise = new(Noise);
            for (; q + width <= rank; q += width)
            {
                Vector<double> x = Vector.LoadAligned(v + q);
                Vector<double> ratio = (Vector.LoadAligned(basic + q) + s) / Vector.Abs(x);
                lowest = Vector.Min(lowest, Vector.ConditionalSelect(Vector.LessThan(x, -noise), ratio, infinity));
                highest = Vector.Min(highest, Vector.ConditionalSelect(Vector.GreaterThan(x, noise), ratio, infinity));
            }
            for (int l = 0; l < width; l++)
            {
                down = Math.Min(down, lowest[l]);
                up = Math.Min(up, highest[l]);
            }
        }
        for (; q < rank; q++)
        {
            if (v[q] < -Noise) down = Math.Min(down, (basic[q] + slack) / -v[q]);
            else if (v[q] > Noise) up = Math.Min(up, (basic[q] + slack) / v[q]);
        }
    }

    /// <summary>Among the pivots that empty first within the slack, the one with the largest |v| (Harris' rule).</summary>
    public static int Leaving(double* basic, double* v, int rank, bool gives, double limit)
    {
        int best = -1;
        double size = Noise;
        // The limit was a rounded quotient: give its product the roundings back, so that its own pivot passes.
        limit *= 1 + 4e-16;
        for (int q = 0; q < rank; q++)
        {
            double x = gives ? -v[q] : v[q];
            if (x > size && basic[q] <= limit * x) { best = q; size = x; }
        }
        return best;
    }
}
