using ResearchKit.Tasks;

namespace ResearchKit.Baselines;

public static partial class KernelThinning
{
    /// <summary>The failure probability of one walk, spread evenly over its pairs.</summary>
    private const double Failure = 0.5;

    /// <summary>Keeps one of every pair of neighbours in the list, chunk by chunk.</summary>
    private static int[] Halve(GaussianKernel kernel, int[] points, int chunk, int round, CompressionOptions options)
    {
        int pairs = points.Length / 2;
        int chunks = (2 * pairs + chunk - 1) / chunk;
        var kept = new int[pairs + points.Length % 2];
        Parallel.For(0, chunks, options.Parallel(), c =>
        {
            int from = (int)((long)pairs * c / chunks), to = (int)((long)pairs * (c + 1) / chunks);
            // A stream per walk, so that no thread waits for another's coins.
            var random = new SeededRandom(options.Seed, ((long)round << 32) + c + 3);
            GaussianKernel own = kernel.Select(points.AsSpan(2 * from, 2 * (to - from)));
            Walk(own, points.AsSpan(2 * from), kept.AsSpan(from, to - from), ref random, options.CancellationToken);
        });
        if (points.Length % 2 == 0) return kept;
        var coin = new SeededRandom(options.Seed, ((long)round << 32) + 2 + ((long)1 << 31));
        if (coin.NextDouble() < 0.5) return kept[..pairs];
        kept[pairs] = points[^1];
        return kept;
    }

    /// <summary>
    /// The self-balancing walk. psi = sum over the pairs so far of k(left out, .) - k(kept, .) stays small when of the next
    /// pair (x, x') the one is kept where psi is larger: x with probability (1 + alpha / a) / 2, alpha = psi(x) - psi(x').
    /// </summary>
    private static void Walk(GaussianKernel own, ReadOnlySpan<int> points, Span<int> kept, ref SeededRandom random, CancellationToken cancel)
    {
        // Factor +1 for an object left out, -1 for a kept one, 0 for those to come.
        var signs = new double[GaussianKernel.Padded(own.Count)];
        double variance = 0, spread = Math.Sqrt(2 * Math.Log(2 * kept.Length / Failure));
        for (int i = 0; i < kept.Length; i++)
        {
            if ((i & 255) == 0) cancel.ThrowIfCancellationRequested();
            int x = 2 * i, y = x + 1;
            double square = 2 - 2 * own.Value(x, y);
            double a = Math.Max(Math.Sqrt(square * variance) * spread, square);
            bool keepFirst = (random.NextUInt64() & 1) == 0;
            // Equal points balance whichever is kept.
            if (a > 0)
            {
                variance += square * Math.Max(0, 1 + (square - 2 * a) * variance / (a * a));
                double alpha = own.Sum(x, signs, x) - own.Sum(x, signs, y);
                keepFirst = random.NextDouble() < 0.5 * (1 + alpha / a);
            }
            kept[i] = points[keepFirst ? x : y];
            (signs[x], signs[y]) = keepFirst ? (-1.0, 1.0) : (1.0, -1.0);
        }
    }
}
