using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>
/// A small cell's reduction as a linear program. The moments' solution on the pivots alone may have negative weights; a
/// few exchanges make all nonnegative (phase 1 of the simplex method), further ones shrink the defect of the first
/// unmatched degrees (tabu search over the vertices: T2 holds at each of them).
/// </summary>
/// <remarks>
/// The tableau holds, for every point that is no pivot, the values of the pivots' Lagrange polynomials there and its
/// interpolation residuals. One pass updates it for an exchange and prices every point for the next, so a search step
/// costs what reading the tableau costs. While it stays in the nearer caches that is less work than
/// <see cref="Elimination"/> does, which removes point after point; large cells are better off there.
/// </remarks>
internal sealed unsafe partial class VertexTableau : IDisposable
{
    /// <summary>The largest tableau, in doubles, that counts as tiny: 36 kB, about a first-level cache.</summary>
    private const int MaxTiny = 9 << 9;

    /// <summary>The largest one that is worth keeping whole: 256 kB, which a second-level cache holds.</summary>
    private const int MaxSize = 1 << 15;

    /// <summary>The same where nothing is searched for: <see cref="Elimination"/> does as well on larger ones.</summary>
    private const int MaxSizeWithoutSearch = 9 << 11;

    /// <summary>Points of a block of the tableau.</summary>
    private const int Block = TableauPass.Block;

    /// <summary>Search steps per residual row: each row is a direction in which the defect can be shrunk.</summary>
    private const double StepsPerResidual = 1;

    /// <summary>Tableau entries that a search may read at least: small ones can afford more steps, up to a limit.</summary>
    private const int LeastWork = 256 << 10;

    /// <inheritdoc cref="LeastWork"/>
    private const int MostSteps = 32;

    /// <summary>A point that has left may not come back for so many steps: the search climbs out of local minima.</summary>
    private const int Tenure = 6;

    /// <summary>A pivot below this would blow up the tableau: such an exchange is not made.</summary>
    private const double SmallestPivot = 1e-8;

    private readonly NativeBuffer buffer = new();
    private int[] labels = [];
    private int[] basis = [];
    private int rank;
    private int residuals;
    private int rows;
    private int survivors;

    // Points in blocks of two vectors, and in a block the rows one after another.
    private double* table;
    private int blocks;

    // Weights of the pivots; the entering column and its negative; what a pass needs per row; the current defect.
    private double* basic;
    private double* column;
    private double* minus;
    private double* scale;
    private double* shift;
    private double* defect;

    // Per point: the gain of its entrance, the weight it would take, and infinity while it may not enter.
    private double* gains;
    private double* steps;
    private double* penalty;

    // The exchange that the next pass applies.
    private int pivotRow;
    private double inverse;

    /// <summary>The survivors' weights.</summary>
    public ReadOnlySpan<double> Weights => new(basic, survivors);

    /// <summary>Cancels a search between exchanges.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Whether a cell's tableau is small enough.</summary>
    /// <param name="rows">Kept moments and residual rows.</param>
    /// <param name="count">Points.</param>
    /// <param name="searches">Whether there are residual rows.</param>
    public static bool Suits(int rows, int count, bool searches) => (long)rows * count <= (searches ? MaxSize : MaxSizeWithoutSearch);

    /// <summary>Whether a cell's tableau stays in the nearest cache.</summary>
    public static bool IsTiny(int rows, int count) => (long)rows * count <= MaxTiny;

