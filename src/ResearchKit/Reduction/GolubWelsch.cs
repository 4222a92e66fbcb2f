using System.Numerics;

namespace ResearchKit;

/// <summary>
/// Gauss quadrature of a discrete measure on a line (Golub and Welsch, 1969): the Jacobi matrix of its orthogonal
/// polynomials by Lanczos' method, its eigenvalues as nodes, the squared first components of its eigenvectors as weights.
/// </summary>
/// <remarks>n nodes have the moments of degree 0 to 2n - 1: degree k takes ceil((k + 1) / 2) nodes, and no rule has fewer.</remarks>
internal static class GolubWelsch
{
    /// <summary>Off-diagonals up to this part of the points' extent are rounding: the measure has no more distinct points.</summary>
    private const double Breakdown = 1e-14;

    /// <summary>The Gauss rule of weighted points.</summary>
    /// <param name="points">Places.</param>
    /// <param name="mass">Positive masses, summing to 1.</param>
    /// <param name="nodes">n; fewer come back where there are fewer distinct points.</param>
    /// <returns>Nodes in ascending order and their weights.</returns>
    public static (double[] Nodes, double[] Weights) Rule(double[] points, double[] mass, int nodes)
    {
        (double[] diagonal, double[] off) = Jacobi(points, mass, nodes);
        int n = diagonal.Length;
        var first = new double[n];
        first[0] = 1;
        Diagonalise(diagonal, off, first);
        double[] weights = [.. first.Select(v => v * v)];
        Array.Sort(diagonal, weights);
        // Interlacing keeps nodes inside; rounding must not take them out again.
        double low = points.Min(), high = points.Max();
        for (int i = 0; i < n; i++) diagonal[i] = Math.Clamp(diagonal[i], low, high);
        return (diagonal, weights);
    }

    /// <summary>Recurrence coefficients: the diagonal and what is beside it (last entry 0).</summary>
    private static (double[] Diagonal, double[] Off) Jacobi(double[] points, double[] mass, int nodes)
    {
        int count = points.Length;
        nodes = Math.Min(nodes, count);
        double extent = Math.Max(points.Max(Math.Abs), 1e-300);
        var basis = new List<double[]> { mass.Select(Math.Sqrt).ToArray() };
        var diagonal = new List<double>();
        var off = new List<double>();
        for (int n = 0; n < nodes; n++)
        {
            double[] q = basis[n];
            var next = new double[count];
            for (int i = 0; i < count; i++) next[i] = points[i] * q[i];
            diagonal.Add(Dot(next, q));
            // Orthogonalised against all before, twice: the three-term recurrence alone loses it where atoms are found.
            for (int pass = 0; pass < 2; pass++)
                for (int b = n; b >= 0; b--)
                {
                    double part = Dot(next, basis[b]);
                    Subtract(next, part, basis[b]);
                }
            double norm = Math.Sqrt(Dot(next, next));
            if (n + 1 == nodes || !(norm > Breakdown * extent)) break;
            off.Add(norm);
            for (int i = 0; i < count; i++) next[i] /= norm;
            basis.Add(next);
        }
        off.Add(0);
        return ([.. diagonal], [.. off]);
    }

    /// <summary>Implicit QL with Wilkinson's shift on a symmetric tridiagonal matrix; rotations are applied to one row alone.</summary>
    private static void Diagonalise(double[] d, double[] e, double[] z)
    {
        int n = d.Length;
        // Relative to the whole matrix: near a node at 0 nothing else would do.
        double negligible = 1.1e-16 * (d.Max(Math.Abs) + e.Max(Math.Abs));
        for (int l = 0; l < n; l++)
        {
            for (int turn = 0; ; turn++)
            {
                int end = l;
                while (end < n - 1 && Math.Abs(e[end]) > negligible) end++;
                if (end == l) break;
                if (turn > 200)
                    throw new ArithmeticException($"The Jacobi matrix of {n} nodes was not diagonalised in 200 turns; lower the degree.");
                double shift = (d[l + 1] - d[l]) / (2 * e[l]), root = Hypotenuse(shift, 1);
                shift = d[end] - d[l] + e[l] / (shift + Math.CopySign(root, shift));
                double s = 1, c = 1, p = 0;
                int i = end - 1;
                for (; i >= l; i--)
                {
                    double f = s * e[i], b = c * e[i];
                    root = Hypotenuse(f, shift);
                    e[i + 1] = root;
                    if (root == 0)
                    {
                        d[i + 1] -= p;
                        e[end] = 0;
                        break;
                    }
                    s = f / root;
                    c = shift / root;
                    shift = d[i + 1] - p;
                    root = (d[i] - shift) * s + 2 * c * b;
                    p = s * root;
                    d[i + 1] = shift + p;
                    shift = c * root - b;
                    f = z[i + 1];
                    z[i + 1] = s * z[i] + c * f;
                    z[i] = c * z[i] - s * f;
                }
                if (root == 0 && i >= l) continue;
                d[l] -= p;
                e[l] = shift;
                e[end] = 0;
            }
        }
    }

    private static double Hypotenuse(double a, double b)
    {
        double larger = Math.Max(Math.Abs(a), Math.Abs(b)), smaller = Math.Min(Math.Abs(a), Math.Abs(b));
        return larger == 0 ? 0 : larger * Math.Sqrt(1 + smaller / larger * (smaller / larger));
    }

    private static unsafe double Dot(double[] x, double[] y)
    {
        fixed (double* a = x, b = y) return DotProduct.Of(a, b, x.Length);
    }

    /// <summary>x minus a multiple of y, in place.</summary>
    private static void Subtract(double[] x, double factor, double[] y)
    {
        int i = 0, width = Vector<double>.Count;
        for (; i + width <= x.Length; i += width) (new Vector<double>(x, i) - factor * new Vector<double>(y, i)).CopyTo(x, i);
        for (; i < x.Length; i++) x[i] -= factor * y[i];
    }
}
