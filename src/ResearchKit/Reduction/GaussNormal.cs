namespace ResearchKit;

/// <summary>
/// The small dense symmetric systems of a Gauss-Newton step: G = J J' by blocks of rows, its Cholesky factor, and the two
/// triangular solves. One kernel, four rows against two, carries both products.
/// </summary>
/// <remarks>Matrices are row-major, their order rounded up to <see cref="Block"/>; the filling rows are zero, with 1 on the diagonal of G.</remarks>
internal static unsafe class GaussNormal
{
    /// <summary>Orders are multiples of this.</summary>
    public const int Block = 4;

    private const int Columns = 256;

    /// <summary>An order rounded up to whole blocks.</summary>
    public static int Padded(int order) => (order + Block - 1) / Block * Block;

    /// <summary>The lower triangle (by blocks) of G = J J'.</summary>
    /// <param name="j">order x stride, its filling rows zero.</param>
    /// <param name="order">Rows, a multiple of <see cref="Block"/>.</param>
    /// <param name="stride">Length of a row, a multiple of the vector width.</param>
    /// <param name="g">order x order, overwritten.</param>
    public static void Gram(double* j, int order, int stride, double* g)
    {
        new Span<double>(g, order * order).Clear();
        double* dots = stackalloc double[8];
        // As many columns at a time as leave all rows in the second cache.
        for (int from = 0; from < stride; from += Columns)
        {
            int length = Math.Min(Columns, stride - from);
            for (int a = 0; a < order; a += Block)
            {
                for (int b = 0; b <= a + 2; b += 2)
                {
                    VectorPath.Current.Dots(j + (long)a * stride + from, stride, j + (long)b * stride + from, stride, length, dots);
                    for (int q = 0; q < Block; q++)
                    {
                        g[(long)(a + q) * order + b] += dots[2 * q];
                        g[(long)(a + q) * order + b + 1] += dots[2 * q + 1];
                    }
                }
            }
        }
    }

    /// <summary>Overwrites the lower triangle of G by L, G = L L'.</summary>
    /// <returns>False where G is not positive definite to working precision; G is then spoiled.</returns>
    public static bool Cholesky(double* g, int order)
    {
        double* dots = stackalloc double[8];
        for (int b = 0; b < order; b += Block)
        {
            for (int a = b; a < order; a += Block)
            {
                double* rows = g + (long)a * order;
                for (int half = 0; half < Block && b > 0; half += 2)
                {
                    VectorPath.Current.Dots(rows, order, g + (long)(b + half) * order, order, b, dots);
                    for (int q = 0; q < Block; q++)
                    {
                        rows[(long)q * order + b + half] -= dots[2 * q];
                        rows[(long)q * order + b + half + 1] -= dots[2 * q + 1];
                    }
                }
                if (a == b)
                {
                    if (!CholeskyBlock(rows + b, order)) return false;
                }
                else
                {
                    for (int q = 0; q < Block; q++) SolveRow(rows + (long)q * order + b, g + (long)b * order + b, order);
                }
            }
        }
        return true;
    }

    /// <summary>Solves L L' y = r in place.</summary>
    public static void Solve(double* l, int order, double* y)
    {
        for (int i = 0; i < order; i++)
        {
            double* row = l + (long)i * order;
            y[i] = (y[i] - DotProduct.Of(row, y, i)) / row[i];
        }
        for (int i = order - 1; i >= 0; i--)
        {
            double* row = l + (long)i * order;
            y[i] /= row[i];
            BlockedUpdate.AddScaled(y, -y[i], row, i);
        }
    }

    private static bool CholeskyBlock(double* block, int order)
    {
        for (int i = 0; i < Block; i++)
        {
            double* row = block + (long)i * order;
            for (int k = 0; k <= i; k++)
            {
                double* other = block + (long)k * order;
                double sum = row[k];
                for (int q = 0; q < k; q++) sum -= row[q] * other[q];
                if (k < i)
                {
                    row[k] = sum / other[k];
                    continue;
                }
                if (!(sum > 0)) return false;
                row[k] = Math.Sqrt(sum);
            }
        }
        return true;
    }

    private static void SolveRow(double* row, double* block, int order)
    {
        for (int k = 0; k < Block; k++)
        {
            double* other = block + (long)k * order;
            double sum = row[k];
            for (int q = 0; q < k; q++) sum -= row[q] * other[q];
            row[k] = sum / other[k];
        }
    }
}
