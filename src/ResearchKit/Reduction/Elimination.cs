namespace ResearchKit;

/// <summary>
/// Caratheodory's elimination on a factored cell: walks along null vectors of the moment matrix until weights hit zero,
/// and drops those points. Every moment stays, every weight stays nonnegative.
/// </summary>
/// <remarks>
/// The null vector of a point j beyond the pivots takes weight from j and gives it to the pivots in the proportions of
/// their Lagrange polynomials at j. Either j empties first and is dropped at no further cost, or a pivot empties first
/// and j takes its place (an exchange, kept as a column to be applied to later null vectors). Of the two directions of
/// each step the one is taken that leaves the smaller defect, the sum of squares of the residual rows
/// (<see cref="DefectMetric"/> says what they are).
/// Afterwards <see cref="Descend"/> exchanges points as long as that defect shrinks.
/// </remarks>
internal sealed unsafe partial class Elimination : IDisposable
{
    /// <summary>The last points, in multiples of the rank, are removed in the direction that leaves the smaller defect.</summary>
    private const int WeighedFactor = 3;

    /// <summary>
    /// Null vectors of at most so many points, in multiples of the rank, are kept up to date with every exchange: fewer
    /// operations then than a product with the map of all exchanges for each.
    /// </summary>
    private const int WholeFactor = 2;

    private readonly ExchangeList exchanges = new();
    private readonly NativeBuffer scratch = new();
    private bool[] gone = [];
    private double[] defectValues = [];

    // The current cell: vectors have `length` entries for the pivots, then the residual rows, `total` in all.
    private double* basic;
    private double* defect;
    private double* batch;
    private int rank;
    private int length;
    private int total;
    private int residuals;
    private double slack;

    /// <summary>Cancels an elimination between batches.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Threads for large cells; null for one.</summary>
    public ParallelOptions? Inner { set => exchanges.Inner = value; }

    /// <summary>Lagrange values up to this count as 0: more where rounding has grown.</summary>
    public double Noise { get; set; } = RatioTest.Noise;

    /// <summary>The residual rows' defect that the next run starts from.</summary>
    public Span<double> Defect => defectValues.AsSpan(0, residuals);

    /// <summary>Sets the number of residual rows that follow the kept moments.</summary>
    public void SetResiduals(int count)
    {
        residuals = count;
        if (defectValues.Length < count) defectValues = new double[count];
    }

    /// <summary>Removes every point beyond the rank.</summary>
    /// <param name="factor">The factored cell after <see cref="MomentFactor.SolveLagrange"/>.</param>
    /// <param name="a">Its matrix.</param>
    /// <param name="residualRow">First row of interpolation residuals of the next degree.</param>
    /// <param name="count">s.</param>
    /// <param name="stride">Row length in memory.</param>
    /// <param name="order">Labels in pivot order; on return the survivors come first.</param>
    /// <param name="weights">Weights in pivot order; on return those of the survivors.</param>
    /// <returns>The number of survivors, each with positive weight.</returns>
    public int Run(MomentFactor factor, double* a, int residualRow, int count, int stride, int* order, double* weights)
    {
        Prepare(factor.Rank, count, weights);
        bool whole = count - rank <= WholeFactor * rank;
        if (whole) GatherAll(factor, a, residualRow, count, stride);
        Span<int> points = stackalloc int[ExchangeList.Batch];
        for (int start = rank; start < count; start += ExchangeList.Batch)
        {
            Cancellation.ThrowIfCancellationRequested();
            // Null vectors are brought up to date a batch at a time; exchanges within the batch follow as they happen.
            int size = Math.Min(ExchangeList.Batch, count - start), known = exchanges.Count;
            double* vectors = whole ? table + (long)(start - rank) * total : batch;
            if (!whole)
            {
                for (int i = 0; i < size; i++) points[i] = start + i;
                Gather(factor, a, stride, residualRow, points[..size], vectors);
                exchanges.Apply(vectors, size);
            }
            for (int place = 0; place < size; place++)
            {
                if (!Remove(vectors + (long)place * total, start + place, count, order, weights)) continue;
                int first = whole && residuals > 0 ? 0 : place + 1;
                exchanges.Apply(vectors + (long)first * total, size - first, exchanges.Count - 1);
            }
            if (!whole) continue;
            exchanges.Apply(vectors + (long)size * total, count - start - size, known);
            if (residuals > 0) KeepCandidates(vectors, start, size, known);
        }
        if (residuals > 0)
        {
            if (!whole) GatherCandidates(factor, a, residualRow, count, stride);
            Descend(order);
        }
        return Compact(order, weights);
    }

