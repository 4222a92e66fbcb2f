using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>How far a null vector can be followed, and which pivot empties first (the simplex method's ratio test).</summary>
internal static unsafe class RatioTest
{
    /// <summary>How far the entering point can give (down) and take (up) before a pivot empties.</summary>
    /// <param name="basic">Weights of the pivots, nonnegative; aligned, with zeros up to a multiple of 8.</param>
    /// <param name="v">Lagrange values of the pivots at the entering point, stored likewise.</param>
    /// <param name="rank">Number of pivots.</param>
    /// <param name="slack">Added to every weight, so that among near ties the largest |v| can win.</param>
    /// <param name="down">Smallest (basic + slack) / -v over negative v; infinite if there is none.</param>
    /// <param name="up">Smallest (basic + slack) / v over positive v; infinite if there is none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Limits(double* basic, double* v, int rank, double slack, out double down, out double up)
    {
        int width = Vector<double>.Count;
        var infinity = new Vector<double>(double.PositiveInfinity);
        Vector<double> lowest = infinity, highest = infinity, s = new(slack);
        // The padding is 0 and limits nothing. Native minima will do: what could be NaN (0 / 0) is never selected.
        for (int q = 0; q < rank; q += width)
        {
            Vector<double> x = Vector.LoadAligned(v + q);
            Vector<double> ratio = (Vector.LoadAligned(basic + q) + s) / Vector.Abs(x);
            lowest = Vector.MinNative(lowest, Vector.ConditionalSelect(Vector.LessThan(x, Vector<double>.Zero), ratio, infinity));
            highest = Vector.MinNative(highest, Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<double>.Zero), ratio, infinity));
        }
        down = Smallest(lowest);
        up = Smallest(highest);
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
        int width = Vector<double>.Count;
        // The limit was a rounded quotient: give its product the roundings back, so that its own pivot passes.
        Vector<double> most = new(limit * (1 + 4e-16)), sign = new(gives ? -1.0 : 1.0), largest = Vector<double>.Zero;
        for (int q = 0; q < rank; q += width)
        {
            Vector<double> x = sign * Vector.LoadAligned(v + q);
            Vector<long> empties = Vector.LessThanOrEqual(Vector.LoadAligned(basic + q), most * x);
            largest = Vector.MaxNative(largest, Vector.ConditionalSelect(empties, x, Vector<double>.Zero));
        }
        double size = largest[0];
        for (int l = 1; l < width; l++) size = double.MaxNative(size, largest[l]);
        if (size == 0) return -1;
        double wanted = gives ? -size : size;
        limit *= 1 + 4e-16;
        int first = 0;
        while (first + width < rank && !Vector.EqualsAny(Vector.LoadAligned(v + first), new Vector<double>(wanted))) first += width;
        for (int q = first; q < rank; q++)
            if (v[q] == wanted && basic[q] <= limit * size) return q;
        return -1;
    }
}
