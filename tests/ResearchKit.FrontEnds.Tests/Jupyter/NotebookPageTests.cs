using Microsoft.Playwright;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>00-start-here in Jupyter Notebook in a browser, as a newcomer meets it.</summary>
[Collection(InstalledKernel.Collection)]
public class NotebookPageTests(InstalledKernel kernel)
{
    private const string Done = "() => Jupyter.notebook.get_cells().filter(c => c.cell_type === 'code' && c.get_text().trim())"
        + ".every(c => /^[0-9]+$/.test(String(c.input_prompt_number)))";

    [Fact]
    public async Task Charts_are_live_and_follow_a_changed_parameter()
    {
        using NotebookServer server = await NotebookServer.StartAsync(kernel);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await Chromium.LaunchAsync(playwright);
        IPage page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1100, Height = 900 }, ColorScheme = ColorScheme.Light });
        page.SetDefaultTimeout(180_000);
        await page.GotoAsync(server.Url("notebooks/00-start-here.ipynb"));
        // The notebook asks for .net-csharp, under which our kernel is installed too.
        await page.WaitForFunctionAsync("() => window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()");
        await RunAll(page);

        ILocator figures = page.Locator(".rk-figure");
        Assert.Equal(2, await figures.CountAsync());
        await ShowCharts(page);
        await Shot(page, figures.Nth(0), "light-1");
        await Shot(page, figures.Nth(1), "light-2");

        // A click on a name in the legend hides its curve.
        const string Hidden = "Array.from(document.querySelectorAll('.rk-figure')).pop().querySelector('.js-plotly-plot').data.filter(t => t.visible === 'legendonly').length";
        Assert.Equal(0, await page.EvaluateAsync<int>(Hidden));
        await figures.Nth(1).Locator(".legendtoggle").First.ClickAsync();
        await page.WaitForFunctionAsync($"() => {Hidden} === 1");

        string before = await figures.Nth(0).InnerTextAsync();
        Assert.Contains("200 weighted points", before);
        await page.EvaluateAsync("() => { const c = Jupyter.notebook.get_cells().find(c => c.get_text().includes('// parameters')); c.set_text(c.get_text().replace('budget = 200;', 'budget = 90;')); }");
        await RunAll(page);
        await ShowCharts(page);
        Assert.Contains("90 weighted points", await figures.Nth(0).InnerTextAsync());
        Assert.Equal(90, await page.EvaluateAsync<int>("() => { const d = document.querySelector('.rk-figure .js-plotly-plot').data; return d[d.length - 1].x.length; }"));

        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await page.WaitForFunctionAsync("() => getComputedStyle(document.querySelector('.rk-figure')).getPropertyValue('--rk-dark').trim() === '1'");
        await Shot(page, figures.Nth(0), "dark-1");
        await Shot(page, figures.Nth(1), "dark-2");
        await page.EvaluateAsync("() => Jupyter.notebook.session.delete()");
    }

    private static async Task RunAll(IPage page)
    {
        await page.EvaluateAsync("() => { Jupyter.notebook.clear_all_output(); Jupyter.notebook.execute_all_cells(); }");
        await page.WaitForFunctionAsync(Done);
        Assert.Equal(0, await page.Locator(".output_error").CountAsync());
    }

    /// <summary>Brings every figure into sight, where it comes alive.</summary>
    private static async Task ShowCharts(IPage page)
    {
        ILocator figures = page.Locator(".rk-figure");
        for (int i = 0; i < await figures.CountAsync(); i++)
        {
            await figures.Nth(i).ScrollIntoViewIfNeededAsync();
            await figures.Nth(i).Locator(".js-plotly-plot .main-svg").First.WaitForAsync();
            await Assertions.Expect(figures.Nth(i).Locator(".rk-static")).ToBeHiddenAsync();
        }
    }

    /// <summary>For people to look at, where RESEARCHKIT_SCREENSHOTS names a folder.</summary>
    private static async Task Shot(IPage page, ILocator figure, string name)
    {
        if (Environment.GetEnvironmentVariable("RESEARCHKIT_SCREENSHOTS") is not { Length: > 0 } folder) return;
        await figure.ScrollIntoViewIfNeededAsync();
        await page.WaitForTimeoutAsync(500);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"notebook-{name}.png") });
    }
}
