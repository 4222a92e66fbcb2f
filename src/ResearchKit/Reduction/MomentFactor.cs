using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>
/// A blocked triangular factorisation of the moment matrix of s points that finds its numerical rank r, chooses r points
/// that carry all moments (the pivots, discrete Leja points of the cell), and writes every other point as a combination
/// of them: the null space of the moment matrix in the form [-Y; I].
/// </summary>
/// <remarks>
/// <para>
/// The matrix is moment-major, so every inner loop runs along the points. Row by row in graded order, the largest entry
/// among the points not yet chosen becomes the pivot (partial pivoting over points: multipliers never exceed 1). A row
/// whose largest remaining entry is below <see cref="RelativeRankTolerance"/> of the row's scale is a polynomial that
/// depends on earlier ones on these points (a sphere's x^2 + y^2 + z^2) and is skipped.
/// </para>
/// <para>
/// Compared with a QR null space this takes 2.7 N^3 instead of about 10 N^3 operations for s = 2N, needs no separate
/// rank decision, and Y holds the values of the pivots' Lagrange polynomials at the other points, which makes most
/// eliminations free of any update (<see cref="Elimination"/>).
/// </para>
/// </remarks>
internal sealed unsafe class MomentFactor
{
    /// <summary>Below this part of a row's scale a remaining row counts as zero.</summary>
    public const double RelativeRankTolerance = 2e-14;

    /// <summary>Pivots of a panel.</summary>
    private const int Width = 8;

    /// <summary>Columns of a product that are worked on at a time.</summary>
    private const int Panel = 64;

    /// <summary>Multiplications from which a product is worth several threads.</summary>
    private const long ParallelWork = 1 << 22;

    private double[] coefficients = [];
    private int[] pivotRows = [];
    private int[] swaps = [];
    private double[] pivots = [];
    private double[] scales = [];

    /// <summary>Cancels a factorisation between panels; one of thousands of moments takes seconds.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Numerical rank r after <see cref="Factor"/>.</summary>
    public int Rank { get; private set; }

    /// <summary>The moment row of pivot q.</summary>
    public ReadOnlySpan<int> PivotRows => pivotRows.AsSpan(0, Rank);

    /// <summary>
    /// Factors in place. Columns are swapped so that pivots come first; <paramref name="order"/> and
    /// <paramref name="weights"/> follow the swaps.
    /// </summary>
    /// <param name="a">rows x stride moment-major matrix; padding columns beyond <paramref name="count"/> must be finite.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="pivotable">The first rows are factored; the columns of the others only follow the swaps (<see cref="Interpolate"/>).</param>
    /// <param name="count">s, the number of points.</param>
    /// <param name="stride">Row length in memory, a multiple of 8.</param>
    /// <param name="order">s labels.</param>
    /// <param name="weights">s weights, or null.</param>
    /// <param name="guests">Columns after the s points that go through everything a point does but give no pivot.</param>
    public void Factor(double* a, int rows, int pivotable, int count, int stride, int* order, double* weights, int guests = 0)
    {
        Reserve(rows);
        fixed (int* s = swaps)
        {
            Rank = FindPivots(a, pivotable, count, count + guests, stride, order, weights, s);
            // A row follows the swaps while it is worked on; what came after its panel it gets now, all at once.
            for (int q = 0; q < Rank; q++) Swap(Row(a, stride, q), s, Math.Min(Rank, PanelOf(q) + Width), Rank);
            for (int e = pivotable; e < rows; e++) Swap(a + (long)e * stride, s, 0, Rank);
        }
    }

