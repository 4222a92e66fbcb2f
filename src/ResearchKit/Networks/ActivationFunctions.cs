using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResearchKit.Networks;

/// <summary>An activation on four values at a time; as a type argument it is compiled into the loop that uses it.</summary>
internal interface IActivationFunction
{
    /// <summary>sigma(z).</summary>
    static abstract Vector256<double> Value(Vector256<double> z);

    /// <summary>sigma(z) and sigma'(z).</summary>
    static abstract Vector256<double> Value(Vector256<double> z, out Vector256<double> derivative);
}

/// <summary>max(z, 0).</summary>
internal readonly struct ReluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Value(Vector256<double> z) => Vector256.MaxNative(Vector256<double>.Zero, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Value(Vector256<double> z, out Vector256<double> derivative)
    {
        derivative = Vector256.AndNot(Vector256<double>.One, Vector256.LessThanOrEqual(z, Vector256<double>.Zero));
        return Value(z);
    }
}

/// <summary>
/// tanh, with e = exp(-2|z|): (1 - e) / (1 + e), and near 0, where that cancels, the rational function of Cephes
/// (S. L. Moshier, "Methods and Programs for Mathematical Functions", 1989; error 6e-18 for |z| below 0.625).
/// </summary>
internal readonly struct TanhFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Value(Vector256<double> z) => Value(z, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Value(Vector256<double> z, out Vector256<double> derivative)
    {
        Vector256<double> one = Vector256<double>.One, size = Vector256.Abs(z);
        Vector256<double> e = VectorFunctions.Exp(size * Vector256.Create(-2.0)), inverse = one / (one + e);
        // 1 - tanh^2 without its cancellation.
        derivative = Vector256.Create(4.0) * e * inverse * inverse;
        Vector256<double> large = Vector256.CopySign((one - e) * inverse, z);

        Vector256<double> s = z * z;
        Vector256<double> p = VectorFunctions.Fma(Vector256.Create(-9.64399179425052238628E-1), s, Vector256.Create(-9.92877231001918586564E1));
        p = VectorFunctions.Fma(p, s, Vector256.Create(-1.61468768441708447952E3));
        Vector256<double> q = VectorFunctions.Fma(s + Vector256.Create(1.12811678491632931402E2), s, Vector256.Create(2.23548839060100448583E3));
        q = VectorFunctions.Fma(q, s, Vector256.Create(4.84406305325125486048E3));
        Vector256<double> small = VectorFunctions.Fma(z * s, p / q, z);
        return Vector256.ConditionalSelect(Vector256.LessThan(size, Vector256.Create(0.625)), small, large);
    }
}

/// <summary>1 / (1 + exp(-z)), from exp(-|z|), which cannot overflow.</summary>
internal readonly struct SigmoidFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Value(Vector256<double> z) => Value(z, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Value(Vector256<double> z, out Vector256<double> derivative)
    {
        Vector256<double> one = Vector256<double>.One;
        Vector256<double> e = VectorFunctions.Exp(-Vector256.Abs(z)), inverse = one / (one + e), other = e * inverse;
        derivative = other * inverse;
        return Vector256.ConditionalSelect(Vector256.LessThan(z, Vector256<double>.Zero), other, inverse);
    }
}

/// <summary>z Phi(z) with derivative Phi(z) + z phi(z).</summary>
internal readonly struct GeluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Value(Vector256<double> z) => Value(z, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Value(Vector256<double> z, out Vector256<double> derivative)
    {
        // Beyond 40 both tails are 0 in doubles; without the bound an infinite z would meet them as infinity times 0.
        Vector256<double> bounded = Vector256.MaxNative(Vector256.Create(-40.0), z);
        Vector256<double> within = Vector256.MinNative(Vector256.Create(40.0), bounded);
        Vector256<double> phi = VectorFunctions.Normal(within, out Vector256<double> density);
        derivative = VectorFunctions.Fma(within, density, phi);
        return bounded * phi;
    }
}
