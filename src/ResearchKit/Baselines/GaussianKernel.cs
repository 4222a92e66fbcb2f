using System.Numerics;
using ResearchKit.Tasks;

namespace ResearchKit.Baselines;

/// <summary>
/// The kernel k(x, y) = exp(-|x - y|^2 / (2 s^2)) of a point set, evaluated a vector of points at a time. Coordinates are
/// divided by the bandwidth s beforehand and stand column by column.
/// </summary>
/// <remarks>Sums run in index order, so that a value does not depend on how work is shared among threads.</remarks>
internal sealed class GaussianKernel
{
    /// <summary>Points that the median heuristic looks at, at most: 499500 distances.</summary>
    private const int MedianSample = 1000;

    /// <summary>Points and y that <see cref="MeanAt"/> takes at once; a block is a multiple of any vector width.</summary>
    private const int Block = 1024, Tile = 64;

    private readonly double[] columns;
    private readonly int stride;
    private readonly int m;

    private GaussianKernel(double[] columns, int count, int m)
    {
        this.columns = columns;
        this.m = m;
        Count = count;
        stride = columns.Length / m;
    }

    /// <summary>The number of points.</summary>
    public int Count { get; }

    /// <summary>The kernel of the given objects of a set.</summary>
    /// <param name="set">The objects.</param>
    /// <param name="points">Which of them, in the order wanted.</param>
    /// <param name="bandwidth">s in the units of the coordinates; the median distance of a seeded sample when null.</param>
    /// <param name="seed">Seed of that sample.</param>
    public static GaussianKernel Of(WeightedPoints set, ReadOnlySpan<int> points, double? bandwidth, int seed)
    {
        int m = set.Dimension;
        LocalFrame frame = LocalFrame.Of(set);
        // In units of the longest half side no squared distance can overflow or vanish.
        double unit = 0;
        for (int j = 0; j < m; j++) unit = Math.Max(unit, 0.5 * frame.Upper[j] - 0.5 * frame.Lower[j]);
        if (!(unit > 0)) unit = 1;
        int stride = Padded(points.Length);
        var columns = new double[stride * m];
        for (int i = 0; i < points.Length; i++)
            for (int j = 0; j < m; j++) columns[j * stride + i] = set[points[i]][j] / unit - frame.Center[j] / unit;
        var kernel = new GaussianKernel(columns, points.Length, m);
        double scale = 1 / (bandwidth / unit ?? kernel.MedianDistance(seed));
        for (int i = 0; i < columns.Length; i++) columns[i] *= scale;
        return kernel;
    }

    /// <summary>The same kernel for some of the points, in the order given.</summary>
    public GaussianKernel Select(ReadOnlySpan<int> points)
    {
        int width = Padded(points.Length);
        var selected = new double[width * m];
        for (int j = 0; j < m; j++)
            for (int i = 0; i < points.Length; i++) selected[j * width + i] = columns[j * stride + points[i]];
        return new GaussianKernel(selected, points.Length, m);
    }

    /// <summary>k(x_a, x_b).</summary>
    public double Value(int a, int b)
    {
        double sum = 0;
        for (int j = 0; j < m; j++)
        {
            double gap = columns[j * stride + a] - columns[j * stride + b];
            sum += gap * gap;
        }
        return Math.Exp(-0.5 * sum);
    }

    /// <summary>The sum over the first <paramref name="count"/> points of factor times k(x_i, x_at).</summary>
    /// <param name="count">Points to sum over.</param>
    /// <param name="factors">At least <paramref name="count"/> factors, zero up to the next multiple of the vector width.</param>
    /// <param name="at">The other point.</param>
    public double Sum(int count, double[] factors, int at) => Vector.Sum(Sum(0, count, factors, this, at));

