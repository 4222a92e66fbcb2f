using System.Numerics;
using System.Runtime.CompilerServices;

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

    /// <summary>An order rounded up to whole blocks.</summary>
    public static int Padded(int order) => (order + Block - 1) / Block * Block;

    /// <summary>The lower triangle (by blocks) of G = J J'.</summary>
    /// <param name="j">order x stride, its filling rows zero.</param>
    /// <param name="order">Rows, a multiple of <see cref="Block"/>.</param>
    /// <param name="stride">Length of a row, a multiple of the vector width.</param>
    /// <param name="g">order x order, overwritten.</param>
    public static void Gram(double* j, int order, int stride, double* g)
    {
        double* dots = stackalloc double[8];
        for (int a = 0; a < order; a += Block)
        {
            for (int b = 0; b <= a + 2; b += 2)
            {
                Dots(j + (long)a * stride, stride, j + (long)b * stride, stride, stride, dots);
                for (int q = 0; q < Block; q++)
                {
                    g[(long)(a + q) * order + b] = dots[2 * q];
                    g[(long)(a + q) * order + b + 1] = dots[2 * q + 1];
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
                    Dots(rows, order, g + (long)(b + half) * order, order, b, dots);
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

    /// <summary>The eight dot products of four rows with two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(double* a, int strideA, double* b, int strideB, int length, double* dots)
    {
        int width = Vector<double>.Count, i = 0;
        double* a1 = a + strideA, a2 = a1 + strideA, a3 = a2 + strideA, b1 = b + strideB;
        Vector<double> s00 = Vector<double>.Zero, s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        for (; i + width <= length; i += width)
        {
            Vector<double> y0 = Vector.Load(b + i), y1 = Vector.Load(b1 + i), x = Vector.Load(a + i);
            s00 = Vector.MultiplyAddEstimate(x, y0, s00); s01 = Vector.MultiplyAddEstimate(x, y1, s01);
            x = Vector.Load(a1 + i);
            s10 = Vector.MultiplyAddEstimate(x, y0, s10); s11 = Vector.MultiplyAddEstimate(x, y1, s11);
            x = Vector.Load(a2 + i);
            s20 = Vector.MultiplyAddEstimate(x, y0, s20); s21 = Vector.MultiplyAddEstimate(x, y1, s21);
            x = Vector.Load(a3 + i);
            s30 = Vector.MultiplyAddEstimate(x, y0, s30); s31 = Vector.MultiplyAddEstimate(x, y1, s31);
        }
        dots[0] = Vector.Sum(s00); dots[1] = Vector.Sum(s01); dots[2] = Vector.Sum(s10); dots[3] = Vector.Sum(s11);
        dots[4] = Vector.Sum(s20); dots[5] = Vector.Sum(s21); dots[6] = Vector.Sum(s30); dots[7] = Vector.Sum(s31);
        for (; i < length; i++)
        {
            dots[0] += a[i] * b[i]; dots[1] += a[i] * b1[i]; dots[2] += a1[i] * b[i]; dots[3] += a1[i] * b1[i];
            dots[4] += a2[i] * b[i]; dots[5] += a2[i] * b1[i]; dots[6] += a3[i] * b[i]; dots[7] += a3[i] * b1[i];
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
