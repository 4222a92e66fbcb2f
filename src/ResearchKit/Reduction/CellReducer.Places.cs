namespace ResearchKit;

/// <content>High degrees: the rounding of a kept point's place in its frame.</content>
internal sealed unsafe partial class CellReducer
{
    /// <summary>
    /// The degree from which that rounding counts: P_k is as steep as k (k + 1) / 2 at the ends of [-1, 1], times
    /// sqrt(2k + 1) where it is orthonormal, so that half a unit in the last place of a heavy point becomes 1e-14 of the mass.
    /// </summary>
    private const int SteepDegree = 6;

    /// <summary>A shift small against a polynomial's waves, and large against rounding.</summary>
    private const double Shift = 1.0 / (1 << 20);

    private readonly NativeBuffer places = new();

    /// <summary>
    /// Moves the polynomials' values from the rounded places (x - centre) / half width to the true ones: what was rounded off
    /// is known exactly, and its effect, to first order, is a part of that of a larger shift the same way.
    /// </summary>
    private void CorrectPlaces(double* p, int n, LocalFrame frame, double* a, int stride)
    {
        int m = basis.Dimension;
        double* shifted = places.Ensure((long)n * (m + 1)), part = shifted + (long)n * m;
        for (int i = 0; i < n; i++)
        {
            double* to = shifted + (long)i * m;
            double most = 0;
            for (int j = 0; j < m; j++)
            {
                to[j] = Lost(p[(long)i * m + j], frame.Center[j], frame.InverseHalfWidth[j]);
                most = Math.Max(most, Math.Abs(to[j]));
            }
            for (int j = 0; j < m; j++)
            {
                double step = to[j] == 0 ? 0 : Shift * (to[j] / most) / frame.InverseHalfWidth[j];
                to[j] = p[(long)i * m + j] + step;
            }
            part[i] = most / Shift;
        }
        double* b = fine.Ensure((long)extended.Count * stride);
        kernel.Evaluate(extended, frame, shifted, n, b, stride);
        for (int e = 0; e < extended.Count; e++)
        {
            double* row = a + (long)e * stride, there = b + (long)e * stride;
            for (int i = 0; i < n; i++) row[i] += part[i] * (there[i] - row[i]);
        }
    }

    /// <summary>(x - centre) * inverse less its rounded value: the error of the difference and that of the product, each without error.</summary>
    private static double Lost(double x, double center, double inverse)
    {
        double s = x - center, back = s - x, low = (x - (s - back)) - (center + back);
        double t = s * inverse;
        double lost = Math.FusedMultiplyAdd(s, inverse, -t) + low * inverse;
        // Of numbers at either end of the range nothing is known exactly.
        return double.IsFinite(lost) && Math.Abs(lost) < Shift ? lost : 0;
    }
}
