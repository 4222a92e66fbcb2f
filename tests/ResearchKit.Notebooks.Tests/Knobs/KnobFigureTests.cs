using System.Text.Json;

namespace ResearchKit.Notebooks.Tests.Turning;

public sealed class KnobFigureTests
{
    private static readonly double[] s_x = [1, 2, 3];

    private static Knob<int> Degree(int degree = 2) => Knob.Range(degree, 1, 3, "degree");

    private static Knob<string> Method() => Knob.Choice("b", ["a", "b"], "method", name: "method");

    private static Figure Sample(int degree) => new Figure($"At degree {degree}").X("x").Y("error", log: true)
        .Line("fixed", s_x, [1.0, 2, 3], Role.Original).Line("moves", s_x, s_x.Select(x => Math.Pow(10, -degree * x)), Role.Compressed).Caption($"k = {degree}.");

    private static JsonElement Json(KnobFigure figure) => JsonDocument.Parse(figure.ToPlotlyJson()).RootElement.Clone();

    [Fact]
    public void The_static_picture_is_that_of_the_knobs_own_value_and_says_so()
    {
        KnobFigure figure = Figure.Over(Degree(), Sample);
        Assert.Equal("At degree 2", figure.Title);
        string svg = figure.ToSvg();
        Assert.Contains("At degree 2", svg);
        Assert.DoesNotContain("At degree 1", svg);
        Assert.Contains("k = 2. Shown: degree = 2.", svg);
        Assert.Contains("Sliders: degree at 1, 2, 3", figure.ToString());
        Assert.DoesNotContain("<script", figure.ToHtml(PlotlyMode.None));
    }

