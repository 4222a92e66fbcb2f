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

    /// <summary>Columns of a product that are worked on at a time.</summary>
    private const int Panel = 64;

    /// <summary>Multiplications from which a product is worth several threads.</summary>
    private const long ParallelWork = 1 << 22;

    private double[] coefficients = [];
    private int[] pivotRows = [];
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
        int all = count + guests;
        Reserve(rows);
        int rank = 0;
        double* c = stackalloc double[2 * BlockedUpdate.Width];
        for (int e = 0; e < pivotable; e++) scales[e] = PivotSearch.MaxAbs(a + (long)e * stride, 0, count, out _);
        int row = 0;
        while (row < pivotable && rank < count)
        {
            Cancellation.ThrowIfCancellationRequested();
            int first = rank;
            // Gather up to four pivots, each row brought up to date with the pivots of this panel just before it is used.
            while (row < pivotable && rank < count && rank - first < BlockedUpdate.Width)
            {
                double* current = a + (long)row * stride;
                ApplyPanel(a, stride, current, first, rank, all);
                double top = PivotSearch.MaxAbs(current, rank, count, out int at);
                if (top > RelativeRankTolerance * scales[row])
                {
                    if (at != rank) SwapColumns(a, rows, stride, rank, at, order, weights);
                    pivotRows[rank] = row;
                    double pivot = current[rank];
                    pivots[rank] = pivot;
                    Scale(current, rank + 1, all, 1.0 / pivot);
                    rank++;
                }
                row++;
            }
            if (rank - first < BlockedUpdate.Width)
            {
                for (int f = row; f < pivotable; f++) ApplyPanel(a, stride, a + (long)f * stride, first, rank, all);
                continue;
            }
            TrailingUpdate(a, pivotable, stride, row, first, all, c);
        }
        Rank = rank;
    }

    /// <summary>
    /// Back-substitution: turns the part of the pivot rows beyond the rank into Y (r x (s - r)), the pivots' Lagrange values.
    /// </summary>
    public void SolveLagrange(double* a, int count, int stride)
    {
        int rank = Rank;
        if (rank == count) return;
        double* c = stackalloc double[2 * BlockedUpdate.Width];
        int start = rank & ~7, length = NativeBuffer.Padded(count) - start;
        int bottom = rank;
        while (bottom > 0)
        {
            int block = Math.Min(BlockedUpdate.Width, bottom), top = bottom - block;
            for (int q = bottom - 2; q >= top; q--)
            {
                double* target = Row(a, stride, q);
                for (int i = q + 1; i < bottom; i++)
                    SubtractFrom(target, target[i], Row(a, stride, i), rank, count);
            }
            if (block == BlockedUpdate.Width)
            {
                double* s0 = Row(a, stride, top), s1 = Row(a, stride, top + 1), s2 = Row(a, stride, top + 2), s3 = Row(a, stride, top + 3);
                int q = 0;
                // The aligned start may reach back into multipliers that are still needed: keep them aside.
                for (; q + 2 <= top; q += 2)
                    UpdateKeeping(Row(a, stride, q), Row(a, stride, q + 1), top, rank, start, length, s0, s1, s2, s3, c);
                if (q < top)
                    UpdateKeeping(Row(a, stride, q), null, top, rank, start, length, s0, s1, s2, s3, c);
            }
            bottom = top;
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
        for (int q = 0; q < rank; q++)
        {
            double* row = Row(a, stride, q);
            double sum = rhs[pivotRows[q]];
            for (int b = 0; b < q; b++) sum -= row[b] * solution[b];
            solution[q] = sum / pivots[q];
        }
        for (int q = rank - 1; q >= 0; q--)
        {
            double* row = Row(a, stride, q);
            double sum = solution[q];
            for (int i = q + 1; i < rank; i++) sum -= row[i] * solution[i];
            solution[q] = sum;
        }
    }

    /// <summary>Row of pivot q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double* Row(double* a, int stride, int q) => a + (long)pivotRows[q] * stride;

    private static void UpdateKeeping(double* x, double* y, int top, int rank, int start, int length, double* s0, double* s1, double* s2, double* s3, double* c)
    {
        int kept = rank - start;
        double* keepX = stackalloc double[8];
        double* keepY = stackalloc double[8];
        for (int b = 0; b < BlockedUpdate.Width; b++) c[b] = x[top + b];
        for (int i = 0; i < kept; i++) keepX[i] = x[start + i];
        if (y == null)
        {
            BlockedUpdate.One(x + start, c, s0 + start, s1 + start, s2 + start, s3 + start, length);
        }
        else
        {
            for (int b = 0; b < BlockedUpdate.Width; b++) c[BlockedUpdate.Width + b] = y[top + b];
            for (int i = 0; i < kept; i++) keepY[i] = y[start + i];
            BlockedUpdate.Two(x + start, y + start, c, c + BlockedUpdate.Width, s0 + start, s1 + start, s2 + start, s3 + start, length);
            for (int i = 0; i < kept; i++) y[start + i] = keepY[i];
        }
        for (int i = 0; i < kept; i++) x[start + i] = keepX[i];
    }

    private void TrailingUpdate(double* a, int rows, int stride, int from, int first, int count, double* c)
    {
        double* s0 = Row(a, stride, first), s1 = Row(a, stride, first + 1), s2 = Row(a, stride, first + 2), s3 = Row(a, stride, first + 3);
        int rank = first + BlockedUpdate.Width;
        int start = rank & ~7, length = NativeBuffer.Padded(count) - start;
        int f = from;
        for (; f < rows; f += 2)
        {
            double* x = a + (long)f * stride;
            Coefficients(x, first, s0, s1, s2, c);
            double* y = f + 1 < rows ? x + stride : null;
            if (y == null)
            {
                BlockedUpdate.One(x + start, c, s0 + start, s1 + start, s2 + start, s3 + start, length);
            }
            else
            {
                Coefficients(y, first, s0, s1, s2, c + BlockedUpdate.Width);
                BlockedUpdate.Two(x + start, y + start, c, c + BlockedUpdate.Width, s0 + start, s1 + start, s2 + start, s3 + start, length);
            }
            // The coefficients are the entries of the other triangular factor: keep them at the pivots' columns.
            for (int b = 0; b < BlockedUpdate.Width; b++)
            {
                x[first + b] = c[b];
                if (y != null) y[first + b] = c[BlockedUpdate.Width + b];
            }
        }
    }

    /// <summary>A row's coefficients on a full panel: forward substitution with the panel's unit triangle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Coefficients(double* x, int first, double* s0, double* s1, double* s2, double* c)
    {
        c[0] = x[first];
        c[1] = x[first + 1] - c[0] * s0[first + 1];
        c[2] = x[first + 2] - c[0] * s0[first + 2] - c[1] * s1[first + 2];
        c[3] = x[first + 3] - c[0] * s0[first + 3] - c[1] * s1[first + 3] - c[2] * s2[first + 3];
    }

    /// <summary>Brings one row up to date with the panel's pivots first .. rank - 1, one after another.</summary>
    private void ApplyPanel(double* a, int stride, double* target, int first, int rank, int count)
    {
        for (int b = first; b < rank; b++)
            SubtractFrom(target, target[b], Row(a, stride, b), b + 1, count);
    }

    /// <summary>target[from..count) -= c * source[from..count), with a scalar head up to alignment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractFrom(double* target, double c, double* source, int from, int count)
    {
        int aligned = Math.Min((from + 7) & ~7, count);
        for (int i = from; i < aligned; i++) target[i] -= c * source[i];
        if (aligned < count) BlockedUpdate.Single(target + aligned, c, source + aligned, NativeBuffer.Padded(count) - aligned);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(double* row, int from, int count, double factor)
    {
        for (int i = from; i < count; i++) row[i] *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SwapColumns(double* a, int rows, int stride, int i, int j, int* order, double* weights)
    {
        double* x = a + i, y = a + j;
        for (int e = 0; e < rows; e++, x += stride, y += stride) (*x, *y) = (*y, *x);
        (order[i], order[j]) = (order[j], order[i]);
        if (weights != null) (weights[i], weights[j]) = (weights[j], weights[i]);
    }

    private void Reserve(int rows)
    {
        if (pivotRows.Length >= rows) return;
        pivotRows = new int[rows];
        pivots = new double[rows];
        scales = new double[rows];
    }
}
