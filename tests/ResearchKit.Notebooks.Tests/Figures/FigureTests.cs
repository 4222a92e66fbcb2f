using System.Globalization;
using System.Xml.Linq;

namespace ResearchKit.Notebooks.Tests.Figures;

public sealed class FigureTests
{
    private static readonly double[] s_d = [1e3, 1e4, 1e5];
    private static readonly double[] s_error = [1e-6, 1e-9, 1e-12];

    private static Figure LogLog() => new Figure("Errors fall").X("objects d", log: true).Y("error", log: true);

    private static XElement Svg(Figure figure) => XElement.Parse(figure.ToSvg());

    private static string[] Texts(Figure figure) => [.. Svg(figure).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];

    [Fact]
    public void The_static_picture_is_a_complete_chart()
    {
        string[] texts = Texts(LogLog().Line("ours", s_d, s_error, Role.Compressed).Points("authors", s_d, s_error, Role.Authors).Caption("m = 3."));
        Assert.Contains("Errors fall", texts);
        Assert.Contains("objects d", texts);
        Assert.Contains("error", texts);
        Assert.Contains("ours", texts);
        Assert.Contains("authors", texts);
        Assert.Contains("m = 3.", texts);
        // 10 raised: the exponent stands in its own tspan, so the value reads on.
        Assert.Contains("104", texts);
        Assert.Contains("10\u22129", texts);
    }

    [Fact]
    public void Text_from_callers_cannot_break_out_of_the_markup()
    {
        Figure figure = new Figure("a < b & \"c\" </script><script>alert(1)</script>").X("<x>").Line("<b>&", s_d, s_error, Role.Original).Caption("</svg>");
        Assert.Contains("<x>", Texts(figure));
        string html = figure.ToHtml(PlotlyMode.Page);
        Assert.DoesNotContain("<script>alert", html);
        Assert.DoesNotContain("<b>&", html);
    }

    [Fact]
    public void Figures_are_immutable()
    {
        Figure bare = LogLog();
        bare.Line("ours", s_d, s_error, Role.Compressed);
        Assert.DoesNotContain("ours", Texts(bare));
    }

    [Fact]
    public void Unequal_lengths_name_the_series_and_the_sizes()
    {
        var e = Assert.Throws<ArgumentException>(() => LogLog().Line("ours", s_d, [1.0, 2], Role.Compressed));
        Assert.Contains("'ours'", e.Message);
        Assert.Contains("x has 3", e.Message);
        Assert.Contains("y has 2", e.Message);
    }

    [Fact]
    public void Gaps_break_the_line_and_are_counted()
    {
        Figure figure = new Figure("t").Line("ours", [1, 2, 3, 4, 5], [1, double.NaN, 3, double.PositiveInfinity, 5], Role.Compressed, markers: false);
        Assert.Equal("2 values of 'ours' are not a finite number and shown as a gap.", Assert.Single(figure.Notes));
        Assert.Contains(figure.Notes[0], figure.ToString());
        string path = Svg(figure).Descendants().Single(e => e.Name.LocalName == "path" && (string?)e.Attribute("stroke-linejoin") == "round" && ((string?)e.Attribute("d"))!.Count(c => c == 'M') == 3).Attribute("d")!.Value;
        Assert.DoesNotContain("NaN", path);
    }

    [Fact]
    public void Values_that_a_log_axis_cannot_show_are_left_out_and_named()
    {
        Figure figure = LogLog().Line("ours", s_d, [1e-3, 0, -2], Role.Compressed);
        Assert.Equal("2 values of 'ours' are not positive and left out of the log axis (first: y[1] = 0).", Assert.Single(figure.Notes));
    }

    [Fact]
    public void A_series_with_no_positive_value_on_a_log_axis_is_an_error_naming_it()
    {
        var e = Assert.Throws<ArgumentException>(() => LogLog().Line("ours", s_d, [-1.5, 0, -2], Role.Compressed));
        Assert.Contains("'ours'", e.Message);
        Assert.Contains("y[0] = -1.5", e.Message);
        // Whichever call comes last must notice.
        Assert.Throws<ArgumentException>(() => new Figure("t").Line("ours", s_d, [-1.5, 0, -2], Role.Compressed).Y("error", log: true));
    }

    [Fact]
    public void Points_beyond_given_limits_are_counted()
    {
        Figure figure = LogLog().Y("error", log: true, min: 1e-10).Points("authors", s_d, s_error, Role.Authors);
        Assert.Equal("1 point of 'authors' lies beyond the axes' limits.", Assert.Single(figure.Notes));
    }

    [Fact]
    public void Several_baselines_look_different_and_the_same_name_looks_the_same()
    {
        FigureSpec spec = LogLog().Line("uniform", s_d, s_error, Role.Baseline).Line("k-means", s_d, s_error, Role.Baseline).Points("uniform", s_d, s_error, Role.Baseline).Drawn;
        var looks = spec.Panels[0].Layers.Select(l => Style.Of(l.Role)).ToArray();
        Assert.NotEqual(looks[0], looks[1]);
        Assert.NotEqual(looks[0].Marker, looks[1].Marker);
        Assert.Equal(looks[0], looks[2]);
        Assert.Equal(2, spec.Legend.Count);
    }