    private int FindPivots(double* a, int pivotable, int count, int all, int stride, int* order, double* weights, int* swap)
    {
        int rank = 0;
        double** panel = stackalloc double*[Width];
        double* c = stackalloc double[Width];
        for (int e = 0; e < pivotable; e++) scales[e] = PivotSearch.MaxAbs(a + (long)e * stride, 0, count);
        int row = 0;
        while (row < pivotable && rank < count)
        {
            Cancellation.ThrowIfCancellationRequested();
            int first = rank;
            // Gather up to eight pivots, each row brought up to date with the pivots of this panel just before it is used.
            for (; row < pivotable && rank < count && rank - first < Width; row++)
            {
                double* current = a + (long)row * stride;
                Swap(current, swap, first, rank);
                Reduce(current, panel, first, rank, all);
                double top = PivotSearch.MaxAbs(current, rank, count, out int at);
                if (!(top > RelativeRankTolerance * scales[row])) continue;
                pivotRows[rank] = row;
                swap[rank] = at;
                panel[rank - first] = current;
                for (int b = first; b <= rank; b++) Swap(panel[b - first], swap, rank, rank + 1);
                (order[rank], order[at]) = (order[at], order[rank]);
                if (weights != null) (weights[rank], weights[at]) = (weights[at], weights[rank]);
                double pivot = pivots[rank] = current[rank];
                rank++;
                VectorPath.Current.Scale(current + rank, 1.0 / pivot, all - rank);
            }
            // Beyond its own columns the panel is solved for its pivots: rows to come then have their coefficients in place.
            for (int q = rank - 2; q >= first; q--)
            {
                for (int i = q + 1; i < rank; i++) c[i - q - 1] = panel[q - first][i];
                Subtract(panel[q - first], c, panel + (q + 1 - first), rank - q - 1, first, rank, all);
            }
            if (rank - first < Width) break;
            int length = NativeBuffer.Padded(all) - rank;
            for (int f = row; f < pivotable; f += 2)
            {
                double* x = a + (long)f * stride, y = f + 1 < pivotable ? x + stride : null;
                Swap(x, swap, first, rank);
                if (y != null) Swap(y, swap, first, rank);
                VectorPath.Current.UpdateByEight(x, y, x + first, y + first, panel, rank, length);
            }
        }
        return rank;
    }

    /// <summary>
    /// Back-substitution: turns the part of the pivot rows beyond the rank into Y (r x (s - r)), the pivots' Lagrange values.
    /// </summary>
    public void SolveLagrange(double* a, int count, int stride)
    {
        int rank = Rank;
        if (rank == count) return;
        double** sources = stackalloc double*[Width];
        double* c = stackalloc double[2 * Width], kept = stackalloc double[2 * Width];
        // The aligned start may reach back into factors that are still needed: they are kept aside.
        int start = rank & ~7, length = NativeBuffer.Padded(count) - start, before = rank - start;
        for (int top = PanelOf(rank - 1); top > 0; top -= Width)
        {
            int block = Math.Min(Width, rank - top);
            for (int b = 0; b < Width; b++) sources[b] = Row(a, stride, top + Math.Min(b, block - 1));
            for (int q = 0; q < top; q += 2)
            {
                double* x = Row(a, stride, q), y = Row(a, stride, q + 1);
                for (int b = 0; b < Width; b++)
                {
                    c[b] = b < block ? x[top + b] : 0;
                    c[Width + b] = b < block ? y[top + b] : 0;
                }
                for (int i = 0; i < before; i++) (kept[i], kept[Width + i]) = (x[start + i], y[start + i]);
                VectorPath.Current.UpdateByEight(x, y, c, c + Width, sources, start, length);
                for (int i = 0; i < before; i++) (x[start + i], y[start + i]) = (kept[i], kept[Width + i]);
            }
        }
    }

    /// <summary>
    /// Turns rows that were not factored into interpolation residuals: their values at the points that are no pivots, minus
    /// those interpolated from the pivots. One product of matrices, after <see cref="SolveLagrange"/>.
    /// </summary>
    /// <param name="a">The matrix.</param>
    /// <param name="from">The first of the rows; those before it were factored.</param>
    /// <param name="end">The row after the last.</param>
    /// <param name="count">As given to <see cref="SolveLagrange"/>.</param>
    /// <param name="stride">Row length in memory.</param>
    /// <param name="inner">Threads for a large product; null for one.</param>
    public void Interpolate(double* a, int from, int end, int count, int stride, ParallelOptions? inner)
    {
        if (from == end || Rank == count) return;
        int start = Rank & ~7, length = NativeBuffer.Padded(count) - start, quads = (end - from + 3) / 4;
        if (coefficients.Length < 4 * from * quads) coefficients = new double[4 * from * quads];
        Array.Clear(coefficients, 0, 4 * from * quads);
        // Rows without a pivot have no part: their coefficients stay zero.
        for (int g = 0; g < quads; g++)
            for (int b = 0; b < Math.Min(4, end - from - 4 * g); b++)
                for (int q = 0; q < Rank; q++) coefficients[4 * ((long)g * from + pivotRows[q]) + b] = -a[(long)(from + 4 * g + b) * stride + q];
        int panels = (length + Panel - 1) / Panel;
        if (inner is null || (long)from * (end - from) * length < ParallelWork)
        {
            for (int p = 0; p < panels; p++) Columns(p);
        }
        else
        {
            Parallel.For(0, panels, inner, Columns);
        }

        // A panel of Lagrange values stays in the second cache while all rows take from it.
        void Columns(int panel)
        {
            int column = start + panel * Panel, width = Math.Min(Panel, start + length - column);
            double* spare = stackalloc double[Panel];
            fixed (double* c = coefficients)
            {
                for (int g = 0; g < quads; g++)
                {
                    double* v = a + (long)(from + 4 * g) * stride + column;
                    int rows = Math.Min(4, end - from - 4 * g);
                    VectorPath.Current.MultiplyMap(a + column, from, stride, width, c + 4L * g * from, 4,
                        v, rows > 1 ? v + stride : spare, rows > 2 ? v + 2L * stride : spare, rows > 3 ? v + 3L * stride : spare);
                }
            }
        }
    }

