using System.Text;
using static ResearchKit.Notebooks.SvgText;

namespace ResearchKit.Notebooks;

/// <summary>Draws surfaces and point clouds by a fixed parallel projection, far to near.</summary>
internal static class SvgSpace
{
    // Looking down 24 degrees on the corner between the first two axes: all three stay readable.
    private static readonly double s_azimuth = -55 * Math.PI / 180, s_elevation = 24 * Math.PI / 180;

    /// <summary>Direction towards the eye in the box's coordinates, for the interactive view to start alike.</summary>
    public static (double X, double Y, double Z) Eye =>
        (Math.Cos(s_elevation) * Math.Cos(s_azimuth), Math.Cos(s_elevation) * Math.Sin(s_azimuth), Math.Sin(s_elevation));

    public static void Draw(StringBuilder svg, PanelSpec panel, Frame cell)
    {
        var box = new Box(panel);
        var corners = from x in new[] { 0.0, 1 } from y in new[] { 0.0, 1 } from z in new[] { 0.0, 1 } select box.Project(x, y, z);
        var all = corners.ToList();
        double left = all.Min(p => p.X), right = all.Max(p => p.X), low = all.Min(p => p.Y), high = all.Max(p => p.Y);
        var frame = new Frame(cell.Left + 42, cell.Top + 4, cell.Right - 34, cell.Bottom - 40);
        double scale = Math.Min(frame.Width / (right - left), frame.Height / (high - low));
        double cx = (frame.Left + frame.Right) / 2, cy = (frame.Top + frame.Bottom) / 2;
        (double X, double Y, double Depth) At(double x, double y, double z)
        {
            var p = box.Project(x, y, z);
            return (cx + ((p.X - ((left + right) / 2)) * scale), cy - ((p.Y - ((low + high) / 2)) * scale), p.Depth);
        }

        Walls(svg, box, At);
        foreach (Layer layer in panel.Layers)
        {
            if (layer.Kind == LayerKind.Surface) Facets(svg, layer, box, At);
            else Cloud(svg, layer, box, At);
        }

        string name = panel.Layers.FirstOrDefault(l => l.Kind == LayerKind.Surface)?.Name ?? "";
        Labels(svg, panel, box, At, panel.Z.Label.Length > 0 ? panel.Z.Label : name);
    }

    private static void Walls(StringBuilder svg, Box box, Func<double, double, double, (double X, double Y, double Depth)> at)
    {
        void Edge(double x1, double y1, double z1, double x2, double y2, double z2)
        {
            var (a, b) = (at(x1, y1, z1), at(x2, y2, z2));
            svg.Segment(a.X, a.Y, b.X, b.Y);
        }

        svg.Group(Style.Grid, "stroke-width=\"1\"");
        foreach (Tick t in box.X.Ticks(4)) { double u = box.X[t.Value]; Edge(u, 0, 0, u, 1, 0); Edge(u, 1, 0, u, 1, 1); }
        foreach (Tick t in box.Y.Ticks(4)) { double u = box.Y[t.Value]; Edge(0, u, 0, 1, u, 0); Edge(0, u, 0, 0, u, 1); }
        foreach (Tick t in box.Z.Ticks(4)) { double u = box.Z[t.Value]; Edge(0, 1, u, 1, 1, u); Edge(0, 0, u, 0, 1, u); }
        svg.Append("</g>").Group(Style.Axis, "stroke-width=\"1\"");
        Edge(0, 0, 0, 1, 0, 0);
        Edge(1, 0, 0, 1, 1, 0);
        Edge(0, 0, 0, 0, 0, 1);
        svg.Append("</g>");
    }

    private static void Labels(StringBuilder svg, PanelSpec panel, Box box, Func<double, double, double, (double X, double Y, double Depth)> at, string zLabel)
    {
        foreach (Tick t in box.X.Ticks(4)) { var p = at(box.X[t.Value], 0, 0); svg.Text(p.X - 3, p.Y + 15, t.Label.ToSvg(), 11, Style.Muted, "middle"); }
        foreach (Tick t in box.Y.Ticks(4)) { var p = at(1, box.Y[t.Value], 0); svg.Text(p.X + 7, p.Y + 12, t.Label.ToSvg(), 11, Style.Muted); }
        foreach (Tick t in box.Z.Ticks(4)) { var p = at(0, 0, box.Z[t.Value]); svg.Text(p.X - 7, p.Y + 4, t.Label.ToSvg(), 11, Style.Muted, "end"); }
        var x = at(0.5, 0, 0);
        var y = at(1, 0.5, 0);
        var z = at(0, 0, 0.5);
        svg.Text(x.X - 12, x.Y + 36, Escape(panel.X.Label), 12.5, Style.Text, "middle");
        svg.Text(y.X + 30, y.Y + 32, Escape(panel.Y.Label), 12.5, Style.Text);
        svg.Text(z.X - 42, z.Y, Escape(zLabel), 12.5, Style.Text, "middle", rotate: -90);
    }

