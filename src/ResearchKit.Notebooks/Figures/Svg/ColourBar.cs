using System.Text;
using static ResearchKit.Notebooks.SvgText;

namespace ResearchKit.Notebooks;

/// <summary>The key to a heat map's colours, and the geometry of its cells.</summary>
internal static class ColourBar
{
    /// <summary>Room to the right of a panel that shows one.</summary>
    public const double Room = 84;

    /// <summary>Range of the colours, in log10 if they follow it.</summary>
    public static (double Low, double High) Range(Layer layer)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double v in layer.Grid.SelectMany(r => r))
        {
            double z = layer.LogColour ? Math.Log10(v) : v;
            if (double.IsFinite(z)) (low, high) = (Math.Min(low, z), Math.Max(high, z));
        }

        return low < high ? (low, high) : double.IsFinite(low) ? (low - 0.5, low + 0.5) : (0, 1);
    }

    /// <summary>Cell borders halfway between the centres, geometrically on a logarithmic axis.</summary>
    public static double[] Edges(double[] centres, bool log)
    {
        double[] c = log ? [.. centres.Select(Math.Log10)] : centres;
        var edges = new double[c.Length + 1];
        for (int i = 1; i < c.Length; i++) edges[i] = (c[i - 1] + c[i]) / 2;
        double half = c.Length > 1 ? (c[1] - c[0]) / 2 : 0.5, lastHalf = c.Length > 1 ? (c[^1] - c[^2]) / 2 : 0.5;
        edges[0] = c[0] - half;
        edges[^1] = c[^1] + lastHalf;
        return log ? [.. edges.Select(e => Math.Pow(10, e))] : edges;
    }

    public static void Draw(StringBuilder svg, Layer layer, string label, Frame frame)
    {
        const int Steps = 64;
        var (low, high) = Range(layer);
        double left = frame.Right + 14, width = 12, step = frame.Height / Steps;
        svg.Append("<g stroke=\"none\" shape-rendering=\"crispEdges\">");
        for (int i = 0; i < Steps; i++)
            svg.Append($"<rect x=\"{Px(left)}\" y=\"{Px(frame.Bottom - ((i + 1) * step))}\" width=\"{width}\" height=\"{Px(step + 0.5)}\" fill=\"{Style.Scale((i + 0.5) / Steps)}\"/>");
        svg.Append("</g>");
        var scale = layer.LogColour
            ? new AxisScale(Math.Pow(10, low), Math.Pow(10, high), true, frame.Bottom, frame.Top)
            : new AxisScale(low, high, false, frame.Bottom, frame.Top);
        double widest = 0;
        foreach (Tick tick in scale.Ticks(5))
        {
            svg.Text(left + width + 5, scale[tick.Value] + 4, tick.Label.ToSvg(), 11.5, Style.Muted);
            widest = Math.Max(widest, Width(tick.Label, 11.5));
        }

        double x = left + width + 5 + Math.Min(widest, 34) + 14;
        svg.Text(x, (frame.Top + frame.Bottom) / 2, Escape(label), 12.5, Style.Text, "middle", rotate: -90);
    }
}
