using System.Diagnostics;

namespace ResearchKit.Notebooks;

/// <summary>
/// A figure computed beforehand at every stop of one knob or two. On a page its sliders move without a kernel and without a
/// network; without scripts it is the picture at the knobs' own values. Made by <see cref="Figure.Over{T}"/>.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class KnobFigure : INotebookHtml
{
    private const int MostStates = 400;
    private readonly FigureSpec[] _states;
    private readonly Knob[] _knobs;

    private KnobFigure(Knob[] knobs, FigureSpec[] states) => (_knobs, _states) = (knobs, states);

    /// <summary>The knobs, in the order of their sliders.</summary>
    public IReadOnlyList<Knob> Knobs => _knobs;

    /// <summary>How many pictures were computed.</summary>
    public int Count => _states.Length;

    /// <summary>The finding at the knobs' own values.</summary>
    public string Title => Own.Title;

    private FigureSpec Own => _states[Index([.. _knobs.Select(k => k.Position)])];

    /// <summary>What the static picture must say that a slider would show.</summary>
    private FigureSpec Still => Own with { Caption = $"{Own.Caption} Shown: {string.Join(", ", _knobs.Select(k => k.ToString()))}.".TrimStart() };

    /// <summary>The picture at the knobs' own values, as SVG.</summary>
    public string ToSvg() => SvgFigure.Render(Still, "rk");

    /// <summary>The fragment that notebooks show, in the process's <see cref="PlotlyAssets.Mode"/>.</summary>
    public string ToHtml() => ToHtml(PlotlyAssets.Mode);

    /// <summary>As <see cref="Figure.ToHtml(PlotlyMode)"/>, with sliders.</summary>
    /// <param name="mode">Where plotly.js comes from.</param>
    public string ToHtml(PlotlyMode mode) => FigureHtml.Fragment(Still, mode, ToPlotlyJson);

    /// <summary>
    /// The pictures as the page's loader reads them: each different series ("traces") and layout once, and for each picture
    /// ("states", the last knob's stops running fastest) which of them it is made of.
    /// </summary>
    public string ToPlotlyJson() => KnobFigureJson.Build(_states, [.. _knobs.Select(k => new ControlSpec(k.Name, k.Unit, k.Labels, k.Position))]);

    /// <summary>Writes the static picture; the file appears whole or not at all.</summary>
    /// <param name="path">File to write; its folder is made.</param>
    /// <returns>This figure.</returns>
    public KnobFigure SaveSvg(string path)
    {
        SafeFile.Write(path, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + ToSvg());
        return this;
    }

    /// <summary>Writes a page with the figure, its sliders and plotly.js inside (about 4 MB), which needs no network.</summary>
    /// <param name="path">File to write; its folder is made.</param>
    /// <returns>This figure.</returns>
    public KnobFigure SaveHtml(string path)
    {
        SafeFile.Write(path, FigureHtml.Page(Still, ToPlotlyJson));
        return this;
    }

    /// <summary>The picture at the knobs' own values in words, and what the sliders offer.</summary>
    public override string ToString() =>
        $"{Figure.Describe(Still)}\nSliders: {string.Join("; ", _knobs.Select(k => $"{k.Name} at {string.Join(", ", k.Labels)}{Knob.Spaced(k.Unit)}"))}";

    internal static KnobFigure Draw(Knob[] knobs, Func<int[], Figure> draw, IProgress<KnobProgress>? progress, CancellationToken cancellation)
    {
        if (knobs.Select(k => k.Name).Distinct().Count() < knobs.Length) throw new ArgumentException($"Both sliders turn '{knobs[0].Name}'; give two knobs.", nameof(knobs));
        int total = knobs.Aggregate(1, (product, k) => checked(product * k.Labels.Count));
        if (total > MostStates)
            throw new ArgumentException($"{string.Join(" times ", knobs.Select(k => $"{k.Labels.Count} stops of {k.Name}"))} are {total} pictures; at most {MostStates} are drawn. Give the knobs fewer stops.", nameof(knobs));

        var figure = new KnobFigure(knobs, new FigureSpec[total]);
        progress ??= new ConsoleKnobProgress();
        int own = figure.Index([.. knobs.Select(k => k.Position)]), done = 0;
        long start = Stopwatch.GetTimestamp();
        // The reader's own values first: they tell what the others will cost.
        foreach (int state in Enumerable.Range(0, total).Where(i => i != own).Prepend(own))
        {
            cancellation.ThrowIfCancellationRequested();
            int[] at = figure.Stops(state);
            Figure drawn = draw(at) ?? throw new InvalidOperationException($"No figure was drawn at {string.Join(", ", knobs.Select((k, i) => $"{k.Name} = {k.Labels[at[i]]}"))}.");
            figure._states[state] = drawn.Drawn;
            progress.Report(new(++done, total, Stopwatch.GetElapsedTime(start)));
        }

        SharedAxes.Apply(figure._states);
        return figure;
    }

    private int Index(int[] stops) => stops.Select((s, k) => (s, k)).Aggregate(0, (index, at) => (index * _knobs[at.k].Labels.Count) + at.s);

    private int[] Stops(int index)
    {
        var stops = new int[_knobs.Length];
        for (int k = _knobs.Length - 1; k >= 0; k--) (index, stops[k]) = Math.DivRem(index, _knobs[k].Labels.Count);
        return stops;
    }
}
