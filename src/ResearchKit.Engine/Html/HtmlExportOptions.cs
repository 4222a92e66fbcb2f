namespace ResearchKit.Engine;

/// <summary>A link in a page's navigation.</summary>
/// <param name="Href">Its target, relative to the page.</param>
/// <param name="Text">Its text.</param>
public sealed record HtmlLink(string Href, string Text);

/// <summary>The script plotly.js, in the page or beside it.</summary>
/// <remarks>Pages never fetch it from a network. Without it, figures show their static drawing.</remarks>
public sealed record PlotlyScript
{
    private PlotlyScript()
    {
    }

    /// <summary>The file beside the page; null if the script is in the page.</summary>
    public string? Href { get; private init; }

    /// <summary>The script itself; null if it is a file beside the page.</summary>
    public string? Content { get; private init; }

    /// <summary>A file beside the page: small pages, one script for all.</summary>
    /// <param name="href">Its path relative to the page, for example "plotly.min.js".</param>
    public static PlotlyScript Beside(string href)
    {
        ArgumentException.ThrowIfNullOrEmpty(href);
        return new PlotlyScript { Href = href };
    }

    /// <summary>The script in the page: one file to send by mail, some megabytes larger.</summary>
    /// <param name="content">The text of plotly.min.js.</param>
    public static PlotlyScript Inline(string content)
    {
        ArgumentException.ThrowIfNullOrEmpty(content);
        return new PlotlyScript { Content = content };
    }
}

/// <summary>How <see cref="HtmlExporter"/> writes a page.</summary>
public sealed record HtmlExportOptions
{
    /// <summary>The page's title; null for the notebook's.</summary>
    public string? Title { get; init; }

    /// <summary>The page before this one.</summary>
    public HtmlLink? Previous { get; init; }

    /// <summary>The page after this one.</summary>
    public HtmlLink? Next { get; init; }

    /// <summary>The page that lists all pages.</summary>
    public HtmlLink? Home { get; init; }

    /// <summary>The script that makes figures interactive; put into pages that have a figure.</summary>
    public PlotlyScript? Plotly { get; init; }

    /// <summary>True to show code at first; the reader can fold and unfold each cell.</summary>
    public bool CodeOpen { get; init; } = true;

    /// <summary>A line for the foot of the page, as plain text; null for none.</summary>
    public string? Footer { get; init; }
}
