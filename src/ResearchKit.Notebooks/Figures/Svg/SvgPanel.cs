using System.Text;
using static ResearchKit.Notebooks.SvgText;

namespace ResearchKit.Notebooks;

/// <summary>The rectangle between the axes, in pixels.</summary>
internal readonly record struct Frame(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;
    public double Height => Bottom - Top;
}

/// <summary>Draws one pair of flat axes with all its series.</summary>
internal static class SvgPanel
{
    private const double TickSize = 12, LabelSize = 13;

    /// <summary>Draws into the cell given (outer edges, room for labels included).</summary>
    public static void Draw(StringBuilder svg, PanelSpec panel, Frame cell, string clipId)
    {
        double top = cell.Top + 4;
        foreach (string line in Wrap(panel.Title, 13.5, cell.Width - 8, bold: true))
        {
            top += 16;
            svg.Text(cell.Left, top, Escape(line), 13.5, Style.Text, weight: 600);
        }

        if (panel.Title.Length > 0) top += 10;
        if (panel.IsSpatial)
        {
            SvgSpace.Draw(svg, panel, cell with { Top = top });
            return;
        }

        var (xMin, xMax) = XLimits(panel);
        var (yMin, yMax) = YLimits(panel);
        Layer? heat = panel.Layers.FirstOrDefault(l => l.HasColourBar);
        double bottom = cell.Bottom - (panel.X.Label.Length > 0 ? 48 : 26);
        int yTicks = Math.Clamp((int)((bottom - top) / 34), 3, 8);
        var y = new AxisScale(yMin, yMax, panel.Y.Log, bottom, top);
        double widest = y.Ticks(yTicks).Select(t => Width(t.Label, TickSize)).DefaultIfEmpty(0).Max();
        double left = cell.Left + widest + 12 + (panel.Y.Label.Length > 0 ? 24 : 4);
        double right = cell.Right - (heat is null ? 14 : ColourBar.Room);
        var frame = new Frame(left, top, right, bottom);
        var x = new AxisScale(xMin, xMax, panel.X.Log, left, right);

        Axes(svg, panel, x, y, yTicks, frame, cell, heat is null);
        svg.Append($"<clipPath id=\"{clipId}\"><rect x=\"{Px(left)}\" y=\"{Px(top - 1)}\" width=\"{Px(frame.Width)}\" height=\"{Px(frame.Height + 2)}\"/></clipPath><g clip-path=\"url(#{clipId})\">");
        foreach (Layer layer in panel.Layers.OrderBy(Order)) SvgSeries.Draw(svg, layer, panel, x, y, frame);
        svg.Append("</g>");
        svg.Group(Style.Axis, "stroke-width=\"1\" shape-rendering=\"crispEdges\"").Segment(left, bottom, right, bottom).Segment(left, top, left, bottom).Append("</g>");
        if (heat is not null) ColourBar.Draw(svg, heat, panel.Z.Label.Length > 0 ? panel.Z.Label : heat.Name, frame);
    }

    /// <summary>Fields and bands lie under lines, lines under points: the paper's points stay in sight.</summary>
    internal static int Order(Layer layer) => layer.Kind switch
    {
        LayerKind.Heatmap => 0,
        LayerKind.Band => 1,
        LayerKind.Line => layer.Role.Kind == RoleKind.Theory ? 2 : 3,
        LayerKind.Bars => 3,
        LayerKind.ErrorBars => 4,
        _ => layer.Role.Kind == RoleKind.Authors ? 6 : 5,
    };

    public static (double Min, double Max) XLimits(PanelSpec panel) =>
        panel.Categories.Length > 0 ? (-0.5, panel.Categories.Length - 0.5)
        : panel.Layers.FirstOrDefault(l => l.Kind == LayerKind.Heatmap) is { } heat
            ? AxisScale.Limits(panel.X, ColourBar.Edges(heat.X, panel.X.Log).Concat(panel.Layers.SelectMany(l => l.X)), air: 0)
            : AxisScale.Limits(panel.X, panel.Layers.SelectMany(l => l.X), air: 0.03);

