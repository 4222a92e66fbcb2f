using Microsoft.Playwright;
using ResearchKit.Notebooks;

namespace ResearchKit.FrontEnds.Tests.Pages;

/// <summary>What a reader sees who opens the exported page of a notebook from disk, without a network.</summary>
public class PageTests(ExportedPages pages) : IClassFixture<ExportedPages>
{
    /// <summary>
    /// Every element with text of its own against what is painted behind it: [contrast, text] of those below the limit that
    /// the guidelines for accessible pages (WCAG 2) set for large text, 3 to 1.
    /// </summary>
    private const string Unreadable = """
        () => {
          const parse = c => { const m = c.match(/[\d.]+/g); return m ? [+m[0], +m[1], +m[2], m[3] === undefined ? 1 : +m[3]] : null; };
          const light = c => [0, 1, 2].map(i => { const v = c[i] / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; })
            .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
          const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
          const ground = e => {
            if (!e || e === document) return [255, 255, 255, 1];
            const c = e.namespaceURI.endsWith('svg') ? null : parse(getComputedStyle(e).backgroundColor);
            return !c || c[3] === 0 ? ground(e.parentElement) : c[3] === 1 ? c : over(c, ground(e.parentElement));
          };
          const bad = [];
          for (const e of document.querySelectorAll('body *')) {
            const own = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join(' ').trim();
            if (!own || e.closest('script,style,title,.skip,[hidden]') || !e.getClientRects().length) continue;
            const box = e.getBoundingClientRect(), style = getComputedStyle(e);
            if (box.width === 0 || box.height === 0 || style.visibility === 'hidden' || e.closest('.rk-static') && e.closest('.rk-static').style.display === 'none') continue;
            const svg = e.namespaceURI.endsWith('svg'), ink = parse(svg ? style.fill : style.color);
            if (!ink || e.closest('.hoverlayer,.modebar')) continue;
            const paper = ground(e), a = light(over(ink, paper)), b = light(paper);
            const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (contrast < 3) bad.push(contrast.toFixed(2) + ' ' + own.slice(0, 60));
          }
          return bad;
        }
        """;

    public static TheoryData<string> Notebooks =>
        [.. Directory.GetFiles(Paths.Notebooks, "*.ipynb").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Notebooks))]
    public async Task Every_figure_is_drawn_without_a_network_or_an_error(string notebook)
    {
        await using ReaderPage reader = await ReaderPage.OpenAsync(pages.Browser, await pages.Of(notebook));
        Assert.True(await reader.Page.Locator(".rk-figure").CountAsync() > 0);
        await reader.DrawAllAsync();
        Assert.Empty(reader.Problems);
        // Nothing reaches beyond the page: a reader scrolls down, never sideways.
        Assert.True(await reader.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
    }

    [Theory, MemberData(nameof(Notebooks))]
    public async Task Static_pictures_show_where_scripts_are_off(string notebook)
    {
        await using ReaderPage reader = await ReaderPage.OpenAsync(pages.Browser, await pages.Of(notebook), scripts: false);
        IReadOnlyList<ILocator> pictures = await reader.Page.Locator(".rk-figure .rk-static > svg").AllAsync();
        Assert.Equal(await reader.Page.Locator(".rk-figure").CountAsync(), pictures.Count);
        foreach (ILocator picture in pictures)
        {
            Assert.True(await picture.IsVisibleAsync());
            LocatorBoundingBoxResult box = (await picture.BoundingBoxAsync())!;
            Assert.True(box.Width > 200 && box.Height > 100, $"{box.Width} by {box.Height}");
            Assert.False(string.IsNullOrWhiteSpace(await picture.Locator("title").First.TextContentAsync()));
        }

        Assert.Empty(reader.Problems);
    }

    [Theory, MemberData(nameof(Notebooks))]
    public async Task Everything_can_be_read_on_dark_and_on_light_paper(string notebook)
    {
        foreach (ColorScheme scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
        {
            await using ReaderPage reader = await ReaderPage.OpenAsync(pages.Browser, await pages.Of(notebook), scheme: scheme);
            await reader.DrawAllAsync();
            string[] bad = await reader.Page.EvaluateAsync<string[]>(Unreadable);
            Assert.True(bad.Length == 0, $"{scheme}: {string.Join("; ", bad)}");
        }
    }

    [Fact]
    public async Task Sliders_move_the_picture_and_come_back()
    {
        await using ReaderPage reader = await ReaderPage.OpenAsync(pages.Browser, await pages.Of("20-lab.ipynb"));
        await reader.DrawAllAsync();
        ILocator sliders = reader.Page.Locator(".rk-figure .slider-group");
        int count = await sliders.CountAsync();
        Assert.Equal(6, count);
        for (int i = 0; i < count; i++)
        {
            ILocator slider = sliders.Nth(i);
            await slider.ScrollIntoViewIfNeededAsync();
            string first = await State(slider);
            await Press(slider, 0);
            string left = await State(slider);
            await Press(slider, 1);
            string right = await State(slider);
            Assert.NotEqual(left, right);
            // The stop at which the slider stood shows what was shown at first.
            int stops = await slider.Locator(".slider-tick-rect").CountAsync();
            var seen = new List<string>();
            for (int stop = 0; stop < stops; stop++)
            {
                await Press(slider, stop / (stops - 1.0));
                seen.Add(await State(slider));
            }

            Assert.Contains(first, seen);
            Assert.Equal(stops, seen.Distinct().Count());
        }

        Assert.Empty(reader.Problems);
    }

    [Fact]
    public async Task A_dragged_slider_keeps_its_place_when_the_theme_turns_dark()
    {
        await using ReaderPage reader = await ReaderPage.OpenAsync(pages.Browser, await pages.Of("20-lab.ipynb"));
        await reader.DrawAllAsync();
        ILocator figure = reader.Page.Locator(".rk-figure").First, slider = figure.Locator(".slider-group").First;
        await Press(slider, 1);
        string moved = await State(slider), title = await figure.Locator(".rk-title").TextContentAsync() ?? "";
        await reader.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await reader.Page.WaitForFunctionAsync("f => f.querySelector('.js-plotly-plot').layout.paper_bgcolor !== '#ffffff'", await figure.ElementHandleAsync());
        Assert.Equal(moved, await State(slider));
        Assert.Equal(title, await figure.Locator(".rk-title").TextContentAsync());
        Assert.Empty(reader.Problems);
    }

    /// <summary>What the figure of a slider shows: its title and all its numbers.</summary>
    private static async Task<string> State(ILocator slider)
    {
        await slider.EvaluateAsync("() => new Promise(done => setTimeout(done, 100))");
        return await slider.EvaluateAsync<string>("""
            s => {
              const figure = s.closest('.rk-figure'), plot = figure.querySelector('.js-plotly-plot');
              return figure.querySelector('.rk-title').textContent + JSON.stringify(plot.data.map(t => [t.x, t.y]));
            }
            """);
    }

    /// <summary>Presses the slider's bar at a fraction of its length, as a finger does.</summary>
    private static async Task Press(ILocator slider, double fraction)
    {
        IPage page = slider.Page;
        LocatorBoundingBoxResult bar = (await slider.Locator(".slider-rail-touch-rect").BoundingBoxAsync())!;
        double x = bar.X + (bar.Width * (0.02 + (0.96 * fraction))), y = bar.Y + (bar.Height / 2);
        await page.Mouse.MoveAsync((float)(bar.X + (bar.Width / 2)), (float)y);
        await page.Mouse.MoveAsync((float)x, (float)y);
        await page.Mouse.DownAsync();
        await page.Mouse.UpAsync();
    }
}
