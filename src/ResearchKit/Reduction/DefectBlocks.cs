namespace ResearchKit;

/// <summary>
/// G of <see cref="DefectMetric"/> for a cube. Moments that differ in the parity of some power know nothing of each other, so
/// that G falls into blocks: for degree 4 of ten variables one of 55 rows, 45 of 10 and 210 of 1 instead of one of 715.
/// </summary>
internal sealed class DefectBlocks
{
    private readonly List<double[]> values = [];
    private readonly List<int[]> members = [];

    /// <summary>The blocks of the moments of a space from one on.</summary>
    public DefectBlocks(MomentSpace space, int first)
    {
        int n = space.Count - first;
        BlockOf = new int[n];
        IndexOf = new int[n];
        var numbers = new Dictionary<ulong, List<int>>();
        for (int e = 0; e < n; e++)
        {
            ulong odd = OddPowers(space.Exponents(first + e));
            if (!numbers.TryGetValue(odd, out List<int>? block)) numbers[odd] = block = [];
            block.Add(e);
        }
        foreach (List<int> block in numbers.Values)
        {
            double[] weights = [.. block.Select(e => MomentSpace.DefectWeight(space.Exponents(first + e), space))];
            var g = new double[block.Count * block.Count];
            for (int i = 0; i < block.Count; i++)
            {
                (BlockOf[block[i]], IndexOf[block[i]]) = (members.Count, i);
                for (int k = 0; k <= i; k++)
                    g[i * block.Count + k] = g[k * block.Count + i] = weights[i] * weights[k] * DefectMetric.Expectation(space.Exponents(first + block[i]), space.Exponents(first + block[k]), space);
            }
            members.Add([.. block]);
            values.Add(g);
        }
    }

    /// <summary>The number of blocks.</summary>
    public int Count => members.Count;

    /// <summary>The block of a moment.</summary>
    public int[] BlockOf { get; }

    /// <summary>Its row there.</summary>
    public int[] IndexOf { get; }

    /// <summary>The moments of a block, ascending.</summary>
    public ReadOnlySpan<int> Members(int block) => members[block];

    /// <summary>A block's entries, row by row.</summary>
    public ReadOnlySpan<double> Values(int block) => values[block];

    /// <summary>G's diagonal entry of a moment.</summary>
    public double Diagonal(int e) => values[BlockOf[e]][IndexOf[e] * (members[BlockOf[e]].Length + 1)];

    /// <summary>A bit for every coordinate of odd power, the 65th on the first again: equal masks are necessary for an expectation that is not 0.</summary>
    private static ulong OddPowers(ReadOnlySpan<byte> exponents)
    {
        ulong odd = 0;
        for (int j = 0; j < exponents.Length; j++) odd ^= (exponents[j] & 1UL) << (j & 63);
        return odd;
    }
}
