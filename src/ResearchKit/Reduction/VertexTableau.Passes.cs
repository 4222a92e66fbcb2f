using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <content>The passes over the whole tableau: each updates it and prices every point, four vectors of points at a time.</content>
internal sealed unsafe partial class VertexTableau
{
    /// <summary>
    /// Updates the tableau for the last exchange, and finds the point that shrinks the sum of the negative weights fastest;
    /// -1 if none does.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int PassFeasible()
    {
        int w = Vector<double>.Count, size = 4 * w;
        var factor = new Vector<double>(inverse);
        double* t = table, result = gains;
        for (int b = 0; b < blocks; b++, result += size)
        {
            double* p = t + (long)pivotRow * size;
            Vector<double> p0 = factor * Vector.LoadAligned(p), p1 = factor * Vector.LoadAligned(p + w), p2 = factor * Vector.LoadAligned(p + 2 * w), p3 = factor * Vector.LoadAligned(p + 3 * w);
            p0.StoreAligned(p); p1.StoreAligned(p + w); p2.StoreAligned(p + 2 * w); p3.StoreAligned(p + 3 * w);
            Vector<double> r0 = Vector<double>.Zero, r1 = r0, r2 = r0, r3 = r0;
            double* c = minus;
            for (int q = 0; q < rank; q++, t += size)
            {
                Vector<double> f = new(*c++), s = new(scale[q]);
                Vector<double> t0 = Vector.MultiplyAddEstimate(f, p0, Vector.LoadAligned(t)), t1 = Vector.MultiplyAddEstimate(f, p1, Vector.LoadAligned(t + w));
                Vector<double> t2 = Vector.MultiplyAddEstimate(f, p2, Vector.LoadAligned(t + 2 * w)), t3 = Vector.MultiplyAddEstimate(f, p3, Vector.LoadAligned(t + 3 * w));
                t0.StoreAligned(t); t1.StoreAligned(t + w); t2.StoreAligned(t + 2 * w); t3.StoreAligned(t + 3 * w);
                r0 = Vector.MultiplyAddEstimate(s, t0, r0); r1 = Vector.MultiplyAddEstimate(s, t1, r1);
                r2 = Vector.MultiplyAddEstimate(s, t2, r2); r3 = Vector.MultiplyAddEstimate(s, t3, r3);
            }
            for (int e = 0; e < residuals; e++, t += size)
            {
                Vector<double> f = new(*c++);
                Vector.MultiplyAddEstimate(f, p0, Vector.LoadAligned(t)).StoreAligned(t);
                Vector.MultiplyAddEstimate(f, p1, Vector.LoadAligned(t + w)).StoreAligned(t + w);
                Vector.MultiplyAddEstimate(f, p2, Vector.LoadAligned(t + 2 * w)).StoreAligned(t + 2 * w);
                Vector.MultiplyAddEstimate(f, p3, Vector.LoadAligned(t + 3 * w)).StoreAligned(t + 3 * w);
            }
            r0.StoreAligned(result); r1.StoreAligned(result + w); r2.StoreAligned(result + 2 * w); r3.StoreAligned(result + 3 * w);
        }
        int winner = Least();
        return gains[winner] < -SmallestPivot ? winner : -1;
    }

