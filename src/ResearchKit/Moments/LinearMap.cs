namespace ResearchKit;

/// <summary>A linear map of some coordinates of a set, z = T t, with t their place in the frame of the set it was made for.</summary>
/// <param name="coordinates">The p coordinates.</param>
/// <param name="frame">Maps them to [-1, 1] first, so that no scale matters.</param>
/// <param name="matrix">T, p x p, row-major.</param>
internal sealed class LinearMap(int[] coordinates, LocalFrame frame, double[] matrix)
{
    /// <summary>The mapped coordinates.</summary>
    public IReadOnlyList<int> Coordinates => coordinates;

    /// <summary>The set with the mapped coordinates in place of the given ones; weights and order stay.</summary>
    public WeightedPoints Apply(WeightedPoints set)
    {
        int m = set.Dimension, p = coordinates.Length;
        double[] rows = set.Coordinates.ToArray();
        var t = new double[p];
        var z = new double[p];
        for (int i = 0; i < set.Count; i++)
        {
            Apply(rows.AsSpan(i * m, m), t, z);
            for (int a = 0; a < p; a++) rows[i * m + coordinates[a]] = z[a];
        }
        return new WeightedPoints(rows, m, set.WeightArray);
    }

    /// <summary>One object.</summary>
    /// <param name="row">Its m coordinates.</param>
    /// <param name="t">Scratch, p values.</param>
    /// <param name="z">The p mapped coordinates.</param>
    public void Apply(ReadOnlySpan<double> row, Span<double> t, Span<double> z)
    {
        for (int a = 0; a < t.Length; a++)
        {
            int j = coordinates[a];
            // Halves first: the difference of two finite numbers may not be one.
            t[a] = 2 * ((0.5 * row[j] - 0.5 * frame.Center[j]) * frame.InverseHalfWidth[j]);
        }
        for (int a = 0; a < t.Length; a++)
        {
            double sum = 0;
            for (int b = 0; b < t.Length; b++) sum += matrix[a * t.Length + b] * t[b];
            z[a] = sum;
        }
    }
}
