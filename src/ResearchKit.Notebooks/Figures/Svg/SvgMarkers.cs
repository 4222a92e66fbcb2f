using System.Text;
using static ResearchKit.Notebooks.SvgText;

namespace ResearchKit.Notebooks;

/// <summary>Marker outlines, many to one path element so that thousands of points stay small.</summary>
internal static class SvgMarkers
{
    /// <summary>Radius of an unweighted marker in pixels.</summary>
    public const double Radius = 3.6;

    /// <summary>Appends one outline; the shapes are scaled to look equally heavy.</summary>
    public static StringBuilder Outline(this StringBuilder d, Marker marker, double x, double y, double r)
    {
        switch (marker)
        {
            case Marker.Square:
                r *= 0.89;
                return d.Append($"M{Px(x - r)} {Px(y - r)}h{Px(2 * r)}v{Px(2 * r)}h{Px(-2 * r)}z");
            case Marker.Diamond:
                r *= 1.25;
                return d.Append($"M{Px(x)} {Px(y - r)}l{Px(r)} {Px(r)}l{Px(-r)} {Px(r)}l{Px(-r)} {Px(-r)}z");
            case Marker.Triangle:
                r *= 1.2;
                return d.Append($"M{Px(x)} {Px(y - r)}l{Px(r)} {Px(1.75 * r)}h{Px(-2 * r)}z");
            case Marker.TriangleDown:
                r *= 1.2;
                return d.Append($"M{Px(x)} {Px(y + r)}l{Px(r)} {Px(-1.75 * r)}h{Px(-2 * r)}z");
            case Marker.Cross:
                double a = r * 1.15, b = r * 0.38;
                return d.Append($"M{Px(x - b)} {Px(y - a)}h{Px(2 * b)}v{Px(a - b)}h{Px(a - b)}v{Px(2 * b)}h{Px(b - a)}v{Px(a - b)}h{Px(-2 * b)}v{Px(b - a)}h{Px(b - a)}v{Px(-2 * b)}h{Px(a - b)}z");
            default:
                return d.Append($"M{Px(x - r)} {Px(y)}a{Px(r)} {Px(r)} 0 1 0 {Px(2 * r)} 0a{Px(r)} {Px(r)} 0 1 0 {Px(-2 * r)} 0z");
        }
    }

    /// <summary>The attributes of a filled or hollow marker path, inside a group that sets the series' ink.</summary>
    public static string Fill(Look look, bool many) => look.Hollow
        ? $"class=\"rk-paper\" fill=\"{Style.Paper.Light}\" style=\"stroke:var(--rk-{look.Ink.Name},{look.Ink.Light})\" stroke=\"{look.Ink.Light}\" stroke-width=\"{Px(look.Width)}\""
        : many ? "stroke=\"none\" style=\"stroke:none\" fill-opacity=\"0.55\"" : "stroke=\"none\" style=\"stroke:none\"";

    /// <summary>Radii whose areas are proportional to the weights; the mean weight gets the usual area, within limits.</summary>
    public static Func<int, double> Radii(Layer layer, double usual)
    {
        if (layer.Weights.Length == 0) return _ => usual;
        double mean = layer.Weights.Average(), largest = layer.Weights.Max();
        if (mean == 0) return _ => 0.5;
        // One radius per sqrt(weight) for all points: areas stay proportional even when the largest is held to 16 px.
        double unit = Math.Min(usual / Math.Sqrt(mean), 16 / Math.Sqrt(largest));
        return i => unit * Math.Sqrt(layer.Weights[i]);
    }

    /// <summary>Indices of at most <paramref name="limit"/> points, evenly spaced.</summary>
    public static IEnumerable<int> Thinned(int count, int limit)
    {
        int shown = Math.Min(count, limit);
        for (int i = 0; i < shown; i++) yield return (int)((long)i * count / shown);
    }
}
