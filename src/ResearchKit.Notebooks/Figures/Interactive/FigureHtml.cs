using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace ResearchKit.Notebooks;

/// <summary>Puts the static picture, the data and a small loader together into a fragment that is never blank.</summary>
internal static class FigureHtml
{
    private static readonly Lazy<string> s_loader = new(ReadLoader);
    private static int s_count;

    /// <param name="figure">What the static picture shows.</param>
    /// <param name="mode">Where plotly.js comes from.</param>
    /// <param name="chart">The interactive view's JSON where it is more than this figure's own.</param>
    public static string Fragment(FigureSpec figure, PlotlyMode mode, Func<string>? chart = null)
    {
        string id = Id(figure);
        var html = new StringBuilder();
        string look = "max-width:" + figure.Width.ToString(CultureInfo.InvariantCulture) + "px;margin:0.8em 0;border-radius:6px;overflow:hidden;background:var(--rk-paper,#ffffff)";
        html.Append($"<div class=\"rk-figure\" id=\"{id}\" style=\"{look}\"><div class=\"rk-static\">{SvgFigure.Render(figure, id)}</div>");
        if (mode != PlotlyMode.None) Interactive(html, figure, id, mode, chart ?? (() => PlotlyContext.Current.Call(nameof(PlotlyBridge.Build), figure.ToJson())));
        return html.Append("</div>").ToString();
    }

    /// <summary>A page of its own with everything inside.</summary>
    public static string Page(FigureSpec figure, Func<string>? chart = null) =>
        $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">"
        + $"<title>{SvgText.Escape(figure.Title)}</title><style>body{{margin:1.5em;background:#fff}}@media (prefers-color-scheme:dark){{body{{background:#16181d}}}}</style></head><body>"
        + Fragment(figure, PlotlyMode.Page, chart) + PlotlyAssets.ScriptElement() + "</body></html>";

    private static void Interactive(StringBuilder html, FigureSpec figure, string id, PlotlyMode mode, Func<string> chart)
    {
        string json, script = "";
        try
        {
            json = chart();
            if (mode == PlotlyMode.Inline && PlotlyAssets.TakeFirst()) script = PlotlyAssets.ScriptElement();
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            // An incomplete folder costs the interaction, not the picture.
            html.Append($"<p style=\"margin:0 18px 12px;font:12px {SvgText.Escape(Style.Font)};color:var(--rk-muted)\">Static view only: {SvgText.Escape(e.Message)}</p>");
            return;
        }

        string font = SvgText.Escape(Style.Font);
        html.Append($"<div class=\"rk-live\" style=\"height:0;overflow:hidden;font-family:{font}\">")
            .Append($"<div class=\"rk-title\" style=\"padding:16px 18px 0;font-size:17px;line-height:1.3;font-weight:650;color:var(--rk-text)\">{SvgText.Escape(figure.Title)}</div><div class=\"rk-plot\"></div>");
        if (figure.FullCaption.Length > 0)
            html.Append($"<div class=\"rk-caption\" style=\"padding:0 18px 16px;font-size:12.5px;line-height:1.4;color:var(--rk-muted)\">{SvgText.Escape(figure.FullCaption)}</div>");
        html.Append("</div>").Append(script)
            .Append($"<script type=\"application/json\">{ForScript(WithDarkColours(json))}</script><script>{s_loader.Value}('{id}','{PlotlyAssets.LazyScriptId}');</script>");
    }

    /// <summary>Adds the table from light to dark colours, with which the loader repaints.</summary>
    private static string WithDarkColours(string json)
    {
        string dark = JsonSerializer.Serialize(Style.Inks.ToDictionary(i => i.Light, i => i.Dark));
        return json.TrimEnd()[..^1] + ",\"dark\":" + dark + "}";
    }

    private static string ForScript(string json) => json.Replace("<", "\\u003c", StringComparison.Ordinal);

    /// <summary>The same figure gets the same name in each process, and each showing of it another.</summary>
    private static string Id(FigureSpec figure)
    {
        uint hash = 2166136261;
        foreach (char c in figure.ToJson()) hash = (hash ^ c) * 16777619;
        return string.Create(CultureInfo.InvariantCulture, $"rk-{hash:x8}-{Interlocked.Increment(ref s_count)}");
    }

    private static string ReadLoader()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ResearchKit.Notebooks.loader.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
