using System.Globalization;

namespace ResearchKit.Notebooks;

/// <summary>Maps panels, axes and legend to Plotly's layout, so that the interactive view looks like the static one.</summary>
internal static class PlotlyLayout
{
    private const int Left = 76, Right = 42, Bottom = 58, LegendRow = 21, GapX = 92, GapY = 92;

    public static Dictionary<string, object> Config() => new()
    {
        ["responsive"] = true, ["displaylogo"] = false, ["modeBarButtonsToRemove"] = new[] { "lasso2d", "select2d", "autoScale2d" },
        ["toImageButtonOptions"] = new Dictionary<string, object> { ["format"] = "svg", ["filename"] = "figure" },
    };

    public static Dictionary<string, object> Of(FigureSpec figure)
    {
        var (legend, entryWidth) = Legend(figure);
        int top = 14 + (legend * LegendRow) + (figure.Panels.Count > 1 ? 26 : 0) + 8;
        int bottomMargin = Bottom + PlotlySliders.Height(figure);
        double height = PlotHeight(figure) + top + bottomMargin;
        var layout = new Dictionary<string, object>
        {
            ["height"] = (int)height, ["paper_bgcolor"] = Style.Paper.Light, ["plot_bgcolor"] = Style.Paper.Light,
            ["font"] = new Dictionary<string, object> { ["family"] = Style.Font, ["size"] = 13, ["color"] = Style.Text.Light },
            ["margin"] = new Dictionary<string, object> { ["l"] = Left, ["r"] = Right + (HasBar(figure) ? 62 : 0), ["t"] = top, ["b"] = bottomMargin },
            ["modebar"] = new Dictionary<string, object> { ["orientation"] = "v", ["bgcolor"] = "rgba(0,0,0,0)" }, ["separators"] = ".\u2009", ["hovermode"] = "closest", ["barmode"] = "group", ["bargap"] = 0.22,
            ["legend"] = new Dictionary<string, object>
            {
                ["orientation"] = "h", ["x"] = 0, ["xanchor"] = "left", ["xref"] = "paper", ["y"] = 1 + ((figure.Panels.Count > 1 ? 28 : 6) / PlotHeight(figure)), ["yanchor"] = "bottom",
                ["font"] = new Dictionary<string, object> { ["size"] = 12.5 }, ["itemsizing"] = figure.Panels.Any(p => p.IsSpatial) ? "constant" : "trace", ["traceorder"] = "normal", ["bgcolor"] = "rgba(0,0,0,0)",
            },
        };
        if (legend > 1) ((Dictionary<string, object>)layout["legend"])["entrywidth"] = entryWidth;
        var annotations = new List<object>();
        for (int i = 0; i < figure.Panels.Count; i++)
        {
            PanelSpec panel = figure.Panels[i];
            var (_, left, right, bottom, upper) = Domain(figure, i);
            string suffix = i == 0 ? "" : (i + 1).ToString(CultureInfo.InvariantCulture);
            if (panel.IsSpatial) layout["scene" + suffix] = Scene(panel, left, right, bottom, upper);
            else
            {
                layout["xaxis" + suffix] = Axis(panel.X, SvgPanel.XLimits(panel), panel.Categories, [left, right], "y" + suffix);
                layout["yaxis" + suffix] = Axis(panel.Y, SvgPanel.YLimits(panel), [], [bottom, upper], "x" + suffix);
            }

            if (panel.Title.Length > 0)
            {
                annotations.Add(new Dictionary<string, object>
                {
                    ["text"] = $"<b>{System.Net.WebUtility.HtmlEncode(panel.Title)}</b>", ["x"] = left, ["xref"] = "paper", ["xanchor"] = "left", ["y"] = upper, ["yref"] = "paper", ["yanchor"] = "bottom",
                    ["showarrow"] = false, ["font"] = new Dictionary<string, object> { ["size"] = 13 }, ["yshift"] = 4,
                });
            }
        }

        layout["annotations"] = annotations;
        if (figure.Controls.Count > 0)
        {
            layout["sliders"] = PlotlySliders.Of(figure, Bottom);
            // The reader's zoom outlives a move of a slider.
            layout["uirevision"] = "kept";
        }

        return layout;
    }

    /// <summary>Share of the plotting area that panel <paramref name="index"/> takes: column, left, right, bottom, top.</summary>
    public static (int Column, double Left, double Right, double Bottom, double Top) Domain(FigureSpec figure, int index)
    {
        int column = index % figure.Columns, row = index / figure.Columns;
        double bar = HasBar(figure) && figure.Columns > 1 ? 62 : 0;
        double gapX = (GapX + bar) / (double)Math.Max(figure.Width - Left - Right - bar, 100), gapY = GapY / PlotHeight(figure);
        double width = (1 - (gapX * (figure.Columns - 1))) / figure.Columns, height = (1 - (gapY * (figure.RowCount - 1))) / figure.RowCount;
        double left = column * (width + gapX), top = 1 - (row * (height + gapY));
        return (column, left, left + width, Math.Max(0, top - height), top);
    }

