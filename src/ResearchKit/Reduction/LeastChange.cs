using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>
/// The least relative change of weights that changes moments by given amounts: min sum_j (dw_j / w_j)^2 subject to
/// sum_j dw_j phi_e(x_j) = r_e, over the directions of moment space in which the points extend enough.
/// </summary>
/// <remarks>
/// <para>
/// Gram-Schmidt on the rows w_j phi_e(x_j) of the matrix, the longest remaining row first: B = L Q with orthonormal rows
/// of Q and a falling diagonal of L. What comes late in that order are combinations of moments that hardly vary on these
/// points (the third degree inside each of two tight, far clusters is 1e-15 of the first): a correction along them would
/// need weights to change by as much as they weigh, and would gain less than rounding. <see cref="TrySolve"/> therefore takes
/// a number of directions; the change is the least one, so weights stay positive as long as any change of that kind lets
/// them.
/// </para>
/// <para>2 n N r operations for N moments, n points and rank r: as much as a factorisation by columns, and needed only where that one fails.</para>
/// </remarks>
internal sealed unsafe class LeastChange : IDisposable
{
    /// <summary>Shorter remaining rows than this part of the longest are rounding.</summary>
    private const double Rounding = 1e-15;

    private readonly NativeBuffer buffer = new();
    private double* lower;
    private int[] order = [];
    private double[] lengths = [];
    private double[] solution = [];
    private double[] relative = [];
    private int width;
    private int padded;

    /// <summary>Cancels between directions.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Directions found by <see cref="Factor"/>.</summary>
    public int Rank { get; private set; }

    /// <summary>Orthonormalises the weighted moments.</summary>
    /// <param name="a">Moment-major values, <paramref name="rows"/> x <paramref name="stride"/>.</param>
    /// <param name="rows">N.</param>
    /// <param name="count">n, the number of points.</param>
    /// <param name="stride">Row length in memory.</param>
    /// <param name="weights">n positive weights.</param>
    /// <param name="mass">Their sum, about: the unit of weights and residuals.</param>
    public void Factor(double* a, int rows, int count, int stride, ReadOnlySpan<double> weights, double mass)
    {
        padded = NativeBuffer.Padded(count);
        width = Math.Min(rows, count);
        double* b = buffer.Ensure((long)rows * padded + (long)rows * width);
        lower = b + (long)rows * padded;
        if (order.Length < rows) (order, lengths, solution) = (new int[rows], new double[rows], new double[rows]);
        if (relative.Length < padded) relative = new double[padded];
        for (int e = 0; e < rows; e++)
        {
            double* row = b + (long)e * padded;
            for (int j = 0; j < count; j++) row[j] = a[(long)e * stride + j] * (weights[j] / mass);
            for (int j = count; j < padded; j++) row[j] = 0;
            order[e] = e;
            lengths[e] = DotProduct.Of(row, row, padded);
        }
        Rank = 0;
        double longest = 0;
        for (int s = 0; s < width; s++)
        {
            Cancellation.ThrowIfCancellationRequested();
            int at = s;
            for (int q = s + 1; q < rows; q++) if (lengths[order[q]] > lengths[order[at]]) at = q;
            (order[s], order[at]) = (order[at], order[s]);
            double length = Orthogonalise(b, s);
            if (s == 0) longest = length;
            if (!(length > Rounding * longest)) break;
            double* direction = Row(b, s);
            Divide(direction, length);
            for (int q = s + 1; q < rows; q++)
            {
                double* row = Row(b, q);
                double part = lower[(long)order[q] * width + s] = DotProduct.Of(row, direction, padded);
                BlockedUpdate.Single(row, part, direction, padded);
                // Measured, not updated by Pythagoras: differences of squares are blind to short rows.
                lengths[order[q]] = DotProduct.Of(row, row, padded);
            }
            Rank++;
        }
    }

    /// <summary>The number of directions at least as long as a part of the longest.</summary>
    public int Directions(double part)
    {
        int n = 0;
        while (n < Rank && Diagonal(n) >= part * Diagonal(0)) n++;
        return n;
    }

    /// <summary>
    /// The weights plus their least change along the first <paramref name="directions"/>. False where one would not stay positive.
    /// </summary>
    /// <param name="residual">Wanted minus present moments.</param>
    /// <param name="mass">As given to <see cref="Factor"/>.</param>
    /// <param name="directions">At most <see cref="Rank"/>.</param>
    /// <param name="scale">The weights given to <see cref="Factor"/>.</param>
    /// <param name="changed">Weights that have the present moments; on return changed.</param>
    public bool TrySolve(ReadOnlySpan<double> residual, double mass, int directions, ReadOnlySpan<double> scale, Span<double> changed)
    {
        int n = changed.Length;
        Span<double> part = relative.AsSpan(0, padded);
        part.Clear();
        fixed (double* z = part)
        {
            for (int s = 0; s < directions; s++)
            {
                double* l = lower + (long)order[s] * width;
                double sum = residual[order[s]] / mass;
                for (int t = 0; t < s; t++) sum -= l[t] * solution[t];
                solution[s] = sum / l[s];
                BlockedUpdate.Single(z, -solution[s], Row(buffer.Ensure(0), s), padded);
            }
        }
        for (int j = 0; j < n; j++)
        {
            changed[j] += scale[j] * part[j];
            if (!(changed[j] > 0)) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();

    private double Diagonal(int s) => lower[(long)order[s] * width + s];

    private double* Row(double* b, int s) => b + (long)order[s] * padded;

    /// <summary>Removes once more what rounding left of the earlier directions in row s: a short row is mostly that. Returns its length.</summary>
    private double Orthogonalise(double* b, int s)
    {
        double* row = Row(b, s), l = lower + (long)order[s] * width;
        for (int t = 0; t < s; t++)
        {
            double part = DotProduct.Of(row, Row(b, t), padded);
            l[t] += part;
            BlockedUpdate.Single(row, part, Row(b, t), padded);
        }
        return l[s] = Math.Sqrt(DotProduct.Of(row, row, padded));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Divide(double* row, double length)
    {
        for (int j = 0; j < padded; j++) row[j] /= length;
    }
}
