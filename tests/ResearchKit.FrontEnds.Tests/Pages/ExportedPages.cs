using System.Collections.Concurrent;
using Microsoft.Playwright;
using ResearchKit.Notebooks;
using ResearchKit.Notebooks.Tests.Notebooks;

namespace ResearchKit.FrontEnds.Tests.Pages;

/// <summary>Every notebook as the page that `researchkit notebooks run` writes, in a clone of its own, made once and when first asked for.</summary>
public sealed class ExportedPages : IAsyncLifetime
{
    private readonly TempFolder _clone = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _pages = new();

    // One at a time: each notebook uses all cores by itself.
    private readonly SemaphoreSlim _turn = new(1);
    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await Chromium.LaunchAsync(_playwright);
        Copy(System.IO.Path.Combine(Paths.Root, "ResearchKit.sln"), "ResearchKit.sln");
        foreach (string file in Directory.GetFiles(System.IO.Path.Combine(Paths.Datasets, "paper")))
            Copy(file, System.IO.Path.Combine("datasets", "paper", System.IO.Path.GetFileName(file)));
        // Stored results draw figures of their own: the pages that readers see have them.
        if (Directory.Exists(Paths.Results))
            foreach (string file in Directory.GetFiles(Paths.Results, "*.csv"))
                Copy(file, System.IO.Path.Combine("notebooks", "results", System.IO.Path.GetFileName(file)));
    }

    /// <summary>The page of a notebook that was run with its tiny parameters, as a file:// address.</summary>
    public async Task<string> Of(string notebook) =>
        new Uri(await _pages.GetOrAdd(notebook, n => new(() => Export(n))).Value).AbsoluteUri;

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        _playwright?.Dispose();
        _turn.Dispose();
        _clone.Dispose();
    }

    private async Task<string> Export(string notebook)
    {
        await _turn.WaitAsync();
        try
        {
            Copy(System.IO.Path.Combine(Paths.Notebooks, notebook), System.IO.Path.Combine("notebooks", notebook));
            Finished run = await Programs.ResearchKitAsync(_clone.Path, new Dictionary<string, string?>(),
                ["notebooks", "run", "notebooks/" + notebook, "--output", "out", "--param", .. TinyParameters.For(notebook)]);
            Assert.True(run.Code == 0, $"{notebook}: {run.Error}{run.Out}");
            return _clone.File(System.IO.Path.Combine("out", System.IO.Path.ChangeExtension(notebook, "html")));
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Copy(string from, string to)
    {
        string target = _clone.File(to);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        File.Copy(from, target, overwrite: true);
    }
}
