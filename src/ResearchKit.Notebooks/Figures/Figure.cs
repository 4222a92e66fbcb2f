namespace ResearchKit.Notebooks;

/// <summary>
/// The project's one chart type. A figure states its finding as the title, draws series by their
/// <see cref="Role"/>, and shows itself in notebooks as a complete static picture that becomes interactive where
/// scripts run. Every method returns a new figure; the original is unchanged.
/// </summary>
/// <example>
/// <code>
/// new Figure("Error falls as d'^-(k+1)/m")
///     .X("objects d", log: true).Y("error |f' - f|", log: true)
///     .Line("ours", d, error, Role.Compressed)
///     .Points("authors", dPaper, errorPaper, Role.Authors)
///     .Theory("slope -2.5", d, line)
///     .Caption("m = 3, k = 5; geometric mean of 20 trials.");
/// </code>
/// </example>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed partial class Figure : INotebookHtml
{
    private readonly FigureSpec _spec;

    /// <summary>An empty figure.</summary>
    /// <param name="title">The finding, as one short sentence.</param>
    /// <exception cref="ArgumentException">The title is empty: a figure without a finding has no place.</exception>
    public Figure(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        _spec = new(title, "", [new("", new(""), new(""), new(""), [])], 1, 760, 400);
    }

    private Figure(FigureSpec spec) => _spec = spec;

    /// <summary>The finding.</summary>
    public string Title => _spec.Title;

    /// <summary>What had to be left out of the picture (gaps, values that a log axis cannot show), one sentence each.</summary>
    public IReadOnlyList<string> Notes => [.. Drawn.Panels.SelectMany(p => p.Notes)];

    /// <summary>The specification with undrawable values turned into counted gaps.</summary>
    internal FigureSpec Drawn => _spec with { Panels = [.. _spec.Panels.Select(LayerCheck.Clean)] };

    /// <summary>Labels the x axis.</summary>
    /// <param name="label">Quantity and unit.</param>
    /// <param name="log">Logarithmic to base 10.</param>
    /// <param name="min">Lower limit; the data decide if absent.</param>
    /// <param name="max">Upper limit; the data decide if absent.</param>
    public Figure X(string label, bool log = false, double? min = null, double? max = null) =>
        Panel(p => p with { X = Axis(label, log, min, max) });

    /// <summary>Labels the y axis.</summary>
    /// <param name="label">Quantity and unit.</param>
    /// <param name="log">Logarithmic to base 10.</param>
    /// <param name="min">Lower limit; the data decide if absent.</param>
    /// <param name="max">Upper limit; the data decide if absent.</param>
    public Figure Y(string label, bool log = false, double? min = null, double? max = null) =>
        Panel(p => p with { Y = Axis(label, log, min, max) });

    /// <summary>Labels the z axis of a spatial figure, or the colours of a heat map.</summary>
    /// <param name="label">Quantity and unit.</param>
    public Figure Z(string label) => Panel(p => p with { Z = new(label) });

    /// <summary>Sets the text under the figure: data, settings, number of trials.</summary>
    /// <param name="text">One or two sentences.</param>
    public Figure Caption(string text) => new(_spec with { Caption = text ?? "" });

    /// <summary>Sets the size in pixels at which the figure is laid out; it scales to narrower pages.</summary>
    /// <param name="width">Width of the whole figure, 240 to 2000.</param>
    /// <param name="height">Height of one panel of axes, 120 to 2000.</param>
    public Figure Size(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 240);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 2000);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 120);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 2000);
        return new(_spec with { Width = width, PanelHeight = height });
    }

    /// <summary>Small multiples: the figures side by side, their titles over the panels, one legend for all.</summary>
    /// <param name="title">The finding that the panels support together.</param>
    /// <param name="figures">One figure per panel, read row by row; captions other than this figure's own are dropped.</param>
    /// <param name="columns">Panels in a row, 1 to 6.</param>
    public static Figure Grid(string title, IEnumerable<Figure> figures, int columns)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, 6);
        Figure[] all = [.. figures];
        if (all.Length == 0) throw new ArgumentException("A grid needs at least one figure.", nameof(figures));
        if (all.Any(f => f._spec.Panels.Count > 1)) throw new ArgumentException("A grid of grids is not drawn: list the panels themselves.", nameof(figures));
        columns = Math.Min(columns, all.Length);
        // Two columns fit a page's text width; more columns get a wider figure and lower panels.
        int height = all.Any(f => f._spec.Panels[0].IsSpatial) ? 330 : columns == 1 ? 300 : 250;
        return new(new FigureSpec(title, "", [.. all.Select(f => f._spec.Panels[0] with { Title = f.Title })], columns,
            Math.Clamp(columns * 340, 760, 1120), height));
    }

    /// <summary>Small multiples whose title is the first figure's.</summary>
    /// <param name="figures">One figure per panel, read row by row.</param>
    /// <param name="columns">Panels in a row, 1 to 6.</param>
    public static Figure Grid(IEnumerable<Figure> figures, int columns)
    {
        Figure[] all = [.. figures ?? throw new ArgumentNullException(nameof(figures))];
        return Grid(all.Length > 0 ? all[0].Title : "empty", all, columns);
    }

    private static AxisSpec Axis(string label, bool log, double? min, double? max)
    {
        if (log && (min <= 0 || max <= 0)) throw new ArgumentException($"The limits of a logarithmic axis are positive; '{label}' got {min} to {max}.");
        if (min >= max) throw new ArgumentException($"The limits of axis '{label}' run upwards; got {min} to {max}.");
        return new(label ?? "", log, min, max);
    }

    /// <summary>Applies a change to the axes and checks at once, so that an error points to the call that made it.</summary>
    private Figure Panel(Func<PanelSpec, PanelSpec> change)
    {
        if (_spec.Panels.Count > 1) throw new InvalidOperationException("A grid's panels are finished: add axes and series to the figures before Figure.Grid.");
        PanelSpec panel = change(_spec.Panels[0]);
        LayerCheck.Clean(panel);
        return new(_spec with { Panels = [panel] });
    }
}
