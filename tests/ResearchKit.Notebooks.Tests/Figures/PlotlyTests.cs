using System.Runtime.Loader;
using System.Text.Json;
using Microsoft.DotNet.Interactive.Formatting;

namespace ResearchKit.Notebooks.Tests.Figures;

public sealed class PlotlyTests
{
    private static readonly double[] s_x = [1, 10, 100];
    private static readonly double[] s_y = [3, 2, double.NaN];

    private static Figure Sample() => new Figure("Title <i>").X("d", log: true).Y("error", log: true)
        .Line("ours", s_x, s_y, Role.Compressed).Points("authors", s_x, s_y, Role.Authors).Theory("slope", s_x, s_x);

    [Fact]
    public void The_chart_is_plotly_json_with_gaps_as_nulls()
    {
        using JsonDocument json = JsonDocument.Parse(Sample().ToPlotlyJson());
        JsonElement ours = json.RootElement.GetProperty("data").EnumerateArray().Single(t => t.GetProperty("name").GetString() == "ours");
        Assert.Equal("scatter", ours.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, ours.GetProperty("y")[2].ValueKind);
        Assert.Equal(3, ours.GetProperty("y")[0].GetDouble());
        Assert.Equal(Style.Of(Role.Compressed).Ink.Light, ours.GetProperty("line").GetProperty("color").GetString());
        JsonElement layout = json.RootElement.GetProperty("layout");
        Assert.Equal("log", layout.GetProperty("xaxis").GetProperty("type").GetString());
        Assert.Equal("power", layout.GetProperty("yaxis").GetProperty("exponentformat").GetString());
        Assert.False(json.RootElement.GetProperty("config").GetProperty("displaylogo").GetBoolean());
    }

    [Fact]
    public void Nothing_of_plotly_or_fsharp_enters_the_hosts_own_context()
    {
        Assert.NotEmpty(Sample().ToPlotlyJson());
        string[] loaded = [.. AssemblyLoadContext.Default.Assemblies.Select(a => a.GetName().Name!)];
        Assert.DoesNotContain("Plotly.NET", loaded);
        Assert.DoesNotContain("FSharp.Core", loaded);
    }

    [Fact]
    public void An_incomplete_folder_is_named()
    {
        using var folder = new TempFolder();
        var e = Assert.Throws<FileNotFoundException>(() => new PlotlyContext(folder.Path));
        Assert.Contains("ResearchKit.Notebooks.dll", e.Message);
    }

    [Fact]
    public void It_works_from_a_second_copy_in_a_bare_folder_as_script_hosts_load_it()
    {
        using var folder = new TempFolder();
        string from = Path.GetDirectoryName(typeof(Figure).Assembly.Location)!;
        foreach (string name in new[] { "ResearchKit.Notebooks", "Plotly.NET", "FSharp.Core", "DynamicObj", "Fable.Core", "Newtonsoft.Json", "Giraffe.ViewEngine" })
            File.Copy(Path.Combine(from, name + ".dll"), folder.File(name + ".dll"));
        var context = new PlotlyContext(folder.Path);
        Assert.Contains("\"ours\"", context.Call("Build", Sample().Drawn.ToJson()));
        Assert.All(context.Assemblies.Where(a => !a.IsDynamic), a => Assert.StartsWith(folder.Path, a.Location, StringComparison.Ordinal));
    }

    [Fact]
    public void The_script_is_plotly_js_with_its_licence()
    {
        string script = PlotlyAssets.GetScript();
        Assert.Contains("plotly.js v" + PlotlyAssets.Version, script[..200]);
        Assert.Contains("MIT license", script[..300]);
        Assert.DoesNotContain("</script", script);
        Assert.Same(script, Figure.PlotlyScript);
    }

    [Fact]
    public void Modes_decide_what_a_fragment_carries()
    {
        string none = Sample().ToHtml(PlotlyMode.None), page = Sample().ToHtml(PlotlyMode.Page);
        Assert.Contains("<svg", none);
        Assert.DoesNotContain("<script", none);
        Assert.Contains("<svg", page);
        Assert.Contains("application/json", page);
        Assert.DoesNotContain("plotly.js v", page);
        // The first fragment of a process carries the script, the next does not; other tests may have been first.
        string first = Sample().ToHtml(PlotlyMode.Inline), second = Sample().ToHtml(PlotlyMode.Inline);
        Assert.DoesNotContain("plotly.js v", second);
        Assert.NotEqual(Id(first), Id(second));
        Assert.Equal(PlotlyMode.Page, PlotlyAssets.FromEnvironment(" PAGE "));
        Assert.Equal(PlotlyMode.None, PlotlyAssets.FromEnvironment("none"));
        Assert.Equal(PlotlyMode.Inline, PlotlyAssets.FromEnvironment(null));
    }

    [Fact]
    public void The_data_in_a_fragment_is_json_that_knows_both_themes()
    {
        string html = Sample().ToHtml(PlotlyMode.Page);
        const string Open = "<script type=\"application/json\">";
        int at = html.IndexOf(Open, StringComparison.Ordinal) + Open.Length;
        using JsonDocument json = JsonDocument.Parse(html[at..html.IndexOf("</script>", at, StringComparison.Ordinal)]);
        JsonElement dark = json.RootElement.GetProperty("dark");
        Assert.All(Style.Inks, i => Assert.Equal(i.Dark, dark.GetProperty(i.Light).GetString()));
    }

    [Fact]
    public void Every_kind_of_series_becomes_a_trace()
    {
        double[,] z = { { 1, 2, 3 }, { 4, double.NaN, 6 } };
        Figure[] figures =
        [
            new Figure("band").Band("b", [1, 2, 3, 4], [0, 0, 0, 0], [1, double.NaN, 1, 2], Role.Compressed),
            new Figure("bars").ErrorBars("e", [1, 2], [1, 2], [0.1, 0.2], Role.Original),
            new Figure("bars").Bars("a", ["p", "q"], [1, 2], Role.Authors),
            new Figure("heat").Heatmap("h", [1, 2, 3], [1, 2], z, logColour: true),
            new Figure("surface").Surface("s", [1, 2, 3], [1, 2], z),
            new Figure("cloud").Scatter3D("c", [1, 2], [1, 2], [1, 2], Role.Compressed, [1, 2]),
        ];
        using JsonDocument json = JsonDocument.Parse(Figure.Grid("all kinds", figures, 3).ToPlotlyJson());
        string[] types = [.. json.RootElement.GetProperty("data").EnumerateArray().Select(t => t.GetProperty("type").GetString()!)];
        Assert.Equal(["scatter", "scatter", "scatter", "bar", "heatmap", "surface", "scatter3d"], types);
        JsonElement layout = json.RootElement.GetProperty("layout");
        Assert.True(layout.TryGetProperty("scene6", out _));
        Assert.True(layout.TryGetProperty("yaxis4", out _));
        // The static twin draws them all, too.
        Assert.All(figures, f => Assert.DoesNotContain("NaN", f.ToSvg()));
    }

    [Fact]
    public void Notebook_hosts_find_the_formatters_by_convention()
    {
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(Figure)));
        Figure figure = Sample();
        Assert.StartsWith("<div class=\"rk-figure\"", figure.ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.Equal(figure.ToString(), figure.ToDisplayString("text/plain"));
        Table table = Table.Of(("m", new[] { 1 }));
        Assert.Equal(table.ToHtml(), table.ToDisplayString("text/html"));
        Assert.Contains("seed", RunLog.Start(7).ToDisplayString("text/html"));
    }

    private static string Id(string html) => html.Split("id=\"")[1].Split('"')[0];
}
