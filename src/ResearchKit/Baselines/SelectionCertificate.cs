using ResearchKit.Tasks;

namespace ResearchKit.Baselines;

/// <summary>
/// The certificate of a selection without cells of its own: the whole set is the one cell, and moments are compared in
/// its local frame (bounding box mapped to [-1, 1]^m) and orthonormal Legendre product basis.
/// </summary>
internal static class SelectionCertificate
{
    private const int Probes = 32;

    /// <summary>What the reduction itself knows; all zero where no moment matrix was formed.</summary>
    public readonly record struct Work(int MaxRank, double MaxDiameter, long Bytes);

    public static CompressedSet Certify(string method, WeightedPoints set, MomentSpace space, int[] indices, double[] weights, int seed, Work work, long startTimestamp)
    {
        var difference = new double[set.Count];
        for (int i = 0; i < set.Count; i++) difference[i] = -set.WeightOf(i);
        for (int i = 0; i < indices.Length; i++) difference[indices[i]] += weights[i];
        var frame = new Frame(set);
        // A space of the next degree can exceed what MomentSpace allows; then that defect is not measured.
        bool next = space.Degree < byte.MaxValue && MomentSpace.CountOf(space.Dimension, space.Degree + 1) <= MomentSpace.MaxCount;
        double residual = 0, defect = 0;
        int beyond = 0;
        foreach (double moment in Moments(set, difference, frame, space, 0)) residual = Math.Max(residual, Math.Abs(moment));
        if (next)
        {
            foreach (double moment in Moments(set, difference, frame, MomentSpace.TotalDegree(space.Dimension, space.Degree + 1), space.Degree + 1))
            {
                defect += moment * moment;
                beyond++;
            }
        }
        var certificate = new Certificate
        {
            Method = method,
            MomentSpace = space.Name,
            OriginalCount = set.Count,
            Count = indices.Length,
            Moments = space.Count,
            Cells = 1,
            MaxRank = work.MaxRank,
            OriginalMass = set.Mass,
            Mass = CompensatedSum.Of(weights),
            MaxMomentResidual = residual / set.Mass,
            NextDegreeDefect = next ? Math.Sqrt(defect / beyond) / set.Mass : double.NaN,
            MaxCellDiameter = work.MaxDiameter,
            ProbeError = ProbeError(set, difference, frame, seed) / set.Mass,
            Seconds = System.Diagnostics.Stopwatch.GetElapsedTime(startTimestamp).TotalSeconds,
            Bytes = work.Bytes + 8L * set.Count,
        };
        return new CompressedSet(indices, weights, certificate);
    }

    private static IEnumerable<double> Moments(WeightedPoints set, double[] difference, Frame frame, MomentSpace space, int fromDegree)
    {
        int m = set.Dimension, width = space.Degree + 1;
        var sums = new CompensatedSum[space.Count];
        var factors = new double[m * width];
        for (int i = 0; i < set.Count; i++)
        {
            if (difference[i] == 0) continue;
            for (int j = 0; j < m; j++) Legendre(frame.Map(set[i][j], j), factors.AsSpan(j * width, width));
            for (int e = 0; e < sums.Length; e++)
            {
                double value = difference[i];
                ReadOnlySpan<byte> exponents = space.Exponents(e);
                for (int j = 0; j < m; j++) value *= factors[j * width + exponents[j]];
                sums[e].Add(value);
            }
        }
        return Enumerable.Range(0, sums.Length).Where(e => space.DegreeOf(e) >= fromDegree).Select(e => sums[e].Total);
    }

    private static double ProbeError(WeightedPoints set, double[] difference, Frame frame, int seed)
    {
        var random = new SeededRandom(seed, 1);
        var a = new double[set.Dimension];
        double squares = 0;
        for (int probe = 0; probe < Probes; probe++)
        {
            random.FillNormal(a);
            double b = random.NextNormal();
            var sum = new CompensatedSum();
            for (int i = 0; i < set.Count; i++)
            {
                if (difference[i] == 0) continue;
                double z = b;
                for (int j = 0; j < a.Length; j++) z += a[j] * frame.Map(set[i][j], j);
                sum.Add(difference[i] * Math.Tanh(z));
            }
            squares += sum.Total * sum.Total;
        }
        return Math.Sqrt(squares / Probes);
    }

    /// <summary>Legendre polynomials of unit mean square on [-1, 1], degrees 0 and up.</summary>
    private static void Legendre(double u, Span<double> values)
    {
        double before = 0, current = 1;
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = Math.Sqrt(2 * n + 1) * current;
            (before, current) = (current, ((2 * n + 1) * u * current - n * before) / (n + 1));
        }
    }

    private readonly struct Frame
    {
        private readonly double[] centre, half;

        public Frame(WeightedPoints set)
        {
            centre = new double[set.Dimension];
            half = new double[set.Dimension];
            for (int j = 0; j < set.Dimension; j++)
            {
                double low = double.PositiveInfinity, high = double.NegativeInfinity;
                for (int i = 0; i < set.Count; i++)
                {
                    low = Math.Min(low, set[i][j]);
                    high = Math.Max(high, set[i][j]);
                }
                centre[j] = low / 2 + high / 2;
                half[j] = high > low ? high / 2 - low / 2 : 1;
            }
        }

        public double Map(double x, int coordinate) => (x - centre[coordinate]) / half[coordinate];
    }
}
