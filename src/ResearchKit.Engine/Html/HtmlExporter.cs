using System.Globalization;
using System.Net;
using System.Text;

namespace ResearchKit.Engine;

/// <summary>Writes an executed notebook as one page that needs nothing else: no network, no server.</summary>
/// <remarks>
/// The page works without scripts: folding uses the browser's own disclosure, formulas are
/// MathML, figures show the drawing they carry. HTML that the notebook made is put in as it is.
/// </remarks>
public static class HtmlExporter
{
    private const string Figure = "rk-figure";

    /// <summary>The page.</summary>
    /// <param name="notebook">The notebook, with its outputs.</param>
    /// <param name="options">How to write it; null for the defaults.</param>
    public static string Export(Notebook notebook, HtmlExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        options ??= new HtmlExportOptions();
        var markdown = new MarkdownRenderer(notebook.Path is { } path ? Path.GetDirectoryName(path) : null);
        var body = new StringBuilder("<article>\n");
        foreach (var cell in notebook.Cells)
            AppendCell(body, cell, markdown, options);
        body.Append("</article>\n");
        var html = body.ToString();

        var title = options.Title ?? PlainTitle(notebook.Title);
        if (!markdown.Headings.Any(h => h.Level == 1))
            html = $"<h1>{WebUtility.HtmlEncode(title)}</h1>\n{html}";
        return new HtmlShell
        {
            Title = title,
            Body = html,
            Contents = Contents(markdown.Headings),
            Previous = options.Previous,
            Next = options.Next,
            Home = options.Home,
            Controls = Controls,
            Head = html.Contains(Figure, StringComparison.Ordinal) ? Script(options.Plotly) : null,
            Footer = options.Footer,
        }.ToHtml();
    }

    /// <summary>Writes the page to a file, all or nothing.</summary>
    /// <param name="notebook">The notebook, with its outputs.</param>
    /// <param name="path">The file; its folder is created if missing.</param>
    /// <param name="options">How to write it; null for the defaults.</param>
    public static Task WriteAsync(Notebook notebook, string path, HtmlExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => AtomicFile.Write(path, Export(notebook, options)));
    }

    private const string Controls =
        "<button type=\"button\" class=\"fold\" hidden aria-pressed=\"false\">Hide code</button>"
        + "<script>(()=>{const b=document.currentScript.previousElementSibling;b.hidden=false;let o=true;"
        + "b.addEventListener('click',()=>{o=!o;document.querySelectorAll('details.code').forEach(d=>d.open=o);"
        + "b.textContent=o?'Hide code':'Show code';b.setAttribute('aria-pressed',String(!o));});})();</script>";

    private static void AppendCell(StringBuilder html, NotebookCell cell, MarkdownRenderer markdown, HtmlExportOptions options)
    {
        if (cell.Kind == CellKind.Markdown)
        {
            html.Append("<section class=\"md\">\n").Append(markdown.ToHtml(cell.Source, cell.Attachments)).Append("</section>\n");
            return;
        }

        if (cell.Kind == CellKind.Raw || string.IsNullOrWhiteSpace(cell.Source) && cell.Outputs.Count == 0)
            return;

        html.Append($"<section class=\"cell\" id=\"cell-{WebUtility.HtmlEncode(cell.Id)}\">\n");
        if (!cell.Tags.Contains("hide-input"))
            AppendCode(html, cell, options);
        if (cell.Outputs.Count > 0)
        {
            html.Append("<div class=\"outputs\">\n");
            foreach (var output in cell.Outputs)
                OutputHtml.Append(html, output, markdown);
            html.Append("</div>\n");
        }

        html.Append("</section>\n");
    }

    private static void AppendCode(StringBuilder html, NotebookCell cell, HtmlExportOptions options)
    {
        var (kind, label) = cell.Tags.Contains(NotebookParameters.InjectedTag) ? (" injected", "Parameters of this run")
            : NotebookParameters.IsParameters(cell) ? (" parameters", "Parameters")
            : ("", cell.ExecutionCount is { } n ? string.Create(CultureInfo.InvariantCulture, $"Code {n}") : "Code");
        // Injected parameters are the answer to "what was this run": always in sight.
        var open = options.CodeOpen || kind == " injected" ? " open" : "";
        html.Append($"<details class=\"code{kind}\"{open}><summary><span>{label}</span>");
        if (cell.Elapsed is { } elapsed)
            html.Append($"<span class=\"time\">{Duration(elapsed)}</span>");
        html.Append("</summary><pre class=\"cs\" tabindex=\"0\"><code>").Append(CSharpHighlighter.ToHtml(cell.Source.Trim('\n'))).Append("</code></pre></details>\n");
    }

    /// <summary>A running time to the accuracy that a reader wants: "0.12 s", "3.4 s", "2 min 5 s".</summary>
    internal static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 0.01 => "< 0.01 s",
        < 1 => time.TotalSeconds.ToString("0.00 's'", CultureInfo.InvariantCulture),
        < 60 => time.TotalSeconds.ToString("0.0 's'", CultureInfo.InvariantCulture),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };

    private static string? Contents(List<PageHeading> headings)
    {
        var shown = headings.Where(h => h.Level is 2 or 3).ToList();
        if (shown.Count < 2)
            return null;
        var html = new StringBuilder("<p>Contents</p>\n<ul>\n");
        foreach (var heading in shown)
            html.Append($"<li class=\"l{heading.Level}\"><a href=\"#{WebUtility.HtmlEncode(heading.Id)}\">{heading.Html}</a></li>\n");
        return html.Append("</ul>\n").ToString();
    }

    private static string? Script(PlotlyScript? plotly) => plotly switch
    {
        { Href: { } href } => $"<script src=\"{WebUtility.HtmlEncode(href)}\"></script>\n",
        // Inside a script only this sequence could end it early; the escape means the same in JavaScript.
        { Content: { } content } => $"<script>{content.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}</script>\n",
        _ => null,
    };

    /// <summary>The heading without Markdown's and TeX's marks, for the window's title.</summary>
    private static string PlainTitle(string title) =>
        title.Replace("`", "", StringComparison.Ordinal).Replace("*", "", StringComparison.Ordinal).Replace("$", "", StringComparison.Ordinal);
}
