using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ResearchKit.Notebooks;

/// <summary>
/// A parameter of a notebook that a reader is invited to turn: its value, what it may be, and what it means. The value
/// itself stays a plain variable of the parameters cell, which <c>-p name=value</c> sets and a live kernel reruns.
/// </summary>
/// <example>
/// <code>
/// // parameters
/// int degree = 4;         // k, highest degree of the moments
///
/// // the next cell
/// var k = Knob.Range(degree, 1, 8, "highest degree of the moments that are kept");
/// Knobs.Of(k)
///
/// // any cell: a picture with a slider
/// Figure.Over(k, degree => new Figure($"Error at degree {degree}") ... )
/// </code>
/// </example>
public abstract partial class Knob
{
    private protected Knob(string name, string meaning, string unit)
    {
        if (!Identifier().IsMatch(name))
            throw new ArgumentException($"A knob is named by the variable that it turns, but '{name}' is no variable. Declare one in the parameters cell, or give the name.", nameof(name));
        if (string.IsNullOrWhiteSpace(meaning)) throw new ArgumentException($"The knob '{name}' needs a meaning: one phrase that tells a reader what it does.", nameof(meaning));
        (Name, Meaning, Unit) = (name, meaning, unit ?? "");
    }

    /// <summary>The variable.</summary>
    public string Name { get; }

    /// <summary>What turning it does, in one phrase.</summary>
    public string Meaning { get; }

    /// <summary>Unit of the value; empty for counts and choices.</summary>
    public string Unit { get; }

    /// <summary>The value as text, without its unit.</summary>
    public abstract string ValueText { get; }

    /// <summary>What the value may be, as text: "1 to 8", "a, b or c".</summary>
    public abstract string Allowed { get; }

    /// <summary>Labels of the stops at which a figure is computed beforehand.</summary>
    internal abstract IReadOnlyList<string> Labels { get; }

    /// <summary>Which stop is the value's.</summary>
    internal abstract int Position { get; }

    /// <summary>A number within limits, both included.</summary>
    /// <typeparam name="T">The number's type.</typeparam>
    /// <param name="value">The variable.</param>
    /// <param name="min">Least value.</param>
    /// <param name="max">Largest value.</param>
    /// <param name="meaning">What turning it does, in one phrase.</param>
    /// <param name="unit">Unit, if it has one.</param>
    /// <param name="stops">
    /// Values at which a slider stops; the current one is added. By default all of up to 21 whole numbers, else nine
    /// values, evenly spaced or, where <paramref name="max"/> is 50 times <paramref name="min"/> or more, in equal ratios.
    /// </param>
    /// <param name="name">The variable's name, found by the compiler.</param>
    /// <exception cref="ArgumentException">The value or a stop is outside, or the limits do not run upwards; the message says what would do.</exception>
    public static Knob<T> Range<T>(T value, T min, T max, string meaning, string unit = "", IEnumerable<T>? stops = null, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, INumber<T>
    {
        if (!T.IsFinite(min) || !T.IsFinite(max) || min >= max)
            throw new ArgumentException($"The limits of '{name}' run from {KnobText.Of(min)} to {KnobText.Of(max)}; they must be finite and run upwards.", nameof(min));
        string allowed = $"{KnobText.Of(min)} to {KnobText.Of(max)}";
        bool Inside(T v) => v >= min && v <= max;
        if (!Inside(value))
            throw new ArgumentException(KnobText.Refusal(name, KnobText.Of(value), $"it must be {(KnobStops.IsWhole<T>() ? "a whole number" : "a number")} from {allowed}{Spaced(unit)}"), nameof(value));
        T[] at = stops is null ? KnobStops.Between(min, max) : [.. stops];
        foreach (T stop in at)
            if (!Inside(stop)) throw new ArgumentException($"The stop {KnobText.Of(stop)} of '{name}' is outside {allowed}.", nameof(stops));
        return new(name, meaning, unit, value, [.. at.Append(value).Distinct().Order()], allowed);
    }

    /// <summary>One of several values.</summary>
    /// <typeparam name="T">Their type: text, a number, an enumeration.</typeparam>
    /// <param name="value">The variable.</param>
    /// <param name="choices">At least two different values, in the order shown.</param>
    /// <param name="meaning">What turning it does, in one phrase.</param>
    /// <param name="name">The variable's name, found by the compiler.</param>
    /// <exception cref="ArgumentException">The value is none of the choices, or they are too few or repeat.</exception>
    public static Knob<T> Choice<T>(T value, IEnumerable<T> choices, string meaning, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : notnull
    {
        T[] all = [.. choices ?? throw new ArgumentNullException(nameof(choices))];
        if (all.Length < 2 || all.Distinct().Count() < all.Length)
            throw new ArgumentException($"The choices of '{name}' are {KnobText.List(all)}; at least two different ones are needed.", nameof(choices));
        if (!all.Contains(value)) throw new ArgumentException(KnobText.Refusal(name, KnobText.Quoted(value), $"it must be {KnobText.List(all)}"), nameof(value));
        return new(name, meaning, "", value, all, string.Join(" or ", (string[])[string.Join(", ", all[..^1].Select(KnobText.Of)), KnobText.Of(all[^1])]));
    }

    /// <summary>Yes or no.</summary>
    /// <param name="value">The variable.</param>
    /// <param name="meaning">What true means, in one phrase.</param>
    /// <param name="name">The variable's name, found by the compiler.</param>
    public static Knob<bool> Switch(bool value, string meaning, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Choice(value, [false, true], meaning, name);

    /// <summary>"degree = 4", with its unit.</summary>
    public override string ToString() => $"{Name} = {ValueText}{Spaced(Unit)}";

    internal static string Spaced(string unit) => string.IsNullOrEmpty(unit) ? "" : " " + unit;

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_]*\z")]
    private static partial Regex Identifier();
}

/// <summary>A knob whose value has a type, as <see cref="Figure.Over{T}"/> needs it.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class Knob<T> : Knob
    where T : notnull
{
    internal Knob(string name, string meaning, string unit, T value, T[] stops, string allowed) : base(name, meaning, unit) =>
        (Value, Stops, Allowed) = (value, stops, allowed);

    /// <summary>The value in the parameters cell.</summary>
    public T Value { get; }

    /// <summary>The values that a slider offers, the current one among them.</summary>
    public IReadOnlyList<T> Stops { get; }

    /// <inheritdoc/>
    public override string ValueText => KnobText.Of(Value);

    /// <inheritdoc/>
    public override string Allowed { get; }

    internal override IReadOnlyList<string> Labels => [.. Stops.Select(KnobText.Of)];

    internal override int Position => Stops.Index().First(s => s.Item.Equals(Value)).Index;
}
