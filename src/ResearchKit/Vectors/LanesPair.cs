using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>Twice as many doubles as H has, the lower half first: eight doubles where registers hold fewer.</summary>
/// <typeparam name="H">A half.</typeparam>
internal readonly unsafe struct LanesPair<H>(H lower, H upper) : ILanes<LanesPair<H>> where H : struct, ILanes<H>
{
    private readonly H lo = lower;
    private readonly H hi = upper;

    public static int Count => 2 * H.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> Load(double* p) => new(H.Load(p), H.Load(p + H.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> Of(double x)
    {
        H half = H.Of(x);
        return new(half, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(double* p)
    {
        lo.Store(p);
        hi.Store(p + H.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> operator +(LanesPair<H> a, LanesPair<H> b) => new(a.lo + b.lo, a.hi + b.hi);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> operator -(LanesPair<H> a, LanesPair<H> b) => new(a.lo - b.lo, a.hi - b.hi);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> operator -(LanesPair<H> a) => new(-a.lo, -a.hi);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> operator *(LanesPair<H> a, LanesPair<H> b) => new(a.lo * b.lo, a.hi * b.hi);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> operator /(LanesPair<H> a, LanesPair<H> b) => new(a.lo / b.lo, a.hi / b.hi);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> MultiplyAdd(LanesPair<H> a, LanesPair<H> b, LanesPair<H> c) => new(H.MultiplyAdd(a.lo, b.lo, c.lo), H.MultiplyAdd(a.hi, b.hi, c.hi));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> Abs(LanesPair<H> a) => new(H.Abs(a.lo), H.Abs(a.hi));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> Min(LanesPair<H> a, LanesPair<H> b) => new(H.Min(a.lo, b.lo), H.Min(a.hi, b.hi));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> Max(LanesPair<H> a, LanesPair<H> b) => new(H.Max(a.lo, b.lo), H.Max(a.hi, b.hi));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<H> IfLess(LanesPair<H> a, LanesPair<H> b, LanesPair<H> yes, LanesPair<H> no)
        => new(H.IfLess(a.lo, b.lo, yes.lo, no.lo), H.IfLess(a.hi, b.hi, yes.hi, no.hi));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(LanesPair<H> a, LanesPair<H> b) => H.AnyLess(a.lo, b.lo) || H.AnyLess(a.hi, b.hi);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstEqual(LanesPair<H> a, LanesPair<H> b)
    {
        int at = H.FirstEqual(a.lo, b.lo);
        return at < H.Count ? at : H.Count + H.FirstEqual(a.hi, b.hi);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(LanesPair<H> a) => H.Sum(a.lo + a.hi);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Least(LanesPair<H> a) => H.Least(H.Min(a.lo, a.hi));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Greatest(LanesPair<H> a) => H.Greatest(H.Max(a.lo, a.hi));
}
