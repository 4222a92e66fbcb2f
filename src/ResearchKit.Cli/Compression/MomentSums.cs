namespace ResearchKit.Cli;

/// <summary>All moments of total degree at most k in a frame: plain recurrences, one moment after the other, compensated sums.</summary>
/// <param name="centre">What maps to 0.</param>
/// <param name="scale">One over half the side of the box.</param>
/// <param name="degree">k.</param>
internal sealed class MomentSums(double[] centre, double[] scale, int degree)
{
    private const int BlockSize = 4096;

    private readonly Sum[] sums = new Sum[(int)MomentSpace.CountOf(centre.Length, degree)];

    /// <summary>The exponents of each moment; the constant comes first.</summary>
    public List<int[]> Exponents { get; } = MomentVerifier.Exponents(centre.Length, degree);

    /// <summary>The sums so far.</summary>
    public double[] Values => [.. sums.Select(s => s.Value)];

    /// <summary>Adds points.</summary>
    /// <param name="points">d x m row-major coordinates.</param>
    /// <param name="weights">d weights, or null for weight 1 each.</param>
    /// <param name="cancellation">Cancels between blocks of points.</param>
    public void Add(double[] points, double[]? weights, CancellationToken cancellation)
    {
        int m = centre.Length, count = points.Length / m, width = degree + 1;
        var legendre = new double[BlockSize * m * width];
        for (int start = 0; start < count; start += BlockSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int n = Math.Min(BlockSize, count - start);
            for (int p = 0; p < n; p++)
                for (int j = 0; j < m; j++)
                    Legendre((points[(start + p) * m + j] - centre[j]) * scale[j], legendre.AsSpan((p * m + j) * width, width));
            int first = start;
            Parallel.For(0, sums.Length, e =>
            {
                int[] exponent = Exponents[e];
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
