namespace ResearchKit;

/// <summary>
/// The polynomials whose moments a compression keeps: the span of the monomials x^e, e in a lower set of exponents
/// (with every e, everything below it), together with the metric that says how a partition measures cells.
/// </summary>
/// <remarks>
/// <para>
/// N(m, k) = C(m + k, k) is the number of monomials of total degree at most k in m variables (the paper's moments
/// p_0..p_k). A function that is a polynomial of low degree in some coordinates needs far fewer: see
/// <see cref="Product"/>, <see cref="ForSquaredLoss"/>, <see cref="ForClassification"/> and <see cref="ForNeurons"/>.
/// </para>
/// <para>
/// A space is the beginning of a sequence of growing layers (for total degree: degree 0, 1, 2, ...). The layers after the
/// kept ones are the first moments that a cell does not keep: compressions watch their defect, and spend what a budget
/// leaves on the most important of them. Exponents are kept in graded order, by layer, then total degree, then
/// lexicographically, so that the space of degree k is the beginning of the space of degree k + 1. A lower set is what a
/// product basis needs: every basis polynomial is an earlier one times a one-dimensional factor.
/// </para>
/// </remarks>
public sealed partial class MomentSpace
{
    /// <summary>The largest number of moments a space may have; beyond it one reduction would take minutes.</summary>
    public const int MaxCount = 8192;

    private readonly byte[] exponents;
    private readonly int[] layers;
    private readonly int[] parents;
    private readonly int[] lastCoordinates;
    private readonly ExponentLayers family;
    private int order;

    private MomentSpace(int dimension, List<Exponent> rows, ExponentLayers family, int layer, PartitionMetric metric, string name)
    {
        Dimension = dimension;
        Count = rows.Count;
        Layer = layer;
        Metric = metric;
        Name = name;
        this.family = family;
        exponents = [.. rows.SelectMany(r => r.Values)];
        layers = [.. rows.Select(r => r.Layer)];
        Degree = rows.Max(r => r.Degree);
        parents = new int[Count];
        lastCoordinates = new int[Count];
        LinkParents();
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

    /// <summary>The last layer of which every moment is kept (for total degree: k).</summary>
    internal int Layer { get; }

    /// <summary>
    /// The lowest degree, in the coordinates that are split, of the first moments that are not kept: in cells of diameter
    /// r the error of a smooth function is O(r^Order). For total degree k + 1.
    /// </summary>
    internal int Order => order > 0 ? order : order = FindOrder();

    /// <summary>Whether the layers are those of total degree in all coordinates.</summary>
    internal bool IsTotalDegree => family is TotalDegreeLayers;

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

    /// <summary>The layer of moment <paramref name="index"/> (for total degree: its degree).</summary>
    internal int LayerOf(int index) => layers[index];

    /// <summary>The number of moments in a layer; infinite where they are too many to be listed.</summary>
    internal double CountOfLayer(int layer) => family.Count(layer);

    /// <summary>All monomials of total degree at most k in m variables (the space of T1 to T4).</summary>
    /// <param name="dimension">m, at least 1.</param>
    /// <param name="degree">k, at least 0.</param>
    /// <param name="metric">How cells are measured; all coordinates, unscaled, when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">m &lt; 1, k &lt; 0, or C(m+k, k) above <see cref="MaxCount"/>.</exception>
    public static MomentSpace TotalDegree(int dimension, int degree, PartitionMetric? metric = null)
    {
        RequireDimension(dimension);
        RequireDegree(degree, nameof(degree));
        double count = CountOf(dimension, degree);
        if (count > MaxCount)
            throw new ArgumentOutOfRangeException(nameof(degree), degree,
                $"C(m+k, k) = C({(long)dimension + degree}, {degree}) = {count:G6} moments for m = {dimension}, k = {degree}; at most {MaxCount} are allowed. Lower the degree, or reduce the dimension first.");
        return Create(dimension, new TotalDegreeLayers(dimension), degree, metric, $"total degree {degree} in {dimension} variables");
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

    /// <summary>The same space for coordinates that are mapped already.</summary>
    internal MomentSpace With(PartitionMetric metric) => FromRows([.. Rows()], Layer, Name, metric);

    private static MomentSpace Create(int dimension, ExponentLayers family, int layer, PartitionMetric? metric, string name)
    {
        if (family.List(0, layer, MaxCount) is not { } rows)
            throw new ArgumentOutOfRangeException(nameof(layer), $"The space of {name} has more than {MaxCount} moments. Lower the degrees, or leave coordinates out.");
        metric ??= PartitionMetric.AllCoordinates(dimension);
        metric.Require(dimension);
        var space = new MomentSpace(dimension, rows, family, layer, metric, name + metric.Suffix);
        space.RequireInvariance();
        return space;
    }

    private static void RequireDimension(int dimension)
    {
        if (dimension < 1)
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "The dimension m must be at least 1.");
    }

    private static void RequireDegree(int degree, string parameter)
    {
        if (degree is < 0 or > byte.MaxValue)
            throw new ArgumentOutOfRangeException(parameter, degree, "The degree k must lie between 0 and 255.");
    }

    private IEnumerable<Exponent> Rows()
    {
        for (int e = 0; e < Count; e++) yield return new Exponent(Exponents(e).ToArray(), layers[e], DegreeOf(e));
    }

    private MomentSpace FromRows(List<Exponent> rows, int layer, string name, PartitionMetric? metric = null)
        => new(Dimension, rows, family, layer, metric ?? Metric, name);

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
