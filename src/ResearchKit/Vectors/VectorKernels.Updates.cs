using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <content>Rows minus combinations of rows. Every element is on its own, so no path can show in it.</content>
internal sealed unsafe partial class VectorKernels<V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void UpdateTwo(double* target0, double* target1, double* c0, double* c1, double* s0, double* s1, double* s2, double* s3, int length)
    {
        V a0 = V.Of(-c0[0]), a1 = V.Of(-c0[1]), a2 = V.Of(-c0[2]), a3 = V.Of(-c0[3]);
        V b0 = V.Of(-c1[0]), b1 = V.Of(-c1[1]), b2 = V.Of(-c1[2]), b3 = V.Of(-c1[3]);
        for (int i = 0; i < length; i += Width)
        {
            V x = V.Load(target0 + i), y = V.Load(target1 + i);
            V s = V.Load(s0 + i);
            x = V.MultiplyAdd(a0, s, x); y = V.MultiplyAdd(b0, s, y);
            s = V.Load(s1 + i);
            x = V.MultiplyAdd(a1, s, x); y = V.MultiplyAdd(b1, s, y);
            s = V.Load(s2 + i);
            x = V.MultiplyAdd(a2, s, x); y = V.MultiplyAdd(b2, s, y);
            s = V.Load(s3 + i);
            x = V.MultiplyAdd(a3, s, x); y = V.MultiplyAdd(b3, s, y);
            x.Store(target0 + i); y.Store(target1 + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void UpdateOne(double* target, double* c, double* s0, double* s1, double* s2, double* s3, int length)
    {
        V a0 = V.Of(-c[0]), a1 = V.Of(-c[1]), a2 = V.Of(-c[2]), a3 = V.Of(-c[3]);
        for (int i = 0; i < length; i += Width)
        {
            V x = V.MultiplyAdd(a0, V.Load(s0 + i), V.Load(target + i));
            x = V.MultiplyAdd(a1, V.Load(s1 + i), x);
            x = V.MultiplyAdd(a2, V.Load(s2 + i), x);
            V.MultiplyAdd(a3, V.Load(s3 + i), x).Store(target + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void UpdateByEight(double* target0, double* target1, double* c0, double* c1, double** sources, int from, int length)
    {
        double* s0 = sources[0] + from, s1 = sources[1] + from, s2 = sources[2] + from, s3 = sources[3] + from;
        double* s4 = sources[4] + from, s5 = sources[5] + from, s6 = sources[6] + from, s7 = sources[7] + from;
        double* x = target0 + from, y = target1 + from;
        if (target1 == null)
        {
            UpdateOne(x, c0, s0, s1, s2, s3, length);
            UpdateOne(x, c0 + 4, s4, s5, s6, s7, length);
            return;
        }
        // Sixteen coefficients fit the registers only where they are wide, and 32.
        if (typeof(V) != typeof(Lanes8))
        {
            UpdateTwo(x, y, c0, c1, s0, s1, s2, s3, length);
            UpdateTwo(x, y, c0 + 4, c1 + 4, s4, s5, s6, s7, length);
            return;
        }
        V a0 = V.Of(-c0[0]), a1 = V.Of(-c0[1]), a2 = V.Of(-c0[2]), a3 = V.Of(-c0[3]), a4 = V.Of(-c0[4]), a5 = V.Of(-c0[5]), a6 = V.Of(-c0[6]), a7 = V.Of(-c0[7]);
        V b0 = V.Of(-c1[0]), b1 = V.Of(-c1[1]), b2 = V.Of(-c1[2]), b3 = V.Of(-c1[3]), b4 = V.Of(-c1[4]), b5 = V.Of(-c1[5]), b6 = V.Of(-c1[6]), b7 = V.Of(-c1[7]);
        for (int i = 0; i < length; i += Width)
        {
            V p = V.Load(x + i), q = V.Load(y + i);
            V s = V.Load(s0 + i);
            p = V.MultiplyAdd(a0, s, p); q = V.MultiplyAdd(b0, s, q);
            s = V.Load(s1 + i);
            p = V.MultiplyAdd(a1, s, p); q = V.MultiplyAdd(b1, s, q);
            s = V.Load(s2 + i);
            p = V.MultiplyAdd(a2, s, p); q = V.MultiplyAdd(b2, s, q);
            s = V.Load(s3 + i);
            p = V.MultiplyAdd(a3, s, p); q = V.MultiplyAdd(b3, s, q);
            s = V.Load(s4 + i);
            p = V.MultiplyAdd(a4, s, p); q = V.MultiplyAdd(b4, s, q);
            s = V.Load(s5 + i);
            p = V.MultiplyAdd(a5, s, p); q = V.MultiplyAdd(b5, s, q);
            s = V.Load(s6 + i);
            p = V.MultiplyAdd(a6, s, p); q = V.MultiplyAdd(b6, s, q);
            s = V.Load(s7 + i);
            p = V.MultiplyAdd(a7, s, p); q = V.MultiplyAdd(b7, s, q);
            p.Store(x + i); q.Store(y + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void UpdateSingle(double* target, double c, double* source, int length)
    {
        V a = V.Of(-c);
        for (int i = 0; i < length; i += Width) V.MultiplyAdd(a, V.Load(source + i), V.Load(target + i)).Store(target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddScaled(double* target, double factor, double* source, int count)
    {
        V f = V.Of(factor);
        int i = 0;
        for (; i + Width <= count; i += Width) V.MultiplyAdd(f, V.Load(source + i), V.Load(target + i)).Store(target + i);
        for (; i < count; i++) target[i] = Math.FusedMultiplyAdd(factor, source[i], target[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(double* target, double* factor, int count)
    {
        int i = 0;
        for (; i + Width <= count; i += Width) (V.Load(target + i) * V.Load(factor + i)).Store(target + i);
        for (; i < count; i++) target[i] *= factor[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Exchange(double* vectors, int count, int length, double* column, int slot, double factor)
    {
        int k = 0;
        for (; k + 2 <= count; k += 2)
        {
            double* x = vectors + (long)k * length, y = x + length;
            V a = V.Of(-(x[slot] * factor)), b = V.Of(-(y[slot] * factor));
            for (int i = 0; i < length; i += Width)
            {
                V c = V.Load(column + i);
                V.MultiplyAdd(a, c, V.Load(x + i)).Store(x + i);
                V.MultiplyAdd(b, c, V.Load(y + i)).Store(y + i);
            }
        }
        if (k < count) UpdateSingle(vectors + (long)k * length, vectors[(long)k * length + slot] * factor, column, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddClamped(double* target, double factor, double* source, int length)
    {
        V f = V.Of(factor), zero = V.Of(0.0);
        for (int i = 0; i < length; i += Width) V.Max(V.MultiplyAdd(f, V.Load(source + i), V.Load(target + i)), zero).Store(target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddSquares(double* target, double* x, int count)
    {
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            V v = V.Load(x + i);
            V.MultiplyAdd(v, v, V.Load(target + i)).Store(target + i);
        }
        for (; i < count; i++) target[i] = Math.FusedMultiplyAdd(x[i], x[i], target[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Scale(double* target, double factor, int count)
    {
        V f = V.Of(factor);
        int i = 0;
        for (; i + Width <= count; i += Width) (f * V.Load(target + i)).Store(target + i);
        for (; i < count; i++) target[i] *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Swap(double* x, double* y, int count)
    {
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            V v = V.Load(x + i);
            V.Load(y + i).Store(x + i);
            v.Store(y + i);
        }
        for (; i < count; i++) (x[i], y[i]) = (y[i], x[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyMap(double* map, int rank, int stride, int length, double* coefficients, int step, double* v0, double* v1, double* v2, double* v3)
    {
        int i = 0;
        // Eight sums hide the latency of the multiply-add; of registers narrower than a vector, four vectors are as many already.
        for (; typeof(V) == typeof(Lanes8) && i + 2 * Width <= length; i += 2 * Width)
        {
            V a0 = V.Load(v0 + i), a1 = V.Load(v1 + i), a2 = V.Load(v2 + i), a3 = V.Load(v3 + i);
            V b0 = V.Load(v0 + i + Width), b1 = V.Load(v1 + i + Width), b2 = V.Load(v2 + i + Width), b3 = V.Load(v3 + i + Width);
            double* m = map + i, c = coefficients;
            for (int q = 0; q < rank; q++, m += stride, c += step)
            {
                V x = V.Load(m), y = V.Load(m + Width), f = V.Of(c[0]);
                a0 = V.MultiplyAdd(f, x, a0); b0 = V.MultiplyAdd(f, y, b0);
                f = V.Of(c[1]);
                a1 = V.MultiplyAdd(f, x, a1); b1 = V.MultiplyAdd(f, y, b1);
                f = V.Of(c[2]);
                a2 = V.MultiplyAdd(f, x, a2); b2 = V.MultiplyAdd(f, y, b2);
                f = V.Of(c[3]);
                a3 = V.MultiplyAdd(f, x, a3); b3 = V.MultiplyAdd(f, y, b3);
            }
            a0.Store(v0 + i); a1.Store(v1 + i); a2.Store(v2 + i); a3.Store(v3 + i);
            b0.Store(v0 + i + Width); b1.Store(v1 + i + Width); b2.Store(v2 + i + Width); b3.Store(v3 + i + Width);
        }
        for (; i < length; i += Width)
        {
            V a0 = V.Load(v0 + i), a1 = V.Load(v1 + i), a2 = V.Load(v2 + i), a3 = V.Load(v3 + i);
            double* m = map + i, c = coefficients;
            for (int q = 0; q < rank; q++, m += stride, c += step)
            {
                V x = V.Load(m);
                a0 = V.MultiplyAdd(V.Of(c[0]), x, a0);
                a1 = V.MultiplyAdd(V.Of(c[1]), x, a1);
                a2 = V.MultiplyAdd(V.Of(c[2]), x, a2);
                a3 = V.MultiplyAdd(V.Of(c[3]), x, a3);
            }
            a0.Store(v0 + i); a1.Store(v1 + i); a2.Store(v2 + i); a3.Store(v3 + i);
        }
    }
}
