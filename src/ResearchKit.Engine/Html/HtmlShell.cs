using System.Net;
using System.Reflection;
using System.Text;

namespace ResearchKit.Engine;

/// <summary>The frame of every page: head, style, navigation, foot. A report's index uses it too.</summary>
public sealed record HtmlShell
{
    private static readonly Lazy<string> s_css = new(() => Resource("page.css"));

    /// <summary>The page's title, as plain text.</summary>
    public required string Title { get; init; }

    /// <summary>The content of the main part, as HTML.</summary>
    public required string Body { get; init; }

    /// <summary>A list of links for the side, as HTML; null for a page without a side.</summary>
    public string? Contents { get; init; }

    /// <summary>The page before this one.</summary>
    public HtmlLink? Previous { get; init; }

    /// <summary>The page after this one.</summary>
    public HtmlLink? Next { get; init; }

    /// <summary>The page that lists all pages.</summary>
    public HtmlLink? Home { get; init; }

    /// <summary>Controls for the bar at the top, as HTML.</summary>
    public string? Controls { get; init; }

    /// <summary>Added to the head, as HTML: scripts that the body relies on.</summary>
    public string? Head { get; init; }

    /// <summary>A line for the foot, as plain text.</summary>
    public string? Footer { get; init; }

    /// <summary>The language of the page's text.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The style sheet that every page carries.</summary>
    public static string StyleSheet => s_css.Value;

    /// <summary>The page.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"").Append(Encode(Language)).Append("\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>").Append(Encode(Title)).Append("</title>\n<style>\n")
            .Append(StyleSheet).Append("</style>\n").Append(Head).Append("</head>\n<body>\n")
            .Append("<a class=\"skip\" href=\"#main\">Skip to content</a>\n");
        if (Home is not null || Previous is not null || Next is not null || Controls is not null)
        {
            html.Append("<header class=\"bar\"><nav aria-label=\"Pages\">");
            AppendLink(html, Home, "home", "");
            AppendLink(html, Previous, "prev", "← ");
            AppendLink(html, Next, "next", "", " →");
            html.Append("</nav>").Append(Controls).Append("</header>\n");
        }

        html.Append(Contents is null ? "<div class=\"page plain\">\n" : "<div class=\"page\">\n");
        if (Contents is not null)
            html.Append("<nav class=\"toc\" aria-label=\"Contents\">\n").Append(Contents).Append("</nav>\n");
        html.Append("<main id=\"main\">\n").Append(Body).Append("</main>\n<footer>");
        if (Previous is not null || Next is not null)
        {
            html.Append("<nav class=\"turn\" aria-label=\"Previous and next page\">");
            AppendLink(html, Previous, "prev", "← ");
            AppendLink(html, Next, "next", "", " →");
            html.Append("</nav>");
        }

        if (Footer is not null)
            html.Append("<p>").Append(Encode(Footer)).Append("</p>");
        return html.Append("</footer>\n</div>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Writes the page, all or nothing.</summary>
    /// <param name="path">The file; its folder is created if missing.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, ToHtml());
    }

    private static void AppendLink(StringBuilder html, HtmlLink? link, string relation, string before, string after = "")
    {
        if (link is null)
            return;
        var rel = relation == "home" ? "" : $" rel=\"{relation}\"";
        html.Append($"<a class=\"{relation}\"{rel} href=\"{Encode(link.Href)}\">{before}{Encode(link.Text)}{after}</a>");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    internal static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ResearchKit.Engine.Html." + name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
