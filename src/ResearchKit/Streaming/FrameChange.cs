namespace ResearchKit;

/// <summary>
/// Carries the Legendre moments of a set over to a larger frame, without the set: P_n(a t + b) = sum_j M_nj P_j(t) in every
/// coordinate in turn.
/// </summary>
/// <remarks>
/// Into a larger frame |a t + b| is at most 1 on [-1, 1], so by Parseval's identity sum_j M_nj^2 / (2j + 1) is at most 1:
/// no entry is large and no digit is lost, however often the frame grows. In double-double arithmetic a thousand changes
/// leave the moments as exact as they were. (A smaller frame would lose digits as (2 / a)^k.)
/// </remarks>
internal sealed class FrameChange
{
    private readonly int[][] below;
    private readonly MomentSpace space;

    /// <summary>Prepares a space.</summary>
    public FrameChange(MomentSpace space)
    {
        this.space = space;
        int m = space.Dimension;
        var index = new Dictionary<string, int>(space.Count);
        for (int e = 0; e < space.Count; e++) index[Convert.ToHexString(space.Exponents(e))] = e;
        var key = new byte[m];
        below = [.. Enumerable.Range(0, m).Select(_ => new int[space.Count])];
        for (int e = 0; e < space.Count; e++)
        {
            space.Exponents(e).CopyTo(key);
            for (int j = 0; j < m; j++)
            {
                // A lower set has everything below a moment of it.
                if (key[j] == 0) continue;
                key[j]--;
                below[j][e] = index[Convert.ToHexString(key)];
                key[j]++;
            }
        }
    }

    /// <summary>Overwrites moments in one frame by those in another that holds it.</summary>
    public void Apply(DoubleDouble[] moments, LocalFrame from, LocalFrame to)
    {
        for (int j = 0; j < space.Dimension; j++)
        {
            if (from.Center[j] == to.Center[j] && from.InverseHalfWidth[j] == to.InverseHalfWidth[j]) continue;
            // A coordinate that was constant so far was at its centre, t = 0.
            DoubleDouble a = from.InverseHalfWidth[j] == 0 ? 0 : (DoubleDouble)to.InverseHalfWidth[j] / from.InverseHalfWidth[j];
            DoubleDouble b = DoubleDouble.Sum(from.Center[j], -to.Center[j]) * to.InverseHalfWidth[j];
            DoubleDouble[][] matrix = Matrix(a, b, space.MaxDegrees[j]);
            // From the last: a moment's new value needs the old ones below it.
            for (int e = moments.Length - 1; e >= 0; e--)
            {
                DoubleDouble sum = 0;
                for (int n = space.Exponents(e)[j], i = n, at = e; ; i--, at = below[j][at])
                {
                    sum += matrix[n][i] * moments[at];
                    if (i == 0) break;
                }
                moments[e] = sum;
            }
        }
    }

    /// <summary>Rows n = 0..k of the coefficients of P_n(a t + b), by Bonnet's recurrence on both sides.</summary>
    internal static DoubleDouble[][] Matrix(DoubleDouble a, DoubleDouble b, int degree)
    {
        var rows = new DoubleDouble[degree + 1][];
        rows[0] = [1];
        for (int n = 0; n < degree; n++)
        {
            DoubleDouble[] now = rows[n], next = new DoubleDouble[n + 2];
            for (int j = 0; j <= n; j++)
            {
                // (2j + 1) t P_j = (j + 1) P_(j+1) + j P_(j-1).
                DoubleDouble scaled = now[j] / (2.0 * j + 1) * a;
                next[j + 1] += scaled * (j + 1.0);
                if (j > 0) next[j - 1] += scaled * (double)j;
                next[j] += now[j] * b;
            }
            for (int j = 0; j < next.Length; j++)
            {
                next[j] *= 2.0 * n + 1;
                if (n > 0 && j < n) next[j] -= rows[n - 1][j] * (double)n;
                next[j] /= n + 1.0;
            }
            rows[n + 1] = next;
        }
        return rows;
    }
}
