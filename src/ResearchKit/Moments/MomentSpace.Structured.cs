namespace ResearchKit;

/// <content>Spaces of any shape: weighted degrees, products of degrees, and lists of exponents.</content>
public sealed partial class MomentSpace
{
    /// <summary>Weighted sums this close to a limit count as equal to it: they are sums of rounded weights.</summary>
    private const double WeightSlack = 1e-9;

    /// <summary>
    /// The monomials of weighted degree at most k: sum_j weights_j e_j &lt;= k. A coordinate of weight 2 reaches half the
    /// degree of one of weight 1: for functions that vary little along it, or cells that are thin in it.
    /// </summary>
    /// <param name="weights">One positive finite weight per coordinate.</param>
    /// <param name="degree">k, finite and at least 0.</param>
    /// <param name="metric">How cells are measured; all coordinates, unscaled, when null.</param>
    /// <remarks>The next layers are the monomials of weighted degree up to k plus one, two, ... times the smallest weight.</remarks>
    /// <exception cref="ArgumentException">No weights, or one that is not positive and finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">k is out of range, or there are more than <see cref="MaxCount"/> moments.</exception>
    public static MomentSpace Anisotropic(IReadOnlyList<double> weights, double degree, PartitionMetric? metric = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count == 0)
            throw new ArgumentException("No weights are given; one per coordinate is needed.", nameof(weights));
        for (int j = 0; j < weights.Count; j++)
            if (!(weights[j] > 0) || double.IsInfinity(weights[j]))
                throw new ArgumentException($"The weight of coordinate {j} is {weights[j]}; weights must be positive and finite (a large one leaves a coordinate's powers out).", nameof(weights));
        if (!(degree >= 0) || double.IsInfinity(degree))
            throw new ArgumentOutOfRangeException(nameof(degree), degree, "The weighted degree k must be finite and at least 0.");
        double[] w = [.. weights];
        double step = w.Min(), slack = WeightSlack * Math.Max(degree, step);
        var family = new GroupedLayers([.. Enumerable.Range(0, w.Length)], degrees =>
        {
            double sum = 0;
            for (int j = 0; j < w.Length; j++) sum += w[j] * degrees[j];
            double beyond = Math.Ceiling((sum - degree - slack) / step);
            return beyond > short.MaxValue ? GroupedLayers.Never : (int)Math.Max(0, beyond);
        });
        return Create(w.Length, family, 0, metric, $"degree {degree:G6} with weights ({string.Join(", ", w.Select(x => $"{x:G4}"))})");
    }

    /// <summary>The monomials with sum_j e_j / k_j at most 1: degree k_j along coordinate j alone, mixed ones in proportion.</summary>
    /// <param name="degrees">k_j per coordinate, 1 to 255.</param>
    /// <param name="metric">How cells are measured; all coordinates, unscaled, when null.</param>
    /// <exception cref="ArgumentException">No degrees.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A degree is out of range, or there are more than <see cref="MaxCount"/> moments.</exception>
    public static MomentSpace Anisotropic(IReadOnlyList<int> degrees, PartitionMetric? metric = null)
    {
        ArgumentNullException.ThrowIfNull(degrees);
        for (int j = 0; j < degrees.Count; j++)
            if (degrees[j] is < 1 or > byte.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(degrees), degrees[j], $"The degree of coordinate {j} must lie between 1 and 255 (leave a coordinate without powers to {nameof(Product)}).");
        int top = degrees.Count == 0 ? 0 : degrees.Max();
        return Anisotropic([.. degrees.Select(k => (double)top / k)], top, metric);
    }

    /// <summary>
    /// Products of a polynomial in every group of coordinates: the monomials whose degree in group A is at most its k_A.
    /// One group of all coordinates is total degree; groups of one coordinate each are a box of degrees.
    /// </summary>
    /// <param name="dimension">m, at least 1.</param>
    /// <param name="groups">Disjoint groups with their degrees; a coordinate in no group has no powers.</param>
    /// <param name="metric">How cells are measured; all coordinates, unscaled, when null.</param>
    /// <remarks>
    /// The next layers go one, two, ... degrees beyond the limits, all groups taken together. A group without a coordinate
    /// that is split keeps its limit there: its degree is a matter of the function, not of the size of cells.
    /// </remarks>
    /// <exception cref="ArgumentException">Coordinates out of range or in two groups.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A degree is out of range, or there are more than <see cref="MaxCount"/> moments.</exception>
    public static MomentSpace Product(int dimension, IReadOnlyList<(int[] Coordinates, int Degree)> groups, PartitionMetric? metric = null)
    {
        RequireDimension(dimension);
        ArgumentNullException.ThrowIfNull(groups);
        metric ??= PartitionMetric.AllCoordinates(dimension);
        metric.Require(dimension);
        var groupOf = new int[dimension];
        Array.Fill(groupOf, -1);
        var limits = new int[groups.Count];
        var grows = new bool[groups.Count];
        for (int g = 0; g < groups.Count; g++)
        {
            (int[] coordinates, limits[g]) = groups[g];
            ArgumentNullException.ThrowIfNull(coordinates, nameof(groups));
            RequireDegree(limits[g], nameof(groups));
            if (coordinates.Length == 0)
                throw new ArgumentException($"Group {g} has no coordinates; leave it out.", nameof(groups));
            foreach (int j in coordinates)
            {
                if (j < 0 || j >= dimension)
                    throw new ArgumentException($"Group {g} names coordinate {j}; with m = {dimension} they run from 0 to {dimension - 1}.", nameof(groups));
                if (groupOf[j] >= 0)
                    throw new ArgumentException($"Coordinate {j} is in group {groupOf[j]} and in group {g}; every coordinate may be in one group.", nameof(groups));
                groupOf[j] = g;
                grows[g] |= metric.Scales[j] > 0;
            }
        }
        var family = new GroupedLayers(groupOf, degrees =>
        {
            int beyond = 0;
            for (int g = 0; g < limits.Length; g++)
            {
                if (degrees[g] <= limits[g]) continue;
                if (!grows[g]) return GroupedLayers.Never;
                beyond += degrees[g] - limits[g];
            }
            return beyond;
        });
        string name = string.Join(" times ", groups.Select(g => $"degree {g.Degree} in {Listed(g.Coordinates)}"));
        return Create(dimension, family, 0, metric, name.Length == 0 ? "the mass alone" : name);
    }

    /// <summary>The monomials of a list, in any order.</summary>
    /// <param name="exponents">m exponents each, from 0 to 255; without repeats, and with every monomial all its divisors.</param>
    /// <param name="metric">How cells are measured; all coordinates, unscaled, when null.</param>
    /// <remarks>The next layers are the monomials one, two, ... factors away from the list, the factors being coordinates that are split.</remarks>
    /// <exception cref="ArgumentException">An empty list, exponents of different lengths, out of range or repeated, or no lower set.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="MaxCount"/> moments.</exception>
    public static MomentSpace FromExponents(IEnumerable<IReadOnlyList<int>> exponents, PartitionMetric? metric = null)
    {
        ArgumentNullException.ThrowIfNull(exponents);
        IReadOnlyList<int>[] list = [.. exponents];
        if (list.Length == 0)
            throw new ArgumentException("The list of exponents is empty; (0, ..., 0), the mass, is the least.", nameof(exponents));
        if (list.Length > MaxCount)
            throw new ArgumentOutOfRangeException(nameof(exponents), list.Length, $"{list.Length} moments are given; at most {MaxCount} are allowed.");
        int m = list[0]?.Count ?? 0;
        if (m == 0)
            throw new ArgumentException("The first exponents are empty; give one per coordinate.", nameof(exponents));
        var rows = new List<byte[]>(list.Length);
        var known = new HashSet<string>();
        for (int i = 0; i < list.Length; i++)
        {
            if (list[i] is not { } e || e.Count != m)
                throw new ArgumentException($"Moment {i} has {list[i]?.Count ?? 0} exponents, the first has {m}; all must have one per coordinate.", nameof(exponents));
            for (int j = 0; j < m; j++)
                if (e[j] is < 0 or > byte.MaxValue)
                    throw new ArgumentException($"Moment {i}, ({string.Join(", ", e)}), has the exponent {e[j]} in coordinate {j}; exponents lie between 0 and 255.", nameof(exponents));
            byte[] row = [.. e.Select(x => (byte)x)];
            if (!known.Add(Convert.ToHexString(row)))
                throw new ArgumentException($"The exponents ({string.Join(", ", row)}) are given twice.", nameof(exponents));
            rows.Add(row);
        }
        foreach (byte[] row in rows) RequireDivisors(row, known, nameof(exponents));
        metric ??= PartitionMetric.AllCoordinates(m);
        metric.Require(m);
        var grows = new bool[m];
        for (int j = 0; j < m; j++) grows[j] = metric.Scales[j] > 0;
        return Create(m, new MarginLayers(rows, grows), 0, metric, $"{rows.Count} given moments in {m} variables");
    }

    private static void RequireDivisors(byte[] row, HashSet<string> known, string parameter)
    {
        byte[] below = [.. row];
        for (int j = 0; j < row.Length; j++)
        {
            if (row[j] == 0) continue;
            below[j]--;
            if (!known.Contains(Convert.ToHexString(below)))
                throw new ArgumentException($"The exponents are not a lower set: ({string.Join(", ", row)}) is given, but ({string.Join(", ", below)}), which divides it, is missing. Add it, or leave out what it divides.", parameter);
            below[j]++;
        }
    }

    /// <summary>A whitening map mixes coordinates: the polynomials must be the same after it.</summary>
    private void RequireInvariance()
    {
        if (Metric.Map is not { } map) return;
        var known = Rows().Select(r => Convert.ToHexString(r.Values)).ToHashSet();
        foreach (Exponent row in Rows())
        {
            byte[] moved = [.. row.Values];
            foreach (int i in map.Coordinates)
            {
                if (moved[i] == 0) continue;
                moved[i]--;
                foreach (int j in map.Coordinates)
                {
                    if (moved[j] == byte.MaxValue) continue;
                    moved[j]++;
                    if (!known.Contains(Convert.ToHexString(moved)))
                        throw new ArgumentException($"Whitening mixes coordinates {i} and {j}, but the space has the exponents ({string.Join(", ", row.Values)}) and not ({string.Join(", ", moved)}): it would keep other moments after the map. Use a space of total degree in the whitened coordinates, or standardise instead.", "metric");
                    moved[j]--;
                }
                moved[i]++;
            }
        }
    }

    private static string Listed(int[] coordinates)
        => coordinates.Length == 1 ? $"coordinate {coordinates[0]}" : $"coordinates {string.Join(", ", coordinates)}";
}