    public static (double Min, double Max) YLimits(PanelSpec panel)
    {
        if (panel.Layers.FirstOrDefault(l => l.Kind == LayerKind.Heatmap) is { } heat)
            return AxisScale.Limits(panel.Y, ColourBar.Edges(heat.Y, panel.Y.Log).Concat(panel.Layers.SelectMany(l => l.Y)), air: 0);
        var (min, max) = AxisScale.Limits(panel.Y, panel.Layers.SelectMany(l => l.Y.Concat(l.Lower).Concat(l.Upper)));
        if (panel.Categories.Length == 0 || panel.Y.Log) return (min, max);
        // A bar's length is its value only if it starts at zero.
        return (panel.Y.Min ?? (panel.Layers.All(l => l.Y.All(v => !(v < 0))) ? 0 : min), panel.Y.Max ?? Math.Max(max, 0));
    }

    private static void Axes(StringBuilder svg, PanelSpec panel, AxisScale x, AxisScale y, int yTicks, Frame frame, Frame cell, bool grid)
    {
        if (grid)
        {
            svg.Group(Style.GridMinor, "stroke-width=\"1\"");
            foreach (double v in x.MinorTicks()) svg.Segment(x[v], frame.Top, x[v], frame.Bottom);
            foreach (double v in y.MinorTicks()) svg.Segment(frame.Left, y[v], frame.Right, y[v]);
            svg.Append("</g>");
        }

        IReadOnlyList<Tick> xTicks = panel.Categories.Length > 0 ? [] : FittingTicks(x, frame.Width);
        if (grid)
        {
            svg.Group(Style.Grid, "stroke-width=\"1\"");
            foreach (Tick t in xTicks) svg.Segment(x[t.Value], frame.Top, x[t.Value], frame.Bottom);
            foreach (Tick t in y.Ticks(yTicks)) svg.Segment(frame.Left, y[t.Value], frame.Right, y[t.Value]);
            svg.Append("</g>");
        }

        svg.Group(Style.Axis, "stroke-width=\"1\"");
        foreach (Tick t in xTicks) svg.Segment(x[t.Value], frame.Bottom, x[t.Value], frame.Bottom + 4);
        foreach (Tick t in y.Ticks(yTicks)) svg.Segment(frame.Left - 4, y[t.Value], frame.Left, y[t.Value]);
        svg.Append("</g>");

        foreach (Tick t in xTicks) svg.Text(x[t.Value], frame.Bottom + 19, t.Label.ToSvg(), TickSize, Style.Muted, "middle");
        foreach (Tick t in y.Ticks(yTicks)) svg.Text(frame.Left - 8, y[t.Value] + 4, t.Label.ToSvg(), TickSize, Style.Muted, "end");
        double slot = panel.Categories.Length > 0 ? frame.Width / panel.Categories.Length : 0;
        for (int i = 0; i < panel.Categories.Length; i++) svg.Text(x[i], frame.Bottom + 18, Escape(Shorten(panel.Categories[i], slot)), TickSize, Style.Muted, "middle");
        if (panel.X.Label.Length > 0) svg.Text((frame.Left + frame.Right) / 2, frame.Bottom + 40, Escape(panel.X.Label), LabelSize, Style.Text, "middle");
        if (panel.Y.Label.Length > 0) svg.Text(cell.Left + 14, (frame.Top + frame.Bottom) / 2, Escape(panel.Y.Label), LabelSize, Style.Text, "middle", rotate: -90);
    }

    /// <summary>The most ticks whose labels do not touch.</summary>
    private static IReadOnlyList<Tick> FittingTicks(AxisScale x, double width)
    {
        for (int target = Math.Clamp((int)(width / 70), 3, 9); target > 2; target--)
        {
            var ticks = x.Ticks(target);
            bool fits = ticks.Zip(ticks.Skip(1)).All(p => x[p.Second.Value] - x[p.First.Value] > ((Width(p.First.Label, TickSize) + Width(p.Second.Label, TickSize)) / 2) + 8);
            if (fits) return ticks;
        }

        return x.Ticks(2);
    }

    private static string Shorten(string name, double slot)
    {
        if (Width(name, TickSize) <= slot - 4) return name;
        int keep = name.Length;
        while (keep > 1 && Width(name[..keep] + "…", TickSize) > slot - 4) keep--;
        return name[..keep] + "…";
    }
}
