using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>
/// The exchanges of pivots made so far in a cell: each is a linear map v -= (v[slot] / pivot) column of null vectors. Recent
/// ones are kept as columns, older ones multiplied together into one matrix of the rank's size.
/// </summary>
/// <remarks>
/// A cell makes four to seven times as many exchanges as its rank, so one product with the matrix is far less work than
/// all exchanges in turn, and its sums stay in registers. The entry of a column at its own slot is stored as pivot - 1, so
/// that the update itself leaves v[slot] / pivot there: writing that entry on its own would make the next wide load wait
/// for the narrow store. Four columns are applied at once, their coefficients found by forward substitution.
/// </remarks>
internal sealed unsafe class ExchangeList : IDisposable
{
    /// <summary>Vectors that are worth bringing up to date together.</summary>
    public const int Batch = 8;

    /// <summary>Points per step of the product.</summary>
    private const int Points = 4;

    private readonly NativeBuffer columnBuffer = new();
    private readonly NativeBuffer mapBuffer = new();
    private double* columns;
    private double* map;
    private double* coefficients;
    private double* spare;
    private int[] slots = [];
    private double[] inversePivots = [];
    private int rank;
    private int length;
    private int total;
    private int folded;

    /// <summary>Exchanges recorded since the last <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Starts a cell.</summary>
    /// <param name="pivots">r, the number of pivots.</param>
    /// <param name="vectorLength">Length of a null vector, a multiple of 8: first the pivots (padded to a multiple of 8), then whatever follows them.</param>
    /// <param name="most">At most so many exchanges.</param>
    public void Clear(int pivots, int vectorLength, int most)
    {
        rank = pivots;
        length = NativeBuffer.Padded(pivots);
        total = vectorLength;
        Count = folded = 0;
        columns = columnBuffer.Ensure((long)most * total);
        map = mapBuffer.Ensure((long)(rank + 1) * total + Points * rank);
        spare = map + (long)rank * total;
        coefficients = spare + total;
        new Span<double>(map, (rank + 1) * total).Clear();
        for (int q = 0; q < rank; q++) map[(long)q * total + q] = 1.0;
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

    /// <summary>Applies every exchange so far to vectors that lie one after another.</summary>
    public void Apply(double* vectors, int count)
    {
        // Only whole groups of four are worth folding into the map; the rest are applied to the vectors afterwards.
        int whole = Count - (Count - folded) % BlockedUpdate.Width;
        if (folded < whole) Apply(map, rank, folded, whole);
        folded = whole;
        if (folded > 0) Multiply(vectors, count);
        Apply(vectors, count, folded);
    }

    /// <summary>Applies only the exchanges from <paramref name="first"/> on.</summary>
    public void Apply(double* vectors, int count, int first) => Apply(vectors, count, first, Count);

    /// <inheritdoc/>
    public void Dispose()
    {
        columnBuffer.Dispose();
        mapBuffer.Dispose();
    }

    private void Multiply(double* vectors, int count)
    {
        for (int first = 0; first < count; first += Points)
        {
            double* v0 = vectors + (long)first * total;
            double* v1 = first + 1 < count ? v0 + total : spare;
            double* v2 = first + 2 < count ? v0 + 2L * total : spare;
            double* v3 = first + 3 < count ? v0 + 3L * total : spare;
            TakeCoefficients(v0, v1, v2, v3);
            VectorPath.Current.MultiplyMap(map, rank, total, total, coefficients, Points, v0, v1, v2, v3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(double* vectors, int count, int first, int end)
    {
        int k = first;
        double* c = stackalloc double[2 * BlockedUpdate.Width];
        for (; k + BlockedUpdate.Width <= end; k += BlockedUpdate.Width)
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
        for (; k < end; k++)
        {
            double* column = columns + (long)k * total;
            int slot = slots[k];
            double inverse = inversePivots[k];
            for (int i = 0; i < count; i++)
            {
                double* x = vectors + (long)i * total;
                double f = x[slot] * inverse;
                if (f != 0) BlockedUpdate.Single(x, f, column, total);
            }
        }
    }

    /// <summary>Interleaves the entries at the pivots and clears them, for the product to be summed there.</summary>
    private void TakeCoefficients(double* v0, double* v1, double* v2, double* v3)
    {
        double* c = coefficients;
        for (int q = 0; q < rank; q++, c += Points)
        {
            c[0] = v0[q];
            c[1] = v1[q];
            c[2] = v2[q];
            c[3] = v3[q];
        }
        new Span<double>(v0, length).Clear();
        new Span<double>(v1, length).Clear();
        new Span<double>(v2, length).Clear();
        new Span<double>(v3, length).Clear();
    }

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
