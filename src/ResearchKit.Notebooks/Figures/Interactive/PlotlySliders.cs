using System.Globalization;

namespace ResearchKit.Notebooks;

/// <summary>The sliders under a figure, in Plotly's own member names. They only tell the loader where they stand; it shows the picture that belongs there.</summary>
internal static class PlotlySliders
{
    private const int Row = 78;

    /// <summary>Pixels that the sliders take under the axes.</summary>
    public static int Height(FigureSpec figure) => figure.Controls.Count * Row;

    /// <param name="figure">With its controls.</param>
    /// <param name="bottom">Pixels from the frame to the first slider: room for the x axis.</param>
    public static object[] Of(FigureSpec figure, int bottom) => [.. figure.Controls.Select((control, i) => new Dictionary<string, object>
    {
        ["active"] = control.Active, ["x"] = 0, ["xanchor"] = "left", ["len"] = 1, ["lenmode"] = "fraction", ["y"] = 0, ["yanchor"] = "top",
        ["pad"] = new Dictionary<string, object> { ["t"] = bottom + (i * Row), ["b"] = 0, ["l"] = 0, ["r"] = 0 },
        ["currentvalue"] = new Dictionary<string, object>
        {
            ["prefix"] = System.Net.WebUtility.HtmlEncode(control.Name) + " = ", ["suffix"] = System.Net.WebUtility.HtmlEncode(Knob.Spaced(control.Unit)), ["xanchor"] = "left", ["offset"] = 8,
            ["font"] = new Dictionary<string, object> { ["size"] = 13, ["color"] = Style.Text.Light },
        },
        ["font"] = new Dictionary<string, object> { ["size"] = 11, ["color"] = Style.Muted.Light },
        ["bgcolor"] = Style.Of(Role.Compressed).Ink.Light, ["bordercolor"] = Style.Axis.Light, ["borderwidth"] = 1, ["tickcolor"] = Style.Axis.Light, ["ticklen"] = 4, ["minorticklen"] = 3,
        ["activebgcolor"] = Style.Axis.Light,
        ["steps"] = control.Stops.Select((label, stop) => new Dictionary<string, object>
        {
            ["label"] = System.Net.WebUtility.HtmlEncode(label), ["method"] = "skip", ["value"] = string.Create(CultureInfo.InvariantCulture, $"{i}:{stop}"),
        }).ToArray(),
    })];
}
