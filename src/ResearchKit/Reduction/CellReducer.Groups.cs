namespace ResearchKit;

/// <content>Rounds over groups, for cells of many points.</content>
internal sealed unsafe partial class CellReducer
{
    /// <summary>Rows per group from which a pass is worth several threads.</summary>
    private const int ParallelRows = 1 << 16;

    /// <summary>Points on which the watched moments of a cell of more than twice as many are estimated.</summary>
    private const int SampleSize = 1 << 16;

    /// <summary>The sample is summed in so many parts, whatever the number of threads.</summary>
    private const int SampleParts = 64;

    /// <summary>
    /// Groups of a round. More of them shrink the points by more, but cost the square of N each: 1024 is near the least cost
    /// for a million points from N = 50 to 250, for larger N four times N is.
    /// </summary>
    private const int MostGroups = 1024;

    /// <summary>Points that rounds over groups leave, in units of the kept moments.</summary>
    private const int FinalFactor = 6;

    /// <summary>Points that rounds over groups are to leave.</summary>
    private int Wanted => Math.Min(DirectLimit, FinalFactor * kept);

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
        // All that is done here with the watched moments is to measure them: a million points need not be asked.
        bool estimated = firstRound && !watches && TryEstimateWatched(p, w, count, frame);
        ProductBasis summed = watches || (firstRound && !estimated) ? extended : basis;
        double* a = matrix.Ensure((long)extended.Count * stride);
        SumGroups(summed, p, w, count, frame, groups, a, stride);
        if (firstRound) AddToTotals(a, 0, summed.Count, groups, stride, 1);
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

    /// <summary>
    /// The cell's watched moments from one point out of each of many equal ranges: to some 0.4 % of the mass, far below what
    /// a reduction leaves of them. False, and nothing done, where the cell is small or few of the sample's weights carry it.
    /// </summary>
    private bool TryEstimateWatched(double* p, double* w, int count, LocalFrame frame)
    {
        if (count <= 2 * SampleSize || extended.Count == basis.Count) return false;
        int m = basis.Dimension, stride = NativeBuffer.Padded(SampleParts);
        double* points = sample.Ensure((long)SampleSize * (m + 1)), masses = w == null ? null : points + (long)SampleSize * m;
        double sum = 0, squares = 0;
        ulong place = 0;
        for (int i = 0; i < SampleSize; i++)
        {
            // Anywhere in its range, by a sequence without a period that points in some order could share (Weyl's).
            int from = GroupStart(i, count, SampleSize), size = GroupStart(i + 1, count, SampleSize) - from;
            place += 0x9E3779B97F4A7C15;
            int at = from + (int)(((place >> 32) * (ulong)size) >> 32);
            for (int j = 0; j < m; j++) points[(long)i * m + j] = p[(long)at * m + j];
            double weight = w == null ? 1 : w[at];
            if (w != null) masses[i] = weight;
            sum += weight;
            squares += weight * weight;
        }
        if (!(sum * sum >= 0.25 * SampleSize * squares)) return false;
        double mass = w == null ? count : CompensatedSum.Of(new ReadOnlySpan<double>(w, count));
        double* a = matrix.Ensure((long)extended.Count * stride);
        SumGroups(extended, points, masses, SampleSize, frame, SampleParts, a, stride);
        AddToTotals(a, basis.Count, extended.Count, SampleParts, stride, mass / sum);
        return true;
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

    /// <summary>Adds rows from .. end - 1, all groups together and times a factor, to the totals.</summary>
    private void AddToTotals(double* a, int from, int end, int groups, int stride, double factor)
    {
        var column = new double[end - from];
        for (int g = 0; g < groups; g++)
        {
            for (int e = from; e < end; e++) column[e - from] = factor * a[(long)e * stride + g];
            Totals.Add(from, column);
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
