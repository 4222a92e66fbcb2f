using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResearchKit.Networks;

/// <summary>exp and the normal distribution's functions, four values at a time, to about an ulp or two.</summary>
internal static class VectorFunctions
{
    /// <summary>1.5 * 2^52: adding it rounds a double to an integer, which then stands in the low bits.</summary>
    private const double Rounder = 6755399441055744.0;

    // ln 2 in two parts; the upper has 20 trailing zero bits, so that whole multiples of it are exact without a fused multiply-add.
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>
    /// (1 + 2x) exp(x^2) erfc(x) for x >= 0 as a polynomial in t = (x - 3.75) / (x + 3.75), as Shepherd and Laframboise
    /// (Mathematics of Computation 36, 1981) expand it. The coefficients come from its Chebyshev series to 120 digits, cut
    /// where the next term is below 1e-16; their magnitudes sum to 1.8, so Horner's rule loses nothing.
    /// </summary>
    private static ReadOnlySpan<double> Erfc =>
    [
        1.2375126308378275, -0.14024059858554697, 0.0035854154854790257, 0.0822767384901452, -0.10880393014244462,
        0.09230432116037748, -0.05869339857664934, 0.028362277418956406, -0.009746579683265262, 0.0017556258528952954,
        0.000293714378044958, -0.0002901540805408417, 5.164652974177416e-05, 2.238423915508223e-05, -1.1438048033346894e-05,
        -9.73559896736775e-07, 1.7419821586224816e-06, -5.7218230603224086e-08, -2.4857126248016745e-07,
        2.3263508708859124e-08, 3.197926671666804e-08, -3.744210080962018e-09, -2.623107347133476e-09, 3.1114333809799254e-10,
    ];

    /// <summary>exp(x), 0 below -745.2, infinite above 709.8, NaN for NaN.</summary>
    /// <remarks>Vector256.Exp was measured at three times this one's time where it is called from a loop like ours.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x)
    {
        // The bound comes first, so that a NaN in x stays.
        x = Vector256.MinNative(Vector256.Create(710.0), Vector256.MaxNative(Vector256.Create(-750.0), x));
        Vector256<double> rounder = Vector256.Create(Rounder);
        Vector256<double> k = Fma(x, Vector256.Create(1.4426950408889634), rounder) - rounder;
        Vector256<double> r = Fma(k, Vector256.Create(-Ln2High), x);
        r = Fma(k, Vector256.Create(-Ln2Low), r);
        // Taylor's polynomial of degree 13 (the next term is below 5e-18 for |r| <= ln(2) / 2) in Estrin's order: a chain as
        // long as Horner's would leave the arithmetic units waiting for it.
        Vector256<double> r2 = r * r, r4 = r2 * r2;
        Vector256<double> low = Pair(1 / 6.0, 0.5, r), middle = Pair(1 / 120.0, 1 / 24.0, r), next = Pair(1 / 5040.0, 1 / 720.0, r);
        Vector256<double> high = Pair(1 / 362880.0, 1 / 40320.0, r), higher = Pair(1 / 39916800.0, 1 / 3628800.0, r);
        Vector256<double> top = Pair(1 / 6227020800.0, 1 / 479001600.0, r);
        low = Fma(middle, r2, low);
        high = Fma(high, r2, next);
        top = Fma(top, r2, higher);
        Vector256<double> p = Fma(Fma(top, r4, high), r4, low);
        p = Fma(p, r2, r) + Vector256<double>.One;
        // 2^k in two steps, so that results below 2^-1022 and above 2^1023 come out right.
        Vector256<double> half = Fma(k, Vector256.Create(0.5), rounder);
        Vector256<double> rest = k - (half - rounder) + rounder;
        return p * PowerOfTwo(half) * PowerOfTwo(rest);
    }

    /// <summary>The standard normal's distribution function Phi(z) and density phi(z), each to its own relative accuracy.</summary>
    /// <param name="z">At most 40 in magnitude, or NaN.</param>
    /// <param name="density">exp(-z^2 / 2) / sqrt(2 pi).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Normal(Vector256<double> z, out Vector256<double> density)
    {
        // What z * z loses in rounding would be up to 1e-13 of the exponential: it is put back to first order.
        Vector256<double> square = z * z, lost = Vector256.FusedMultiplyAdd(z, z, -square), half = Vector256.Create(0.5);
        Vector256<double> e = Exp(square * -half);
        e = Fma(lost * -half, e, e);
        density = e * Vector256.Create(0.3989422804014327);

        Vector256<double> x = Vector256.Abs(z) * Vector256.Create(0.7071067811865476), a = Vector256.Create(3.75);
        Vector256<double> sum = x + a, rise = x + x + Vector256<double>.One;
        Vector256<double> both = Vector256<double>.One / (sum * rise);
        Vector256<double> t = (x - a) * rise * both;
        Vector256<double> t2 = t * t, t4 = t2 * t2, t8 = t4 * t4;
        Vector256<double> p = Fma(Fma(Eight(16, t, t2, t4), t8, Eight(8, t, t2, t4)), t8, Eight(0, t, t2, t4));
        Vector256<double> tail = e * (p * (sum * both)) * half;
        return Vector256.ConditionalSelect(Vector256.LessThan(z, Vector256<double>.Zero), tail, Vector256<double>.One - tail);
    }

    /// <summary>Eight terms of <see cref="Erfc"/> from one place on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Eight(int from, Vector256<double> t, Vector256<double> t2, Vector256<double> t4)
    {
        ReadOnlySpan<double> c = Erfc;
        Vector256<double> a = Fma(Pair(c[from + 3], c[from + 2], t), t2, Pair(c[from + 1], c[from], t));
        return Fma(Fma(Pair(c[from + 7], c[from + 6], t), t2, Pair(c[from + 5], c[from + 4], t)), t4, a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Pair(double slope, double start, Vector256<double> x) => Fma(Vector256.Create(slope), x, Vector256.Create(start));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PowerOfTwo(Vector256<double> rounded) =>
        Vector256.ShiftLeft(rounded.AsInt64() + Vector256.Create(1023L), 52).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Fma(Vector256<double> x, Vector256<double> y, Vector256<double> z) => Vector256.MultiplyAddEstimate(x, y, z);
}