    /// <summary>Rows of the legend and the width of an entry's text: Plotly sets several rows in even columns.</summary>
    private static (int Rows, int EntryWidth) Legend(FigureSpec figure)
    {
        if (SvgFigure.LegendRows(figure).Count <= 1) return (figure.Legend.Count > 0 ? 1 : 0, 0);
        const int Key = 40;
        int width = (int)Math.Ceiling(figure.Legend.Max(l => SvgText.Width(l.Name, 12.5))) + 6;
        int inRow = Math.Max(1, (figure.Width - Left - Right) / (width + Key));
        return ((figure.Legend.Count + inRow - 1) / inRow, width);
    }

    private static bool HasBar(FigureSpec figure) => figure.Panels.Any(p => p.Layers.Any(l => l.HasColourBar));

    private static double PlotHeight(FigureSpec figure) => (figure.RowCount * (figure.PanelHeight - 50)) + (GapY * (figure.RowCount - 1));

    private static Dictionary<string, object> Axis(AxisSpec axis, (double Min, double Max) limits, string[] categories, double[] domain, string anchor)
    {
        var result = new Dictionary<string, object>
        {
            ["title"] = new Dictionary<string, object> { ["text"] = System.Net.WebUtility.HtmlEncode(axis.Label), ["standoff"] = 10, ["font"] = new Dictionary<string, object> { ["size"] = 13 } },
            ["domain"] = domain, ["anchor"] = anchor, ["automargin"] = true, ["zeroline"] = false, ["showline"] = true, ["linecolor"] = Style.Axis.Light,
            ["gridcolor"] = Style.Grid.Light, ["ticks"] = "outside", ["ticklen"] = 4, ["tickcolor"] = Style.Axis.Light,
            ["tickfont"] = new Dictionary<string, object> { ["size"] = 12, ["color"] = Style.Muted.Light },
            ["exponentformat"] = "power", ["showexponent"] = "all",
        };
        // Plotly would write 2000 as 0.2 x 10^4; the static axis writes it out, and so does this one.
        if (!axis.Log && Math.Max(Math.Abs(limits.Min), Math.Abs(limits.Max)) is >= 1e-3 and < 1e6)
            (result["exponentformat"], result["separatethousands"]) = ("none", true);
        if (categories.Length > 0)
        {
            result["type"] = "category";
            result["showgrid"] = false;
            return result;
        }

        var (min, max) = limits;
        result["range"] = axis.Log ? [Math.Log10(min), Math.Log10(max)] : new[] { min, max };
        if (axis.Log)
        {
            result["type"] = "log";
            // Whole decades keep their powers; a shorter axis labels 2 and 5 between them.
            double decades = Math.Log10(max / min);
            if (decades >= 1.2) result["dtick"] = AxisScale.DecadeStep((int)decades, 6);
            // Plotly sets powers a quarter larger than it is told.
            ((Dictionary<string, object>)result["tickfont"])["size"] = 10;
            result["minor"] = new Dictionary<string, object> { ["showgrid"] = decades <= 6, ["gridcolor"] = Style.GridMinor.Light };
        }

        return result;
    }

    private static Dictionary<string, object> Scene(PanelSpec panel, double left, double right, double bottom, double top)
    {
        var box = new SvgSpace.Box(panel);
        var eye = SvgSpace.Eye;
        // With a parallel projection the box's size, not the eye's distance, fills the scene; labels need the rest.
        double zoom = 1.55 / box.PictureHeight;
        string z = panel.Z.Label.Length > 0 ? panel.Z.Label : panel.Layers.FirstOrDefault(l => l.Kind == LayerKind.Surface)?.Name ?? "";
        Dictionary<string, object> SpaceAxis(string label) => new()
        {
            ["title"] = new Dictionary<string, object> { ["text"] = System.Net.WebUtility.HtmlEncode(label), ["font"] = new Dictionary<string, object> { ["size"] = 12.5 } }, ["gridcolor"] = Style.Grid.Light, ["zeroline"] = false, ["showbackground"] = false,
            ["linecolor"] = Style.Axis.Light, ["tickfont"] = new Dictionary<string, object> { ["size"] = 11, ["color"] = Style.Muted.Light }, ["exponentformat"] = "power",
        };
        return new()
        {
            ["domain"] = new Dictionary<string, object> { ["x"] = new[] { left, right }, ["y"] = new[] { bottom, top } },
            ["xaxis"] = SpaceAxis(panel.X.Label), ["yaxis"] = SpaceAxis(panel.Y.Label), ["zaxis"] = SpaceAxis(z), ["bgcolor"] = Style.Paper.Light,
            ["aspectmode"] = "manual", ["aspectratio"] = new Dictionary<string, object> { ["x"] = zoom * box.Sides[0], ["y"] = zoom * box.Sides[1], ["z"] = zoom * box.Sides[2] },
            ["camera"] = new Dictionary<string, object>
            {
                ["eye"] = new Dictionary<string, object> { ["x"] = 1.2 * eye.X, ["y"] = 1.2 * eye.Y, ["z"] = 1.2 * eye.Z },
                ["projection"] = new Dictionary<string, object> { ["type"] = "orthographic" },
            },
        };
    }
}
