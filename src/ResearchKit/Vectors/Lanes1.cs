using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>One double: the path without vectors.</summary>
internal readonly unsafe struct Lanes1(double value) : ILanes<Lanes1>
{
    private readonly double v = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(double* p) => new(*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Of(double x) => new(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(double* p) => *p = v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(Math.FusedMultiplyAdd(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Abs(Lanes1 a) => new(Math.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Min(Lanes1 a, Lanes1 b) => new(double.MinNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Max(Lanes1 a, Lanes1 b) => new(double.MaxNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 IfLess(Lanes1 a, Lanes1 b, Lanes1 yes, Lanes1 no) => a.v < b.v ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(Lanes1 a, Lanes1 b) => a.v < b.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstEqual(Lanes1 a, Lanes1 b) => a.v == b.v ? 0 : 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes1 a) => a.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Least(Lanes1 a) => a.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Greatest(Lanes1 a) => a.v;
}
