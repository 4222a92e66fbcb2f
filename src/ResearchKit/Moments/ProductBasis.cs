namespace ResearchKit;

/// <summary>
/// The orthonormal Legendre product basis of a moment space on [-1, 1]^m, arranged for evaluation: the moments that share
/// all exponents but the last form a group, so that a group costs one prefix product and then one multiplication each.
/// </summary>
/// <remarks>
/// phi_e(t) = prod_j sqrt(2 e_j + 1) P_{e_j}(t_j), orthonormal for the uniform probability measure on the box. The
/// one-dimensional recurrence is scaled: p_{n+1} = a_n t p_n + b_n p_{n-1} (b_n is negative).
/// </remarks>
internal sealed class ProductBasis
{
    public readonly MomentSpace Space;
    public readonly int Dimension;
    public readonly int Count;

    /// <summary>Offset of coordinate j's one-dimensional values in the table, and the table's length.</summary>
    public readonly int[] TableOffsets;
    public readonly int TableLength;

    /// <summary>Prefix p is prefix <see cref="PrefixParents"/>[p] times table entry <see cref="PrefixFactors"/>[p]; prefix 0 is 1.</summary>
    public readonly int[] PrefixParents;
    public readonly int[] PrefixFactors;

    /// <summary>Prefix p has moments <see cref="GroupMoments"/>[<see cref="GroupStarts"/>[p] + n], n = 0.. its last exponent.</summary>
    public readonly int[] GroupStarts;
    public readonly int[] GroupMoments;

    public readonly double[] RecurrenceA;
    public readonly double[] RecurrenceB;

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<MomentSpace, ProductBasis> Cache = [];

    private ProductBasis(MomentSpace space)
    {
        Space = space;
        Dimension = space.Dimension;
        Count = space.Count;
        int m = Dimension;
        TableOffsets = new int[m + 1];
        for (int j = 0; j < m; j++) TableOffsets[j + 1] = TableOffsets[j] + space.MaxDegrees[j] + 1;
        TableLength = TableOffsets[m];

        int top = space.MaxDegrees.Max();
        RecurrenceA = new double[top + 1];
        RecurrenceB = new double[top + 1];
        for (int n = 0; n < top; n++)
        {
            // (n+1) P_{n+1} = (2n+1) t P_n - n P_{n-1}, with p_n = sqrt(2n+1) P_n.
            double s1 = Math.Sqrt(2.0 * n + 3);
            RecurrenceA[n] = s1 * Math.Sqrt(2.0 * n + 1) / (n + 1);
            RecurrenceB[n] = n == 0 ? 0 : -s1 * n / ((n + 1) * Math.Sqrt(2.0 * n - 1));
        }

        var prefixIndex = new Dictionary<int, int>();
        var parents = new List<int>();
        var factors = new List<int>();
        var groups = new List<List<int>>();
        for (int e = 0; e < Count; e++)
        {
            ReadOnlySpan<byte> exponents = space.Exponents(e);
            int last = exponents[m - 1];
            if (last == 0)
            {
                prefixIndex[e] = groups.Count;
                groups.Add([e]);
                parents.Add(e == 0 ? 0 : prefixIndex[space.Parents[e]]);
                int j = e == 0 ? 0 : space.LastCoordinates[e];
                factors.Add(TableOffsets[j] + exponents[j]);
            }
            else
            {
                // Every row comes after those below it, so a group's come in increasing order of the last exponent.
                groups[prefixIndex[space.Parents[e]]].Add(e);
            }
        }
        PrefixParents = [.. parents];
        PrefixFactors = [.. factors];
        GroupStarts = new int[groups.Count + 1];
        for (int p = 0; p < groups.Count; p++) GroupStarts[p + 1] = GroupStarts[p] + groups[p].Count;
        GroupMoments = [.. groups.SelectMany(g => g)];
    }

    /// <summary>The basis of a space, made once per space.</summary>
    public static ProductBasis Of(MomentSpace space) => Cache.GetValue(space, static s => new ProductBasis(s));
}
