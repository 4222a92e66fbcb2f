using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <content>The passes over a whole tableau: each updates it and prices every point, two vectors of points at a time.</content>
internal sealed unsafe partial class VectorKernels<V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PassFeasible(in TableauPass pass, double* scale)
    {
        int rank = pass.Rank, residuals = pass.Residuals;
        V factor = V.Of(pass.Inverse);
        double* t = pass.Table, result = pass.Gains;
        for (int b = 0; b < pass.Blocks; b++, result += TableauPass.Block)
        {
            double* p = t + (long)pass.PivotRow * TableauPass.Block, c = pass.Minus;
            V p0 = factor * V.Load(p), p1 = factor * V.Load(p + Width), r0 = V.Of(0.0), r1 = r0;
            p0.Store(p); p1.Store(p + Width);
            for (int q = 0; q < rank; q++, t += TableauPass.Block)
            {
                V f = V.Of(*c++), s = V.Of(scale[q]);
                V t0 = V.MultiplyAdd(f, p0, V.Load(t)), t1 = V.MultiplyAdd(f, p1, V.Load(t + Width));
                t0.Store(t); t1.Store(t + Width);
                r0 = V.MultiplyAdd(s, t0, r0); r1 = V.MultiplyAdd(s, t1, r1);
            }
            for (int e = 0; e < residuals; e++, t += TableauPass.Block)
            {
                V f = V.Of(*c++);
                V.MultiplyAdd(f, p0, V.Load(t)).Store(t);
                V.MultiplyAdd(f, p1, V.Load(t + Width)).Store(t + Width);
            }
            r0.Store(result); r1.Store(result + Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PassDescent(in TableauPass pass, double* scale, double* shift, double* defect, double* steps, double* penalty)
    {
        int rank = pass.Rank, residuals = pass.Residuals;
        V factor = V.Of(pass.Inverse);
        double* t = pass.Table, result = pass.Gains;
        for (int b = 0; b < pass.Blocks; b++, result += TableauPass.Block, steps += TableauPass.Block, penalty += TableauPass.Block)
        {
            double* p = t + (long)pass.PivotRow * TableauPass.Block, c = pass.Minus;
            V p0 = factor * V.Load(p), p1 = factor * V.Load(p + Width), r0 = V.Of(0.0), r1 = r0;
            p0.Store(p); p1.Store(p + Width);
            for (int q = 0; q < rank; q++, t += TableauPass.Block)
            {
                V f = V.Of(*c++), s = V.Of(scale[q]), o = V.Of(shift[q]);
                V t0 = V.MultiplyAdd(f, p0, V.Load(t)), t1 = V.MultiplyAdd(f, p1, V.Load(t + Width));
                t0.Store(t); t1.Store(t + Width);
                r0 = V.Max(r0, V.MultiplyAdd(s, t0, o)); r1 = V.Max(r1, V.MultiplyAdd(s, t1, o));
            }
            V s0 = V.Of(0.0), s1 = s0, c0 = s0, c1 = s0;
            for (int e = 0; e < residuals; e++, t += TableauPass.Block)
            {
                V f = V.Of(*c++), d = V.Of(defect[e]);
                V x = V.MultiplyAdd(f, p0, V.Load(t)), y = V.MultiplyAdd(f, p1, V.Load(t + Width));
                x.Store(t); y.Store(t + Width);
                s0 = V.MultiplyAdd(x, x, s0); c0 = V.MultiplyAdd(x, d, c0);
                s1 = V.MultiplyAdd(y, y, s1); c1 = V.MultiplyAdd(y, d, c1);
            }
            Price(result, steps, penalty, r0, s0, c0);
            Price(result + Width, steps + Width, penalty + Width, r1, s1, c1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int FirstLeast(double* values, int count)
    {
        V best = V.Of(double.PositiveInfinity);
        for (int j = 0; j < count; j += Width) best = V.Min(best, V.Load(values + j));
        double least = V.Least(best);
        V wanted = V.Of(least);
        for (int at = 0; at < count; at += Width)
        {
            int lane = V.FirstEqual(V.Load(values + at), wanted);
            if (lane < Width) return at + lane;
        }
        return count - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SetScales(double* basic, double* scale, double* shift, int rank, double slack)
    {
        V more = V.Of(slack), noise = V.Of(-RatioTest.Noise), zero = V.Of(0.0), one = V.Of(1.0);
        for (int q = 0; q < rank; q += Width)
        {
            V x = V.Max(V.Load(basic + q), zero), s = one / (x + more);
            x.Store(basic + q);
            s.Store(scale + q);
            (noise * s).Store(shift + q);
        }
    }

    /// <summary>
    /// Largest entry over weight becomes the weight that a point can take, 0 where nothing limits it; the gain is the change of
    /// the squared defect over that whole step, infinite where the point may not enter.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Price(double* gains, double* steps, double* penalty, V reach, V square, V cross)
    {
        V zero = V.Of(0.0), u = V.IfLess(zero, reach, V.Of(1.0) / reach, zero);
        u.Store(steps);
        V gain = V.MultiplyAdd(u, u * square, u * (cross + cross)) + V.Load(penalty);
        V.IfLess(zero, u, gain, V.Of(double.PositiveInfinity)).Store(gains);
    }
}
