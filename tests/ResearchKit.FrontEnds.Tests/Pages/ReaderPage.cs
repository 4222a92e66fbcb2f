using Microsoft.Playwright;

namespace ResearchKit.FrontEnds.Tests.Pages;

/// <summary>A page opened from disk by a reader without a network, with everything that went wrong on it.</summary>
internal sealed class ReaderPage : IAsyncDisposable
{
    // The machine may be busy; a page that is never drawn fails all the same.
    private const int PatienceMs = 60_000;
    private readonly IBrowserContext _context;

    private ReaderPage(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Errors of the console and of scripts, and requests for anything but files.</summary>
    public List<string> Problems { get; } = [];

    public static async Task<ReaderPage> OpenAsync(IBrowser browser, string address, bool scripts = true, ColorScheme scheme = ColorScheme.Light)
    {
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            Offline = true, JavaScriptEnabled = scripts, ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(PatienceMs);
        var reader = new ReaderPage(context, page);
        page.Console += (_, m) =>
        {
            if (m.Type is "error") reader.Problems.Add(m.Text);
        };
        page.PageError += (_, error) => reader.Problems.Add(error);
        await page.RouteAsync(url => !url.StartsWith("file:", StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal), route =>
        {
            reader.Problems.Add("asked the network for " + route.Request.Url);
            return route.AbortAsync();
        });
        await page.GotoAsync(address, new PageGotoOptions { Timeout = PatienceMs });
        return reader;
    }

    /// <summary>Scrolls to every figure and waits until Plotly has drawn it; figures in space stay static where the browser has no WebGL.</summary>
    /// <returns>How many figures Plotly drew.</returns>
    public async Task<int> DrawAllAsync()
    {
        int drawn = 0;
        bool webgl = await Page.EvaluateAsync<bool>("() => !!document.createElement('canvas').getContext('webgl')");
        foreach (ILocator figure in await Page.Locator(".rk-figure").AllAsync())
        {
            await figure.ScrollIntoViewIfNeededAsync();
            bool space = await figure.EvaluateAsync<bool>("f => /\"(scatter3d|surface|scattergl)\"/.test(f.querySelector('script[type=\"application/json\"]').textContent)");
            if (space && !webgl)
            {
                Assert.True(await figure.Locator(".rk-static svg").IsVisibleAsync());
                continue;
            }

            await figure.Locator(".js-plotly-plot .main-svg").First.WaitForAsync();
            await Page.WaitForFunctionAsync("f => f.querySelector('.rk-live').style.height === 'auto'", await figure.ElementHandleAsync());
            drawn++;
        }

        return drawn;
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