    /// <summary>The mean over all points of k(x_i, y), for every y of another kernel of the same bandwidth.</summary>
    public double[] MeanAt(GaussianKernel other, ParallelOptions parallel)
    {
        var mean = new double[other.Count];
        var equal = new double[stride];
        Array.Fill(equal, 1.0 / Count, 0, Count);
        Parallel.For(0, (other.Count + Tile - 1) / Tile, parallel, tile =>
        {
            // A block of points serves a whole tile of y while it is in the cache.
            int from = tile * Tile, to = Math.Min(other.Count, from + Tile);
            var totals = new Vector<double>[to - from];
            for (int start = 0; start < Count; start += Block)
                for (int y = from; y < to; y++)
                    totals[y - from] += Sum(start, Math.Min(Count, start + Block), equal, other, y);
            for (int y = from; y < to; y++) mean[y] = Vector.Sum(totals[y - from]);
        });
        return mean;
    }

    /// <summary>Adds factor times k(x_i, y) to every target i.</summary>
    /// <param name="target">One value per point, padded (<see cref="Padded"/>).</param>
    /// <param name="factor">The factor.</param>
    /// <param name="at">y = x_at.</param>
    public void AddTo(double[] target, double factor, int at)
    {
        for (int i = 0; i < Count; i += Vector<double>.Count)
            (new Vector<double>(target, i) + factor * Values(i, this, at)).CopyTo(target, i);
    }

    /// <summary>A length that whole vectors fill.</summary>
    public static int Padded(int count) => (count + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;

    private Vector<double> Sum(int start, int end, double[] factors, GaussianKernel other, int at)
    {
        Vector<double> total = Vector<double>.Zero;
        for (int i = start; i < end; i += Vector<double>.Count) total += new Vector<double>(factors, i) * Values(i, other, at);
        return total;
    }

    private Vector<double> Values(int i, GaussianKernel other, int at)
    {
        Vector<double> squares = Vector<double>.Zero;
        for (int j = 0; j < m; j++)
        {
            Vector<double> gap = new Vector<double>(columns, j * stride + i) - new Vector<double>(other.columns[j * other.stride + at]);
            squares += gap * gap;
        }
        return ExpMinusHalf(squares);
    }

    /// <summary>
    /// exp(-s/2) for s >= 0 to about 1e-13, several times faster than the library's: 2^n by its bits times ten terms of
    /// exp on |r| below ln(2)/2.
    /// </summary>
    private static Vector<double> ExpMinusHalf(Vector<double> s)
    {
        // Adding 1.5 * 2^52 rounds to the integer n and leaves it in the lowest bits. Beyond -708 all values are 0 to us.
        const double magic = 6755399441055744.0;
        Vector<double> x = Vector.Max(new Vector<double>(-708.0), -0.5 * s);
        Vector<double> shifted = Vector.MultiplyAddEstimate(x, new Vector<double>(1.4426950408889634), new Vector<double>(magic));
        Vector<double> r = Vector.MultiplyAddEstimate(shifted - new Vector<double>(magic), new Vector<double>(-0.6931471805599453), x);
        Vector<double> sum = new(1.0 / 3628800);
        foreach (double term in Terms) sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(term));
        return Vector.AsVectorDouble(Vector.AsVectorInt64(sum) + Vector.ShiftLeft(Vector.AsVectorInt64(shifted), 52));
    }

    /// <summary>1/9!, ..., 1/0!.</summary>
    private static ReadOnlySpan<double> Terms => [1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1];

    private double MedianDistance(int seed)
    {
        int[] sample = [.. Enumerable.Range(0, Count)];
        int size = Math.Min(Count, MedianSample);
        new SeededRandom(seed, 2).ShufflePrefix(sample.AsSpan(), size);
        var distances = new List<double>(size * (size - 1) / 2);
        for (int a = 1; a < size; a++)
            for (int b = 0; b < a; b++)
            {
                double sum = 0;
                for (int j = 0; j < m; j++)
                {
                    double gap = columns[j * stride + sample[a]] - columns[j * stride + sample[b]];
                    sum += gap * gap;
                }
                // Repeated points say nothing about the scale on which the others lie.
                if (sum > 0) distances.Add(Math.Sqrt(sum));
            }
        return distances.Count == 0 ? 1 : Scaling.Statistics.Median([.. distances]);
    }
}
