using MathNet.Numerics.LinearAlgebra.Double;

namespace ResearchKit.Baselines;

/// <summary>
/// One peeling step of the paper's algorithm: among N + 1 weighted points, one null vector of the raw moment matrix, by a
/// full singular value decomposition, and a step along it until a weight is zero (the constructive proof of T2).
/// </summary>
/// <remarks>
/// The matrix is N x (N + 1) in raw, uncentred monomials, as in the paper, so it always has a null vector: the last right
/// singular vector. An absolute tolerance of 1e-12 decides which of its entries, which weights and which singular values
/// count as zero. Not thread-safe: one instance per thread.
/// </remarks>
internal sealed class NullVectorPeeler(double[] coordinates, int dimension, MomentSpace space, double[] weights)
{
    /// <summary>The paper's absolute tolerance.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>Squares of larger monomials may overflow.</summary>
    private const double LargestMonomial = 1e150;

    private readonly double[] direction = new double[space.Count + 1];

    /// <summary>Steps made, one decomposition each.</summary>
    public int Steps { get; private set; }

    /// <summary>The largest number of singular values above the tolerance.</summary>
    public int MaxRank { get; private set; }

    /// <summary>The largest bounding-box diagonal, in the partition metric, of a set that was stepped in.</summary>
    public double MaxDiameter { get; private set; }

    /// <summary>Moves weight among the given N + 1 points until at least one has none left; its weight is then exactly 0.</summary>
    public void Step(ReadOnlySpan<int> subset)
    {
        FindNullVector(subset);
        // The constant moment makes the entries sum to zero, so both signs occur and both directions end; take the nearer end.
        (double forward, int first) = Reach(subset, 1);
        (double backward, int second) = Reach(subset, -1);
        if (first < 0 && second < 0)
            throw new InvalidOperationException("The null vector of the moment matrix has no entry above 1e-12: the coordinates are too large for raw monomials. Scale them to about [-1, 1] first.");
        (double step, int emptied) = forward <= backward ? (forward, first) : (-backward, second);
        for (int j = 0; j < subset.Length; j++)
        {
            double left = weights[subset[j]] - step * direction[j];
            weights[subset[j]] = j == emptied || left <= Tolerance ? 0 : left;
        }
        Steps++;
        MaxDiameter = Math.Max(MaxDiameter, Diameter(subset));
    }

    private void FindNullVector(ReadOnlySpan<int> subset)
    {
        int moments = space.Count;
        var matrix = new double[moments * subset.Length];
        for (int j = 0; j < subset.Length; j++)
            Monomials(coordinates.AsSpan(subset[j] * dimension, dimension), matrix.AsSpan(j * moments, moments));
        // The decomposition squares them.
        if (!Array.TrueForAll(matrix, static x => Math.Abs(x) <= LargestMonomial))
            throw new InvalidOperationException($"A raw monomial of degree {space.Degree} is larger than {LargestMonomial:G1}: coordinates must be below about {Math.Pow(LargestMonomial, 1.0 / space.Degree):G2} in size, and near 1 for accuracy. Scale them first.");
        var svd = new DenseMatrix(moments, subset.Length, matrix).Svd(computeVectors: true);
        int rank = 0;
        foreach (double s in svd.S)
            if (s > Tolerance) rank++;
        MaxRank = Math.Max(MaxRank, rank);
        for (int j = 0; j < subset.Length; j++) direction[j] = svd.VT[subset.Length - 1, j];
    }

    private void Monomials(ReadOnlySpan<double> x, Span<double> column)
    {
        column[0] = 1;
        ReadOnlySpan<int> parents = space.Parents;
        ReadOnlySpan<int> last = space.LastCoordinates;
        for (int e = 1; e < column.Length; e++)
        {
            int j = last[e];
            double value = column[parents[e]];
            for (int power = space.Exponents(e)[j]; power > 0; power--) value *= x[j];
            column[e] = value;
        }
    }

    /// <summary>How far the weights can move against sign times the null vector, and which one is zero then.</summary>
    private (double Reach, int Emptied) Reach(ReadOnlySpan<int> subset, double sign)
    {
        double reach = double.PositiveInfinity;
        int emptied = -1;
        for (int j = 0; j < subset.Length; j++)
        {
            double entry = sign * direction[j];
            if (entry > Tolerance && weights[subset[j]] / entry < reach) (reach, emptied) = (weights[subset[j]] / entry, j);
        }
        return (reach, emptied);
    }

    private double Diameter(ReadOnlySpan<int> subset)
    {
        double sum = 0;
        for (int j = 0; j < dimension; j++)
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            foreach (int i in subset)
            {
                low = Math.Min(low, coordinates[i * dimension + j]);
                high = Math.Max(high, coordinates[i * dimension + j]);
            }
            double side = (high - low) * space.Metric.Scales[j];
            sum += side * side;
        }
        return Math.Sqrt(sum);
    }
}
