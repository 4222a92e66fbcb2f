using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <content>One-dimensional Legendre values and slopes at the nodes.</content>
internal sealed unsafe partial class GaussSystem
{
    private double* Entry(int e, int coordinate)
        => table + (long)(offsets[coordinate] + space.Exponents(e)[coordinate]) * Padded;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillTable(double* positions, bool withSlopes)
    {
        int width = Vector<double>.Count, padded = Padded;
        for (int c = 0; c < Dimension; c++)
        {
            int top = offsets[c + 1] - offsets[c] - 1;
            double* first = table + (long)offsets[c] * padded, slope = slopes + (long)offsets[c] * padded, t = positions + (long)c * padded;
            for (int i = 0; i < padded; i += width)
            {
                Vector<double> x = Vector.Load(t + i), before = Vector<double>.One, slopeBefore = Vector<double>.Zero;
                before.Store(first + i);
                if (withSlopes) slopeBefore.Store(slope + i);
                if (top == 0) continue;
                Vector<double> now = x * recurrenceA[0], slopeNow = new(recurrenceA[0]);
                now.Store(first + padded + i);
                if (withSlopes) slopeNow.Store(slope + padded + i);
                for (int n = 1; n < top; n++)
                {
                    Vector<double> a = new(recurrenceA[n]), b = new(recurrenceB[n]);
                    Vector<double> next = Vector.MultiplyAddEstimate(a * x, now, b * before);
                    next.Store(first + (long)(n + 1) * padded + i);
                    if (withSlopes)
                    {
                        Vector<double> slopeNext = Vector.MultiplyAddEstimate(a, Vector.MultiplyAddEstimate(x, slopeNow, now), b * slopeBefore);
                        slopeNext.Store(slope + (long)(n + 1) * padded + i);
                        slopeBefore = slopeNow;
                        slopeNow = slopeNext;
                    }
                    before = now;
                    now = next;
                }
            }
        }
    }
}