    /// <summary>
    /// Solves A w = rhs for the weights of the pivots from the stored factors (columns in pivot order); rows without a
    /// pivot depend on the others and are not looked at. <paramref name="solution"/> has length r.
    /// </summary>
    public void SolveWeights(double* a, int stride, ReadOnlySpan<double> rhs, Span<double> solution)
    {
        int rank = Rank;
        fixed (double* z = solution)
        {
            for (int first = 0; first < rank; first += Width)
            {
                int end = Math.Min(rank, first + Width);
                for (int q = first; q < end; q++)
                {
                    double* row = Row(a, stride, q);
                    z[q] = (rhs[pivotRows[q]] - DotProduct.Of(row, z, q)) / pivots[q];
                }
                for (int q = end - 2; q >= first; q--)
                {
                    double* row = Row(a, stride, q);
                    for (int i = q + 1; i < end; i++) z[q] -= row[i] * z[i];
                }
            }
            for (int q = PanelOf(rank - 1) - 1; q >= 0; q--)
            {
                int after = PanelOf(q) + Width;
                z[q] -= DotProduct.Of(Row(a, stride, q) + after, z + after, rank - after);
            }
        }
    }

    /// <summary>Row of pivot q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double* Row(double* a, int stride, int q) => a + (long)pivotRows[q] * stride;

    /// <summary>The first pivot of a pivot's panel.</summary>
    private static int PanelOf(int q) => q / Width * Width;

    /// <summary>Lets a row follow the swaps of the pivots from .. end - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Swap(double* row, int* swaps, int from, int end)
    {
        for (int b = from; b < end; b++)
        {
            int at = swaps[b];
            double other = row[at];
            row[at] = row[b];
            row[b] = other;
        }
    }

    /// <summary>Brings a row up to date with the pivots first .. rank - 1 of its panel; its coefficients stay at their columns.</summary>
    private static void Reduce(double* row, double** panel, int first, int rank, int count)
    {
        double* c = row + first;
        for (int b = 1; b < rank - first; b++)
            for (int i = 0; i < b; i++) c[b] -= c[i] * panel[i][first + b];
        Subtract(row, c, panel, rank - first, first, rank, count);
    }

    /// <summary>target[from..count) -= sum_b c[b] source_b[from..count), b &lt; n &lt; 8; what lies between the start, a multiple of 8, and from is left alone.</summary>
    private static void Subtract(double* target, double* c, double** sources, int n, int start, int from, int count)
    {
        if (n == 0) return;
        double* factors = stackalloc double[Width], kept = stackalloc double[Width];
        for (int b = 0; b < Width; b++) factors[b] = b < n ? c[b] : 0;
        for (int i = start; i < from; i++) kept[i - start] = target[i];
        int length = NativeBuffer.Padded(count) - start;
        for (int b = 0; b < n; b += BlockedUpdate.Width)
        {
            int last = n - 1;
            BlockedUpdate.One(target + start, factors + b, sources[b] + start, sources[Math.Min(b + 1, last)] + start, sources[Math.Min(b + 2, last)] + start, sources[Math.Min(b + 3, last)] + start, length);
        }
        for (int i = start; i < from; i++) target[i] = kept[i - start];
    }

    private void Reserve(int rows)
    {
        if (pivotRows.Length >= rows) return;
        pivotRows = new int[rows];
        swaps = new int[rows];
        pivots = new double[rows];
        scales = new double[rows];
    }
}
