using System.Text;

namespace ResearchKit.Notebooks;

public sealed partial class Figure
{
    /// <summary>The complete static picture as SVG; it follows the reader's light or dark theme by itself.</summary>
    public string ToSvg() => SvgFigure.Render(Drawn, "rk");

    /// <summary>The fragment that notebooks show, in the process's <see cref="PlotlyAssets.Mode"/>.</summary>
    public string ToHtml() => ToHtml(PlotlyAssets.Mode);

    /// <summary>
    /// An HTML fragment: the static picture, and unless <paramref name="mode"/> is <see cref="PlotlyMode.None"/> the
    /// data and a loader that puts the interactive chart in its place as soon as plotly.js is on the page.
    /// </summary>
    /// <param name="mode">Where plotly.js comes from.</param>
    public string ToHtml(PlotlyMode mode) => FigureHtml.Fragment(Drawn, mode);

    /// <summary>Plotly's own JSON of the chart: data, layout, config.</summary>
    public string ToPlotlyJson() => PlotlyContext.Current.Call(nameof(PlotlyBridge.Build), Drawn.ToJson());

    /// <summary>The text of plotly.min.js, for pages that supply it once.</summary>
    public static string PlotlyScript => PlotlyAssets.GetScript();

    /// <summary>Writes the static picture; the file appears whole or not at all.</summary>
    /// <param name="path">File to write; its folder is made.</param>
    /// <returns>This figure.</returns>
    public Figure SaveSvg(string path)
    {
        SafeFile.Write(path, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + ToSvg());
        return this;
    }

    /// <summary>Writes a page with the chart and plotly.js inside (about 4 MB), which needs no network.</summary>
    /// <param name="path">File to write; its folder is made.</param>
    /// <returns>This figure.</returns>
    public Figure SaveHtml(string path)
    {
        SafeFile.Write(path, FigureHtml.Page(Drawn));
        return this;
    }

    /// <summary>A summary in plain text: title, axes, and for each series its size and range.</summary>
    public override string ToString() => Describe(Drawn);

    internal static string Describe(FigureSpec figure)
    {
        var text = new StringBuilder(figure.Title);
        foreach (PanelSpec panel in figure.Panels)
        {
            if (panel.Title.Length > 0) text.Append("\n[").Append(panel.Title).Append(']');
            if (panel.X.Label.Length + panel.Y.Label.Length > 0)
                text.Append($"\n  {panel.Y.Label}{(panel.Y.Log ? " (log)" : "")} against {panel.X.Label}{(panel.X.Log ? " (log)" : "")}");
            foreach (Layer layer in panel.Layers)
            {
                double[] shown = [.. (layer.Grid.Length > 0 ? layer.Grid.SelectMany(r => r) : layer.Z.Length > 0 ? layer.Z : layer.Kind == LayerKind.Band ? layer.Upper : layer.Y).Where(double.IsFinite)];
                int n = layer.Grid.Length > 0 ? layer.Grid.Length * layer.Grid[0].Length : layer.X.Length;
                text.Append($"\n  {(layer.Name.Length > 0 ? layer.Name : "series")}: {n} {(n == 1 ? "point" : "points")}");
                if (shown.Length > 0) text.Append($", {NumberText.Of(shown.Min(), 3)} to {NumberText.Of(shown.Max(), 3)}");
            }
        }

        return figure.FullCaption.Length > 0 ? text.Append('\n').Append(figure.FullCaption).ToString() : text.ToString();
    }
}
