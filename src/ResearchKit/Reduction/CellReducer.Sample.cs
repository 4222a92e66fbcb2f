namespace ResearchKit;

/// <content>A sample of a cell's points as the candidates: for cells so small that a tableau holds it, and for large ones.</content>
internal sealed unsafe partial class CellReducer
{
    /// <summary>
    /// Candidates, in units of the kept moments, and at least. Six times as many almost always have the cell's mean in
    /// their hull (Wendel's theorem); more of them cost time in proportion and lower the error by a few per cent.
    /// </summary>
    private const int ChoosingCandidates = 6;

    /// <summary>Candidates where any reduction will do: half as many have the mean in their hull as surely.</summary>
    private const int PlainCandidates = 3;

    /// <summary>Candidates where they are drawn by leverage and not few: five then are as good as six, within some per cent.</summary>
    private const int LeanCandidates = 5;

    /// <inheritdoc cref="ChoosingCandidates"/>
    private const int LeastCandidates = 64;

    /// <summary>Entries of a sample's matrix, 256 MB: cells of more moments than that allows are reduced in rounds of fewer columns.</summary>
    private const long LargestSample = 1 << 25;

    /// <summary>Points that are looked at to draw one: more of them, drawn by mass, make no difference.</summary>
    private const int FirstDraw = 3;

    /// <summary>A sample whose weights miss the moments by more, relative to the mass, is not taken; what is less, the repair mends.</summary>
    private const double SampleTolerance = 1e-12;

    private readonly VertexTableau tableau = new();
    private readonly Calibration calibration = new();
    private readonly NativeBuffer sample = new();
    private double[] shares = [];
    private int[] drawn = [];

    /// <summary>
    /// Chooses among a sample. False, and nothing but the totals changed, where there is not enough to choose from, the
    /// moments are dependent on the sample, or it does not have them: the general way is taken then.
    /// </summary>
    /// <param name="p">Coordinates of the points so far.</param>
    /// <param name="given">Their weights, or null for 1.</param>
    /// <param name="count">Their number.</param>
    /// <param name="frame">The cell's frame.</param>
    /// <param name="whole">True for the whole cell, false for what rounds over groups, if there were any, have left of it.</param>
    /// <param name="needTotals">True as long as the totals are to be measured.</param>
    private bool TrySample(double* p, double* given, int count, LocalFrame frame, bool whole, ref bool needTotals)
    {
        if (!samples) return false;
        bool searches = rows > kept, lean = searches && !VertexTableau.IsTiny(rows, Candidates(candidateFactor, count));
        int candidates = Candidates(lean ? LeanCandidates : candidateFactor, count);
        bool small = VertexTableau.Suits(rows, candidates, searches), draws = candidates < count && (whole || lean || !small);
        if (candidates <= kept || !(small || draws) || (!small && (long)candidates * extended.Count > LargestSample)) return false;
        if (needTotals && candidates < count)
        {
            kernel.SumCompensated(extended, frame, p, given, count, Totals);
            needTotals = false;
        }
        int[] order = Identity(candidates);
        double* points = draws ? DrawByLeverage(p, given, count, frame, ref candidates, order) : candidates < count ? Sample(p, count, candidates, order) : p;
        if (candidates <= kept) return false;
        int stride = NativeBuffer.Padded(candidates + 1);
        double* a = matrix.Ensure((long)extended.Count * stride);
        kernel.Evaluate(extended, frame, points, candidates, a, stride);
        if (needTotals) Totals.Add(WeightedRowSums(a, count, stride));
        needTotals = false;
        // The mean of what is wanted goes through the factorisation as one column more.
        double mass = Totals[0];
        for (int e = 0; e < extended.Count; e++)
        {
            double* row = a + (long)e * stride;
            row[candidates] = Totals[e] / mass;
            for (int j = candidates + 1; j < stride; j++) row[j] = 0;
        }
        metric.Transform(a + (long)basis.Count * stride, stride);
        int n;
        fixed (int* o = order)
        fixed (double* w = shares)
        {
            factor.Factor(a, rows, kept, candidates, stride, o, draws ? w : null, guests: 1);
            if (factor.Rank < kept || factor.Rank == candidates) return false;
            factor.SolveLagrange(a, candidates + 1, stride);
            factor.Interpolate(a, kept, rows, candidates + 1, stride, Inner);
            n = small ? tableau.Run(factor, a, kept, candidates, stride, mass, StartDefect, o) : Walk(a, candidates, stride, mass, o, w);
        }
        if (n < 0) return false;
        Rank = factor.Rank;
        ReadOnlySpan<double> found = small ? tableau.Weights : shares.AsSpan(0, n);
        if (draws && !HaveMoments(p, order, found, frame, mass)) return false;
        Keep(order, found, whole);
        return true;
    }

    private int Candidates(int factor, int count) => Math.Min(count, Math.Max(factor * kept, LeastCandidates));

    /// <summary>Whether points have the matched moments: not where those of a sample say little about the others.</summary>
    private bool HaveMoments(double* p, int[] order, ReadOnlySpan<double> found, LocalFrame frame, double mass)
    {
        int n = found.Length, stride = NativeBuffer.Padded(n);
        double* a = matrix.Ensure((long)extended.Count * stride);
        kernel.Evaluate(basis, frame, GatherSample(p, n, order), n, a, stride);
        fixed (double* w = found)
            for (int e = 0; e < basis.Count; e++)
                if (!(Math.Abs(DotProduct.Of(a + (long)e * stride, w, n) - Totals[e]) <= SampleTolerance * mass)) return false;
        return true;
    }

