namespace ResearchKit.Notebooks;

/// <summary>Where a shown figure gets plotly.js from.</summary>
public enum PlotlyMode
{
    /// <summary>The first figure that a process shows carries the script (3.6 MB); later ones find it on the page.</summary>
    Inline,

    /// <summary>The page supplies the script once, as an HTML export does; figures carry none.</summary>
    Page,

    /// <summary>Static pictures only: no script and no data.</summary>
    None,
}

/// <summary>plotly.js as it comes inside Plotly.NET: nothing is fetched at view time.</summary>
public static class PlotlyAssets
{
    /// <summary>Environment variable that sets <see cref="Mode"/> at start: <c>inline</c>, <c>page</c> or <c>none</c>.</summary>
    public const string Variable = "RESEARCHKIT_PLOTLY";

    /// <summary>
    /// Identifier of an inert element (<c>&lt;script type="text/plain"&gt;</c>) from which figures start plotly.js on
    /// demand, for pages that hold many figures and should open fast.
    /// </summary>
    public const string LazyScriptId = "rk-plotly-source";

    private static readonly Lazy<string> s_script = new(() => PlotlyContext.Current.Call(nameof(PlotlyBridge.Script)));
    private static int s_shown;

    /// <summary>How figures shown from now on get their script.</summary>
    public static PlotlyMode Mode { get; set; } = FromEnvironment(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Version of plotly.js.</summary>
    public static string Version => PlotlyContext.Current.Call(nameof(PlotlyBridge.Version));

    /// <summary>The text of plotly.min.js with its licence header; for use inside a script element.</summary>
    public static string GetScript() => s_script.Value;

    /// <summary>
    /// A script element that defines the global <c>Plotly</c> even on pages with a module loader (which would
    /// otherwise take it for a module without a name).
    /// </summary>
    /// <param name="lazy">Whether the script waits until a figure comes into sight.</param>
    public static string ScriptElement(bool lazy = false)
    {
        string body = $"(function(){{var define,module,exports;\n{GetScript()}\n}}).call(window);";
        return lazy ? $"<script type=\"text/plain\" id=\"{LazyScriptId}\">{body}</script>" : $"<script>if(!window.Plotly){body}</script>";
    }

    /// <summary>Whether the figure now shown is the first one, which carries the script inline.</summary>
    internal static bool TakeFirst() => Interlocked.Exchange(ref s_shown, 1) == 0;

    internal static PlotlyMode FromEnvironment(string? value) => value?.Trim().ToLowerInvariant() switch
    {
        "page" => PlotlyMode.Page,
        "none" => PlotlyMode.None,
        _ => PlotlyMode.Inline,
    };
}
