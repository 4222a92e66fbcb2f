using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>The one kernel that carries nearly all arithmetic of a reduction: rows -= coefficients times rows, four at a time.</summary>
internal static unsafe class BlockedUpdate
{
    /// <summary>Rows combined per step.</summary>
    public const int Width = 4;

    /// <summary>
    /// target[0..length) -= sum_b c[b] * source_b[0..length), b &lt; 4, for two target rows at once.
    /// All rows start at the same vector offset; length is a multiple of the vector width.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(double* target0, double* target1, double* c0, double* c1, double* s0, double* s1, double* s2, double* s3, int length)
    {
        int width = Vector<double>.Count;
        Vector<double> a0 = new(-c0[0]), a1 = new(-c0[1]), a2 = new(-c0[2]), a3 = new(-c0[3]);
        Vector<double> b0 = new(-c1[0]), b1 = new(-c1[1]), b2 = new(-c1[2]), b3 = new(-c1[3]);
        for (int i = 0; i < length; i += width)
        {
            Vector<double> x = Vector.Load(target0 + i), y = Vector.Load(target1 + i);
            Vector<double> s = Vector.Load(s0 + i);
            x = Vector.MultiplyAddEstimate(a0, s, x); y = Vector.MultiplyAddEstimate(b0, s, y);
            s = Vector.Load(s1 + i);
            x = Vector.MultiplyAddEstimate(a1, s, x); y = Vector.MultiplyAddEstimate(b1, s, y);
            s = Vector.Load(s2 + i);
            x = Vector.MultiplyAddEstimate(a2, s, x); y = Vector.MultiplyAddEstimate(b2, s, y);
            s = Vector.Load(s3 + i);
            x = Vector.MultiplyAddEstimate(a3, s, x); y = Vector.MultiplyAddEstimate(b3, s, y);
            x.Store(target0 + i); y.Store(target1 + i);
        }
    }

    /// <summary>As <see cref="Two"/> for a single target row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(double* target, double* c, double* s0, double* s1, double* s2, double* s3, int length)
    {
        int width = Vector<double>.Count;
        Vector<double> a0 = new(-c[0]), a1 = new(-c[1]), a2 = new(-c[2]), a3 = new(-c[3]);
        for (int i = 0; i < length; i += width)
        {
            Vector<double> x = Vector.Load(target + i);
            x = Vector.MultiplyAddEstimate(a0, Vector.Load(s0 + i), x);
            x = Vector.MultiplyAddEstimate(a1, Vector.Load(s1 + i), x);
            x = Vector.MultiplyAddEstimate(a2, Vector.Load(s2 + i), x);
            x = Vector.MultiplyAddEstimate(a3, Vector.Load(s3 + i), x);
            x.Store(target + i);
        }
    }

    /// <summary>target[0..length) -= c * source[0..length).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Single(double* target, double c, double* source, int length)
    {
        int width = Vector<double>.Count;
        Vector<double> a = new(-c);
        for (int i = 0; i < length; i += width)
            Vector.MultiplyAddEstimate(a, Vector.Load(source + i), Vector.Load(target + i)).Store(target + i);
    }

    /// <summary>target[0..count) += factor * source[0..count), of any length and alignment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double* target, double factor, double* source, int count)
    {
        int width = Vector<double>.Count, i = 0;
        var f = new Vector<double>(factor);
        for (; i + width <= count; i += width)
            Vector.MultiplyAddEstimate(f, Vector.Load(source + i), Vector.Load(target + i)).Store(target + i);
        for (; i < count; i++) target[i] += factor * source[i];
    }

    /// <summary>target[0..count) *= factor[0..count), of any length and alignment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(double* target, double* factor, int count)
    {
        int width = Vector<double>.Count, i = 0;
        for (; i + width <= count; i += width) (Vector.Load(target + i) * Vector.Load(factor + i)).Store(target + i);
        for (; i < count; i++) target[i] *= factor[i];
    }
}
