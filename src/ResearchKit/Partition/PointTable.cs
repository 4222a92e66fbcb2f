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
    /// on at least that of the object there (quickselect, median of three; linear on equal keys).
    /// </summary>
    public void SelectNth(int start, int count, int nth, int axis)
    {
        int lo = start, hi = start + count - 1;
        while (lo < hi)
        {
            double pivot = MedianOfThree(Key(lo, axis), Key(lo + (hi - lo) / 2, axis), Key(hi, axis));
            int i = lo, j = hi;
            while (i <= j)
            {
                while (Key(i, axis) < pivot) i++;
                while (Key(j, axis) > pivot) j--;
                if (i > j) break;
                Swap(i++, j--);
            }
            if (nth <= j) hi = j;
            else if (nth >= i) lo = i;
            else return;
        }
    }

    private double Key(int i, int axis) => Rows[i * dimension + axis];

    private static double MedianOfThree(double a, double b, double c)
        => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    private void Swap(int i, int j)
    {
        if (i == j) return;
        int a = i * dimension, b = j * dimension;
        for (int c = 0; c < dimension; c++) (Rows[a + c], Rows[b + c]) = (Rows[b + c], Rows[a + c]);
        (Indices[i], Indices[j]) = (Indices[j], Indices[i]);
        if (Weights is not null) (Weights[i], Weights[j]) = (Weights[j], Weights[i]);
    }
}
