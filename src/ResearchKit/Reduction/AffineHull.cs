namespace ResearchKit;

/// <summary>
/// The flat that a cell's points span: coordinates that parametrise it, and the others as affine functions of them. Free
/// nodes must lie in it, or they could not have the moments that vanish on it; on a line they are Gauss nodes.
/// </summary>
internal sealed class AffineHull
{
    /// <summary>Points that leave a flat by no more than this part of the box lie in it.</summary>
    private const double Flat = 1e-12;

    private readonly double[] centre;
    private readonly double[] coefficients;

    private AffineHull(double[] centre, int[] free, double[] coefficients)
    {
        this.centre = centre;
        Free = free;
        this.coefficients = coefficients;
    }

    /// <summary>The coordinates that parametrise the flat.</summary>
    public int[] Free { get; }

    /// <summary>Its dimension.</summary>
    public int Rank => Free.Length;

    /// <summary>The flat of count x m row-major points in a box of side 2.</summary>
    public static AffineHull Of(double[] points, int dimension)
    {
        int m = dimension, count = points.Length / m;
        var centre = new double[m];
        for (int i = 0; i < points.Length; i++) centre[i % m] += points[i] / count;
        // Gauss-Jordan on the coordinate vectors by column pivoting: what is left of a column that depends is rounding.
        var columns = new double[m][];
        for (int c = 0; c < m; c++)
        {
            columns[c] = new double[count];
            for (int i = 0; i < count; i++) columns[c][i] = points[i * m + c] - centre[c];
        }
        double[][] original = [.. columns.Select(c => c.ToArray())];
        var free = new List<int>();
        while (free.Count < m)
        {
            int widest = -1;
            double size = Flat;
            for (int c = 0; c < m; c++)
            {
                if (free.Contains(c)) continue;
                double most = columns[c].Max(Math.Abs);
                if (most > size) (widest, size) = (c, most);
            }
            if (widest < 0) break;
            free.Add(widest);
            for (int c = 0; c < m; c++)
                if (!free.Contains(c)) Remove(columns[c], columns[widest]);
        }
        free.Sort();
        int[] order = [.. free];
        return new AffineHull(centre, order, Coefficients(original, order, m));
    }

    /// <summary>The points' free coordinates, count x rank row-major.</summary>
    public double[] Reduce(double[] points)
    {
        int m = centre.Length, count = points.Length / m;
        var reduced = new double[count * Rank];
        for (int i = 0; i < count; i++)
            for (int r = 0; r < Rank; r++) reduced[i * Rank + r] = points[i * m + Free[r]];
        return reduced;
    }

    /// <summary>All m coordinates of a point of the flat.</summary>
    public void Expand(ReadOnlySpan<double> reduced, Span<double> place)
    {
        for (int c = 0; c < centre.Length; c++)
        {
            place[c] = centre[c];
            for (int r = 0; r < Rank; r++) place[c] += coefficients[c * Rank + r] * (reduced[r] - centre[Free[r]]);
        }
        for (int r = 0; r < Rank; r++) place[Free[r]] = reduced[r];
    }

    /// <summary>Least-squares coefficients of every coordinate on the free ones, by the normal equations of a few columns.</summary>
    private static double[] Coefficients(double[][] original, int[] free, int m)
    {
        int rank = free.Length;
        var result = new double[m * rank];
        if (rank == 0 || rank == m) return result;
        // Modified Gram-Schmidt on the free columns, then back-substitution for each dependent one.
        var q = free.Select(c => original[c].ToArray()).ToArray();
        var upper = new double[rank * rank];
        for (int r = 0; r < rank; r++)
        {
            for (int pass = 0; pass < 2; pass++)
                for (int s = 0; s < r; s++)
                {
                    double dot = Dot(q[s], q[r]);
                    upper[s * rank + r] += dot;
                    for (int i = 0; i < q[r].Length; i++) q[r][i] -= dot * q[s][i];
                }
            double norm = Math.Sqrt(Dot(q[r], q[r]));
            upper[r * rank + r] = norm;
            for (int i = 0; i < q[r].Length; i++) q[r][i] /= norm;
        }
        for (int c = 0; c < m; c++)
        {
            if (free.Contains(c)) continue;
            for (int r = rank - 1; r >= 0; r--)
            {
                double sum = Dot(q[r], original[c]);
                for (int s = r + 1; s < rank; s++) sum -= upper[r * rank + s] * result[c * rank + s];
                result[c * rank + r] = sum / upper[r * rank + r];
            }
        }
        return result;
    }

    private static void Remove(double[] column, double[] direction)
    {
        double factor = Dot(column, direction) / Dot(direction, direction);
        for (int i = 0; i < column.Length; i++) column[i] -= factor * direction[i];
    }

    private static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }
}
