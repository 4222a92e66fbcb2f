using System.Text;
using static ResearchKit.Notebooks.SvgText;

namespace ResearchKit.Notebooks;

/// <summary>Draws one series between flat axes.</summary>
internal static class SvgSeries
{
    /// <summary>More points than this are thinned in the static picture (the interactive one has them all).</summary>
    public const int PointLimit = 4000;

    public static void Draw(StringBuilder svg, Layer layer, PanelSpec panel, AxisScale x, AxisScale y, Frame frame)
    {
        Look look = Style.Of(layer.Role);
        svg.Group(look.Ink);
        switch (layer.Kind)
        {
            case LayerKind.Line:
                Line(svg, layer, look, x, y);
                if (layer.Markers) Markers(svg, layer, look, x, y);
                break;
            case LayerKind.Points: Markers(svg, layer, look, x, y); break;
            case LayerKind.Band: Band(svg, layer, x, y, frame); break;
            case LayerKind.ErrorBars:
                Whiskers(svg, layer, x, y, frame);
                Markers(svg, layer, look, x, y);
                break;
            case LayerKind.Bars: Bars(svg, layer, panel, x, y, frame); break;
            case LayerKind.Heatmap: Cells(svg, layer, x, y); break;
        }

        svg.Append("</g>");
    }

    private static void Line(StringBuilder svg, Layer layer, Look look, AxisScale x, AxisScale y)
    {
        var d = new StringBuilder();
        bool pen = false;
        foreach (int i in LineIndices(layer))
        {
            double px = x[layer.X[i]], py = y[layer.Y[i]];
            if (!double.IsFinite(px) || !double.IsFinite(py)) { pen = false; continue; }
            d.Append(pen ? 'L' : 'M').Append(Px(px)).Append(' ').Append(Px(py));
            pen = true;
        }

        svg.Append($"<path d=\"{d}\" style=\"fill:none\" fill=\"none\" {Stroke(look)}/>");
    }

    /// <summary>All indices of a short line; of a long one the lowest and highest of each stretch and every gap, so that spikes survive.</summary>
    private static IEnumerable<int> LineIndices(Layer layer)
    {
        int n = layer.X.Length, stretch = n / (PointLimit / 2);
        if (n <= PointLimit) return Enumerable.Range(0, n);
        var kept = new SortedSet<int> { 0, n - 1 };
        for (int from = 0; from < n; from += stretch)
        {
            int low = from, high = from;
            for (int i = from; i < Math.Min(from + stretch, n); i++)
            {
                if (double.IsNaN(layer.Y[i])) kept.Add(i);
                if (layer.Y[i] < layer.Y[low] || double.IsNaN(layer.Y[low])) low = i;
                if (layer.Y[i] > layer.Y[high] || double.IsNaN(layer.Y[high])) high = i;
            }

            kept.Add(low);
            kept.Add(high);
        }

        return kept;
    }

    public static string Stroke(Look look)
    {
        string dash = Style.DashArray(look.Dash, look.Width);
        string cap = look.Dash == Dash.Dotted ? "round" : "butt";
        return $"stroke-width=\"{Px(look.Width)}\" stroke-linejoin=\"round\" stroke-linecap=\"{cap}\"" + (dash.Length > 0 ? $" stroke-dasharray=\"{dash}\"" : "");
    }

    private static void Markers(StringBuilder svg, Layer layer, Look look, AxisScale x, AxisScale y)
    {
        var d = new StringBuilder();
        Marker marker = look.Marker == Marker.None ? Marker.Circle : look.Marker;
        int n = layer.X.Length;
        double usual = SvgMarkers.Radius * (n > 1000 ? 0.45 : n > 200 ? 0.7 : look.Hollow ? 1.15 : 1);
        var radius = SvgMarkers.Radii(layer, usual);
        foreach (int i in SvgMarkers.Thinned(n, PointLimit))
        {
            double px = x[layer.X[i]], py = y[layer.Y[i]];
            if (double.IsFinite(px) && double.IsFinite(py)) d.Outline(marker, px, py, Math.Max(radius(i), 0.35));
        }

        svg.Append($"<path d=\"{d}\" {SvgMarkers.Fill(look, n > 200 || layer.Weights.Length > 0)}/>");
    }

