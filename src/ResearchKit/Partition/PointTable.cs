using System.Runtime.InteropServices;

namespace ResearchKit;

/// <summary>
/// A set's objects in an order that a partition may change: rows, weights and original indices move together, so that a
/// cell is a contiguous range. Objects of weight zero are left out (they carry no moment).
/// </summary>
/// <remarks>
/// The set's own arrays serve until the first reordering copies them: one cell of a million points needs no copy at all.
/// </remarks>
internal sealed class PointTable
{
    private readonly int dimension;
    private readonly ParallelOptions? parallel;
    private int[]? indices;
    private bool owned;

    /// <param name="set">The objects.</param>
    /// <param name="parallel">Threads for passes over large ranges; null for one.</param>
    public PointTable(WeightedPoints set, ParallelOptions? parallel = null)
    {
        dimension = set.Dimension;
        this.parallel = parallel;
        Rows = set.CoordinateArray;
        Weights = set.WeightArray;
        Count = set.Count;
        if (Weights is { } given && given.AsSpan().Contains(0.0)) DropWeightless(given);
    }

    /// <summary>Number of objects with positive weight.</summary>
    public int Count { get; private set; }

    /// <summary>m.</summary>
    public int Dimension => dimension;

    /// <summary>Row-major coordinates in the current order; not to be written to.</summary>
    public double[] Rows { get; private set; }

    /// <summary>Weights in the current order, or null for 1; not to be written to.</summary>
    public double[]? Weights { get; private set; }

    /// <summary>Original index of every row.</summary>
    public int[] Indices => indices ??= [.. Enumerable.Range(0, Count)];

    /// <summary>Original index of one row.</summary>
    public int IndexOf(int row) => indices is null ? row : indices[row];

    /// <summary>The frame of a range's bounding box.</summary>
    public LocalFrame Frame(int start, int count)
        => LocalFrame.Of(Rows.AsMemory(start * dimension, count * dimension), dimension, parallel);

    /// <summary>Total weight of a range.</summary>
    public double Mass(int start, int count)
        => Weights is null ? count : CompensatedSum.Of(Weights.AsSpan(start, count));

    /// <summary>
    /// Reorders a range so that the objects before position <paramref name="nth"/> have coordinates at most, those from it
    /// on at least that of the object there (linear on equal keys). The first call copies the set's arrays and must not be
    /// made by two threads at once.
    /// </summary>
    public unsafe void SelectNth(int start, int count, int nth, int axis)
    {
        if (count < 2) return;
        if (!owned) Own();
        fixed (double* rows = Rows, weights = Weights)
        fixed (int* labels = Indices)
            new NthSelection(rows, weights, labels, dimension, axis).Run(start, start + count - 1, nth);
    }

    /// <summary>
    /// Reorders the rows so that those of equal values in one coordinate lie together, by rising value and otherwise in
    /// their order; gives the range of every value.
    /// </summary>
    public (int Start, int Count)[] GroupBy(int axis)
    {
        var counts = new Dictionary<double, int>();
        for (int i = 0; i < Count; i++) CollectionsMarshal.GetValueRefOrAddDefault(counts, Rows[i * dimension + axis], out _)++;
        double[] values = [.. counts.Keys.Order()];
        var ranges = new (int Start, int Count)[values.Length];
        for (int v = 0, at = 0; v < values.Length; at += counts[values[v++]]) ranges[v] = (at, counts[values[v]]);
        if (values.Length == 1) return ranges;
        var next = new Dictionary<double, int>();
        for (int v = 0; v < values.Length; v++) next[values[v]] = ranges[v].Start;
        double[] rows = GC.AllocateUninitializedArray<double>(Rows.Length);
        double[]? weights = Weights is null ? null : new double[Count];
        var labels = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            int to = CollectionsMarshal.GetValueRefOrNullRef(next, Rows[i * dimension + axis])++;
            Rows.AsSpan(i * dimension, dimension).CopyTo(rows.AsSpan(to * dimension));
            if (weights is not null) weights[to] = Weights![i];
            labels[to] = IndexOf(i);
        }
        (Rows, Weights, indices, owned) = (rows, weights, labels, true);
        return ranges;
    }

    private void Own()
    {
        double[] rows = GC.AllocateUninitializedArray<double>(Rows.Length);
        Rows.CopyTo(rows, 0);
        Rows = rows;
        Weights = Weights is null ? null : [.. Weights];
        owned = true;
    }

    private void DropWeightless(double[] given)
    {
        Count = given.Length - given.AsSpan().Count(0.0);
        double[] rows = GC.AllocateUninitializedArray<double>(Count * dimension);
        var weights = new double[Count];
        indices = new int[Count];
        for (int i = 0, at = 0; i < given.Length; i++)
        {
            if (given[i] <= 0) continue;
            Rows.AsSpan(i * dimension, dimension).CopyTo(rows.AsSpan(at * dimension));
            weights[at] = given[i];
            indices[at++] = i;
        }
        Rows = rows;
        Weights = weights;
        owned = true;
    }
}
