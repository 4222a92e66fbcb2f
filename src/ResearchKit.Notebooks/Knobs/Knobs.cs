namespace ResearchKit.Notebooks;

/// <summary>
/// The knobs of a notebook: shown as a table of name, value, range and meaning. Making one checks every value, so that a
/// wrong one stops a run in its first cell.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class Knobs : INotebookHtml
{
    private readonly Knob[] _all;

    private Knobs(Knob[] all) => _all = all;

    /// <summary>The knobs, in the order given.</summary>
    public IReadOnlyList<Knob> All => _all;

    /// <summary>Puts knobs together.</summary>
    /// <param name="knobs">At least one; no two of the same name.</param>
    /// <exception cref="ArgumentException">There is none, or two turn the same variable.</exception>
    public static Knobs Of(params Knob[] knobs)
    {
        ArgumentNullException.ThrowIfNull(knobs);
        if (knobs.Length == 0) throw new ArgumentException("Give at least one knob, as Knob.Range(degree, 1, 8, \"highest degree\").", nameof(knobs));
        if (knobs.GroupBy(k => k.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two knobs turn '{twice.Key}'; keep one of them.", nameof(knobs));
        return new([.. knobs]);
    }

    /// <summary>The knobs as a table.</summary>
    public Table ToTable() => Table.Of(
        ("knob", _all.Select(k => k.Name)),
        ("value", _all.Select(k => k.ValueText + Knob.Spaced(k.Unit))),
        ("range", _all.Select(k => k.Allowed)),
        ("what it does", _all.Select(k => k.Meaning)))
        .Limit(_all.Length)
        .Caption("Set a value in the parameters cell and run on from there, or pass -p name=value on the command line.");

    /// <summary>The table as HTML.</summary>
    public string ToHtml() => ToTable().ToHtml();

    /// <summary>The table as text.</summary>
    public override string ToString() => ToTable().ToString();
}
