using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <content>Sums over two rows: in eight lanes on every path, and what is left one by one.</content>
internal sealed unsafe partial class VectorKernels<V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Dot(double* x, double* y, int count)
    {
        V s0 = V.Of(0.0), s1 = s0;
        int i = 0;
        for (; i + 2 * Width <= count; i += 2 * Width)
        {
            s0 = V.MultiplyAdd(V.Load(x + i), V.Load(y + i), s0);
            s1 = V.MultiplyAdd(V.Load(x + i + Width), V.Load(y + i + Width), s1);
        }
        if (i + Width <= count)
        {
            s0 = V.MultiplyAdd(V.Load(x + i), V.Load(y + i), s0);
            i += Width;
        }
        double sum = V.Sum(s0 + s1);
        for (; i < count; i++) sum = Math.FusedMultiplyAdd(x[i], y[i], sum);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override (double Square, double Cross) SquareAndCross(double* x, double* y, int count)
    {
        V square = V.Of(0.0), cross = square;
        for (int i = 0; i < count; i += Width)
        {
            V v = V.Load(x + i);
            square = V.MultiplyAdd(v, v, square);
            cross = V.MultiplyAdd(v, V.Load(y + i), cross);
        }
        return (V.Sum(square), V.Sum(cross));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Difference(double start, double* x, double* y, int count)
    {
        // Every lane is a compensated sum of its own; the lanes' errors are summed plainly, being an ulp of the whole.
        V sums = V.Of(0.0), lows = sums;
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            V a = -V.Load(x + i), b = V.Load(y + i), product = a * b;
            lows += V.MultiplyAdd(a, b, -product);
            V next = sums + product, back = next - sums;
            lows += (sums - (next - back)) + (product - back);
            sums = next;
        }
        double* lanes = stackalloc double[Width];
        sums.Store(lanes);
        double sum = start, low = V.Sum(lows);
        for (int l = 0; l < Width; l++) Add(lanes[l]);
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
