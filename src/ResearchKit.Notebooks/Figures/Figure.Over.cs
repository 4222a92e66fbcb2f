namespace ResearchKit.Notebooks;

public sealed partial class Figure
{
    /// <summary>One figure for every stop of a knob, computed now, with a slider between them that needs no kernel.</summary>
    /// <typeparam name="T">The knob's type.</typeparam>
    /// <param name="knob">The knob; its value is shown first, and in the static picture.</param>
    /// <param name="draw">Draws one figure. Axes get the limits that all figures together need, unless it sets them.</param>
    /// <param name="progress">Told after every picture; by default the console is, where the whole takes more than seconds.</param>
    /// <param name="cancellation">Stops between two pictures.</param>
    /// <remarks>
    /// Costs: one call of <paramref name="draw"/> per stop, the value's own first, so that its time tells what the rest will
    /// take. A page grows by the series that differ between the pictures, about 20 bytes per point; those that stay the same
    /// are written once. At most 400 pictures.
    /// </remarks>
    /// <exception cref="ArgumentException">The knobs have more than 400 stops together.</exception>
    public static KnobFigure Over<T>(Knob<T> knob, Func<T, Figure> draw, IProgress<KnobProgress>? progress = null, CancellationToken cancellation = default)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(knob);
        ArgumentNullException.ThrowIfNull(draw);
        return KnobFigure.Draw([knob], at => draw(knob.Stops[at[0]]), progress, cancellation);
    }

    /// <summary>One figure for every pair of stops of two knobs, with two sliders; as <see cref="Over{T}"/> otherwise.</summary>
    /// <typeparam name="T1">The first knob's type.</typeparam>
    /// <typeparam name="T2">The second knob's type.</typeparam>
    /// <param name="first">The upper slider.</param>
    /// <param name="second">The lower slider.</param>
    /// <param name="draw">Draws one figure.</param>
    /// <param name="progress">Told after every picture.</param>
    /// <param name="cancellation">Stops between two pictures.</param>
    /// <exception cref="ArgumentException">The knobs have more than 400 pairs of stops, or are the same knob.</exception>
    public static KnobFigure Over<T1, T2>(Knob<T1> first, Knob<T2> second, Func<T1, T2, Figure> draw, IProgress<KnobProgress>? progress = null, CancellationToken cancellation = default)
        where T1 : notnull
        where T2 : notnull
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(draw);
        return KnobFigure.Draw([first, second], at => draw(first.Stops[at[0]], second.Stops[at[1]]), progress, cancellation);
    }
}
