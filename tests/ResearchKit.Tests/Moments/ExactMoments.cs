namespace ResearchKit.Tests;

/// <summary>
/// Moments worked out slowly in double-double arithmetic, straight from the definitions: nothing of the library's kernels,
/// recurrences or orders is used but the list of exponents.
/// </summary>
internal static class ExactMoments
{
    /// <summary>P_0..P_n at t, orthonormal for the uniform probability measure on [-1, 1]: Bonnet's recurrence.</summary>
    public static Quad[] Legendre(Quad t, int top)
    {
        var p = new Quad[top + 1];
        p[0] = 1;
        if (top > 0) p[1] = t;
        for (int n = 1; n < top; n++)
            p[n + 1] = ((Quad)(2.0 * n + 1) * t * p[n] - (Quad)n * p[n - 1]) / (n + 1.0);
        for (int n = 0; n <= top; n++) p[n] *= Quad.Sqrt(2.0 * n + 1);
        return p;
    }

    /// <summary>All monomials' exponents of total degree at most k, by counting in base k + 1.</summary>
    public static List<int[]> Exponents(int m, int k)
    {
        var rows = new List<int[]>();
        var e = new int[m];
        while (true)
        {
            if (e.Sum() <= k) rows.Add([.. e]);
            int j = 0;
            while (j < m && ++e[j] > k) e[j++] = 0;
            if (j == m) return rows;
        }
    }

    /// <summary>
    /// The largest difference of any moment of degree at most k between a set and its compression, in the frame of the
    /// set's own box and the orthonormal Legendre basis, relative to the mass.
    /// </summary>
    public static double Residual(WeightedPoints set, CompressedSet result, int k)
        => Residual(set, result, Exponents(set.Dimension, k));

    /// <summary>The same for the moments of a list.</summary>
    public static double Residual(WeightedPoints set, CompressedSet result, IReadOnlyList<int[]> exponents)
    {
        var difference = new Quad[set.Count];
        for (int i = 0; i < difference.Length; i++) difference[i] = -set.WeightOf(i);
        for (int i = 0; i < result.Count; i++) difference[result.Indices[i]] += result.Weights[i];
        return Largest(set.Coordinates, set.Dimension, difference, exponents) / set.Mass;
    }

    /// <summary>The largest |sum_i c_i phi_e(x_i)| over degree at most k, in the frame of the points' box.</summary>
    public static double Largest(ReadOnlySpan<double> x, int m, ReadOnlySpan<Quad> c, int k)
        => Largest(x, m, c, Exponents(m, k));

    /// <summary>The same over the exponents of a list.</summary>
    public static double Largest(ReadOnlySpan<double> x, int m, ReadOnlySpan<Quad> c, IReadOnlyList<int[]> exponents)
    {
        (Quad[] center, Quad[] half) = Box(x, m);
        int k = exponents.Max(e => e.Max());
        var sums = new Quad[exponents.Count];
        var table = new Quad[m][];
        for (int i = 0; i < c.Length; i++)
        {
            if (c[i] == Quad.Zero) continue;
            for (int j = 0; j < m; j++)
                table[j] = Legendre(half[j] == Quad.Zero ? Quad.Zero : (x[i * m + j] - center[j]) / half[j], k);
            for (int e = 0; e < sums.Length; e++)
            {
                Quad value = c[i];
                for (int j = 0; j < m; j++) if (exponents[e][j] > 0) value *= table[j][exponents[e][j]];
                sums[e] += value;
            }
        }
        return sums.Max(s => (double)Quad.Abs(s));
    }

    /// <summary>Centre and half width of the bounding box, exact.</summary>
    public static (Quad[] Center, Quad[] Half) Box(ReadOnlySpan<double> x, int m)
    {
        var center = new Quad[m];
        var half = new Quad[m];
        for (int j = 0; j < m; j++)
        {
            double low = x[j], high = x[j];
            for (int i = j; i < x.Length; i += m) { low = Math.Min(low, x[i]); high = Math.Max(high, x[i]); }
            center[j] = (Quad)(0.5 * low) + 0.5 * high;
            half[j] = (Quad)(0.5 * high) - 0.5 * low;
        }
        return (center, half);
    }
}