    /// <summary>Takes a point's weight away, or lets the point take the place of a pivot: true then.</summary>
    private bool Remove(double* v, int j, int count, int* order, double* weights)
    {
        double w = weights[j];
        bool far = count - j > WeighedFactor * rank;
        if ((far || residuals == 0) && CanEmpty(v, w))
        {
            Shift(v, w);
            return false;
        }
        RatioTest.Limits(basic, v, rank, slack, Noise, out double down, out double up);
        double decrease = Math.Min(w, down);
        // While many points are left it does not matter which way the defect goes; emptying them makes no exchange.
        bool gives = double.IsInfinity(up) || (w <= down && far) || Gain(v + length, decrease) <= Gain(v + length, -up);
        if (gives && w <= down)
        {
            Shift(v, w);
            return false;
        }
        int leaving = RatioTest.Leaving(basic, v, rank, gives, gives ? down : up);
        if (leaving < 0) throw new ArithmeticException("A null vector of a cell's moments empties no weight: the weights span more than double precision holds. Drop the objects of least weight, or lower the degree.");
        double step = basic[leaving] / -v[leaving];
        Shift(v, step);
        (order[leaving], order[j]) = (order[j], order[leaving]);
        gone[j - rank] = true;
        basic[leaving] = Math.Max(0.0, w - step);
        exchanges.Add(v, leaving);
        return true;
    }

    /// <summary>True when the pivots can take all of a point's weight: the common case, without the divisions of a ratio test.</summary>
    private bool CanEmpty(double* v, double w) => VectorPath.Current.AllNonnegative(basic, w, v, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        exchanges.Dispose();
        scratch.Dispose();
        tableauBuffer.Dispose();
    }

    private void Prepare(int newRank, int count, double* weights)
    {
        rank = newRank;
        length = NativeBuffer.Padded(rank);
        total = length + NativeBuffer.Padded(residuals);
        basic = scratch.Ensure((2L + ExchangeList.Batch) * total);
        new Span<double>(basic, (2 + ExchangeList.Batch) * total).Clear();
        defect = basic + total;
        batch = defect + total;
        for (int e = 0; e < residuals; e++) defect[length + e] = defectValues[e];
        double mass = 0;
        for (int i = 0; i < count; i++) mass += weights[i];
        for (int q = 0; q < rank; q++) basic[q] = weights[q];
        slack = 1e-16 * mass / Math.Max(1, rank);
        int most = count - rank + MaxDescents;
        exchanges.Clear(rank, total, most);
        if (gone.Length < most) gone = new bool[most];
        Array.Clear(gone, 0, most);
    }

    /// <summary>Null vectors of some points before any exchange: Lagrange values at the pivots, then residuals.</summary>
    private void Gather(MomentFactor factor, double* a, int stride, int residualRow, ReadOnlySpan<int> points, double* vectors)
    {
        // A row at a time: the points of a batch share its cache lines.
        for (int q = 0; q < rank; q++) Spread(factor.Row(a, stride, q), points, vectors + q);
        for (int e = 0; e < residuals; e++)
            Spread(a + (long)(residualRow + e) * stride, points, vectors + length + e);
    }

    private void Spread(double* row, ReadOnlySpan<int> points, double* target)
    {
        foreach (int j in points)
        {
            *target = row[j];
            target += total;
        }
    }

    /// <summary>Change of the squared defect when <paramref name="step"/> of weight leaves the point with residuals d.</summary>
    private double Gain(double* d, double step)
    {
        if (residuals == 0) return 0;
        (double square, double cross) = DotProduct.SquareAndCross(d, defect + length, total - length);
        return step * (step * square - 2 * cross);
    }

    /// <summary>Moves <paramref name="step"/> of weight from the current point to the pivots, and its residuals out of the defect.</summary>
    private void Shift(double* v, double step)
    {
        VectorPath.Current.AddClamped(basic, step, v, length);
        if (residuals > 0) BlockedUpdate.Single(defect + length, step, v + length, total - length);
    }

    private int Compact(int* order, double* weights)
    {
        int n = 0;
        for (int q = 0; q < rank; q++)
        {
            if (basic[q] <= 0) continue;
            order[n] = order[q];
            weights[n++] = basic[q];
        }
        return n;
    }
}
