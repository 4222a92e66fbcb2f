namespace ResearchKit.Cli;

/// <summary>How far two weighted sets differ in mass and moments.</summary>
/// <param name="Moments">The number of moments compared, C(m + k, k).</param>
/// <param name="MassResidual">Difference of the masses, relative to the original mass.</param>
/// <param name="MaxResidual">Largest difference of any moment, relative to the original mass; every basis polynomial is at most 1 in magnitude.</param>
/// <param name="Worst">The exponents of the moment with that difference.</param>
internal sealed record MomentComparison(int Moments, double MassResidual, double MaxResidual, int[] Worst);

/// <summary>
/// Compares the moments of two weighted sets, globally, in the frame of the whole data: products of Legendre
/// polynomials over the original's bounding box. It shares no code with the compressor, on purpose: plain recurrences,
/// one moment after the other, compensated sums.
/// </summary>
internal static class MomentVerifier
{
    /// <param name="original">d x m row-major coordinates.</param>
    /// <param name="originalWeights">d weights, or null for weight 1 each.</param>
    /// <param name="kept">d' x m row-major coordinates.</param>
    /// <param name="keptWeights">d' weights.</param>
    /// <param name="dimension">m.</param>
    /// <param name="degree">k: all moments of total degree at most k are compared.</param>
    /// <param name="cancellation">Cancels between blocks of points.</param>
    public static MomentComparison Compare(double[] original, double[]? originalWeights, double[] kept, double[] keptWeights,
        int dimension, int degree, CancellationToken cancellation = default)
    {
        (double[] centre, double[] scale) = Frame(original, dimension);
        MomentSums before = new(centre, scale, degree), after = new(centre, scale, degree);
        before.Add(original, originalWeights, cancellation);
        after.Add(kept, keptWeights, cancellation);
        return Compare(before, after);
    }

    /// <summary>Compares sums that are made already.</summary>
    public static MomentComparison Compare(MomentSums original, MomentSums kept)
    {
        double[] before = original.Values, after = kept.Values;
        double mass = before[0];
        int worst = 0;
        double max = 0;
        for (int i = 0; i < before.Length; i++)
        {
            double residual = Math.Abs(after[i] - before[i]) / mass;
            // A NaN must not pass for a small number.
            if (!(residual <= max))
            {
                max = double.IsNaN(residual) ? double.PositiveInfinity : residual;
                worst = i;
            }
        }
        return new MomentComparison(before.Length, Math.Abs(after[0] - mass) / mass, max, original.Exponents[worst]);
    }

    /// <summary>All exponents of total degree at most k; the constant comes first.</summary>
    internal static List<int[]> Exponents(int dimension, int degree)
    {
        var all = new List<int[]>();
        var current = new int[dimension];
        Fill(0, degree);
        return all;

        void Fill(int coordinate, int left)
        {
            if (coordinate == dimension)
            {
                all.Add([.. current]);
                return;
            }
            for (int e = 0; e <= left; e++)
            {
                current[coordinate] = e;
                Fill(coordinate + 1, left - e);
            }
            current[coordinate] = 0;
        }
    }

    /// <summary>Centre and one over the half side of a box.</summary>
    public static (double[] Centre, double[] Scale) Frame(ReadOnlySpan<double> low, ReadOnlySpan<double> high)
    {
        var centre = new double[low.Length];
        var scale = new double[low.Length];
        for (int j = 0; j < low.Length; j++)
        {
            centre[j] = low[j] / 2 + high[j] / 2;
            double half = high[j] / 2 - low[j] / 2;
            scale[j] = half > 0 ? 1 / half : 0;
        }
        return (centre, scale);
    }

    private static (double[] Centre, double[] Scale) Frame(double[] points, int m)
    {
        double[] low = new double[m], high = new double[m];
        for (int j = 0; j < m; j++)
        {
            (low[j], high[j]) = (double.PositiveInfinity, double.NegativeInfinity);
            for (int i = j; i < points.Length; i += m)
            {
                low[j] = Math.Min(low[j], points[i]);
                high[j] = Math.Max(high[j], points[i]);
            }
        }
        return Frame(low, high);
    }
}
