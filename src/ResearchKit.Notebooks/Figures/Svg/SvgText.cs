using System.Globalization;
using System.Net;
using System.Text;

namespace ResearchKit.Notebooks;

/// <summary>Text and number primitives of the static renderer.</summary>
internal static class SvgText
{
    /// <summary>Pixels with two decimals at most: more cannot be seen and doubles the file.</summary>
    public static string Px(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Estimated width of a line in the sans-serif faces that <see cref="Style.Font"/> may resolve to; errs on the wide side.</summary>
    public static double Width(string text, double size, bool bold = false)
    {
        double em = 0;
        foreach (char c in text)
        {
            em += c switch
            {
                'i' or 'l' or 'j' or '.' or ',' or '\'' or '|' or ':' or ';' or '!' or '\u2009' or '′' => 0.31,
                ' ' or 'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '-' or '/' => 0.38,
                'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.93,
                '=' or '+' or '<' or '>' or '−' or '×' or '≤' or '≥' => 0.84,
                >= 'A' and <= 'Z' => 0.70,
                _ => 0.62,
            };
        }

        return em * size * (bold ? 1.1 : 1);
    }

    public static double Width(NumberText label, double size) =>
        label.Exponent is int e
            ? Width((label.Mantissa.Length == 0 ? "" : label.Mantissa + "×") + "10", size) + Width(e.ToString(CultureInfo.InvariantCulture), size * 0.74)
            : Width(label.Mantissa, size);

    /// <summary>Breaks text into lines no wider than <paramref name="width"/> pixels.</summary>
    public static List<string> Wrap(string text, double size, double width, bool bold = false)
    {
        var lines = new List<string>();
        string line = "";
        foreach (string word in text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && Width(longer, size, bold) > width)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
        }

        if (line.Length > 0) lines.Add(line);
        return lines;
    }

    /// <summary>One text element; <paramref name="content"/> is SVG already.</summary>
    public static StringBuilder Text(this StringBuilder svg, double x, double y, string content, double size, Ink ink,
        string anchor = "start", int weight = 400, double? rotate = null)
    {
        svg.Append($"<text x=\"{Px(x)}\" y=\"{Px(y)}\" class=\"rk-{ink.Name}\" fill=\"{ink.Light}\" font-size=\"{Px(size)}\"");
        if (anchor != "start") svg.Append($" text-anchor=\"{anchor}\"");
        if (weight != 400) svg.Append($" font-weight=\"{weight}\"");
        if (rotate is double angle) svg.Append($" transform=\"rotate({Px(angle)} {Px(x)} {Px(y)})\"");
        return svg.Append('>').Append(content).Append("</text>");
    }

    /// <summary>Opens a group whose children inherit the ink for strokes and fills.</summary>
    public static StringBuilder Group(this StringBuilder svg, Ink ink, string more = "") =>
        svg.Append($"<g class=\"rk-{ink.Name}\" fill=\"{ink.Light}\" stroke=\"{ink.Light}\"{(more.Length > 0 ? " " + more : "")}>");

    public static StringBuilder Segment(this StringBuilder svg, double x1, double y1, double x2, double y2) =>
        svg.Append($"<path d=\"M{Px(x1)} {Px(y1)}L{Px(x2)} {Px(y2)}\"/>");
}
