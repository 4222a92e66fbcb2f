namespace ResearchKit;

/// <content>Rounds over groups, for cells of many points of which no sample has the moments.</content>
internal sealed unsafe partial class CellReducer
{
    /// <summary>Rows per group from which a pass is worth several threads.</summary>
    private const int ParallelRows = 1 << 16;

    /// <summary>
    /// Groups of a round. More of them shrink the points by more, but cost the square of N each: 1024 is near the least cost
    /// for a million points from N = 50 to 250, for larger N four times N is.
    /// </summary>
    private const int MostGroups = 1024;

    /// <summary>Points that rounds over groups are to leave.</summary>
    private int Wanted => Math.Min(DirectLimit, candidateFactor * kept);

    private double[] groupMass = [];

    /// <summary>
    /// One group per column; keeps the points of the groups that remain. What that changes of the watched moments is left to
    /// the round over points, which sees it as a defect to start from.
    /// </summary>
    private void ShrinkByGroups(double* p, double* w, int count, LocalFrame frame, bool firstRound)
    {
        // As few groups in the last round as leave a choice of points to the one that chooses by the watched moments.
        int groups = (int)Math.Clamp((long)count * kept / (Wanted - kept) + 1, 2 * kept, Math.Min(DirectLimit, Math.Max(MostGroups, 4 * kept))), stride = NativeBuffer.Padded(groups);
        bool watches = kept > basis.Count;
        ProductBasis summed = watches ? extended : basis;
        double* a = matrix.Ensure((long)extended.Count * stride);
        SumGroups(summed, p, w, count, frame, groups, a, stride);
        ToMeans(a, summed.Count, groups, stride);

        double[] reduced = groupMass.AsSpan(0, groups).ToArray();
        int[] order = Identity(groups);
        int n;
        fixed (int* o = order)
        fixed (double* r = reduced)
            n = Eliminate(a, groups, stride, o, r, watches ? rows : kept);
        Array.Sort(order, reduced, 0, n);
        Expand(order, reduced, n, w, count, groups, firstRound);
    }

    private static int GroupStart(int g, int count, int groups) => (int)((long)g * count / groups);

    private void SumGroups(ProductBasis summed, double* p, double* w, int count, LocalFrame frame, int groups, double* a, int stride)
    {
        if (groupMass.Length < groups) groupMass = new double[groups];
        if (Inner is null || count < ParallelRows)
        {
            for (int g = 0; g < groups; g++) SumGroup(kernel, g);
            return;
        }
        // A group's sums are the same whoever computes them, so the threads do not show in the result.
        const int Batch = 16;
        Parallel.For(0, (groups + Batch - 1) / Batch, Inner, static () => new MomentKernel(), (b, _, own) =>
        {
            for (int g = b * Batch; g < Math.Min(groups, (b + 1) * Batch); g++) SumGroup(own, g);
            return own;
        }, static own => own.Dispose());

        void SumGroup(MomentKernel own, int g)
        {
            int start = GroupStart(g, count, groups), size = GroupStart(g + 1, count, groups) - start;
            double mass = size;
            if (w != null)
            {
                mass = 0;
                for (int i = 0; i < size; i++) mass += w[start + i];
            }
            groupMass[g] = mass;
            own.Sum(summed, frame, p + (long)start * basis.Dimension, w == null ? null : w + start, size, a + g, stride);
        }
    }

    private void ToMeans(double* a, int rows, int groups, int stride)
    {
        for (int e = 0; e < rows; e++)
        {
            double* row = a + (long)e * stride;
            for (int g = 0; g < groups; g++) row[g] /= groupMass[g];
            for (int g = groups; g < stride; g++) row[g] = 0;
        }
    }

    /// <summary>Replaces the kept points by those of the remaining groups.</summary>
    private void Expand(int[] order, double[] reduced, int n, double* w, int count, int groups, bool firstRound)
    {
        int total = 0;
        for (int k = 0; k < n; k++) total += GroupStart(order[k] + 1, count, groups) - GroupStart(order[k], count, groups);
        var newPositions = new int[Math.Max(64, total)];
        var newWeights = new double[newPositions.Length];
        int at = 0;
        for (int k = 0; k < n; k++)
        {
            int g = order[k], end = GroupStart(g + 1, count, groups);
            double ratio = reduced[k] / groupMass[g];
            for (int i = GroupStart(g, count, groups); i < end; i++, at++)
            {
                newPositions[at] = firstRound ? i : positions[i];
                newWeights[at] = (w == null ? 1.0 : w[i]) * ratio;
            }
        }
        positions = newPositions;
        weights = newWeights;
        Count = total;
    }
}