    /// <summary>
    /// Updates the tableau for the last exchange, and finds the allowed point whose entrance leaves the least squared
    /// defect; -1 if none is allowed.
    /// </summary>
    /// <param name="up">The weight that it takes before a pivot empties.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int PassDescent(out double up)
    {
        int w = Vector<double>.Count, size = 4 * w;
        var factor = new Vector<double>(inverse);
        double* t = table, result = gains, step = steps, forbid = penalty;
        for (int b = 0; b < blocks; b++, result += size, step += size, forbid += size)
        {
            double* p = t + (long)pivotRow * size;
            Vector<double> p0 = factor * Vector.LoadAligned(p), p1 = factor * Vector.LoadAligned(p + w), p2 = factor * Vector.LoadAligned(p + 2 * w), p3 = factor * Vector.LoadAligned(p + 3 * w);
            p0.StoreAligned(p); p1.StoreAligned(p + w); p2.StoreAligned(p + 2 * w); p3.StoreAligned(p + 3 * w);
            Vector<double> r0 = Vector<double>.Zero, r1 = r0, r2 = r0, r3 = r0;
            double* c = minus;
            for (int q = 0; q < rank; q++, t += size)
            {
                Vector<double> f = new(*c++), s = new(scale[q]), o = new(shift[q]);
                Vector<double> t0 = Vector.MultiplyAddEstimate(f, p0, Vector.LoadAligned(t)), t1 = Vector.MultiplyAddEstimate(f, p1, Vector.LoadAligned(t + w));
                Vector<double> t2 = Vector.MultiplyAddEstimate(f, p2, Vector.LoadAligned(t + 2 * w)), t3 = Vector.MultiplyAddEstimate(f, p3, Vector.LoadAligned(t + 3 * w));
                t0.StoreAligned(t); t1.StoreAligned(t + w); t2.StoreAligned(t + 2 * w); t3.StoreAligned(t + 3 * w);
                r0 = Vector.MaxNative(r0, Vector.MultiplyAddEstimate(s, t0, o)); r1 = Vector.MaxNative(r1, Vector.MultiplyAddEstimate(s, t1, o));
                r2 = Vector.MaxNative(r2, Vector.MultiplyAddEstimate(s, t2, o)); r3 = Vector.MaxNative(r3, Vector.MultiplyAddEstimate(s, t3, o));
            }
            Store(step, r0); Store(step + w, r1); Store(step + 2 * w, r2); Store(step + 3 * w, r3);
            Vector<double> s0 = Vector<double>.Zero, s1 = s0, s2 = s0, s3 = s0, c0 = s0, c1 = s0, c2 = s0, c3 = s0;
            for (int e = 0; e < residuals; e++, t += size)
            {
                Vector<double> f = new(*c++), d = new(defect[e]);
                Vector<double> x = Vector.MultiplyAddEstimate(f, p0, Vector.LoadAligned(t));
                x.StoreAligned(t);
                s0 = Vector.MultiplyAddEstimate(x, x, s0); c0 = Vector.MultiplyAddEstimate(x, d, c0);
                x = Vector.MultiplyAddEstimate(f, p1, Vector.LoadAligned(t + w));
                x.StoreAligned(t + w);
                s1 = Vector.MultiplyAddEstimate(x, x, s1); c1 = Vector.MultiplyAddEstimate(x, d, c1);
                x = Vector.MultiplyAddEstimate(f, p2, Vector.LoadAligned(t + 2 * w));
                x.StoreAligned(t + 2 * w);
                s2 = Vector.MultiplyAddEstimate(x, x, s2); c2 = Vector.MultiplyAddEstimate(x, d, c2);
                x = Vector.MultiplyAddEstimate(f, p3, Vector.LoadAligned(t + 3 * w));
                x.StoreAligned(t + 3 * w);
                s3 = Vector.MultiplyAddEstimate(x, x, s3); c3 = Vector.MultiplyAddEstimate(x, d, c3);
            }
            Gain(result, step, s0, c0, forbid); Gain(result + w, step + w, s1, c1, forbid + w);
            Gain(result + 2 * w, step + 2 * w, s2, c2, forbid + 2 * w); Gain(result + 3 * w, step + 3 * w, s3, c3, forbid + 3 * w);
        }
        int winner = Least();
        up = steps[winner];
        return double.IsInfinity(gains[winner]) ? -1 : winner;
    }

    /// <summary>Largest entry over weight becomes the weight that a point can take; 0 where nothing limits it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* target, Vector<double> reach)
        => Vector.ConditionalSelect(Vector.GreaterThan(reach, Vector<double>.Zero), Vector<double>.One / reach, Vector<double>.Zero).StoreAligned(target);

    /// <summary>Change of the squared defect over a whole step; infinite where the point may not enter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gain(double* target, double* step, Vector<double> square, Vector<double> cross, double* forbid)
    {
        Vector<double> u = Vector.LoadAligned(step);
        Vector<double> gain = Vector.MultiplyAddEstimate(u, u * square, u * (cross + cross)) + Vector.LoadAligned(forbid);
        Vector.ConditionalSelect(Vector.GreaterThan(u, Vector<double>.Zero), gain, new(double.PositiveInfinity)).StoreAligned(target);
    }

    /// <summary>The first place of the least gain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Least()
    {
        int w = Vector<double>.Count, width = blocks * block;
        Vector<double> best = new(double.PositiveInfinity);
        for (int j = 0; j < width; j += w) best = Vector.MinNative(best, Vector.LoadAligned(gains + j));
        double least = best[0];
        for (int l = 1; l < w; l++) least = double.MinNative(least, best[l]);
        var wanted = new Vector<double>(least);
        int at = 0;
        while (at + w < width && !Vector.EqualsAny(Vector.LoadAligned(gains + at), wanted)) at += w;
        while (at + 1 < width && gains[at] != least) at++;
        return at;
    }
}
