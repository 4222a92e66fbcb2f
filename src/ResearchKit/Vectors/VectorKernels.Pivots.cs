using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <content>Searches for pivots and ratio tests: largest and least values, and where they stand first.</content>
internal sealed unsafe partial class VectorKernels<V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double MaxAbs(double* row, int from, int count)
    {
        V best0 = V.Of(0.0), best1 = best0;
        int i = from;
        for (; i + 2 * Width <= count; i += 2 * Width)
        {
            best0 = V.Max(best0, V.Abs(V.Load(row + i)));
            best1 = V.Max(best1, V.Abs(V.Load(row + i + Width)));
        }
        double top = V.Greatest(V.Max(best0, best1));
        for (; i < count; i++) top = double.MaxNative(top, Math.Abs(row[i]));
        return top;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double MaxAbs(double* row, int from, int count, out int at)
    {
        double top = MaxAbs(row, from, count);
        // The first entry of that size, so that the vector width does not show.
        V wanted = V.Of(top);
        for (at = from; at + Width <= count; at += Width)
        {
            int lane = V.FirstEqual(V.Abs(V.Load(row + at)), wanted);
            at += lane;
            if (lane < Width) return top;
            at -= Width;
        }
        while (at < count && Math.Abs(row[at]) != top) at++;
        return top;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool AllNonnegative(double* start, double step, double* direction, int length)
    {
        V factor = V.Of(step), zero = V.Of(0.0);
        for (int q = 0; q < length; q += Width)
            if (V.AnyLess(V.MultiplyAdd(factor, V.Load(direction + q), V.Load(start + q)), zero)) return false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Limits(double* basic, double* v, int rank, double slack, double noise, out double down, out double up)
    {
        down = up = double.PositiveInfinity;
        int last = rank - Width;
        if (last >= 0)
        {
            V infinity = V.Of(down), lowest = infinity, highest = infinity;
            V s = V.Of(slack), more = V.Of(noise), less = V.Of(-noise);
            // The last vector may overlap the one before it: minima do not mind. Native ones will do: what could be NaN (0 / 0) is never selected.
            for (int q = 0; q - last < Width; q += Width)
            {
                int at = Math.Min(q, last);
                V x = V.Load(v + at), ratio = (V.Load(basic + at) + s) / V.Abs(x);
                lowest = V.Min(lowest, V.IfLess(x, less, ratio, infinity));
                highest = V.Min(highest, V.IfLess(more, x, ratio, infinity));
            }
            down = V.Least(lowest);
            up = V.Least(highest);
            return;
        }
        for (int q = 0; q < rank; q++)
        {
            double ratio = (basic[q] + slack) / Math.Abs(v[q]);
            down = double.MinNative(down, v[q] < -noise ? ratio : double.PositiveInfinity);
            up = double.MinNative(up, v[q] > noise ? ratio : double.PositiveInfinity);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Leaving(double* basic, double* v, int rank, bool gives, double limit)
    {
        // The limit was a rounded quotient: give its product the roundings back, so that its own pivot passes.
        limit *= 1 + 4e-16;
        double sign = gives ? -1.0 : 1.0, size = 0;
        // Again the last vector may overlap; the first of the largest is taken, so that the vector width does not show.
        V most = V.Of(limit), signs = V.Of(sign), zero = V.Of(0.0), largest = zero;
        int last = rank - Width;
        if (last >= 0)
        {
            for (int q = 0; q - last < Width; q += Width)
            {
                int at = Math.Min(q, last);
                V x = signs * V.Load(v + at);
                largest = V.Max(largest, V.IfLess(most * x, V.Load(basic + at), zero, x));
            }
            size = V.Greatest(largest);
            if (!(size > RatioTest.Noise)) return -1;
            V wanted = V.Of(size);
            for (int q = 0; q - last < Width; q += Width)
            {
                int at = Math.Min(q, last);
                V x = signs * V.Load(v + at);
                int lane = V.FirstEqual(V.IfLess(most * x, V.Load(basic + at), zero, x), wanted);
                if (lane < Width) return at + lane;
            }
            return -1;
        }
        int leaving = -1;
        for (int q = 0; q < rank; q++)
            if (sign * v[q] > size && basic[q] <= limit * (sign * v[q])) (size, leaving) = (sign * v[q], q);
        return size > RatioTest.Noise ? leaving : -1;
    }
}
