using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResearchKit.Networks;

/// <summary>Activations and their derivatives over arrays.</summary>
/// <remarks>
/// Accurate to a few ulp each (the derivative of GELU near its zero at z = -0.75 to a few 1e-16 absolutely). A value's bits
/// depend on the value alone, not on its place in the array. NaN gives NaN; infinities give the limits.
/// </remarks>
internal static unsafe class ActivationKernel
{
    /// <summary>value_i = sigma(z_i), i &lt; n. The arrays may be the same; any alignment.</summary>
    public static void Apply(Activation activation, double* z, double* value, long n)
    {
        switch (activation)
        {
            case Activation.Relu: Apply<ReluFunction>(z, value, n); break;
            case Activation.Tanh: Apply<TanhFunction>(z, value, n); break;
            case Activation.Sigmoid: Apply<SigmoidFunction>(z, value, n); break;
            case Activation.Gelu: Apply<GeluFunction>(z, value, n); break;
            default: throw Unknown(activation);
        }
    }

    /// <summary>The same with derivative_i = sigma'(z_i); either output may be <paramref name="z"/> itself.</summary>
    public static void ApplyWithDerivative(Activation activation, double* z, double* value, double* derivative, long n)
    {
        switch (activation)
        {
            case Activation.Relu: ApplyWithDerivative<ReluFunction>(z, value, derivative, n); break;
            case Activation.Tanh: ApplyWithDerivative<TanhFunction>(z, value, derivative, n); break;
            case Activation.Sigmoid: ApplyWithDerivative<SigmoidFunction>(z, value, derivative, n); break;
            case Activation.Gelu: ApplyWithDerivative<GeluFunction>(z, value, derivative, n); break;
            default: throw Unknown(activation);
        }
    }

    /// <summary>Fails for a number that is no activation.</summary>
    public static Activation Require(Activation activation) => Enum.IsDefined(activation) ? activation : throw Unknown(activation);

    /// <summary><see cref="Apply(Activation, double*, double*, long)"/> of one function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<T>(double* z, double* value, long n)
        where T : struct, IActivationFunction
    {
        long i = 0;
        for (; i + 4 <= n; i += 4) T.Value(Vector256.Load(z + i)).Store(value + i);
        if (i == n) return;
        // The rest passes through the same instructions, padded with zeros.
        double* pad = stackalloc double[4];
        for (long j = i; j < n; j++) pad[j - i] = z[j];
        T.Value(Vector256.Load(pad)).Store(pad);
        for (long j = i; j < n; j++) value[j] = pad[j - i];
    }

    /// <summary><see cref="ApplyWithDerivative(Activation, double*, double*, double*, long)"/> of one function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ApplyWithDerivative<T>(double* z, double* value, double* derivative, long n)
        where T : struct, IActivationFunction
    {
        Vector256<double> slope;
        long i = 0;
        for (; i + 4 <= n; i += 4)
        {
            T.Value(Vector256.Load(z + i), out slope).Store(value + i);
            slope.Store(derivative + i);
        }
        if (i == n) return;
        double* pad = stackalloc double[8];
        for (long j = i; j < n; j++) pad[j - i] = z[j];
        T.Value(Vector256.Load(pad), out slope).Store(pad);
        slope.Store(pad + 4);
        for (long j = i; j < n; j++) (value[j], derivative[j]) = (pad[j - i], pad[j - i + 4]);
    }

    private static ArgumentOutOfRangeException Unknown(Activation activation) =>
        new(nameof(activation), activation, $"{activation} is no activation; use one of {string.Join(", ", Enum.GetNames<Activation>())}.");
}
