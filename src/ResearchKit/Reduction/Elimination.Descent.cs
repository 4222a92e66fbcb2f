namespace ResearchKit;

/// <content>Descent over vertices: exchanges that shrink the defect of the first unmatched degrees.</content>
internal sealed unsafe partial class Elimination
{
    /// <summary>Exchanges at most; a local minimum is usually reached before, and the last steps gain little.</summary>
    private const int MaxDescents = 16;

    /// <summary>Candidates considered, in multiples of the rank: more of them lower the minimum, at a cost in proportion.</summary>
    private const int CandidateFactor = 9;

    private readonly NativeBuffer tableau = new();
    private int[] candidates = [];

    /// <summary>
    /// All vertices with the same moments are equally good by Theorem T2, but not for the degrees beyond k. From the vertex
    /// found by elimination, lets the point enter whose exchange lowers the squared defect most, until none does.
    /// </summary>
    private void Descend(MomentFactor factor, double* a, int residualRow, int count, int stride, int* order)
    {
        int most = Math.Min(count - rank, CandidateFactor * rank);
        if (candidates.Length < most) candidates = new int[most];
        int n = 0;
        for (int j = rank; j < count && n < most; j++)
            if (!gone[j - rank]) candidates[n++] = j;
        double* t = tableau.Ensure((long)n * total);
        new Span<double>(t, n * total).Clear();
        for (int c = 0; c < n; c += ExchangeList.Batch)
            Gather(factor, a, stride, residualRow, candidates.AsSpan(c, Math.Min(ExchangeList.Batch, n - c)), t + (long)c * total);
        exchanges.Apply(t, n);
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
            RatioTest.Limits(basic, v, rank, slack, out _, out double up);
            if (double.IsInfinity(up)) continue;
            double gain = up * (up * square + 2 * cross);
            if (gain < bestGain) { bestGain = gain; best = c; bestUp = up; }
        }
        return best;
    }
}
