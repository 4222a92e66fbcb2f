using System.Text;
using static ResearchKit.Notebooks.SvgText;

namespace ResearchKit.Notebooks;

/// <summary>
/// Draws a whole figure as one self-contained SVG: title, legend, panels, caption. It is what a reader without
/// scripts sees, what is printed, and what <see cref="Figure.SaveSvg"/> writes.
/// </summary>
internal static class SvgFigure
{
    private const double Edge = 18, TitleSize = 17, LegendSize = 12.5, CaptionSize = 12.5, Gap = 18;

    /// <param name="figure">A cleaned specification.</param>
    /// <param name="id">Prefix for identifiers inside, unique on the page.</param>
    public static string Render(FigureSpec figure, string id)
    {
        var body = new StringBuilder();
        double width = figure.Width, y = Edge + 4;
        foreach (string line in Wrap(figure.Title, TitleSize, width - (2 * Edge), bold: true))
        {
            y += 16;
            body.Text(Edge, y, Escape(line), TitleSize, Style.Text, weight: 650);
            y += 6;
        }

        y += 6;
        foreach (var row in LegendRows(figure))
        {
            double x = Edge;
            y += 17;
            foreach (Layer entry in row)
            {
                Key(body, entry, x, y - 4.5);
                body.Text(x + 34, y, Escape(entry.Name), LegendSize, Style.Text);
                x += EntryWidth(entry);
            }

            y += 4;
        }

        y += 12;
        double cellWidth = (width - (2 * Edge) - (Gap * (figure.Columns - 1))) / figure.Columns, cellHeight = CellHeight(figure);
        for (int i = 0; i < figure.Panels.Count; i++)
        {
            double left = Edge + ((i % figure.Columns) * (cellWidth + Gap)), top = y + ((i / figure.Columns) * (cellHeight + Gap));
            SvgPanel.Draw(body, figure.Panels[i], new(left, top, left + cellWidth, top + cellHeight), $"{id}-c{i}");
        }

        y += (figure.RowCount * (cellHeight + Gap)) - Gap + 4;
        foreach (string line in Wrap(FullCaption(figure), CaptionSize, width - (2 * Edge)))
        {
            y += 17;
            body.Text(Edge, y, Escape(line), CaptionSize, Style.Muted);
        }

        double height = y + Edge;
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"rk-svg\" viewBox=\"0 0 {Px(width)} {Px(height)}\" width=\"{Px(width)}\" height=\"{Px(height)}\" "
            + $"role=\"img\" aria-label=\"{Escape(figure.Title)}\" font-family=\"{Style.Font}\" style=\"max-width:100%;height:auto\"><title>{Escape(figure.Title)}</title>"
            + $"<style>{Style.Css()}</style><rect width=\"100%\" height=\"100%\" class=\"rk-paper\" fill=\"{Style.Paper.Light}\" stroke=\"none\" style=\"stroke:none\"/>{body}</svg>";
    }

    /// <summary>Height of one panel with its labels; panel titles come on top so that all frames stay alike.</summary>
    public static double CellHeight(FigureSpec figure) => figure.PanelHeight;

    /// <summary>Rows that the legend takes at this width.</summary>
    public static IReadOnlyList<IReadOnlyList<Layer>> LegendRows(FigureSpec figure)
    {
        var rows = new List<List<Layer>>();
        double x = double.PositiveInfinity;
        foreach (Layer entry in figure.Legend)
        {
            double w = EntryWidth(entry);
            if (x + w > figure.Width - (2 * Edge)) (x, rows) = (0, [.. rows, []]);
            rows[^1].Add(entry);
            x += w;
        }

        return rows;
    }

    private static double EntryWidth(Layer entry) => 34 + Width(entry.Name, LegendSize) + 20;

    private static string FullCaption(FigureSpec figure)
    {
        int thinned = figure.Panels.Max(p => p.Layers.Select(l => l.X.Length > SvgSeries.PointLimit && l.Kind is LayerKind.Points or LayerKind.Scatter3D ? l.X.Length : 0).DefaultIfEmpty(0).Max());
        return thinned > SvgSeries.PointLimit
            ? $"{figure.FullCaption} The static picture shows {NumberText.Integer(SvgSeries.PointLimit)} of {NumberText.Integer(thinned)} points.".TrimStart()
            : figure.FullCaption;
    }

    private static void Key(StringBuilder svg, Layer entry, double x, double y)
    {
        Look look = Style.Of(entry.Role);
        svg.Group(look.Ink);
        if (entry.Kind is LayerKind.Bars or LayerKind.Band)
        {
            string fill = entry.Kind == LayerKind.Band ? "fill-opacity=\"0.25\" style=\"stroke:none\"" : look.Hollow ? "fill=\"none\" style=\"fill:none\" stroke-width=\"1.6\"" : "style=\"stroke:none\"";
            svg.Append($"<rect x=\"{Px(x + 5)}\" y=\"{Px(y - 5)}\" width=\"18\" height=\"10\" {fill}/>");
        }
        else
        {
            if (entry.Kind == LayerKind.Line) svg.Append($"<path d=\"M{Px(x)} {Px(y)}h28\" {SvgSeries.Stroke(look)}/>");
            if (entry.Kind == LayerKind.ErrorBars) svg.Append($"<path d=\"M{Px(x + 14)} {Px(y - 7)}v14\" stroke-width=\"1.4\"/>");
            if (entry.Kind != LayerKind.Line || entry.Markers)
            {
                var d = new StringBuilder().Outline(look.Marker == Marker.None ? Marker.Circle : look.Marker, x + 14, y, SvgMarkers.Radius * (look.Hollow ? 1.15 : 1));
                svg.Append($"<path d=\"{d}\" {SvgMarkers.Fill(look, false)}/>");
            }
        }

        svg.Append("</g>");
    }
}
