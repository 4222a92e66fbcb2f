namespace ResearchKit;

/// <summary>
/// A vector of doubles as the kernels see it. They are written once over this interface, for vectors of eight
/// (<see cref="VectorPath"/> says in how many registers eight doubles lie), so that every path makes the same
/// operations in the same order: the width does not change a bit.
/// </summary>
/// <remarks>
/// Multiply-adds are fused on every path, in software where a machine has none. Minima and maxima are the native ones:
/// operands must not be NaN, and the sign of a zero is left open.
/// </remarks>
/// <typeparam name="V">The type itself.</typeparam>
internal unsafe interface ILanes<V> where V : struct, ILanes<V>
{
    /// <summary>Doubles.</summary>
    static abstract int Count { get; }

    /// <summary>Eight doubles at p, of any alignment (aligned ones load faster).</summary>
    static abstract V Load(double* p);

    /// <summary>x in every lane.</summary>
    static abstract V Of(double x);

    /// <summary>Writes the lanes to p.</summary>
    void Store(double* p);

    static abstract V operator +(V a, V b);
    static abstract V operator -(V a, V b);
    static abstract V operator -(V a);
    static abstract V operator *(V a, V b);
    static abstract V operator /(V a, V b);

    /// <summary>a b + c, rounded once.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    static abstract V Abs(V a);
    static abstract V Min(V a, V b);
    static abstract V Max(V a, V b);

    /// <summary>Where a is below b the lanes of yes, elsewhere those of no.</summary>
    static abstract V IfLess(V a, V b, V yes, V no);

    static abstract bool AnyLess(V a, V b);

    /// <summary>The first lane in which a equals b; <see cref="Count"/> if there is none.</summary>
    static abstract int FirstEqual(V a, V b);

    /// <summary>Sum of the lanes: the upper half is added to the lower one until a single number is left.</summary>
    static abstract double Sum(V a);

    static abstract double Least(V a);
    static abstract double Greatest(V a);
}