    /// <summary>Gives the sample weights that have the cell's moments, and removes point after point. -1 where there are none.</summary>
    private int Walk(double* a, int candidates, int stride, double mass, int* order, double* w)
    {
        if (!calibration.TrySolve(factor, a, candidates, stride, mass, w)) return -1;
        elimination.SetResiduals(rows - kept);
        Span<double> defect = elimination.Defect;
        int rank = factor.Rank;
        for (int e = 0; e < defect.Length; e++)
        {
            double* row = a + (long)(kept + e) * stride;
            defect[e] = StartDefect[e] + DotProduct.Of(row + rank, w + rank, candidates - rank) - mass * row[candidates];
        }
        try
        {
            return elimination.Run(factor, a, kept, candidates, stride, order, w);
        }
        catch (ArithmeticException)
        {
            // The sample's weights span too much; those of the points themselves need not.
            return -1;
        }
    }

    /// <summary>Makes the survivors the cell's points, ascending; their labels are places among the points so far, or in the whole cell.</summary>
    private void Keep(int[] order, ReadOnlySpan<double> found, bool whole)
    {
        int n = found.Length;
        if (!whole)
            for (int i = 0; i < n; i++) order[i] = positions[order[i]];
        Reserve(n);
        order.AsSpan(0, n).CopyTo(positions);
        found.CopyTo(weights);
        Array.Sort(positions, weights, 0, n);
        Count = n;
    }

    private void Reserve(int count)
    {
        if (positions.Length >= count) return;
        positions = new int[count];
        weights = new double[count];
    }

    /// <summary>Every so many points one, all weights aside.</summary>
    private double* Sample(double* p, int count, int candidates, int[] order)
    {
        for (int i = 0; i < candidates; i++) order[i] = (int)((long)i * count / candidates);
        return GatherSample(p, candidates, order);
    }

    /// <summary>
    /// Draws by weight times leverage, the sum of a point's squared moments: where polynomials vary most, near the ends of
    /// the cell, candidates are dense, as the nodes of good quadratures are, and the sample's moment matrix is as well
    /// conditioned as any of its size (Cohen and Migliorati, Optimal weighted least-squares methods, 2017).
    /// </summary>
    private double* DrawByLeverage(double* p, double* w, int count, LocalFrame frame, ref int size, int[] order)
    {
        int first = Math.Min(count, FirstDraw * size), stride = NativeBuffer.Padded(first);
        if (drawn.Length < first) drawn = new int[first];
        double* points = Draw(p, w, count, ref first, drawn), a = matrix.Ensure((basis.Count + 1L) * stride), leverages = a + (long)basis.Count * stride;
        kernel.Evaluate(basis, frame, points, first, a, stride);
        new Span<double>(leverages, first).Clear();
        for (int e = 0; e < basis.Count; e++) VectorPath.Current.AddSquares(leverages, a + (long)e * stride, first);
        double total = 0;
        for (int i = 0; i < first; i++) total += a[i] = shares[i] * leverages[i];
        int n = Systematic(a, first, size, total, order);
        // Drawn so many times, each time for a part of the mass that falls with the leverage.
        for (int i = 0; i < n; i++)
        {
            shares[i] *= total / size / leverages[order[i]];
            order[i] = drawn[order[i]];
        }
        size = n;
        return GatherSample(p, n, order);
    }

    /// <summary>Points of a large cell, each drawn from its own range of equal mass, with weights in <see cref="shares"/>.</summary>
    private double* Draw(double* p, double* w, int count, ref int size, int[] order)
    {
        if (shares.Length < size) shares = new double[size];
        double mass = Totals[0];
        size = Systematic(w, count, size, mass, order, mass / size);
        return GatherSample(p, size, order);
    }

    /// <summary>
    /// Systematic sampling: one place out of each of many ranges of equal weight, anywhere in it by a sequence without a
    /// period that points in some order could share (Weyl's). Returns how many different places; each has a unit in
    /// <see cref="shares"/> for every time that it was drawn.
    /// </summary>
    private int Systematic(double* w, int count, int size, double mass, int[] places, double unit = 1)
    {
        int n = 0, next = 0;
        double step = mass / size, reached = 0;
        ulong phase = 0;
        for (int i = 0; i < size; i++)
        {
            phase += 0x9E3779B97F4A7C15;
            int at;
            if (w == null)
            {
                int from = GroupStart(i, count, size), range = GroupStart(i + 1, count, size) - from;
                at = from + (int)(((phase >> 32) * (ulong)range) >> 32);
            }
            else
            {
                double wanted = (i + (phase >> 11) * (1.0 / (1UL << 53))) * step;
                while (next < count - 1 && reached + w[next] <= wanted) reached += w[next++];
                at = next;
            }
            if (n > 0 && places[n - 1] == at) shares[n - 1] += unit;
            else (places[n], shares[n++]) = (at, unit);
        }
        return n;
    }

    private double* GatherSample(double* p, int size, int[] order)
    {
        int m = basis.Dimension;
        double* points = sample.Ensure((long)size * m);
        for (int i = 0; i < size; i++)
            for (int j = 0; j < m; j++) points[(long)i * m + j] = p[(long)order[i] * m + j];
        return points;
    }
}
