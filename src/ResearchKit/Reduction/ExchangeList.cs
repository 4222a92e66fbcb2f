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
    public const int Batch = 16;

    /// <summary>Points per step of the product.</summary>
    private const int Points = 4;

    /// <summary>Steps of the product that share a panel of the map.</summary>
    private const int Together = 32;

    /// <summary>Columns of a panel.</summary>
    private const int Panel = 64;

    /// <summary>Multiplications from which work is shared between threads.</summary>
    private const long ParallelWork = 1 << 21;

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

    /// <summary>Threads for large cells; null for one.</summary>
    public ParallelOptions? Inner { get; set; }

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
        map = mapBuffer.Ensure((long)(rank + 1) * total + Together * Points * rank);
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
        int panels = (total + Panel - 1) / Panel;
        for (int start = 0; start < count; start += Together * Points)
        {
            int size = Math.Min(Together * Points, count - start);
            double* v = vectors + (long)start * total;
            for (int first = 0; first < size; first += Points)
                TakeCoefficients(Vector(v, first, size), Vector(v, first + 1, size), Vector(v, first + 2, size), Vector(v, first + 3, size), coefficients + (long)first * rank);
            if (Worth((long)rank * total * size)) Shared(v, size);
            else
                for (int panel = 0; panel < panels; panel++) Columns(v, size, panel);
        }

        void Shared(double* v, int size) => Parallel.For(0, panels, Inner!, panel => Columns(v, size, panel));
    }

    /// <summary>A panel of the map stays in the second cache while all vectors take from it.</summary>
    private void Columns(double* v, int size, int panel)
    {
        int column = panel * Panel, width = Math.Min(Panel, total - column);
        for (int first = 0; first < size; first += Points)
            VectorPath.Current.MultiplyMap(map + column, rank, total, width, coefficients + (long)first * rank, Points,
                Vector(v, first, size) + column, Vector(v, first + 1, size) + column, Vector(v, first + 2, size) + column, Vector(v, first + 3, size) + column);
    }

    private double* Vector(double* vectors, int i, int size) => i < size ? vectors + (long)i * total : spare;

    private void Apply(double* vectors, int count, int first, int end)
    {
        int whole = first + (end - first) / BlockedUpdate.Width * BlockedUpdate.Width;
        if (whole > first) ApplyWhole(vectors, count, first, whole);
        for (int k = whole; k < end; k++) VectorPath.Current.Exchange(vectors, count, total, columns + (long)k * total, slots[k], inversePivots[k]);
    }

    /// <summary>Groups of four exchanges.</summary>
    private void ApplyWhole(double* vectors, int count, int first, int end)
    {
        if (Worth((long)(end - first) * total * count)) Shared();
        else
            for (int i = 0; i < count; i += 2) ApplyPair(vectors + (long)i * total, count - i, first, end);

        void Shared() => Parallel.For(0, (count + 1) / 2, Inner!, pair => ApplyPair(vectors + 2L * pair * total, count - 2 * pair, first, end));
    }

    /// <summary>Two vectors, or one, stay in the first cache while all columns pass by.</summary>
    private void ApplyPair(double* x, int count, int first, int end)
    {
        double* y = x + total, c = stackalloc double[2 * BlockedUpdate.Width];
        for (int g = first; g < end; g += BlockedUpdate.Width)
        {
            double* s0 = columns + (long)g * total, s1 = s0 + total, s2 = s1 + total, s3 = s2 + total;
            Coefficients(x, g, s0, s1, s2, c);
            if (count > 1)
            {
                Coefficients(y, g, s0, s1, s2, c + BlockedUpdate.Width);
                BlockedUpdate.Two(x, y, c, c + BlockedUpdate.Width, s0, s1, s2, s3, total);
            }
            else
            {
                BlockedUpdate.One(x, c, s0, s1, s2, s3, total);
            }
        }
    }

    /// <summary>Whether work is worth several threads; none of it shows in the result.</summary>
    private bool Worth(long work) => Inner is not null && work >= ParallelWork;

    /// <summary>Interleaves the entries at the pivots and clears them, for the product to be summed there.</summary>
    private void TakeCoefficients(double* v0, double* v1, double* v2, double* v3, double* c)
    {
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
