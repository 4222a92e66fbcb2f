namespace ResearchKit;

/// <summary>
/// The polynomials whose moments a compression keeps: the span of the monomials x^e, e in a lower set of exponents
/// (with every e, everything below it), together with the metric that says how a partition measures cells.
/// </summary>
/// <remarks>
/// N(m, k) = C(m + k, k) is the number of monomials of total degree at most k in m variables (the paper's moments
/// p_0..p_k). Exponents are kept in graded order: by total degree, then lexicographically, so that the space of degree k
/// is the beginning of the space of degree k + 1. A lower set is what a product basis needs: every basis polynomial is
/// an earlier one times a one-dimensional factor.
/// </remarks>
public sealed class MomentSpace
{
    /// <summary>The largest number of moments a space may have; beyond it one reduction would take minutes.</summary>
    public const int MaxCount = 8192;

    private readonly byte[] exponents;
    private readonly int[] parents;
    private readonly int[] lastCoordinates;

    private MomentSpace(int dimension, byte[] exponents, PartitionMetric metric, string name)
    {
        Dimension = dimension;
        Count = exponents.Length / dimension;
        Metric = metric;
        Name = name;
        this.exponents = exponents;
        parents = new int[Count];
        lastCoordinates = new int[Count];
        LinkParents();
        for (int i = 0; i < Count; i++) Degree = Math.Max(Degree, DegreeOf(i));
        var max = new int[dimension];
        for (int i = 0; i < exponents.Length; i++) max[i % dimension] = Math.Max(max[i % dimension], exponents[i]);
        MaxDegrees = max;
    }

    /// <summary>m, the number of coordinates.</summary>
    public int Dimension { get; }

    /// <summary>The largest total degree k of any kept monomial.</summary>
    public int Degree { get; }

    /// <summary>N, the number of kept moments.</summary>
    public int Count { get; }

    /// <summary>How cells of a partition are measured and split.</summary>
    public PartitionMetric Metric { get; }

    /// <summary>A short description, for certificates and tables.</summary>
    public string Name { get; }

    /// <summary>The largest exponent per coordinate.</summary>
    internal int[] MaxDegrees { get; }

    /// <summary>Index of the basis polynomial that this one extends by a factor in <see cref="LastCoordinates"/>.</summary>
    internal ReadOnlySpan<int> Parents => parents;

    /// <summary>The last coordinate with a nonzero exponent.</summary>
    internal ReadOnlySpan<int> LastCoordinates => lastCoordinates;

    /// <summary>The exponents of moment <paramref name="index"/>, one per coordinate.</summary>
    public ReadOnlySpan<byte> Exponents(int index) => exponents.AsSpan(index * Dimension, Dimension);

    /// <summary>The total degree of moment <paramref name="index"/>.</summary>
    public int DegreeOf(int index)
    {
        int sum = 0;
        foreach (byte e in Exponents(index)) sum += e;
        return sum;
    }

