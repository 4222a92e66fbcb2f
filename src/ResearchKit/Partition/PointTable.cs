namespace ResearchKit;

/// <summary>
/// A private copy of a set's objects that a partition may reorder: rows, weights and original indices move together, so
/// that a cell is a contiguous range. Objects of weight zero are left out (they carry no moment).
/// </summary>
internal sealed class PointTable
{
    private readonly int dimension;

    public PointTable(WeightedPoints set)
    {
        dimension = set.Dimension;
        double[]? given = set.WeightArray;
        int kept = set.Count;
        if (given is not null)
        {
            kept = 0;
            foreach (double w in given) if (w > 0) kept++;
        }
        Count = kept;
        Indices = GC.AllocateUninitializedArray<int>(kept);
        if (given is null)
        {
            Rows = GC.AllocateUninitializedArray<double>(set.Coordinates.Length);
            set.Coordinates.CopyTo(Rows);
            for (int i = 0; i < kept; i++) Indices[i] = i;
            return;
        }
        Rows = GC.AllocateUninitializedArray<double>(kept * dimension);
        Weights = GC.AllocateUninitializedArray<double>(kept);
        for (int i = 0, at = 0; i < set.Count; i++)
        {
            if (given[i] <= 0) continue;
            set[i].CopyTo(Rows.AsSpan(at * dimension));
            Weights[at] = given[i];
            Indices[at++] = i;
        }
    }

    /// <summary>Number of objects with positive weight.</summary>
    public int Count { get; }

    /// <summary>m.</summary>
    public int Dimension => dimension;

    /// <summary>Row-major coordinates in the current order.</summary>
    public double[] Rows { get; }

    /// <summary>Weights in the current order, or null for 1.</summary>
    public double[]? Weights { get; }

    /// <summary>Original index of every row.</summary>
    public int[] Indices { get; }

    /// <summary>The frame of a range's bounding box.</summary>
    public LocalFrame Frame(int start, int count)
        => LocalFrame.Of(Rows.AsSpan(start * dimension, count * dimension), dimension);

    /// <summary>Total weight of a range.</summary>
    public double Mass(int start, int count)
        => Weights is null ? count : CompensatedSum.Of(Weights.AsSpan(start, count));

    /// <summary>
    /// Reorders a range so that the objects before position <paramref name="nth"/> have coordinates at most, those from it
    /// on at least that of the object there (linear on equal keys).
    /// </summary>
    public unsafe void SelectNth(int start, int count, int nth, int axis)
    {
        if (count < 2) return;
        fixed (double* rows = Rows, weights = Weights)
        fixed (int* indices = Indices)
            new NthSelection(rows, weights, indices, dimension, axis).Run(start, start + count - 1, nth);
    }
}
