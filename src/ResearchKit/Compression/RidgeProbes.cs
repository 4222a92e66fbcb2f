using System.Numerics;
using ResearchKit.Tasks;

namespace ResearchKit;

/// <summary>
/// Seeded directions a (uniform on a sphere) and offsets b (standard normal) in the frame of the whole set, and sums of
/// four functions of a.t + b over weighted points: sigmoid, tanh, ReLU, cosine, a vector of points at a time.
/// </summary>
/// <remarks>
/// The frame maps the bounding box to [-1, 1]^m, so these are functions of unit scale: smooth at the scale of the whole
/// set (but for the ReLU's kink), and no polynomials.
/// </remarks>
internal sealed class RidgeProbes
{
    /// <summary>Functions per direction, in this order: sigmoid, tanh, ReLU, cosine.</summary>
    public const int Families = 4;

    /// <summary>Points per block; a multiple of every vector width.</summary>
    private const int Block = 256;

    private readonly int m;
    private readonly double[] directions;
    private readonly double[] offsets;

    /// <param name="frame">Frame of the whole set.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="count">Number of directions.</param>
    /// <param name="scale">Length of every a.</param>
    public RidgeProbes(LocalFrame frame, int seed, int count, double scale)
    {
        m = frame.Dimension;
        directions = new double[count * m];
        offsets = new double[count];
        for (int probe = 0; probe < count; probe++)
        {
            // A stream per probe, so that probe i is the same however many there are.
            var random = new SeededRandom(seed, probe + 1);
            Span<double> a = directions.AsSpan(probe * m, m);
            random.FillNormal(a);
            double b = random.NextNormal(), length = 0;
            foreach (double v in a) length += v * v;
            length = Math.Sqrt(length);
            for (int j = 0; j < m; j++)
            {
                a[j] *= scale / length * frame.InverseHalfWidth[j];
                b -= a[j] * frame.Center[j];
            }
            offsets[probe] = b;
        }
    }

    /// <summary>The number of directions.</summary>
    public int Count => offsets.Length;

    /// <summary>Adds weight times function of some points: function f of direction p goes to sums[p * Families + f].</summary>
    /// <param name="rows">Row-major coordinates.</param>
    /// <param name="weights">One weight per row; empty for 1.</param>
    /// <param name="sums">Count x Families running sums.</param>
    public void Add(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<CompensatedSum> sums)
    {
        int count = rows.Length / m;
        var columns = new double[(m + 1) * Block];
        for (int start = 0; start < count; start += Block)
        {
            int size = Math.Min(Block, count - start);
            // Column-major, so that a vector runs along the points; what a short last block leaves has weight zero.
            for (int i = 0; i < size; i++)
                for (int j = 0; j < m; j++)
                    columns[j * Block + i] = rows[(start + i) * m + j];
            Span<double> column = columns.AsSpan(m * Block);
            if (weights.IsEmpty) column[..size].Fill(1);
            else weights.Slice(start, size).CopyTo(column);
            column[size..].Clear();
            for (int p = 0; p < Count; p++) AddBlock(columns, p, sums.Slice(p * Families, Families));
        }
    }

    private void AddBlock(double[] columns, int probe, Span<CompensatedSum> sums)
    {
        Vector<double> sigmoid = default, tanh = default, relu = default, cosine = default;
        Vector<double> one = Vector<double>.One, offset = new(offsets[probe]);
        for (int i = 0; i < Block; i += Vector<double>.Count)
        {
            Vector<double> z = offset;
            for (int j = 0; j < m; j++) z += new Vector<double>(columns, j * Block + i) * directions[probe * m + j];
            var w = new Vector<double>(columns, m * Block + i);
            Vector<double> e = Vector.Exp(-z);
            sigmoid += w / (one + e);
            // 2 / (1 + exp(-2z)) - 1 also where the exponential overflows.
            tanh += w * ((one + one) / (one + e * e) - one);
            relu += w * Vector.Max(z, Vector<double>.Zero);
            cosine += w * Vector.Cos(z);
        }
        sums[0].Add(Vector.Sum(sigmoid));
        sums[1].Add(Vector.Sum(tanh));
        sums[2].Add(Vector.Sum(relu));
        sums[3].Add(Vector.Sum(cosine));
    }
}
