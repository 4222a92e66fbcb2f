using MathNet.Numerics.LinearAlgebra;

namespace ResearchKit.Scaling;

/// <summary>
/// The polynomial behind the lower bound T8: d' nodes are fewer than the monomials of some degree n, so a polynomial
/// q != 0 of degree n vanishes at all of them. The compressed mean of q^2 is then 0 whatever the weights are, the true mean
/// is not: no choice of weights, and no d' nodes at all, are exact for every polynomial of degree 2n.
/// </summary>
/// <remarks>
/// <para>q is the combination of the first d' + 1 products of orthonormal Legendre polynomials, in graded order and in the
/// frame of the original set, that vanishes at the nodes: n is the least degree with C(m+n, n) &gt; d', so n ~ (m! d')^(1/m).</para>
/// <para>What makes the error exponentially small in n is the size of q^2 as an analytic function. With
/// |P_e(z)| &lt;= P_e(a) on the ellipse with foci -1, 1 that passes through a &gt; 1,
/// |q(z)|^2 &lt;= (sum_e |c_e| prod_j sqrt(2 e_j + 1) P_{e_j}(a))^2 =: <see cref="Bound"/> for z in the product of m such
/// ellipses. g = q^2 / Bound is analytic and at most 1 there, like the functions 1 / (A + w . x) of Fig. 8 up to their
/// scale, and its compressed mean is off by its true mean.</para>
/// </remarks>
public sealed class VanishingPolynomial
{
    private readonly MomentSpace space;
    private readonly LocalFrame frame;
    private readonly double[] coefficients;

    private VanishingPolynomial(MomentSpace space, LocalFrame frame, double[] coefficients, double reach)
    {
        this.space = space;
        this.frame = frame;
        this.coefficients = coefficients;
        Reach = reach;
        double[] corner = [.. Enumerable.Repeat(reach, space.Dimension)];
        double[] values = Products(corner);
        double size = 0;
        for (int e = 0; e < values.Length; e++) size += Math.Abs(coefficients[e]) * values[e];
        Bound = size * size;
    }

    /// <summary>n, the degree of q.</summary>
    public int Degree => space.Degree;

    /// <summary>a, where the ellipses cross the real axis in the frame of the original set, in which that set is [-1, 1]^m.</summary>
    public double Reach { get; }

    /// <summary>An upper bound of |q|^2 on the product of ellipses; at least its largest value on the set.</summary>
    public double Bound { get; }

    /// <summary>Finds q for some nodes.</summary>
    /// <param name="nodes">d' nodes, at most 2000; weights do not matter.</param>
    /// <param name="original">The set that they stand for; its bounding box is the frame.</param>
    /// <param name="reach">a, above 1.</param>
    /// <exception cref="ArgumentException">Another dimension, or too many nodes.</exception>
    public static VanishingPolynomial Through(WeightedPoints nodes, WeightedPoints original, double reach = 1.05)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(original);
        if (nodes.Dimension != original.Dimension)
            throw new ArgumentException($"The nodes have m = {nodes.Dimension} coordinates, the original has {original.Dimension}; take the nodes from it.", nameof(nodes));
        if (!(reach > 1) || double.IsInfinity(reach))
            throw new ArgumentOutOfRangeException(nameof(reach), reach, "The ellipses must reach beyond the set: a finite number above 1, such as 1.05.");
        if (nodes.Count > 2000)
            throw new ArgumentException($"{nodes.Count} nodes are too many for one dense factorisation; take at most 2000.", nameof(nodes));
        int degree = 0;
        while (MomentSpace.CountOf(nodes.Dimension, degree) <= nodes.Count) degree++;
        MomentSpace space = MomentSpace.TotalDegree(nodes.Dimension, degree);
        LocalFrame frame = LocalFrame.Of(original);
        var empty = new VanishingPolynomial(space, frame, new double[space.Count], reach);
        // The last column of the full orthogonal factor of the (d'+1) x d' matrix is orthogonal to all others.
        int rows = nodes.Count + 1;
        Matrix<double> matrix = Matrix<double>.Build.Dense(rows, nodes.Count);
        for (int j = 0; j < nodes.Count; j++)
        {
            double[] values = empty.Products(empty.Local(nodes[j]));
            for (int e = 0; e < rows; e++) matrix[e, j] = values[e];
        }
        var coefficients = new double[space.Count];
        Vector<double> last = matrix.QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Full).Q.Column(rows - 1);
        for (int e = 0; e < rows; e++) coefficients[e] = last[e];
        return new VanishingPolynomial(space, frame, coefficients, reach);
    }

    /// <summary>q at a point; its coefficients have Euclidean norm 1.</summary>
    /// <param name="x">m coordinates, in the units of the original set.</param>
    public double Evaluate(ReadOnlySpan<double> x)
    {
        if (x.Length != space.Dimension)
            throw new ArgumentException($"The point has {x.Length} coordinates, the polynomial m = {space.Dimension}.", nameof(x));
        double[] values = Products(Local(x));
        var sum = new CompensatedSum();
        for (int e = 0; e < values.Length; e++) sum.Add(coefficients[e] * values[e]);
        return sum.Total;
    }

    /// <summary>The weighted mean of q^2 over a set.</summary>
    /// <param name="set">Objects of the same dimension.</param>
    public double MeanSquare(WeightedPoints set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Sum(x => Math.Pow(Evaluate(x), 2)) / set.Mass;
    }

    private double[] Local(ReadOnlySpan<double> x)
    {
        var local = new double[x.Length];
        for (int j = 0; j < local.Length; j++) local[j] = (x[j] - frame.Center[j]) * frame.InverseHalfWidth[j];
        return local;
    }

    /// <summary>All products of orthonormal Legendre polynomials at a local point.</summary>
    private double[] Products(double[] t)
    {
        int m = t.Length, n = space.Degree;
        var table = new double[m, n + 1];
        for (int j = 0; j < m; j++)
        {
            table[j, 0] = 1;
            if (n > 0) table[j, 1] = t[j];
            for (int e = 1; e < n; e++) table[j, e + 1] = ((2 * e + 1) * t[j] * table[j, e] - e * table[j, e - 1]) / (e + 1);
            for (int e = 0; e <= n; e++) table[j, e] *= Math.Sqrt(2 * e + 1);
        }
        var values = new double[space.Count];
        for (int e = 0; e < values.Length; e++)
        {
            ReadOnlySpan<byte> exponents = space.Exponents(e);
            double product = 1;
            for (int j = 0; j < m; j++) product *= table[j, exponents[j]];
            values[e] = product;
        }
        return values;
    }
}
