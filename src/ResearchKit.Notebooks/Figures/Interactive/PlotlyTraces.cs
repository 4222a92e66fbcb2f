namespace ResearchKit.Notebooks;

/// <summary>Maps series to Plotly traces, as plain dictionaries in Plotly's own member names.</summary>
internal static class PlotlyTraces
{
    public static IEnumerable<Dictionary<string, object>> Of(FigureSpec figure)
    {
        var inLegend = new HashSet<(string, Role)>();
        var rank = figure.Legend.Select((l, i) => (l.Name, l.Role, i)).ToDictionary(e => (e.Name, e.Role), e => e.i);
        var representatives = figure.Legend.ToHashSet(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < figure.Panels.Count; i++)
        {
            PanelSpec panel = figure.Panels[i];
            foreach (Layer layer in panel.Layers.OrderBy(SvgPanel.Order))
            {
                bool first = representatives.Contains(layer) && inLegend.Add((layer.Name, layer.Role));
                foreach (var trace in Traces(layer, panel, figure, i))
                {
                    string suffix = i == 0 ? "" : (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
                    if (layer.IsSpatial) trace["scene"] = "scene" + suffix;
                    else (trace["xaxis"], trace["yaxis"]) = ("x" + suffix, "y" + suffix);
                    trace["name"] = layer.Name;
                    trace["legendgroup"] = $"{layer.Name}|{layer.Role}";
                    if (rank.TryGetValue((layer.Name, layer.Role), out int place)) trace["legendrank"] = place + 1;
                    trace["showlegend"] = first && trace.Remove("rk-main");
                    trace.Remove("rk-main");
                    yield return trace;
                }
            }
        }
    }

    private static IEnumerable<Dictionary<string, object>> Traces(Layer layer, PanelSpec panel, FigureSpec figure, int index)
    {
        Look look = Style.Of(layer.Role);
        object x = panel.Categories.Length > 0 ? panel.Categories : Numbers(layer.X);
        switch (layer.Kind)
        {
            case LayerKind.Line:
                yield return new()
                {
                    ["type"] = "scatter", ["rk-main"] = true, ["x"] = x, ["y"] = Numbers(layer.Y), ["mode"] = layer.Markers ? "lines+markers" : "lines",
                    ["line"] = LineStyle(look), ["marker"] = MarkerStyle(layer, look, panel), ["connectgaps"] = false,
                };
                break;
            case LayerKind.Points:
                yield return new()
                {
                    ["type"] = layer.X.Length > 5000 ? "scattergl" : "scatter", ["rk-main"] = true, ["x"] = x, ["y"] = Numbers(layer.Y), ["mode"] = "markers", ["marker"] = MarkerStyle(layer, look, panel),
                };
                break;
            case LayerKind.ErrorBars:
                yield return new()
                {
                    ["type"] = "scatter", ["rk-main"] = true, ["x"] = x, ["y"] = Numbers(layer.Y), ["mode"] = "markers", ["marker"] = MarkerStyle(layer, look, panel),
                    ["error_y"] = new Dictionary<string, object>
                    {
                        ["type"] = "data", ["symmetric"] = false, ["color"] = look.Ink.Light, ["thickness"] = 1.4, ["width"] = 4,
                        ["array"] = Numbers([.. layer.Upper.Zip(layer.Y, (u, y) => u - y)]),
                        // A whisker that a log axis cannot show ends just above the frame's floor instead of nowhere.
                        ["arrayminus"] = Numbers([.. layer.Y.Zip(layer.Lower, (y, l) => double.IsNaN(l) && panel.Y.Log ? y * (1 - 1e-9) : y - l)]),
                    },
                };
                break;
            case LayerKind.Band:
                foreach (var stretch in Stretches(layer, SvgPanel.YLimits(panel).Min))
                {
                    yield return new()
                    {
                        ["type"] = "scatter", ["rk-main"] = true, ["x"] = stretch.X, ["y"] = stretch.Y, ["mode"] = "lines", ["fill"] = "toself",
                        ["fillcolor"] = look.Ink.Light + "2e", ["line"] = new Dictionary<string, object> { ["width"] = 0, ["color"] = look.Ink.Light }, ["hoverinfo"] = "skip",
                    };
                }

                break;
            case LayerKind.Bars:
                yield return new()
                {
                    ["type"] = "bar", ["rk-main"] = true, ["x"] = x, ["y"] = Numbers(layer.Y),
                    ["marker"] = new Dictionary<string, object>
                    {
                        ["color"] = look.Hollow ? Style.Paper.Light : look.Ink.Light,
                        ["line"] = new Dictionary<string, object> { ["color"] = look.Ink.Light, ["width"] = look.Hollow ? 1.6 : 0 },
                    },
                };
                break;
            case LayerKind.Heatmap:
                yield return Heatmap(layer, panel, figure, index);
                break;
            case LayerKind.Surface:
                yield return new()
                {
                    ["type"] = "surface", ["x"] = x, ["y"] = Numbers(layer.Y), ["z"] = layer.Grid.Select(Numbers).ToArray(), ["showscale"] = false, ["colorscale"] = ColourScale(),
                };
                break;
            case LayerKind.Scatter3D:
                yield return new()
                {
                    ["type"] = "scatter3d", ["rk-main"] = true, ["x"] = x, ["y"] = Numbers(layer.Y), ["z"] = Numbers(layer.Z), ["mode"] = "markers", ["marker"] = MarkerStyle(layer, look, panel),
                };
                break;
        }
    }

    private static Dictionary<string, object> Heatmap(Layer layer, PanelSpec panel, FigureSpec figure, int index)
    {
        Func<double, double> shown = layer.LogColour ? Math.Log10 : v => v;
        var (low, high) = ColourBar.Range(layer);
        var scale = layer.LogColour ? new AxisScale(Math.Pow(10, low), Math.Pow(10, high), true, 0, 1) : new AxisScale(low, high, false, 0, 1);
        var ticks = scale.Ticks(5);
        var (_, _, right, bottom, top) = PlotlyLayout.Domain(figure, index);
        return new()
        {
            ["type"] = "heatmap", ["x"] = Numbers(layer.X), ["y"] = Numbers(layer.Y), ["z"] = layer.Grid.Select(r => Numbers([.. r.Select(shown)])).ToArray(),
            ["customdata"] = layer.Grid.Select(Numbers).ToArray(), ["hovertemplate"] = "%{x}, %{y}: %{customdata:.4g}<extra></extra>",
            ["zmin"] = low, ["zmax"] = high, ["colorscale"] = ColourScale(),
            ["colorbar"] = new Dictionary<string, object>
            {
                ["title"] = new Dictionary<string, object> { ["text"] = panel.Z.Label.Length > 0 ? panel.Z.Label : layer.Name, ["side"] = "right", ["font"] = new Dictionary<string, object> { ["size"] = 12.5 } },
                ["tickvals"] = ticks.Select(t => shown(t.Value)).ToArray(), ["ticktext"] = ticks.Select(t => t.Label.ToHtml()).ToArray(),
                ["x"] = right + 0.01, ["y"] = (bottom + top) / 2, ["len"] = top - bottom, ["thickness"] = 12, ["outlinewidth"] = 0, ["ypad"] = 0,
                ["tickfont"] = new Dictionary<string, object> { ["color"] = Style.Muted.Light },
            },
        };
    }

    private static Dictionary<string, object> LineStyle(Look look) => new()
    {
        ["color"] = look.Ink.Light, ["width"] = look.Width, ["dash"] = look.Dash == Dash.Solid ? "solid" : DashPixels(look),
    };

    /// <summary>The same dash as the static picture, in the pixel list that Plotly takes.</summary>
    private static string DashPixels(Look look) => look.Dash == Dash.Dotted
        ? "2px,4px"
        : string.Join(',', Style.DashArray(look.Dash, look.Width).Split(' ').Select(p => p + "px"));

    private static Dictionary<string, object> MarkerStyle(Layer layer, Look look, PanelSpec panel)
    {
        int n = layer.X.Length;
        bool space = panel.IsSpatial;
        double usual = space ? (n > 10000 ? 0.7 : n > 1000 ? 1.3 : n > 200 ? 2 : 3) : SvgMarkers.Radius * (n > 1000 ? 0.45 : n > 200 ? 0.7 : look.Hollow ? 1.15 : 1);
        var radius = SvgMarkers.Radii(layer, usual);
        string symbol = look.Marker switch
        {
            Marker.Square => "square",
            Marker.Diamond => "diamond",
            Marker.Triangle => space ? "circle" : "triangle-up",
            Marker.TriangleDown => space ? "circle" : "triangle-down",
            Marker.Cross => "cross",
            _ => "circle",
        };
        return new()
        {
            ["symbol"] = symbol, ["color"] = look.Hollow ? Style.Paper.Light : look.Ink.Light,
            ["size"] = layer.Weights.Length == 0 ? 2 * usual : Enumerable.Range(0, n).Select(i => Math.Round(2 * Math.Max(radius(i), 0.4), 2)).ToArray(),
            ["opacity"] = n > 10000 ? 0.15 : n > 200 || layer.Weights.Length > 0 ? 0.55 : 1.0,
            ["line"] = new Dictionary<string, object> { ["color"] = look.Ink.Light, ["width"] = look.Hollow ? look.Width : 0 },
        };
    }

    /// <summary>Closed outlines of a band, one for each stretch without a gap.</summary>
    private static IEnumerable<(double[] X, double[] Y)> Stretches(Layer layer, double floor)
    {
        var indices = new List<int>();
        for (int i = 0; i <= layer.X.Length; i++)
        {
            if (i < layer.X.Length && double.IsFinite(layer.X[i]) && double.IsFinite(layer.Upper[i])) { indices.Add(i); continue; }
            if (indices.Count > 0)
            {
                var back = indices.AsEnumerable().Reverse();
                yield return ([.. indices.Select(j => layer.X[j]), .. back.Select(j => layer.X[j])],
                    [.. indices.Select(j => layer.Upper[j]), .. back.Select(j => double.IsNaN(layer.Lower[j]) ? floor : layer.Lower[j])]);
            }

            indices.Clear();
        }
    }

    private static object[][] ColourScale() => [.. Enumerable.Range(0, 10).Select(i => new object[] { i / 9.0, Style.Scale(i / 9.0) })];

    /// <summary>Values with the eight digits that a screen can show; gaps are null.</summary>
    private static double?[] Numbers(double[] values) => [.. values.Select(v => double.IsFinite(v)
        ? double.Parse(v.ToString("G8", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture) : (double?)null)];
}
