using System.Numerics;

namespace ResearchKit;

/// <summary>Bounding boxes of row-major points.</summary>
internal static class BoundingBox
{
    /// <summary>Rows per task; fixed, so that the number of threads does not show (not even in the sign of a zero).</summary>
    private const int Share = 1 << 16;

    /// <summary>The same, with several threads for many points.</summary>
    public static void Compute(ReadOnlyMemory<double> coordinates, int dimension, double[] lower, double[] upper, ParallelOptions? parallel)
    {
        int share = Share * dimension, shares = (coordinates.Length + share - 1) / share;
        if (shares < 2)
        {
            Compute(coordinates.Span, dimension, lower, upper);
            return;
        }
        var corners = new double[2 * shares * dimension];
        void One(int s) => Compute(coordinates.Span.Slice(s * share, Math.Min(share, coordinates.Length - s * share)), dimension,
            corners.AsSpan(2 * s * dimension), corners.AsSpan((2 * s + 1) * dimension));
        if (parallel is null) for (int s = 0; s < shares; s++) One(s);
        else Parallel.For(0, shares, parallel, One);
        Compute(corners, dimension, lower, upper);
    }

    /// <summary>Smallest and largest value of each coordinate; the points must not be empty.</summary>
    public static void Compute(ReadOnlySpan<double> coordinates, int dimension, Span<double> lower, Span<double> upper)
    {
        lower[..dimension].Fill(double.PositiveInfinity);
        upper[..dimension].Fill(double.NegativeInfinity);
        int width = Vector<double>.Count, i = 0;
        // Coordinates are finite, so the native minimum and maximum will do.
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
                    Vector.MinNative(new Vector<double>(lo.Slice(v, width)), x).CopyTo(lo[v..]);
                    Vector.MaxNative(new Vector<double>(hi.Slice(v, width)), x).CopyTo(hi[v..]);
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
