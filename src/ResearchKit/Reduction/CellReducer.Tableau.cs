namespace ResearchKit;

/// <content>Small cells: a sample of the points as the candidates of a linear program.</content>
internal sealed unsafe partial class CellReducer
{
    /// <summary>
    /// Candidates, in units of the kept moments, and at least. Six times as many almost always have the cell's mean in
    /// their hull (Wendel's theorem); more of them cost time in proportion and lower the error by a few per cent.
    /// </summary>
    private const int CandidateFactor = 6;

    /// <inheritdoc cref="CandidateFactor"/>
    private const int LeastCandidates = 64;

    private readonly VertexTableau tableau = new();
    private readonly NativeBuffer sample = new();

    /// <summary>
    /// Chooses among evenly spaced points of the cell. False, and nothing but the totals changed, where the cell is too
    /// large, its moments are dependent on the sample, or the sample does not have them: the general way is taken then.
    /// </summary>
    private bool TryTableau(double* p, double* given, int count, LocalFrame frame, ref bool needTotals)
    {
        int candidates = Math.Min(count, Math.Max(CandidateFactor * kept, LeastCandidates));
        if (candidates <= kept || !VertexTableau.Suits(rows, candidates)) return false;
        int stride = NativeBuffer.Padded(candidates + 1);
        double* a = matrix.Ensure((long)extended.Count * stride);
        int[] order = Identity(candidates);
        double* points = candidates < count ? Sample(p, count, candidates, order) : p;
        kernel.Evaluate(extended, frame, points, candidates, a, stride);
        if (needTotals && candidates < count) kernel.SumCompensated(extended, frame, p, given, count, Totals);
        else if (needTotals) Totals.Add(WeightedRowSums(a, count, stride));
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
        {
            factor.Factor(a, rows, kept, candidates, stride, o, null, guests: 1);
            if (factor.Rank < kept || factor.Rank == candidates) return false;
            factor.SolveLagrange(a, candidates + 1, stride);
            n = tableau.Run(factor, a, kept, candidates, stride, mass, StartDefect, o);
        }
        if (n < 0) return false;
        Rank = factor.Rank;
        Keep(order, tableau.Weights);
        return true;
    }

    /// <summary>Makes the survivors the cell's points, ascending: so few that inserting sorts fastest.</summary>
    private void Keep(int[] order, ReadOnlySpan<double> found)
    {
        for (int i = 0; i < found.Length; i++)
        {
            int label = order[i], at = i;
            double weight = found[i];
            for (; at > 0 && order[at - 1] > label; at--)
            {
                order[at] = order[at - 1];
                weights[at] = weights[at - 1];
            }
            order[at] = label;
            weights[at] = weight;
        }
        for (int i = 0; i < found.Length; i++) positions[i] = positions[order[i]];
        Count = found.Length;
    }

    private double* Sample(double* p, int count, int candidates, int[] order)
    {
        int m = basis.Dimension;
        double* points = sample.Ensure((long)candidates * m);
        for (int i = 0; i < candidates; i++)
        {
            int at = order[i] = (int)((long)i * count / candidates);
            for (int j = 0; j < m; j++) points[i * m + j] = p[at * m + j];
        }
        return points;
    }
}
