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
    private const int BlockSize = 4096;

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
        List<int[]> exponents = Exponents(dimension, degree);
        double[] before = Moments(original, originalWeights, centre, scale, exponents, degree, cancellation);
        double[] after = Moments(kept, keptWeights, centre, scale, exponents, degree, cancellation);
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
        return new MomentComparison(exponents.Count, Math.Abs(after[0] - mass) / mass, max, exponents[worst]);
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

    private static (double[] Centre, double[] Scale) Frame(double[] points, int m)
    {
        var centre = new double[m];
        var scale = new double[m];
        for (int j = 0; j < m; j++)
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (int i = j; i < points.Length; i += m)
            {
                low = Math.Min(low, points[i]);
                high = Math.Max(high, points[i]);
            }
            centre[j] = low / 2 + high / 2;
            double half = high / 2 - low / 2;
            scale[j] = half > 0 ? 1 / half : 0;
        }
        return (centre, scale);
    }

    private static double[] Moments(double[] points, double[]? weights, double[] centre, double[] scale, List<int[]> exponents, int degree, CancellationToken cancellation)
    {
        int m = centre.Length, count = points.Length / m, width = degree + 1;
        var sums = new Sum[exponents.Count];
        var legendre = new double[BlockSize * m * width];
        for (int start = 0; start < count; start += BlockSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int n = Math.Min(BlockSize, count - start);
            for (int p = 0; p < n; p++)
                for (int j = 0; j < m; j++)
                    Legendre((points[(start + p) * m + j] - centre[j]) * scale[j], legendre.AsSpan((p * m + j) * width, width));
            int first = start;
            Parallel.For(0, exponents.Count, e =>
            {
                int[] exponent = exponents[e];
                Sum sum = sums[e];
                for (int p = 0; p < n; p++)
                {
                    double product = weights is null ? 1 : weights[first + p];
                    for (int j = 0; j < exponent.Length; j++)
                        if (exponent[j] > 0) product *= legendre[(p * m + j) * width + exponent[j]];
                    sum.Add(product);
                }
                sums[e] = sum;
            });
        }
        return [.. sums.Select(s => s.Value)];
    }

    /// <summary>P_0(t) to P_k(t) by Bonnet's recurrence.</summary>
    private static void Legendre(double t, Span<double> values)
    {
        values[0] = 1;
        if (values.Length > 1) values[1] = t;
        for (int n = 1; n + 1 < values.Length; n++)
            values[n + 1] = ((2 * n + 1) * t * values[n] - n * values[n - 1]) / (n + 1);
    }

    /// <summary>A sum that keeps what each addition rounds away.</summary>
    private struct Sum
    {
        private double total;
        private double lost;

        public readonly double Value => total + lost;

        public void Add(double x)
        {
            double t = total + x;
            double back = t - total;
            lost += (total - (t - back)) + (x - back);
            total = t;
        }
    }
}
