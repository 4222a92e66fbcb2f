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
    /// <param name="basic">Weights of the pivots, nonnegative; aligned.</param>
    /// <param name="v">Lagrange values of the pivots at the entering point, aligned.</param>
    /// <param name="rank">Number of pivots.</param>
    /// <param name="slack">Added to every weight, so that among near ties the largest |v| can win.</param>
    /// <param name="down">Smallest (basic + slack) / -v over v below -<see cref="Noise"/>; infinite if there is none.</param>
    /// <param name="up">Smallest (basic + slack) / v over v above <see cref="Noise"/>; infinite if there is none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Limits(double* basic, double* v, int rank, double slack, out double down, out double up)
    {
        int width = Vector<double>.Count, q = 0;
        var infinity = new Vector<double>(double.PositiveInfinity);
        Vector<double> lowest = infinity, highest = infinity, s = new(slack), noise = new(Noise);
        // Native minima will do: what could be NaN (0 / 0) is never selected.
        for (; q + width <= rank; q += width)
        {
            Vector<double> x = Vector.LoadAligned(v + q);
            Vector<double> ratio = (Vector.LoadAligned(basic + q) + s) / Vector.Abs(x);
            lowest = Vector.MinNative(lowest, Vector.ConditionalSelect(Vector.LessThan(x, -noise), ratio, infinity));
            highest = Vector.MinNative(highest, Vector.ConditionalSelect(Vector.GreaterThan(x, noise), ratio, infinity));
        }
        down = Smallest(lowest);
        up = Smallest(highest);
        for (; q < rank; q++)
        {
            double ratio = (basic[q] + slack) / Math.Abs(v[q]);
            down = double.MinNative(down, v[q] < -Noise ? ratio : double.PositiveInfinity);
            up = double.MinNative(up, v[q] > Noise ? ratio : double.PositiveInfinity);
        }
    }

    /// <summary>Without a branch: which lane wins cannot be predicted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Smallest(Vector<double> x)
    {
        double least = x[0];
        for (int l = 1; l < Vector<double>.Count; l++) least = double.MinNative(least, x[l]);
        return least;
    }

    /// <summary>Among the pivots that empty first within the slack, the one with the largest |v| (Harris' rule).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Leaving(double* basic, double* v, int rank, bool gives, double limit)
    {
        int width = Vector<double>.Count, q = 0;
        // The limit was a rounded quotient: give its product the roundings back, so that its own pivot passes.
        limit *= 1 + 4e-16;
        double sign = gives ? -1.0 : 1.0;
        Vector<double> most = new(limit), largest = Vector<double>.Zero;
        for (; q + width <= rank; q += width)
        {
            Vector<double> x = sign * Vector.LoadAligned(v + q);
            Vector<long> empties = Vector.LessThanOrEqual(Vector.LoadAligned(basic + q), most * x);
            largest = Vector.MaxNative(largest, Vector.ConditionalSelect(empties, x, Vector<double>.Zero));
        }
        double size = largest[0];
        for (int l = 1; l < width; l++) size = double.MaxNative(size, largest[l]);
        for (; q < rank; q++)
            if (sign * v[q] > size && basic[q] <= limit * sign * v[q]) size = sign * v[q];
        if (!(size > Noise)) return -1;
        // The first of that size, so that the vector width does not show.
        for (q = 0; q < rank; q++)
            if (sign * v[q] == size && basic[q] <= limit * size) return q;
        return -1;
    }
}
