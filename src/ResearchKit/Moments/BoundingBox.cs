using System.Numerics;

namespace ResearchKit;

/// <summary>Bounding boxes of row-major points.</summary>
internal static class BoundingBox
{
    /// <summary>Smallest and largest value of each coordinate; the points must not be empty.</summary>
    public static void Compute(ReadOnlySpan<double> coordinates, int dimension, Span<double> lower, Span<double> upper)
    {
        lower[..dimension].Fill(double.PositiveInfinity);
        upper[..dimension].Fill(double.NegativeInfinity);
        int width = Vector<double>.Count, i = 0;
        // A group of `width` rows is m vectors, and lane l of vector v always holds coordinate (v * width + l) mod m.
        int group = width * dimension;
        if (dimension <= 32 && coordinates.Length >= 4 * group)
        {
            Span<double> lo = stackalloc double[group], hi = stackalloc double[group];
            coordinates[..group].CopyTo(lo);
            coordinates[..group].CopyTo(hi);
            for (i = group; i <= coordinates.Length - group; i += group)
            {
                for (int v = 0; v < group; v += width)
                {
                    var x = new Vector<double>(coordinates.Slice(i + v, width));
                    Vector.Min(new Vector<double>(lo.Slice(v, width)), x).CopyTo(lo[v..]);
                    Vector.Max(new Vector<double>(hi.Slice(v, width)), x).CopyTo(hi[v..]);
                }
            }
            Merge(lo, hi, lower, upper);
        }
        Merge(coordinates[i..], coordinates[i..], lower, upper);

        void Merge(ReadOnlySpan<double> lows, ReadOnlySpan<double> highs, Span<double> lower, Span<double> upper)
        {
            for (int r = 0, j = 0; r < lows.Length; r++)
            {
                if (lows[r] < lower[j]) lower[j] = lows[r];
                if (highs[r] > upper[j]) upper[j] = highs[r];
                if (++j == dimension) j = 0;
            }
        }
    }
}
