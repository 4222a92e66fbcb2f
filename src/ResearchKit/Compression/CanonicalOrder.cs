namespace ResearchKit.Networks;

/// <summary>
/// Objects in the order of their coordinates, then their weights. A compression of these does not depend on the order in
/// which a model happens to hold its objects: it is permutation-equivariant, as T5 asks of everything between them.
/// </summary>
internal sealed class CanonicalOrder
{
    private readonly int[] order;

    public CanonicalOrder(WeightedPoints objects)
    {
        int m = objects.Dimension;
        order = new int[objects.Count];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) =>
        {
            int sign = objects[a].SequenceCompareTo(objects[b]);
            if (sign == 0) sign = objects.WeightOf(a).CompareTo(objects.WeightOf(b));
            return sign != 0 ? sign : a.CompareTo(b);
        });
        var rows = new double[objects.Count * m];
        for (int i = 0; i < order.Length; i++) objects[order[i]].CopyTo(rows.AsSpan(i * m, m));
        Sorted = new WeightedPoints(rows, m, objects.IsUniform ? null : [.. order.Select(objects.WeightOf)]);
    }

    /// <summary>The objects, sorted.</summary>
    public WeightedPoints Sorted { get; }

    /// <summary>A selection of the sorted objects in the indices of the given ones.</summary>
    public CompressedSet Restore(CompressedSet selection)
    {
        int[] indices = [.. selection.Indices];
        double[] weights = [.. selection.Weights];
        for (int i = 0; i < indices.Length; i++) indices[i] = order[indices[i]];
        Array.Sort(indices, weights);
        return new CompressedSet(indices, weights, selection.Certificate);
    }
}
