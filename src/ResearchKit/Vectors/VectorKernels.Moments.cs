using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <content>The loops over one block of points: one-dimensional values, prefix products, and what is done with them.</content>
internal sealed unsafe partial class VectorKernels<V> : VectorKernels where V : struct, ILanes<V>
{
    /// <summary>Doubles of a vector, on every path.</summary>
    private const int Width = 8;

    private const int Block = MomentKernel.Block;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Legendre(double* one, int top, int padded, double center, double inverse, double* a, double* b)
    {
        V middle = V.Of(center), scale = V.Of(inverse);
        for (int i = 0; i < padded; i += Width)
        {
            double* row = one + Block + i;
            V t = (V.Load(row) - middle) * scale, before = V.Of(1.0), now = t * V.Of(a[0]);
            before.Store(one + i);
            now.Store(row);
            for (int n = 1; n < top; n++)
            {
                row += Block;
                V next = V.MultiplyAdd(t * V.Of(a[n]), now, before * V.Of(b[n]));
                next.Store(row);
                before = now;
                now = next;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Prefixes(ProductBasis basis, double* table, double* prefix, int padded)
    {
        fixed (int* parents = basis.PrefixParents, factors = basis.PrefixFactors)
        {
            int prefixes = basis.PrefixParents.Length;
            for (int p = 1; p < prefixes; p++)
            {
                double* a = prefix + (long)parents[p] * Block, f = table + (long)factors[p] * Block, r = prefix + (long)p * Block;
                for (int i = 0; i < padded; i += Width) (V.Load(a + i) * V.Load(f + i)).Store(r + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void StoreGroups(ProductBasis basis, double* table, double* prefix, double* values, int stride, int size)
    {
        double* last = table + (long)basis.TableOffsets[basis.Dimension - 1] * Block;
        fixed (int* starts = basis.GroupStarts, moments = basis.GroupMoments)
        {
            int prefixes = basis.PrefixParents.Length;
            for (int p = 0; p < prefixes; p++)
            {
                double* a = prefix + (long)p * Block, f = last;
                for (int g = starts[p]; g < starts[p + 1]; g++, f += Block)
                {
                    double* r = values + (long)moments[g] * stride;
                    for (int i = 0; i < size; i += Width) (V.Load(a + i) * V.Load(f + i)).Store(r + i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AccumulateGroups(ProductBasis basis, double* table, double* prefix, double* lanes)
    {
        double* last = table + (long)basis.TableOffsets[basis.Dimension - 1] * Block;
        fixed (int* starts = basis.GroupStarts, moments = basis.GroupMoments)
        {
            int prefixes = basis.PrefixParents.Length;
            for (int p = 0; p < prefixes; p++)
            {
                double* a = prefix + (long)p * Block, f = last;
                int g = starts[p], end = starts[p + 1];
                // Four moments of a group share the loads of the prefix.
                for (; g + 4 <= end; g += 4, f += 4 * Block)
                {
                    double* r0 = lanes + (long)moments[g] * Width, r1 = lanes + (long)moments[g + 1] * Width;
                    double* r2 = lanes + (long)moments[g + 2] * Width, r3 = lanes + (long)moments[g + 3] * Width;
                    V s0 = V.Load(r0), s1 = V.Load(r1), s2 = V.Load(r2), s3 = V.Load(r3);
                    for (int i = 0; i < Block; i += Width)
                    {
                        V x = V.Load(a + i);
                        s0 = V.MultiplyAdd(x, V.Load(f + i), s0);
                        s1 = V.MultiplyAdd(x, V.Load(f + Block + i), s1);
                        s2 = V.MultiplyAdd(x, V.Load(f + 2 * Block + i), s2);
                        s3 = V.MultiplyAdd(x, V.Load(f + 3 * Block + i), s3);
                    }
                    s0.Store(r0); s1.Store(r1); s2.Store(r2); s3.Store(r3);
                }
                if (g + 2 <= end)
                {
                    double* r0 = lanes + (long)moments[g] * Width, r1 = lanes + (long)moments[g + 1] * Width;
                    V s0 = V.Load(r0), s1 = V.Load(r1);
                    for (int i = 0; i < Block; i += Width)
                    {
                        V x = V.Load(a + i);
                        s0 = V.MultiplyAdd(x, V.Load(f + i), s0);
                        s1 = V.MultiplyAdd(x, V.Load(f + Block + i), s1);
                    }
                    s0.Store(r0); s1.Store(r1);
                    g += 2;
                    f += 2 * Block;
                }
                if (g < end)
                {
                    double* r = lanes + (long)moments[g] * Width;
                    V s = V.Load(r);
                    for (int i = 0; i < Block; i += Width) s = V.MultiplyAdd(V.Load(a + i), V.Load(f + i), s);
                    s.Store(r);
                }
            }
        }
    }

    public override double SumLanes(double* lanes) => V.Sum(V.Load(lanes));
}
