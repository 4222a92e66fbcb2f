using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>
/// The exchanges of pivots made so far in a cell, in product form: each is a column by which later null vectors are
/// brought up to date, v -= (v[slot] / pivot) column.
/// </summary>
/// <remarks>
/// The entry of a column at its own slot is stored as pivot - 1, so that the update itself leaves v[slot] / pivot there.
/// Writing that entry on its own would make the next wide load wait for the narrow store: most of the time went there.
/// Four exchanges are applied at once, their coefficients found by forward substitution.
/// </remarks>
internal sealed unsafe class ExchangeList : IDisposable
{
    /// <summary>Vectors brought up to date together: they stay in the first-level cache while the columns pass by.</summary>
    public const int Batch = 8;

    private readonly NativeBuffer buffer = new();
    private double* columns;
    private int[] slots = [];
    private double[] inversePivots = [];
    private int total;

    /// <summary>Exchanges recorded since the last <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Starts a cell whose vectors have <paramref name="length"/> entries (a multiple of 8), for at most <paramref name="most"/> exchanges.</summary>
    public void Clear(int length, int most)
    {
        total = length;
        Count = 0;
        columns = buffer.Ensure((long)most * length);
        if (slots.Length >= most) return;
        slots = new int[most];
        inversePivots = new double[most];
    }

    /// <summary>Records that the point with the (up to date) null vector v took the place of the pivot at a slot.</summary>
    public void Add(double* v, int slot)
    {
        double* column = columns + (long)Count * total;
        Buffer.MemoryCopy(v, column, total * sizeof(double), total * sizeof(double));
        inversePivots[Count] = 1.0 / v[slot];
        column[slot] = v[slot] - 1.0;
        slots[Count++] = slot;
    }

    /// <summary>Applies the exchanges from <paramref name="first"/> on to count vectors that lie one after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(double* vectors, int count, int first)
    {
        int k = first;
        double* c = stackalloc double[2 * BlockedUpdate.Width];
        for (; k + BlockedUpdate.Width <= Count; k += BlockedUpdate.Width)
        {
            double* s0 = columns + (long)k * total, s1 = s0 + total, s2 = s1 + total, s3 = s2 + total;
            int i = 0;
            for (; i + 2 <= count; i += 2)
            {
                double* x = vectors + (long)i * total, y = x + total;
                Coefficients(x, k, s0, s1, s2, c);
                Coefficients(y, k, s0, s1, s2, c + BlockedUpdate.Width);
                BlockedUpdate.Two(x, y, c, c + BlockedUpdate.Width, s0, s1, s2, s3, total);
            }
            if (i < count)
            {
                double* x = vectors + (long)i * total;
                Coefficients(x, k, s0, s1, s2, c);
                BlockedUpdate.One(x, c, s0, s1, s2, s3, total);
            }
        }
        for (; k < Count; k++)
        {
            double* column = columns + (long)k * total;
            for (int i = 0; i < count; i++)
            {
                double* x = vectors + (long)i * total;
                double f = x[slots[k]] * inversePivots[k];
                if (f != 0) BlockedUpdate.Single(x, f, column, total);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Coefficients(double* v, int k, double* s0, double* s1, double* s2, double* c)
    {
        int b = slots[k + 1], d = slots[k + 2], e = slots[k + 3];
        double c0 = v[slots[k]] * inversePivots[k];
        double c1 = (v[b] - c0 * s0[b]) * inversePivots[k + 1];
        double c2 = (v[d] - c0 * s0[d] - c1 * s1[d]) * inversePivots[k + 2];
        c[0] = c0;
        c[1] = c1;
        c[2] = c2;
        c[3] = (v[e] - c0 * s0[e] - c1 * s1[e] - c2 * s2[e]) * inversePivots[k + 3];
    }
}
