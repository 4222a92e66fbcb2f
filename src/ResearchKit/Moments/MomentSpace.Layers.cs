namespace ResearchKit;

/// <content>The moments beyond the kept ones, and how much each of them counts.</content>
public sealed partial class MomentSpace
{
    /// <summary>
    /// How much a power of a coordinate that is not split counts against the moment without it: its box is as wide as the
    /// set, and a label's box is some four standard deviations to either side. (Of a squared loss's f^2 - 2 y f the second
    /// term then counts as if f were somewhat smaller than the labels, as it is under noise. On the data of Fig. 3 the
    /// error is the same within a few per cent from 4 to 20, and larger below.)
    /// </summary>
    private const double UnsplitWeight = 6;

    /// <summary>
    /// This space with <paramref name="extra"/> more moments, the heaviest ones (<see cref="DefectWeight"/>) of the next
    /// layers: what a budget that is not a multiple of N can keep beyond the space. Where the layers end (exponents are at
    /// most 255), fewer are added.
    /// </summary>
    internal MomentSpace ExtendBy(int extra)
    {
        if (extra == 0) return this;
        List<Exponent> rows = [.. Rows()];
        int layer = Layer;
        while (rows.Count < Count + extra && OfLayer(layer + 1, int.MaxValue) is { Count: > 0 } next)
        {
            int taken = Math.Min(next.Count, Count + extra - rows.Count);
            rows.AddRange(next.Take(taken));
            if (taken == next.Count) layer++;
        }
        return FromRows(rows, layer, $"{Name} and {extra} more");
    }

    /// <summary>
    /// This space followed by the moments of layer <paramref name="layer"/> that it does not keep, heaviest first; null
    /// where they would be too many to be watched (more than about three times the kept ones) or where there are none.
    /// </summary>
    internal MomentSpace? WithDefect(int layer)
    {
        double more = CountOfLayer(layer);
        if (more == 0 || !CanWatch(Count, more)) return null;
        List<Exponent> rows = [.. Rows()];
        var known = rows.Select(r => Convert.ToHexString(r.Values)).ToHashSet();
        rows.AddRange(OfLayer(layer, ExponentLayers.Limit)!.Where(r => !known.Contains(Convert.ToHexString(r.Values))));
        return FromRows(rows, layer == Layer + 1 ? layer : Layer, Name);
    }

    /// <summary>Whether so many moments beyond the kept ones are worth the rows that they cost.</summary>
    internal static bool CanWatch(double kept, double more) => kept + more <= Math.Max(512, 4 * kept);

    /// <summary>
    /// How much the moment with these exponents counts in a defect: the multinomial coefficient k! / prod e_j! of the
    /// Taylor expansion over the leading coefficient of the orthonormal Legendre product. Mixed monomials outweigh pure
    /// powers. Coordinates that are not split have no part in the expansion: of their powers only the size counts
    /// (<see cref="UnsplitWeight"/>).
    /// </summary>
    internal static double DefectWeight(ReadOnlySpan<byte> exponents, MomentSpace? space = null)
    {
        double weight = 1;
        int total = 0;
        for (int j = 0; j < exponents.Length; j++)
        {
            int e = exponents[j];
            bool split = space is null || !space.IsUnsplit(j);
            double leading = Math.Sqrt(2.0 * e + 1);
            for (int i = 1; i <= e; i++)
            {
                leading *= (2.0 * i - 1) / i;
                weight *= split ? (double)++total / i : UnsplitWeight;
            }
            weight /= leading;
        }
        return weight;
    }

    /// <summary>
    /// Whether the layers leave a coordinate's degree alone because no cell is cut along it. Total degree grows in every
    /// coordinate, split or not.
    /// </summary>
    internal bool IsUnsplit(int coordinate) => !IsTotalDegree && Metric.Scales[coordinate] == 0;

    /// <summary>The number of coordinates that cells are small in.</summary>
    internal int SplitCount => IsTotalDegree ? Dimension : Dimension - Metric.Scales.Count(0.0);

    /// <summary>The degree of a moment in the coordinates that are split.</summary>
    internal int SplitDegreeOf(int index) => SplitDegree(Exponents(index));

    private int SplitDegree(ReadOnlySpan<byte> e)
    {
        int sum = 0;
        for (int j = 0; j < e.Length; j++)
            if (!IsUnsplit(j)) sum += e[j];
        return sum;
    }

    /// <summary>A layer's exponents, heaviest first but none before one that lies below it; null where they are too many.</summary>
    private List<Exponent>? OfLayer(int layer, int limit)
    {
        if (family.List(layer, layer, limit) is not { } rows) return null;
        var waiting = rows.ToDictionary(static r => Convert.ToHexString(r.Values));
        var sorted = new List<Exponent>(rows.Count);
        // A stable sort: equal weights stay in lexicographic order.
        foreach (Exponent row in rows.OrderByDescending(r => DefectWeight(r.Values, this))) Place(row);
        return sorted;

        void Place(Exponent row)
        {
            if (!waiting.Remove(Convert.ToHexString(row.Values))) return;
            byte[] below = [.. row.Values];
            for (int j = 0; j < below.Length; j++)
            {
                if (below[j] == 0) continue;
                below[j]--;
                if (waiting.TryGetValue(Convert.ToHexString(below), out Exponent first)) Place(first);
                below[j]++;
            }
            sorted.Add(row);
        }
    }

    private int FindOrder()
    {
        if (IsTotalDegree) return Layer + 1;
        List<Exponent>? next = family.List(Layer + 1, Layer + 1);
        return Math.Max(1, next is { Count: > 0 } ? next.Min(r => SplitDegree(r.Values)) : Layer + 1);
    }
}
