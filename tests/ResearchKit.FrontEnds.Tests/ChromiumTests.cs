using Microsoft.Playwright;

namespace ResearchKit.FrontEnds.Tests;

public class ChromiumTests
{
    [Fact]
    public async Task TheBrowserDrawsAPage()
    {
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await Chromium.LaunchAsync(playwright);
        IPage page = await browser.NewPageAsync();

        await page.SetContentAsync("<p id='p' style='width:50px'></p><script>p.textContent = 6 * 7</script>");

        Assert.Equal("42", await page.TextContentAsync("#p"));
    }
}
