namespace ResearchKit;

/// <summary>Weighted objects of a stream with their positions in it, ascending.</summary>
/// <param name="Rows">Coordinates, row-major.</param>
/// <param name="Weights">Positive weights.</param>
/// <param name="Indices">Positions in the stream.</param>
internal sealed record StreamedRows(double[] Rows, double[] Weights, long[] Indices)
{
    /// <summary>Number of objects.</summary>
    public int Count => Indices.Length;

    /// <summary>The objects that a compression has kept.</summary>
    /// <param name="kept">The selection.</param>
    /// <param name="rows">Coordinates of what was compressed.</param>
    /// <param name="indices">Their positions in the stream.</param>
    /// <param name="dimension">m.</param>
    public static StreamedRows Of(CompressedSet kept, ReadOnlySpan<double> rows, ReadOnlySpan<long> indices, int dimension)
    {
        var result = new StreamedRows(new double[kept.Count * dimension], kept.Weights.ToArray(), new long[kept.Count]);
        for (int i = 0; i < kept.Count; i++)
        {
            int at = kept.Indices[i];
            rows.Slice(at * dimension, dimension).CopyTo(result.Rows.AsSpan(i * dimension));
            result.Indices[i] = indices[at];
        }
        return result;
    }

    /// <summary>Sets one after the other.</summary>
    public static StreamedRows Concat(IReadOnlyList<StreamedRows> sets) => new(
        [.. sets.SelectMany(s => s.Rows)], [.. sets.SelectMany(s => s.Weights)], [.. sets.SelectMany(s => s.Indices)]);
}