    [Fact]
    public void Every_stop_has_its_picture_and_what_stays_the_same_is_written_once()
    {
        JsonElement json = Json(Figure.Over(Degree(), Sample));
        Assert.Equal(1 + 3, json.GetProperty("traces").GetArrayLength());
        Assert.Equal(1, json.GetProperty("layouts").GetArrayLength());
        JsonElement[] states = [.. json.GetProperty("states").EnumerateArray()];
        Assert.Equal(["At degree 1", "At degree 2", "At degree 3"], states.Select(s => s.GetProperty("title").GetString()));
        for (int degree = 1; degree <= 3; degree++)
        {
            double[] last = [.. states[degree - 1].GetProperty("traces").EnumerateArray().Select(t => json.GetProperty("traces")[t.GetInt32()].GetProperty("y")[2].GetDouble())];
            Assert.Contains(3, last);
            Assert.Contains(Math.Pow(10, -3 * degree), last);
        }

        JsonElement slider = json.GetProperty("layouts")[0].GetProperty("sliders")[0];
        Assert.Equal(1, slider.GetProperty("active").GetInt32());
        Assert.Equal(["0:0", "0:1", "0:2"], slider.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("value").GetString()));
        Assert.Equal("[1]", json.GetProperty("at").GetRawText());
    }

    [Fact]
    public void Axes_stay_where_they_are_when_a_slider_moves()
    {
        JsonElement json = Json(Figure.Over(Degree(), Sample));
        double[] range = [.. json.GetProperty("layouts")[0].GetProperty("yaxis").GetProperty("range").EnumerateArray().Select(v => v.GetDouble())];
        Assert.InRange(range[0], -12, -9);
        Assert.InRange(range[1], Math.Log10(3), 2);
        // Limits that a figure sets itself are kept.
        JsonElement set = Json(Figure.Over(Degree(), k => Sample(k).Y("error", log: true, min: 1e-20, max: 10)));
        Assert.Equal(-20, set.GetProperty("layouts")[0].GetProperty("yaxis").GetProperty("range")[0].GetDouble());
    }

    [Fact]
    public void Two_knobs_make_all_pairs_the_second_running_fastest()
    {
        var seen = new List<(int, string)>();
        KnobFigure figure = Figure.Over(Degree(), Method(), (k, m) =>
        {
            seen.Add((k, m));
            return new Figure($"{k}{m}").Bars("v", ["p", "q"], [k, 1], Role.Compressed);
        });
        // The reader's own first, then each other pair once.
        Assert.Equal((2, "b"), seen[0]);
        Assert.Equal(6, seen.Distinct().Count());
        Assert.Equal((6, 6), (seen.Count, figure.Count));
        JsonElement json = Json(figure);
        Assert.Equal(["1a", "1b", "2a", "2b", "3a", "3b"], json.GetProperty("states").EnumerateArray().Select(s => s.GetProperty("title").GetString()));
        Assert.Equal("[3,2]", json.GetProperty("stops").GetRawText());
        Assert.Equal("2b", figure.Title);
        Assert.Equal(2, json.GetProperty("layouts")[0].GetProperty("sliders").GetArrayLength());
    }

    [Fact]
    public void Pictures_may_differ_in_their_series_and_panels()
    {
        KnobFigure figure = Figure.Over(Degree(1), k => k == 1 ? Sample(1) : Figure.Grid("several", Enumerable.Repeat(Sample(k), k), 2));
        int[] counts = [.. Json(figure).GetProperty("states").EnumerateArray().Select(s => s.GetProperty("traces").GetArrayLength())];
        Assert.Equal([2, 4, 6], counts);
    }

    [Fact]
    public void Surfaces_have_sliders_too()
    {
        KnobFigure figure = Figure.Over(Degree(), k => new Figure("s").Surface("z", [1, 2], [1, 2], new double[,] { { 0, k }, { k, 1 } }));
        Assert.Equal(3, Json(figure).GetProperty("traces").GetArrayLength());
        Assert.Contains("<svg", figure.ToSvg());
    }

    [Fact]
    public void The_cost_is_told_after_the_first_picture()
    {
        var told = new List<KnobProgress>();
        Figure.Over(Degree(), Sample, new Direct(told.Add));
        Assert.Equal([1, 2, 3], told.Select(p => p.Done));
        Assert.All(told, p => Assert.Equal(3, p.Total));
        Assert.Equal(TimeSpan.Zero, told[^1].Remaining);
        var half = new KnobProgress(2, 10, TimeSpan.FromSeconds(3));
        Assert.Equal("2 of 10 pictures, about 12.0 s to go", half.ToString());
    }

    [Fact]
    public void Too_many_pictures_are_refused_before_the_first()
    {
        int count = 1;
        Knob<int> many = Knob.Range(count, 1, 1000, "count", stops: Enumerable.Range(1, 134));
        var e = Assert.Throws<ArgumentException>(() => Figure.Over(Degree(), many, (_, _) => throw new InvalidOperationException("drawn")));
        Assert.Contains("3 stops of degree times 134 stops of count are 402 pictures; at most 400", e.Message);
        Assert.Contains("'degree'", Assert.Throws<ArgumentException>(() => Figure.Over(Degree(), Degree(3), (a, _) => Sample(a))).Message);
    }

    [Fact]
    public void Drawing_stops_when_asked_and_names_what_was_not_drawn()
    {
        using var stop = new CancellationTokenSource();
        int drawn = 0;
        Assert.Throws<OperationCanceledException>(() => Figure.Over(Degree(), k =>
        {
            drawn++;
            stop.Cancel();
            return Sample(k);
        }, cancellation: stop.Token));
        Assert.Equal(1, drawn);
        var e = Assert.Throws<InvalidOperationException>(() => Figure.Over(Degree(), k => k == 3 ? null! : Sample(k)));
        Assert.Contains("degree = 3", e.Message);
    }

    [Fact]
    public void Saving_writes_whole_files()
    {
        using var folder = new TempFolder();
        Figure.Over(Degree(), Sample).SaveSvg(folder.File("a/b.svg")).SaveHtml(folder.File("c.html"));
        Assert.Contains("At degree 2", File.ReadAllText(folder.File("a/b.svg")));
        string page = File.ReadAllText(folder.File("c.html"));
        Assert.Contains("\"states\":", page);
        Assert.DoesNotContain("src=\"http", page);
    }

    private sealed class Direct(Action<KnobProgress> report) : IProgress<KnobProgress>
    {
        public void Report(KnobProgress value) => report(value);
    }
}
