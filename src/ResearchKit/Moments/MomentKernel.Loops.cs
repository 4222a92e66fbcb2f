using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <content>The loops over one block of points: one-dimensional values, prefix products, and what is done with them.</content>
internal sealed unsafe partial class MomentKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillPrefixes(LocalFrame frame, double* points, int count, int padded, double* weights, bool weighted)
    {
        int m = basis.Dimension;
        // All coordinates first: a wide load right after the narrow stores it covers would wait for them.
        for (int j = 0; j < m; j++)
        {
            double* t = table + (long)basis.TableOffsets[j] * Block + Block;
            if (basis.TableOffsets[j + 1] - basis.TableOffsets[j] == 1) continue;
            double* x = points + j;
            for (int i = 0; i < count; i++, x += m) t[i] = *x;
            for (int i = count; i < padded; i++) t[i] = frame.Center[j];
        }
        // The prefix of all zeros carries the weight, so that every product does.
        if (weights == null) new Span<double>(prefix, count).Fill(1.0);
        else new ReadOnlySpan<double>(weights, count).CopyTo(new Span<double>(prefix, count));
        if (count < padded) new Span<double>(prefix + count, padded - count).Fill(weighted ? 0.0 : 1.0);
        for (int j = 0; j < m; j++)
        {
            double* one = table + (long)basis.TableOffsets[j] * Block;
            int top = basis.TableOffsets[j + 1] - basis.TableOffsets[j] - 1;
            if (top == 0) new Span<double>(one, padded).Fill(1.0);
            else Legendre(one, top, padded, frame.Center[j], frame.InverseHalfWidth[j]);
        }
        int width = Vector<double>.Count;
        fixed (int* parents = basis.PrefixParents, factors = basis.PrefixFactors)
        {
            for (int p = 1; p < basis.PrefixParents.Length; p++)
            {
                double* a = prefix + (long)parents[p] * Block, f = table + (long)factors[p] * Block, r = prefix + (long)p * Block;
                int i = 0;
                for (; i + 2 * width <= padded; i += 2 * width)
                {
                    (Vector.LoadAligned(a + i) * Vector.LoadAligned(f + i)).StoreAligned(r + i);
                    (Vector.LoadAligned(a + i + width) * Vector.LoadAligned(f + i + width)).StoreAligned(r + i + width);
                }
                for (; i < padded; i += width)
                    (Vector.LoadAligned(a + i) * Vector.LoadAligned(f + i)).StoreAligned(r + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Legendre(double* one, int top, int padded, double center, double inverse)
    {
        int width = Vector<double>.Count, i = 0;
        Vector<double> middle = new(center);
        fixed (double* a = basis.RecurrenceA, b = basis.RecurrenceB)
        {
            // Two vectors at a time: the recurrence alone would wait for its own results.
            for (; i + 2 * width <= padded; i += 2 * width)
            {
                double* row = one + Block + i;
                Vector<double> t = (Vector.LoadAligned(row) - middle) * inverse, u = (Vector.LoadAligned(row + width) - middle) * inverse, factor = new(a[0]);
                Vector<double> before0 = Vector<double>.One, before1 = before0, now0 = t * factor, now1 = u * factor;
                before0.StoreAligned(one + i); before1.StoreAligned(one + i + width);
                now0.StoreAligned(row); now1.StoreAligned(row + width);
                for (int n = 1; n < top; n++)
                {
                    row += Block;
                    factor = new(a[n]);
                    Vector<double> back = new(b[n]);
                    Vector<double> next0 = Vector.MultiplyAddEstimate(t * factor, now0, before0 * back);
                    Vector<double> next1 = Vector.MultiplyAddEstimate(u * factor, now1, before1 * back);
                    next0.StoreAligned(row); next1.StoreAligned(row + width);
                    before0 = now0; before1 = now1;
                    now0 = next0; now1 = next1;
                }
            }
            for (; i < padded; i += width)
            {
                Vector<double> t = (Vector.LoadAligned(one + Block + i) - middle) * inverse, before = Vector<double>.One, now = t * a[0];
                before.StoreAligned(one + i);
                now.StoreAligned(one + Block + i);
                for (int n = 1; n < top; n++)
                {
                    Vector<double> next = Vector.MultiplyAddEstimate(t * new Vector<double>(a[n]), now, before * new Vector<double>(b[n]));
                    next.StoreAligned(one + (long)(n + 1) * Block + i);
                    before = now;
                    now = next;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StoreGroups(double* values, int stride, int size)
    {
        int width = Vector<double>.Count;
        double* last = table + (long)basis.TableOffsets[basis.Dimension - 1] * Block;
        fixed (int* starts = basis.GroupStarts, moments = basis.GroupMoments)
        {
            for (int p = 0; p < basis.PrefixParents.Length; p++)
            {
                double* a = prefix + (long)p * Block;
                for (int g = starts[p], n = 0; g < starts[p + 1]; g++, n++)
                {
                    double* f = last + (long)n * Block;
                    double* r = values + (long)moments[g] * stride;
                    for (int i = 0; i < size; i += width)
                        (Vector.LoadAligned(a + i) * Vector.LoadAligned(f + i)).Store(r + i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AccumulateGroups()
    {
        int width = Vector<double>.Count;
        double* last = table + (long)basis.TableOffsets[basis.Dimension - 1] * Block;
        fixed (int* starts = basis.GroupStarts, moments = basis.GroupMoments)
        {
            for (int p = 0; p < basis.PrefixParents.Length; p++)
            {
                double* a = prefix + (long)p * Block;
                double* f = last;
                int g = starts[p], end = starts[p + 1];
                // Four moments of a group share the loads of the prefix.
                for (; g + 4 <= end; g += 4, f += 4 * Block)
                {
                    double* r0 = lanes + (long)moments[g] * width, r1 = lanes + (long)moments[g + 1] * width;
                    double* r2 = lanes + (long)moments[g + 2] * width, r3 = lanes + (long)moments[g + 3] * width;
                    Vector<double> s0 = Vector.LoadAligned(r0), s1 = Vector.LoadAligned(r1), s2 = Vector.LoadAligned(r2), s3 = Vector.LoadAligned(r3);
                    for (int i = 0; i < Block; i += width)
                    {
                        Vector<double> x = Vector.LoadAligned(a + i);
                        s0 = Vector.MultiplyAddEstimate(x, Vector.LoadAligned(f + i), s0);
                        s1 = Vector.MultiplyAddEstimate(x, Vector.LoadAligned(f + Block + i), s1);
                        s2 = Vector.MultiplyAddEstimate(x, Vector.LoadAligned(f + 2 * Block + i), s2);
                        s3 = Vector.MultiplyAddEstimate(x, Vector.LoadAligned(f + 3 * Block + i), s3);
                    }
                    s0.StoreAligned(r0); s1.StoreAligned(r1); s2.StoreAligned(r2); s3.StoreAligned(r3);
                }
                if (g + 2 <= end)
                {
                    double* r0 = lanes + (long)moments[g] * width, r1 = lanes + (long)moments[g + 1] * width;
                    Vector<double> s0 = Vector.LoadAligned(r0), s1 = Vector.LoadAligned(r1);
                    for (int i = 0; i < Block; i += width)
                    {
                        Vector<double> x = Vector.LoadAligned(a + i);
                        s0 = Vector.MultiplyAddEstimate(x, Vector.LoadAligned(f + i), s0);
                        s1 = Vector.MultiplyAddEstimate(x, Vector.LoadAligned(f + Block + i), s1);
                    }
                    s0.StoreAligned(r0); s1.StoreAligned(r1);
                    g += 2;
                    f += 2 * Block;
                }
                if (g < end)
                {
                    double* r = lanes + (long)moments[g] * width;
                    Vector<double> s0 = Vector.LoadAligned(r), s1 = Vector<double>.Zero;
                    // A block is a multiple of two vectors.
                    for (int i = 0; i < Block; i += 2 * width)
                    {
                        s0 = Vector.MultiplyAddEstimate(Vector.LoadAligned(a + i), Vector.LoadAligned(f + i), s0);
                        s1 = Vector.MultiplyAddEstimate(Vector.LoadAligned(a + i + width), Vector.LoadAligned(f + i + width), s1);
                    }
                    (s0 + s1).StoreAligned(r);
                }
            }
        }
    }
}
