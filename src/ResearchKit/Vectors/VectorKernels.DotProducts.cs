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
    public override void Dots(double* a, int strideA, double* b, int strideB, int length, double* dots)
    {
        double* b1 = b + strideB;
        int whole = length / Width * Width;
        if (typeof(V) == typeof(Lanes8))
        {
            double* a1 = a + strideA, a2 = a1 + strideA, a3 = a2 + strideA;
            V s00 = V.Of(0.0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
            for (int i = 0; i < whole; i += Width)
            {
                V y0 = V.Load(b + i), y1 = V.Load(b1 + i), x = V.Load(a + i);
                s00 = V.MultiplyAdd(x, y0, s00); s01 = V.MultiplyAdd(x, y1, s01);
                x = V.Load(a1 + i);
                s10 = V.MultiplyAdd(x, y0, s10); s11 = V.MultiplyAdd(x, y1, s11);
                x = V.Load(a2 + i);
                s20 = V.MultiplyAdd(x, y0, s20); s21 = V.MultiplyAdd(x, y1, s21);
                x = V.Load(a3 + i);
                s30 = V.MultiplyAdd(x, y0, s30); s31 = V.MultiplyAdd(x, y1, s31);
            }
            dots[0] = V.Sum(s00); dots[1] = V.Sum(s01); dots[2] = V.Sum(s10); dots[3] = V.Sum(s11);
            dots[4] = V.Sum(s20); dots[5] = V.Sum(s21); dots[6] = V.Sum(s30); dots[7] = V.Sum(s31);
        }
        else
        {
            // Narrower registers hold the sums of one row at a time.
            for (int q = 0; q < 4; q++)
            {
                double* row = a + (long)q * strideA;
                V s0 = V.Of(0.0), s1 = s0;
                for (int i = 0; i < whole; i += Width)
                {
                    V x = V.Load(row + i);
                    s0 = V.MultiplyAdd(x, V.Load(b + i), s0); s1 = V.MultiplyAdd(x, V.Load(b1 + i), s1);
                }
                dots[2 * q] = V.Sum(s0); dots[2 * q + 1] = V.Sum(s1);
            }
        }
        for (int q = 0; q < 4; q++)
        {
            double* row = a + (long)q * strideA;
            for (int i = whole; i < length; i++)
            {
                dots[2 * q] = Math.FusedMultiplyAdd(row[i], b[i], dots[2 * q]);
                dots[2 * q + 1] = Math.FusedMultiplyAdd(row[i], b1[i], dots[2 * q + 1]);
            }
        }
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
