namespace ResearchKit;

/// <content>Descent over vertices: exchanges that shrink the defect of the first unmatched degrees.</content>
internal sealed unsafe partial class Elimination
{
    /// <summary>Exchanges at most; a local minimum is usually reached before, and the last steps gain little.</summary>
    private const int MaxDescents = 16;

    /// <summary>Candidates considered, in multiples of the rank: more of them lower the minimum, at a cost in proportion.</summary>
    private const int CandidateFactor = 9;

    private readonly NativeBuffer tableauBuffer = new();
    private int[] candidates = [];
    private double* table;
    private int alive;

    /// <summary>The null vectors of all points before any exchange.</summary>
    private void GatherAll(MomentFactor factor, double* a, int residualRow, int count, int stride)
    {
        int most = count - rank;
        ReserveTable(most);
        for (int j = 0; j < most; j++) candidates[j] = rank + j;
        for (int c = 0; c < most; c += ExchangeList.Batch)
            Gather(factor, a, stride, residualRow, candidates.AsSpan(c, Math.Min(ExchangeList.Batch, most - c)), table + (long)c * total);
    }

    /// <summary>Brings the candidates so far up to date with the exchanges of a batch, and adds those of its points that are left.</summary>
    private void KeepCandidates(double* vectors, int start, int size, int known)
    {
        exchanges.Apply(table, alive, known);
        for (int place = 0; place < size; place++)
        {
            if (gone[start + place - rank]) continue;
            double* v = vectors + (long)place * total, kept = table + (long)alive * total;
            if (v != kept) Buffer.MemoryCopy(v, kept, total * sizeof(double), total * sizeof(double));
            candidates[alive++] = start + place;
        }
    }

    /// <summary>Takes the first points that are left as candidates, up to date with all exchanges.</summary>
    private void GatherCandidates(MomentFactor factor, double* a, int residualRow, int count, int stride)
    {
        int most = Math.Min(count - rank, CandidateFactor * rank);
        ReserveTable(most);
        for (int j = rank; j < count && alive < most; j++)
            if (!gone[j - rank]) candidates[alive++] = j;
        for (int c = 0; c < alive; c += ExchangeList.Batch)
            Gather(factor, a, stride, residualRow, candidates.AsSpan(c, Math.Min(ExchangeList.Batch, alive - c)), table + (long)c * total);
        exchanges.Apply(table, alive);
    }

    private void ReserveTable(int most)
    {
        alive = 0;
        if (candidates.Length < most) candidates = new int[most];
        table = tableauBuffer.Ensure((long)most * total);
        new Span<double>(table, most * total).Clear();
    }

    /// <summary>
    /// All vertices with the same moments are equally good by Theorem T2, but not for the degrees beyond k. From the vertex
    /// found by elimination, lets the point enter whose exchange lowers the squared defect most, until none does.
    /// </summary>
    private void Descend(int* order)
    {
        double* t = table;
        int n = alive;
        for (int step = 0; step < MaxDescents; step++)
        {
            Cancellation.ThrowIfCancellationRequested();
            int best = Best(t, n, out double up);
            if (best < 0) return;
            double* v = t + (long)best * total;
            int leaving = RatioTest.Leaving(basic, v, rank, false, up);
            if (leaving < 0) return;
            double move = basic[leaving] / -v[leaving];
            Shift(v, move);
            order[leaving] = order[candidates[best]];
            basic[leaving] = -move;
            exchanges.Add(v, leaving);
            // The candidate is used up: the last one takes its place in the list and its row in the tableau.
            n--;
            candidates[best] = candidates[n];
            if (best < n) Buffer.MemoryCopy(t + (long)n * total, v, total * sizeof(double), total * sizeof(double));
            exchanges.Apply(t, n, exchanges.Count - 1);
        }
    }

    private int Best(double* t, int n, out double bestUp)
    {
        int best = -1;
        double bestGain = 0;
        bestUp = 0;
        double* now = defect + length;
        for (int c = 0; c < n; c++)
        {
            double* v = t + (long)c * total;
            double* d = v + length;
            (double square, double cross) = DotProduct.SquareAndCross(d, now, total - length);
            // Entering adds the residuals; even the best step length must beat the best so far.
            if (cross >= 0 || -cross * cross >= bestGain * square) continue;
            RatioTest.Limits(basic, v, rank, slack, Noise, out _, out double up);
            if (double.IsInfinity(up)) continue;
            double gain = up * (up * square + 2 * cross);
            if (gain < bestGain) { bestGain = gain; best = c; bestUp = up; }
        }
        return best;
    }
}