    private static void Cloud(StringBuilder svg, Layer layer, Box box, Func<double, double, double, (double X, double Y, double Depth)> at)
    {
        Look look = Style.Of(layer.Role);
        int n = layer.X.Length;
        var radius = SvgMarkers.Radii(layer, n > 1000 ? 1.3 : n > 200 ? 2 : 3);
        var points = SvgMarkers.Thinned(n, SvgSeries.PointLimit)
            .Select(i => (At: at(box.X[layer.X[i]], box.Y[layer.Y[i]], box.Z[layer.Z[i]]), R: radius(i)))
            .Where(p => double.IsFinite(p.At.X) && double.IsFinite(p.At.Y)).OrderBy(p => p.At.Depth);
        var d = new StringBuilder();
        foreach (var p in points) d.Outline(look.Marker == Marker.None ? Marker.Circle : look.Marker, p.At.X, p.At.Y, Math.Max(p.R, 0.4));
        svg.Group(look.Ink).Append($"<path d=\"{d}\" {SvgMarkers.Fill(look, n > 200 || layer.Weights.Length > 0)}/></g>");
    }

    private static void Facets(StringBuilder svg, Layer layer, Box box, Func<double, double, double, (double X, double Y, double Depth)> at)
    {
        // Facets finer than two pixels are not seen but weigh: 60 x 60 is enough for a static view.
        int[] rows = [.. SvgMarkers.Thinned(layer.Y.Length - 1, 60).Append(layer.Y.Length - 1)], columns = [.. SvgMarkers.Thinned(layer.X.Length - 1, 60).Append(layer.X.Length - 1)];
        var (low, high) = ColourBar.Range(layer);
        var facets = new List<(double Depth, string Svg)>();
        for (int a = 0; a + 1 < rows.Length; a++)
        {
            for (int b = 0; b + 1 < columns.Length; b++)
            {
                (int R, int C)[] ring = [(rows[a], columns[b]), (rows[a], columns[b + 1]), (rows[a + 1], columns[b + 1]), (rows[a + 1], columns[b])];
                var p = ring.Select(q => at(box.X[layer.X[q.C]], box.Y[layer.Y[q.R]], box.Z[layer.Grid[q.R][q.C]])).ToArray();
                if (p.Any(q => !double.IsFinite(q.Y))) continue;
                string fill = Style.Scale((ring.Average(q => layer.Grid[q.R][q.C]) - low) / (high - low));
                facets.Add((p.Average(q => q.Depth), $"<path d=\"M{string.Join('L', p.Select(q => $"{Px(q.X)} {Px(q.Y)}"))}z\" fill=\"{fill}\" stroke=\"{fill}\"/>"));
            }
        }

        svg.Append("<g stroke-width=\"0.6\" stroke-linejoin=\"round\">");
        foreach (var facet in facets.OrderBy(f => f.Depth)) svg.Append(facet.Svg);
        svg.Append("</g>");
    }

    /// <summary>The data's box mapped to the unit cube, and the cube to the picture plane.</summary>
    internal sealed class Box
    {
        private readonly double[] _sides;

        public Box(PanelSpec panel)
        {
            // A surface is set in its own frame; a cloud is air-tight so that shapes fill the picture.
            var (x0, x1) = AxisScale.Limits(panel.X, panel.Layers.SelectMany(l => l.X), 0.02);
            var (y0, y1) = AxisScale.Limits(panel.Y, panel.Layers.SelectMany(l => l.Y), 0.02);
            var (z0, z1) = AxisScale.Limits(panel.Z, panel.Layers.SelectMany(l => l.Z.Concat(l.Grid.SelectMany(r => r))), 0.02);
            (X, Y, Z) = (new(x0, x1, false, 0, 1), new(y0, y1, false, 0, 1), new(z0, z1, false, 0, 1));
            double[] spans = [x1 - x0, y1 - y0, z1 - z0];
            // Equal units only where they make sense: a body in space keeps its shape, a loss surface gets a readable box.
            bool body = panel.Layers.All(l => l.Kind == LayerKind.Scatter3D) && spans.Max() < 4 * spans.Min();
            _sides = body ? [.. spans.Select(s => s / spans.Max())] : [1, 1, 0.62];
        }

        public AxisScale X { get; }
        public AxisScale Y { get; }
        public AxisScale Z { get; }

        /// <summary>Side lengths, the longest 1: the aspect ratio of the interactive view.</summary>
        public IReadOnlyList<double> Sides => _sides;

        /// <summary>Height of the projected box, in units of its longest side.</summary>
        public double PictureHeight => Project(0, 1, 1).Y - Project(1, 0, 0).Y;

        public (double X, double Y, double Depth) Project(double x, double y, double z)
        {
            (double a, double b, double c) = ((x - 0.5) * _sides[0], (y - 0.5) * _sides[1], (z - 0.5) * _sides[2]);
            var eye = Eye;
            // Right-handed picture plane: horizontal is the eye's azimuth turned by 90 degrees.
            double across = (-a * Math.Sin(s_azimuth)) + (b * Math.Cos(s_azimuth));
            double toward = (a * Math.Cos(s_azimuth)) + (b * Math.Sin(s_azimuth));
            double up = (c * Math.Cos(s_elevation)) - (toward * Math.Sin(s_elevation));
            return (across, up, (a * eye.X) + (b * eye.Y) + (c * eye.Z));
        }
    }
}
