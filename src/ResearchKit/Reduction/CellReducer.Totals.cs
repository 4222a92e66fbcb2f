namespace ResearchKit;

/// <content>The moments of a large cell.</content>
internal sealed unsafe partial class CellReducer
{
    /// <summary>Points on which the watched moments of a cell of more than eight times as many are estimated.</summary>
    private const int EstimateSize = 1 << 14;

    /// <summary>Points that are summed plainly, in units that do not depend on the number of threads.</summary>
    private const int PartSize = MomentKernel.Chunk;

    /// <summary>Parts at most: their sums are kept side by side.</summary>
    private const int MostParts = 1024;

    /// <summary>Fills <see cref="Totals"/>, on several threads if there are any.</summary>
    private void MeasureTotals(double* p, double* w, int count, LocalFrame frame)
    {
        // All that is done with watched moments, where none of them is kept, is to measure them: a million points need not be asked.
        bool estimated = kept == basis.Count && extended.Count > basis.Count && count > 8 * EstimateSize;
        AddMoments(estimated ? basis : extended, 0, p, w, count, frame);
        if (estimated && !TryEstimateWatched(p, w, count, frame)) AddMoments(extended, basis.Count, p, w, count, frame);
    }

    /// <summary>
    /// The watched moments from points drawn by weight: to some 0.8 % of the mass, far below what a reduction leaves of them.
    /// False, and nothing done, where few objects carry the mass, which are then drawn again and again.
    /// </summary>
    private bool TryEstimateWatched(double* p, double* w, int count, LocalFrame frame)
    {
        int size = EstimateSize;
        double* points = Draw(p, w, count, ref size, Identity(size));
        if (size < EstimateSize / 2) return false;
        fixed (double* s = shares) AddMoments(extended, basis.Count, points, s, size, frame);
        return true;
    }

    /// <summary>Adds moments of points to the totals from moment <paramref name="first"/> on.</summary>
    private void AddMoments(ProductBasis summed, int first, double* p, double* w, int count, LocalFrame frame)
    {
        int parts = Math.Min(MostParts, (count + PartSize - 1) / PartSize), stride = NativeBuffer.Padded(parts);
        double* a = matrix.Ensure((long)extended.Count * stride);
        SumGroups(summed, p, w, count, frame, parts, a, stride);
        var column = new double[summed.Count - first];
        for (int g = 0; g < parts; g++)
        {
            for (int e = first; e < summed.Count; e++) column[e - first] = a[(long)e * stride + g];
            Totals.Add(first, column);
        }
    }
}