    /// <summary>All monomials of total degree at most k in m variables (the space of T1 to T4).</summary>
    /// <param name="dimension">m, at least 1.</param>
    /// <param name="degree">k, at least 0.</param>
    /// <param name="metric">How cells are measured; all coordinates, unscaled, when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">m &lt; 1, k &lt; 0, or C(m+k, k) above <see cref="MaxCount"/>.</exception>
    public static MomentSpace TotalDegree(int dimension, int degree, PartitionMetric? metric = null)
    {
        if (dimension < 1)
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "The dimension m must be at least 1.");
        if (degree is < 0 or > byte.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(degree), degree, "The degree k must lie between 0 and 255.");
        double count = CountOf(dimension, degree);
        if (count > MaxCount)
            throw new ArgumentOutOfRangeException(nameof(degree), degree,
                $"C(m+k, k) = C({(long)dimension + degree}, {degree}) = {count:G6} moments for m = {dimension}, k = {degree}; at most {MaxCount} are allowed. Lower the degree, or reduce the dimension first.");
        var rows = new List<byte>((int)count * dimension);
        for (int total = 0; total <= degree; total++) Enumerate(dimension, total, r => rows.AddRange(r));
        metric ??= PartitionMetric.AllCoordinates(dimension);
        metric.Require(dimension);
        return new MomentSpace(dimension, [.. rows], metric, $"total degree {degree} in {dimension} variables");
    }

    /// <summary>N(m, k) = C(m + k, k) as a double: exact up to 2^53, infinite beyond the largest double.</summary>
    public static double CountOf(int dimension, int degree)
    {
        long small = Math.Min(dimension, degree), large = Math.Max(dimension, degree), i = 1;
        // A product of a count below 2^64 and a factor below 2^32 fits, and the division leaves no remainder.
        UInt128 exact = 1;
        for (; i <= small && exact < 1UL << 63; i++) exact = exact * (UInt128)(large + i) / (UInt128)i;
        var result = (double)exact;
        for (; i <= small && !double.IsInfinity(result); i++) result *= (double)(large + i) / i;
        return result;
    }

    /// <summary>
    /// This space with <paramref name="extra"/> more moments, the heaviest ones (<see cref="DefectWeight"/>) of the next
    /// degrees: what a budget that is not a multiple of N can keep beyond degree k. In one variable there are no moments
    /// beyond degree 255: fewer are added then.
    /// </summary>
    internal MomentSpace ExtendBy(int extra)
    {
        if (extra == 0) return this;
        var rows = new List<byte[]>(Count + extra);
        for (int e = 0; e < Count; e++) rows.Add(Exponents(e).ToArray());
        for (int degree = Degree + 1; rows.Count < Count + extra && degree <= byte.MaxValue; degree++)
            rows.AddRange(OfDegree(degree).Take(Count + extra - rows.Count));
        return FromRows(rows, $"{Name} and {extra} more");
    }

    /// <summary>
    /// This space followed by the moments of degree <paramref name="degree"/> that it does not keep, heaviest first;
    /// null where they would be too many to be watched (more than about three times the kept ones) or above degree 255.
    /// </summary>
    internal MomentSpace? WithDefect(int degree)
    {
        if (degree > byte.MaxValue) return null;
        double more = CountOf(Dimension - 1, degree);
        if (!CanWatch(Count, more)) return null;
        var rows = new List<byte[]>();
        for (int e = 0; e < Count; e++) rows.Add(Exponents(e).ToArray());
        var known = rows.Select(Convert.ToHexString).ToHashSet();
        rows.AddRange(OfDegree(degree).Where(r => !known.Contains(Convert.ToHexString(r))));
        return FromRows(rows, Name);
    }

    /// <summary>Whether so many moments beyond the kept ones are worth the rows that they cost.</summary>
    internal static bool CanWatch(double kept, double more) => kept + more <= Math.Max(512, 4 * kept);

    /// <summary>
    /// How much the moment with these exponents counts in a defect: the multinomial coefficient k! / prod e_j! of the
    /// Taylor expansion over the leading coefficient of the orthonormal Legendre product. Mixed monomials outweigh pure powers.
    /// </summary>
    internal static double DefectWeight(ReadOnlySpan<byte> exponents)
    {
        double weight = 1;
        int total = 0;
        foreach (byte e in exponents)
        {
            double leading = Math.Sqrt(2.0 * e + 1);
            for (int i = 1; i <= e; i++)
            {
                leading *= (2.0 * i - 1) / i;
                weight *= (double)++total / i;
            }
            weight /= leading;
        }
        return weight;
    }

    private IEnumerable<byte[]> OfDegree(int degree)
    {
        var rows = new List<byte[]>();
        Enumerate(Dimension, degree, rows.Add);
        // A stable sort: equal weights stay in lexicographic order.
        return rows.OrderByDescending(r => DefectWeight(r));
    }

    private MomentSpace FromRows(List<byte[]> rows, string name)
        => new(Dimension, [.. rows.SelectMany(r => r)], Metric, name);

    /// <summary>All exponents of one total degree in lexicographic order.</summary>
    private static void Enumerate(int dimension, int total, Action<byte[]> add)
    {
        var current = new byte[dimension];
        Fill(0, total);

        void Fill(int coordinate, int left)
        {
            if (coordinate == dimension - 1)
            {
                current[coordinate] = (byte)left;
                add([.. current]);
                return;
            }
            for (int e = left; e >= 0; e--)
            {
                current[coordinate] = (byte)e;
                Fill(coordinate + 1, left - e);
            }
        }
    }

    private void LinkParents()
    {
        var index = new Dictionary<string, int>(Count);
        for (int i = 0; i < Count; i++) index[Convert.ToHexString(Exponents(i))] = i;
        var key = new byte[Dimension];
        for (int i = 1; i < Count; i++)
        {
            Exponents(i).CopyTo(key);
            int last = Dimension - 1;
            while (key[last] == 0) last--;
            key[last] = 0;
            if (!index.TryGetValue(Convert.ToHexString(key), out int parent) || parent >= i)
                throw new ArgumentException($"The exponents are not a lower set: moment {i} lacks the one with exponent 0 in coordinate {last}.");
            parents[i] = parent;
            lastCoordinates[i] = last;
        }
    }
}