    [Fact]
    public void Every_role_has_its_own_colour_in_both_themes()
    {
        Role[] roles = [Role.Original, Role.Compressed, Role.Theory, Role.Authors, Role.BaselineAt(0), .. Enumerable.Range(0, 7).Select(Role.Series)];
        Assert.Equal(roles.Length, roles.Select(r => Style.Of(r).Ink.Light).Distinct().Count());
        Assert.Equal(roles.Length, roles.Select(r => Style.Of(r).Ink.Dark).Distinct().Count());
        // The theme change maps by light colour: two inks of one light colour would collide.
        Assert.Equal(Style.Inks.Count(), Style.Inks.Select(i => i.Light).Distinct().Count());
        Assert.All(Style.Inks, i => Assert.Matches("^#[0-9a-f]{6}$", i.Light));
    }

    [Fact]
    public void A_grid_shares_its_legend_and_numbers_its_panels()
    {
        Figure panel = LogLog().Line("ours", s_d, s_error, Role.Compressed);
        Figure grid = Figure.Grid("All fall", [panel, panel, panel], 2);
        string[] texts = Texts(grid);
        Assert.Single(texts, t => t == "ours");
        Assert.Equal(3, texts.Count(t => t == "Errors fall"));
        Assert.Throws<InvalidOperationException>(() => grid.X("d"));
        Assert.Throws<ArgumentException>(() => Figure.Grid("none", [], 2));
    }

    [Fact]
    public void Marker_areas_are_proportional_to_weights()
    {
        FigureSpec spec = new Figure("t").Scatter("set", [1, 2, 3], [1, 2, 3], [1, 4, 9], Role.Compressed).Drawn;
        var radius = SvgMarkers.Radii(spec.Panels[0].Layers[0], 3.6);
        Assert.Equal(4, Math.Pow(radius(1) / radius(0), 2), 9);
        Assert.Equal(9, Math.Pow(radius(2) / radius(0), 2), 9);
        var e = Assert.Throws<ArgumentException>(() => new Figure("t").Scatter("set", [1, 2], [1.0, 2], [1, -4], Role.Compressed));
        Assert.Contains("weights[1] = -4", e.Message);
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(5.0, 5.0)]
    [InlineData(1e-300, 1e300)]
    [InlineData(-1e15, 1e15)]
    [InlineData(1.0, 1.0000000001)]
    public void Extreme_ranges_give_finite_coordinates(double a, double b)
    {
        foreach (bool log in new[] { false, true })
        {
            if (log && a <= 0) continue;
            Figure figure = new Figure("t").X("x").Y("y", log).Line("ours", [1, 2], [a, b], Role.Compressed);
            string svg = figure.ToSvg();
            Assert.DoesNotContain("NaN", svg);
            Assert.DoesNotContain("∞", svg);
            Assert.Contains("</svg>", svg);
        }
    }

    [Fact]
    public void Empty_series_and_mixed_spaces_are_handled()
    {
        Assert.Contains("</svg>", new Figure("t").Line("none", Array.Empty<double>(), [], Role.Original).ToSvg());
        Assert.Throws<ArgumentException>(() => new Figure("t").Line("flat", [1], [1], Role.Original).Scatter3D("space", [1], [1], [1], Role.Original));
        Assert.Throws<ArgumentException>(() => new Figure("t").Bars("a", ["p", "q"], [1, 2], Role.Original).Bars("b", ["p", "r"], [1, 2], Role.Compressed));
        Assert.Throws<ArgumentException>(() => new Figure(" "));
    }

    [Fact]
    public void A_large_cloud_stays_small_and_says_that_it_is_thinned()
    {
        double[] x = [.. Enumerable.Range(0, 50_000).Select(i => Math.Sin(i))], y = [.. x.Select((_, i) => Math.Cos(i * 1.7))];
        Figure figure = new Figure("t").Points("all", x, y, Role.Original);
        string svg = figure.ToSvg();
        Assert.True(svg.Length < 600_000, svg.Length.ToString(CultureInfo.InvariantCulture));
        Assert.Contains(Texts(figure), t => t.Contains("4000 of 50\u2009000 points"));
    }

    [Fact]
    public void A_long_line_keeps_its_spikes()
    {
        double[] x = [.. Enumerable.Range(0, 100_000).Select(i => (double)i)], y = new double[100_000];
        y[54_321] = 7;
        string svg = new Figure("t").Y("y", min: 0, max: 10).Line("loss", x, y, Role.Original).ToSvg();
        string path = XElement.Parse(svg).Descendants().Where(e => e.Name.LocalName == "path").Select(e => (string)e.Attribute("d")!).MaxBy(d => d.Length)!;
        double[] heights = [.. path.Split('M', 'L').Where(p => p.Length > 0).Select(p => double.Parse(p.Split(' ')[1], CultureInfo.InvariantCulture))];
        Assert.True(heights.Max() - heights.Min() > 150);
        Assert.True(heights.Length < 5000);
    }

    [Fact]
    public void Saving_writes_whole_files()
    {
        using var folder = new TempFolder();
        LogLog().Line("ours", s_d, s_error, Role.Compressed).SaveSvg(folder.File("a/b.svg")).SaveHtml(folder.File("c.html"));
        Assert.Equal("svg", XDocument.Load(folder.File("a/b.svg")).Root!.Name.LocalName);
        string page = File.ReadAllText(folder.File("c.html"));
        Assert.Contains("plotly.js v" + PlotlyAssets.Version, page);
        Assert.DoesNotContain("src=\"http", page);
        Assert.Equal(2, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length);
    }
}
