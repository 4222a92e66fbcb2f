using System.Globalization;
using System.Runtime.Intrinsics;

namespace ResearchKit;

/// <summary>
/// The vector width that the moment and reduction kernels use, decided once: the widest that the machine has, or the one
/// that the environment variable <see cref="Variable"/> names.
/// </summary>
internal static class VectorPath
{
    /// <summary>Forces a path: scalar, 128, 256 or 512 (bits).</summary>
    public const string Variable = "RESEARCHKIT_VECTOR";

    /// <summary>Bits of all paths, 64 being the one without vectors.</summary>
    public static readonly int[] All = [64, 128, 256, 512];

    private static readonly VectorKernels[] Kernels =
        [new VectorKernels<LanesPair<LanesPair<LanesPair<Lanes1>>>>(), new VectorKernels<LanesPair<LanesPair<Lanes2>>>(), new VectorKernels<LanesPair<Lanes4>>(), new VectorKernels<Lanes8>()];

    private static VectorKernels? current;

    /// <summary>Bits of the widest vectors that the machine's instructions work on.</summary>
    public static int Widest => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;

    /// <summary>Bits of the path in use.</summary>
    public static int Bits => All[Array.IndexOf(Kernels, Current)];

    /// <summary>The kernels of the path in use.</summary>
    /// <exception cref="NotSupportedException">The environment variable names no path, or one that the machine lacks.</exception>
    public static VectorKernels Current => current ??= Of(Chosen(Environment.GetEnvironmentVariable(Variable), Widest));

    /// <summary>The kernels of a path; one wider than <see cref="Widest"/> works too, slowly.</summary>
    public static VectorKernels Of(int bits) => Kernels[Array.IndexOf(All, bits)];

    /// <summary>Bits of the path that a value of the environment variable chooses.</summary>
    /// <param name="value">The variable's value, null or empty where it is not set.</param>
    /// <param name="widest">What the machine has.</param>
    public static int Chosen(string? value, int widest)
    {
        if (string.IsNullOrEmpty(value)) return widest;
        int at = Array.FindIndex(All, bits => Name(bits) == value);
        if (at >= 0 && All[at] <= widest) return All[at];
        string allowed = string.Join(", ", All.Where(bits => bits <= widest).Select(Name));
        throw new NotSupportedException(at < 0
            ? $"The environment variable {Variable} is '{value}'; it must be one of {allowed}. Unset it to take the widest vectors of this machine."
            : $"The environment variable {Variable} asks for vectors of {value} bits, but this machine has {allowed}. Take one of these, or unset it to take the widest.");
    }

    /// <summary>Changes the path of the whole process until the result is disposed: for tests and measurements. Results keep their bits.</summary>
    public static IDisposable Force(int bits)
    {
        VectorKernels before = Current;
        current = Of(bits);
        return new Forced(before);
    }

    private static string Name(int bits) => bits == 64 ? "scalar" : bits.ToString(CultureInfo.InvariantCulture);

    private sealed class Forced(VectorKernels before) : IDisposable
    {
        public void Dispose() => current = before;
    }
}
