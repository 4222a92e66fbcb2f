using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>Dot products of aligned rows.</summary>
internal static unsafe class DotProduct
{
    /// <summary>Sum of x_i y_i, in vector lanes (error about count / width ulp).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(double* x, double* y, int count)
    {
        int width = Vector<double>.Count, i = 0;
        Vector<double> s0 = Vector<double>.Zero, s1 = Vector<double>.Zero;
        for (; i + 2 * width <= count; i += 2 * width)
        {
            s0 = Vector.MultiplyAddEstimate(Vector.Load(x + i), Vector.Load(y + i), s0);
            s1 = Vector.MultiplyAddEstimate(Vector.Load(x + i + width), Vector.Load(y + i + width), s1);
        }
        double sum = Vector.Sum(s0 + s1);
        for (; i < count; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <summary>Sum of x_i x_i and of x_i y_i; count is a multiple of the vector width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (double Square, double Cross) SquareAndCross(double* x, double* y, int count)
    {
        Vector<double> square = Vector<double>.Zero, cross = square;
        for (int i = 0; i < count; i += Vector<double>.Count)
        {
            Vector<double> v = Vector.Load(x + i);
            square = Vector.MultiplyAddEstimate(v, v, square);
            cross = Vector.MultiplyAddEstimate(v, Vector.Load(y + i), cross);
        }
        return (Vector.Sum(square), Vector.Sum(cross));
    }

    /// <summary>start minus the sum of x_i y_i as if in twice the precision (Ogita, Rump and Oishi's Dot2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Difference(double start, double* x, double* y, int count)
    {
        int width = Vector<double>.Count, i = 0;
        // Every lane is a compensated sum of its own; the lanes' errors are summed plainly, being an ulp of the whole.
        Vector<double> sums = Vector<double>.Zero, lows = sums;
        for (; i + width <= count; i += width)
        {
            Vector<double> a = -Vector.Load(x + i), b = Vector.Load(y + i);
            Vector<double> product = a * b;
            lows += Vector.FusedMultiplyAdd(a, b, -product);
            Vector<double> next = sums + product, back = next - sums;
            lows += (sums - (next - back)) + (product - back);
            sums = next;
        }
        double sum = start, low = Vector.Sum(lows);
        for (int l = 0; l < width; l++) Add(sums[l]);
        for (; i < count; i++)
        {
            double product = -x[i] * y[i];
            low += Math.FusedMultiplyAdd(-x[i], y[i], -product);
            Add(product);
        }
        return sum + low;

        void Add(double term)
        {
            double next = sum + term, back = next - sum;
            low += (sum - (next - back)) + (term - back);
            sum = next;
        }
    }
}
