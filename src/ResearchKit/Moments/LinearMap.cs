namespace ResearchKit;

/// <summary>A linear map of some coordinates of a set, z = T t, with t their place in the frame of the set it was made for.</summary>
/// <param name="coordinates">The p coordinates.</param>
/// <param name="frame">Maps them to [-1, 1] first, so that no scale matters.</param>
/// <param name="matrix">T, p x p, row-major, of full rank.</param>
/// <param name="unresolved">Rows along which the set it was made for has no extent; null for none.</param>
internal sealed class LinearMap(int[] coordinates, LocalFrame frame, double[] matrix, bool[]? unresolved = null)
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
        var largest = new double[p];
        for (int i = 0; i < set.Count; i++)
        {
            Apply(rows.AsSpan(i * m, m), t, z);
            for (int a = 0; a < p; a++)
            {
                rows[i * m + coordinates[a]] = z[a];
                if (set.WeightOf(i) > 0) largest[a] = Math.Max(largest[a], Math.Abs(t[a]));
            }
        }
        for (int a = 0; unresolved is not null && a < p; a++)
            if (unresolved[a]) ClearRounding(rows, set, a, largest);
        return new WeightedPoints(rows, m, set.WeightArray);
    }

    /// <summary>
    /// Sets a mapped coordinate to 0 where all that the set has of it is the rounding of a difference: moments of noise
    /// would cost objects.
    /// </summary>
    private void ClearRounding(double[] rows, WeightedPoints set, int a, double[] largest)
    {
        int m = set.Dimension, p = coordinates.Length, terms = 0;
        double size = 0, low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int b = 0; b < p; b++)
        {
            if (matrix[a * p + b] == 0) continue;
            terms++;
            size += Math.Abs(matrix[a * p + b]) * largest[b];
        }
        // A coordinate alone has no rounding but its own.
        if (terms == 1) return;
        for (int i = 0; i < set.Count; i++)
        {
            if (!(set.WeightOf(i) > 0)) continue;
            double z = rows[i * m + coordinates[a]];
            (low, high) = (Math.Min(low, z), Math.Max(high, z));
        }
        if (0.5 * high - 0.5 * low > Whitening.Rounding * size) return;
        for (int i = 0; i < set.Count; i++) rows[i * m + coordinates[a]] = 0;
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
            // A constant of the set that the map was made for has no scale, but another set may have values of it.
            double inverse = frame.InverseHalfWidth[j] > 0 ? frame.InverseHalfWidth[j] : 1;
            // Halves first: the difference of two finite numbers may not be one.
            t[a] = 2 * ((0.5 * row[j] - 0.5 * frame.Center[j]) * inverse);
        }
        for (int a = 0; a < t.Length; a++)
        {
            double sum = 0;
            for (int b = 0; b < t.Length; b++) sum += matrix[a * t.Length + b] * t[b];
            z[a] = sum;
        }
    }
}
