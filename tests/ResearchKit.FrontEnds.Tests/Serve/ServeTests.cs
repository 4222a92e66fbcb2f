using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ResearchKit.FrontEnds.Tests.Serve;

/// <summary>`researchkit serve` in a real browser: the command's own process, a real notebook, a click.</summary>
public sealed partial class ServeTests(NotebookClone clone) : IClassFixture<NotebookClone>
{
    private const string Notebook = "00-start-here";

    [Fact]
    public async Task A_click_runs_the_notebook_again_and_the_page_shows_the_new_run()
    {
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await Chromium.LaunchAsync(playwright);
        (int code, string text) = await clone.RunAsync(NotebookClone.Command, "reproduce", "--only", "00", "--param", "count=6000");
        Assert.True(code == 0, text);
        DateTime firstRun = File.GetLastWriteTimeUtc(ExecutedPage);

        using Process server = Process.Start(clone.Start(NotebookClone.Command, "serve", "--no-open"))!;
        try
        {
            string address = await AddressAsync(server);
            IPage page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1200, Height = 900 } });
            // Slow machines: the notebook runs for some seconds on a free one.
            page.SetDefaultTimeout(300_000);
            await page.GotoAsync(address);
            // The token is not left in the address.
            Assert.DoesNotContain("token", page.Url, StringComparison.Ordinal);
            Assert.Equal(0, await page.GetByText("last run again").CountAsync());
            ILocator button = page.GetByRole(AriaRole.Button, new() { Name = $"Run {Notebook} again" });
            await PictureAsync(page, "index");

            await button.ClickAsync();
            await page.GetByText(CellOf()).WaitForAsync();
            Assert.True(await button.IsDisabledAsync());
            await PictureAsync(page, "running");

            await page.GetByText("last run again").WaitForAsync();
            Assert.True(File.GetLastWriteTimeUtc(ExecutedPage) > firstRun);
            Assert.Contains("All 3 checks hold", await page.Locator(".verdict").TextContentAsync(), StringComparison.Ordinal);
            Assert.True(await button.IsEnabledAsync());

            // Cancelled, the earlier page stays.
            string before = await File.ReadAllTextAsync(ExecutedPage, TestContext.Current.CancellationToken);
            await page.GotoAsync($"{new Uri(address).GetLeftPart(UriPartial.Authority)}/{Notebook}.html");
            await page.GetByRole(AriaRole.Button, new() { Name = "Run this notebook again" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
            await page.GetByText("Cancelled. The earlier results stay.").WaitForAsync();
            await PictureAsync(page, "cancelled");
            Assert.Equal(before, await File.ReadAllTextAsync(ExecutedPage, TestContext.Current.CancellationToken));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }

        // From disk the same page has no button, and needs no server.
        IPage still = await browser.NewPageAsync();
        await still.GotoAsync(new Uri(Path.Combine(clone.Root, "notebooks", "report", "index.html")).AbsoluteUri);
        Assert.Contains("All 3 checks hold", await still.Locator(".verdict").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await still.GetByRole(AriaRole.Button).CountAsync());
    }

    private string ExecutedPage => Path.Combine(clone.Root, "notebooks", "report", Notebook + ".html");

    private static async Task<string> AddressAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            if (line.StartsWith("http://127.0.0.1:", StringComparison.Ordinal)) return line.Trim();
        throw new EndOfStreamException("The server ended: " + await server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>For a person to look at, in both themes; nothing is written unless the variable names a folder.</summary>
    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("RESEARCHKIT_PICTURES") is not { Length: > 0 } folder) return;
        foreach (ColorScheme theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"serve-{name}-{theme.ToString().ToLowerInvariant()}.png") });
        }
    }

    [GeneratedRegex($"^{Notebook}, cell \\d+ of \\d+, \\d+ s$")]
    private static partial Regex CellOf();
}