    /// <summary>Chooses at most rank points with positive weights that have the wanted moments.</summary>
    /// <param name="factor">The factored cell after <see cref="MomentFactor.SolveLagrange"/>; column <paramref name="count"/> is the mean of what is wanted.</param>
    /// <param name="a">Its matrix.</param>
    /// <param name="residualRow">First row of interpolation residuals.</param>
    /// <param name="count">s.</param>
    /// <param name="stride">Row length in memory.</param>
    /// <param name="mass">The wanted mass.</param>
    /// <param name="startDefect">The residual rows' defect to start from, kept minus wanted.</param>
    /// <param name="order">Labels in pivot order; on return the survivors come first, with <see cref="Weights"/>.</param>
    /// <returns>The number of survivors; -1, and the order untouched, where phase 1 finds no way: the points may then not have the moments at all.</returns>
    public int Run(MomentFactor factor, double* a, int residualRow, int count, int stride, double mass, ReadOnlySpan<double> startDefect, int* order)
    {
        Load(factor, a, residualRow, count, stride, mass, startDefect);
        if (labels.Length < count)
        {
            labels = new int[count];
            basis = new int[count];
        }
        for (int q = 0; q < rank; q++) basis[q] = order[q];
        for (int j = rank; j < count; j++) labels[j - rank] = order[j];
        if (!BecomeFeasible(1e-15 * mass)) return -1;
        if (residuals > 0) Search(1e-16 * mass / rank);
        survivors = 0;
        for (int q = 0; q < rank; q++)
        {
            if (!(basic[q] > 0)) continue;
            order[survivors] = basis[q];
            basic[survivors++] = basic[q];
        }
        return survivors;
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();

    private void Load(MomentFactor factor, double* a, int residualRow, int count, int stride, double mass, ReadOnlySpan<double> startDefect)
    {
        rank = factor.Rank;
        residuals = startDefect.Length;
        rows = rank + residuals;
        int points = count - rank;
        blocks = (points + Block - 1) / Block;
        // Room for a whole vector behind the pivots of every per-row array.
        int width = blocks * Block, padded = NativeBuffer.Padded(rows + 8);
        table = buffer.Ensure((long)(rows + 3) * width + 6L * padded);
        basic = table + (long)rows * width;
        column = basic + padded;
        minus = column + padded;
        scale = minus + padded;
        shift = scale + padded;
        defect = shift + padded;
        gains = defect + padded;
        steps = gains + width;
        penalty = steps + width;
        new Span<double>(basic, 6 * padded + 3 * width).Clear();
        for (int q = 0; q < rows; q++)
        {
            double* source = (q < rank ? factor.Row(a, stride, q) : a + (long)(residualRow + q - rank) * stride) + rank;
            for (int b = 0; b < blocks; b++)
            {
                double* target = table + ((long)b * rows + q) * Block;
                int first = b * Block, size = Math.Min(Block, points - first);
                Buffer.MemoryCopy(source + first, target, Block * sizeof(double), size * sizeof(double));
                for (int i = size; i < Block; i++) target[i] = 0;
            }
            double wanted = mass * source[points];
            if (q < rank) basic[q] = wanted;
            else defect[q - rank] = startDefect[q - rank] - wanted;
        }
        pivotRow = 0;
        inverse = 1;
    }

    /// <summary>Phase 1: shrinks the sum of the negative weights to zero.</summary>
    private bool BecomeFeasible(double tolerance)
    {
        for (int step = 0; step < 4 * rank + 8; step++)
        {
            bool any = false;
            for (int q = 0; q < rank; q++)
            {
                bool negative = basic[q] < -tolerance;
                scale[q] = negative ? 1.0 : 0.0;
                any |= negative;
            }
            if (!any) return true;
            Cancellation.ThrowIfCancellationRequested();
            int entering = PassFeasible();
            if (entering < 0) return false;
            TakeColumn(entering);
            int leaving = LongStep();
            if (leaving < 0) return false;
            Exchange(entering, leaving);
        }
        return false;
    }

    /// <summary>Phase 2: always the best exchange, even if it is a bad one; the best vertex met is the result.</summary>
    private void Search(double slack)
    {
        double best = DotProduct.Of(defect, defect, residuals);
        Span<int> forbidden = stackalloc int[Tenure], bestBasis = stackalloc int[rank];
        Span<double> bestBasic = stackalloc double[rank];
        forbidden.Fill(-1);
        SetScales(slack);
        Remember(bestBasis, bestBasic);
        int most = Math.Max((int)(StepsPerResidual * residuals), Math.Min(MostSteps, LeastWork / (rows * blocks * Block)));
        for (int step = 0; step < most; step++)
        {
            Cancellation.ThrowIfCancellationRequested();
            int entering = PassDescent(out double up);
            if (entering < 0) break;
            TakeColumn(entering);
            int leaving = RatioTest.Leaving(basic, column, rank, false, up);
            if (leaving < 0 || column[leaving] < SmallestPivot)
            {
                // Not now, not later; and no exchange for the next pass.
                penalty[entering] = double.PositiveInfinity;
                new Span<double>(minus, rows).Clear();
                inverse = 1;
                continue;
            }
            Exchange(entering, leaving);
            SetScales(slack);
            int oldest = step % Tenure;
            if (forbidden[oldest] >= 0) penalty[forbidden[oldest]] = 0;
            forbidden[oldest] = entering;
            penalty[entering] = double.PositiveInfinity;
            double now = DotProduct.Of(defect, defect, residuals);
            if (!(now < best)) continue;
            best = now;
            Remember(bestBasis, bestBasic);
        }
        bestBasis.CopyTo(basis);
        bestBasic.CopyTo(new Span<double>(basic, rank));
    }

    private void Remember(Span<int> bestBasis, Span<double> bestBasic)
    {
        basis.AsSpan(0, rank).CopyTo(bestBasis);
        new Span<double>(basic, rank).CopyTo(bestBasic);
    }

    /// <summary>Clears weights that rounding left below zero, and inverts them all for the ratio test.</summary>
    private void SetScales(double slack) => VectorPath.Current.SetScales(basic, scale, shift, rank, slack);

    private double* Column(int j) => table + (long)(j / Block) * rows * Block + j % Block;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeColumn(int entering)
    {
        double* t = Column(entering);
        for (int q = 0; q < rows; q++, t += Block) column[q] = *t;
    }

    /// <summary>Moves the weights along the entering column until a pivot is empty, and prepares the update of the tableau.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Exchange(int entering, int leaving)
    {
        double step = basic[leaving] / column[leaving];
        BlockedUpdate.AddScaled(basic, -step, column, rank);
        basic[leaving] = step;
        BlockedUpdate.AddScaled(defect, step, column + rank, residuals);
        // The point that leaves takes over the column of the one that enters.
        double* t = Column(entering);
        for (int q = 0; q < rows; q++, t += Block)
        {
            *t = q == leaving ? 1.0 : 0.0;
            minus[q] = -column[q];
        }
        inverse = 1.0 / column[leaving];
        minus[leaving] = 0;
        pivotRow = leaving;
        (basis[leaving], labels[entering]) = (labels[entering], basis[leaving]);
    }

    /// <summary>The last breakpoint along the entering column up to which the sum of the negative weights falls.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int LongStep()
    {
        double slope = 0;
        for (int q = 0; q < rank; q++)
        {
            double v = column[q];
            bool negative = scale[q] != 0;
            slope += scale[q] * v;
            // A negative weight that rises, or another one that falls, reaches zero.
            bool meets = negative ? v <= -SmallestPivot : v >= SmallestPivot;
            shift[q] = meets ? (negative ? basic[q] : Math.Max(0, basic[q])) / v : double.PositiveInfinity;
        }
        int last = -1;
        // What lies behind the pivots, up to a whole vector, is no breakpoint.
        for (int q = rank; q < NativeBuffer.Padded(rank); q++) shift[q] = double.PositiveInfinity;
        while (slope < 0)
        {
            int next = VectorPath.Current.FirstLeast(shift, NativeBuffer.Padded(rank));
            if (double.IsInfinity(shift[next])) break;
            slope += Math.Abs(column[next]);
            shift[next] = double.PositiveInfinity;
            last = next;
        }
        return last;
    }
}