    private static void Band(StringBuilder svg, Layer layer, AxisScale x, AxisScale y, Frame frame)
    {
        var d = new StringBuilder();
        var below = new List<(double X, double Y)>();
        void Close()
        {
            for (int i = below.Count - 1; i >= 0; i--) d.Append($"L{Px(below[i].X)} {Px(below[i].Y)}");
            if (below.Count > 0) d.Append('z');
            below.Clear();
        }

        for (int i = 0; i < layer.X.Length; i++)
        {
            double px = x[layer.X[i]], top = y[layer.Upper[i]], bottom = double.IsNaN(layer.Lower[i]) ? frame.Bottom : y[layer.Lower[i]];
            if (!double.IsFinite(px) || !double.IsFinite(top)) { Close(); continue; }
            d.Append($"{(below.Count == 0 ? 'M' : 'L')}{Px(px)} {Px(top)}");
            below.Add((px, bottom));
        }

        Close();
        svg.Append($"<path d=\"{d}\" style=\"stroke:none\" stroke=\"none\" fill-opacity=\"0.18\"/>");
    }

    private static void Whiskers(StringBuilder svg, Layer layer, AxisScale x, AxisScale y, Frame frame)
    {
        var d = new StringBuilder();
        for (int i = 0; i < layer.X.Length; i++)
        {
            double px = x[layer.X[i]], py = y[layer.Y[i]], top = y[layer.Upper[i]];
            double bottom = double.IsNaN(layer.Lower[i]) ? frame.Bottom : y[layer.Lower[i]];
            if (!double.IsFinite(px) || !double.IsFinite(py)) continue;
            if (!double.IsFinite(top)) top = py;
            d.Append($"M{Px(px)} {Px(top)}V{Px(bottom)}M{Px(px - 4)} {Px(top)}h8");
            if (!double.IsNaN(layer.Lower[i])) d.Append($"M{Px(px - 4)} {Px(bottom)}h8");
        }

        svg.Append($"<path d=\"{d}\" style=\"fill:none\" fill=\"none\" stroke-width=\"1.4\"/>");
    }

    private static void Bars(StringBuilder svg, Layer layer, PanelSpec panel, AxisScale x, AxisScale y, Frame frame)
    {
        var groups = panel.Layers.Where(l => l.Kind == LayerKind.Bars).ToList();
        double slot = Math.Abs(x[1] - x[0]), width = slot * 0.78 / groups.Count;
        double offset = (groups.IndexOf(layer) * width) - (slot * 0.39);
        double floor = y.Log ? frame.Bottom : Math.Clamp(y[0], frame.Top, frame.Bottom);
        var d = new StringBuilder();
        for (int i = 0; i < layer.Y.Length; i++)
        {
            double top = y[layer.Y[i]];
            if (double.IsFinite(top)) d.Append($"M{Px(x[i] + offset + (width * 0.04))} {Px(floor)}V{Px(top)}h{Px(width * 0.92)}V{Px(floor)}z");
        }

        Look look = Style.Of(layer.Role);
        svg.Append(look.Hollow
            ? $"<path d=\"{d}\" style=\"fill:none\" fill=\"none\" stroke-width=\"1.6\"/>"
            : $"<path d=\"{d}\" style=\"stroke:none\" stroke=\"none\"/>");
    }

    private static void Cells(StringBuilder svg, Layer layer, AxisScale x, AxisScale y)
    {
        var (low, high) = ColourBar.Range(layer);
        double[] xs = ColourBar.Edges(layer.X, x.Log), ys = ColourBar.Edges(layer.Y, y.Log);
        svg.Append("<g stroke=\"none\" style=\"stroke:none\" shape-rendering=\"crispEdges\">");
        for (int r = 0; r < layer.Grid.Length; r++)
        {
            for (int c = 0; c < layer.Grid[r].Length; c++)
            {
                double z = layer.LogColour ? Math.Log10(layer.Grid[r][c]) : layer.Grid[r][c];
                if (!double.IsFinite(z)) continue;
                double left = x[xs[c]], right = x[xs[c + 1]], top = y[ys[r + 1]], bottom = y[ys[r]];
                string fill = Style.Scale((z - low) / (high - low));
                svg.Append($"<path d=\"M{Px(left)} {Px(top)}H{Px(right)}V{Px(bottom)}H{Px(left)}z\" fill=\"{fill}\" style=\"fill:{fill}\"/>");
            }
        }

        svg.Append("</g>");
    }
}
