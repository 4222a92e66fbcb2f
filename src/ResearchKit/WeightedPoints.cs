using System.Diagnostics.CodeAnalysis;

namespace ResearchKit;

/// <summary>
/// A weighted point set {(c_i, w_i)}, i = 1..d, in R^m: the objects that a permutation-invariant function sees
/// (data points, hidden neurons, attention heads, ensemble members).
/// </summary>
/// <remarks>
/// Immutable by convention: the arrays handed in are kept, not copied, and must not change afterwards. Methods that
/// select objects return indices into this set, so that labels and any other array can follow
/// (<see cref="CompressedSet.Gather{T}(ReadOnlySpan{T}, int)"/>).
/// </remarks>
public sealed class WeightedPoints
{
    private readonly double[] coordinates;
    private readonly double[]? weights;

    /// <summary>Wraps coordinates and weights without copying them.</summary>
    /// <param name="coordinates">d x m doubles, row-major: object i is coordinates[i*m .. i*m+m).</param>
    /// <param name="dimension">m, at least 1.</param>
    /// <param name="weights">d nonnegative finite weights, or null for weight 1 each.</param>
    /// <exception cref="ArgumentException">Empty set, shape mismatch, NaN or infinity, negative weight, zero total mass.</exception>
    public WeightedPoints(double[] coordinates, int dimension, double[]? weights = null)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        if (dimension < 1)
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "The dimension m must be at least 1.");
        if (coordinates.Length == 0)
            throw new ArgumentException("The point set is empty: at least one object is needed.", nameof(coordinates));
        if (coordinates.Length % dimension != 0)
            throw new ArgumentException($"{coordinates.Length} coordinates are not a whole number of rows of m = {dimension}; pass d*m row-major values.", nameof(coordinates));
        int count = coordinates.Length / dimension;
        if (weights is not null && weights.Length != count)
            throw new ArgumentException($"{weights.Length} weights were given for d = {count} objects; pass one weight per object, or null for unit weights.", nameof(weights));
        RequireFinite(coordinates, dimension);
        if (weights is not null) RequireWeights(weights);

        this.coordinates = coordinates;
        this.weights = weights;
        Dimension = dimension;
        Count = count;
        Mass = weights is null ? count : CompensatedSum.Of(weights);
        if (!(Mass > 0) || double.IsInfinity(Mass))
            throw new ArgumentException($"The total mass of the weights is {Mass}; it must be positive and finite (drop the set, or rescale its weights).", nameof(weights));
    }

    /// <summary>d, the number of objects.</summary>
    public int Count { get; }

    /// <summary>m, the number of coordinates of an object.</summary>
    public int Dimension { get; }

    /// <summary>Total mass, the sum of all weights (d for unit weights).</summary>
    public double Mass { get; }

    /// <summary>True when no weight array was given and every object has weight 1.</summary>
    [MemberNotNullWhen(false, nameof(weights))]
    public bool IsUniform => weights is null;

    /// <summary>The d x m row-major coordinates.</summary>
    public ReadOnlySpan<double> Coordinates => coordinates;

    /// <summary>The weights, or an empty span for unit weights.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>The m coordinates of object <paramref name="index"/>.</summary>
    public ReadOnlySpan<double> this[int index] => coordinates.AsSpan(index * Dimension, Dimension);

    /// <summary>The weight of object <paramref name="index"/> (1 when the set is uniform).</summary>
    public double WeightOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return weights is null ? 1.0 : weights[index];
    }

    /// <summary>Copies rows into a point set.</summary>
    /// <param name="rows">Objects of equal length m.</param>
    /// <param name="weights">Optional weights, one per row.</param>
    public static WeightedPoints FromRows(IReadOnlyList<double[]> rows, double[]? weights = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("The point set is empty: at least one object is needed.", nameof(rows));
        for (int i = 0; i < rows.Count; i++)
            if (rows[i] is null) throw new ArgumentException($"Row {i} is null; every object needs its coordinates.", nameof(rows));
        int m = rows[0].Length;
        if (m == 0)
            throw new ArgumentException("Row 0 has no coordinates; the dimension m must be at least 1.", nameof(rows));
        var flat = new double[checked(rows.Count * m)];
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != m)
                throw new ArgumentException($"Row {i} has {rows[i].Length} coordinates, row 0 has {m}; all rows must have the same length.", nameof(rows));
            rows[i].CopyTo(flat, i * m);
        }
        return new WeightedPoints(flat, m, weights);
    }

    /// <summary>The sum over objects of weight times value: the linear functional that a compression preserves.</summary>
    /// <param name="g">A function of one object's m coordinates.</param>
    public double Sum(Func<ReadOnlySpan<double>, double> g)
    {
        ArgumentNullException.ThrowIfNull(g);
        var sum = new CompensatedSum();
        for (int i = 0; i < Count; i++)
            sum.Add((weights is null ? 1.0 : weights[i]) * g(this[i]));
        return sum.Total;
    }

    internal double[] CoordinateArray => coordinates;

    internal double[]? WeightArray => weights;

    private static void RequireFinite(double[] coordinates, int dimension)
    {
        int bad = NonFinite.IndexOf(coordinates);
        if (bad >= 0)
            throw new ArgumentException($"Coordinate {bad % dimension} of object {bad / dimension} is {coordinates[bad]}; every coordinate must be finite (drop or impute such rows first).", nameof(coordinates));
    }

    private static void RequireWeights(double[] weights)
    {
        for (int i = 0; i < weights.Length; i++)
            if (!(weights[i] >= 0) || double.IsInfinity(weights[i]))
                throw new ArgumentException($"The weight of object {i} is {weights[i]}; weights must be finite and nonnegative (split a signed measure into two sets).", nameof(weights));
    }
}
