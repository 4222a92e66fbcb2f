using System.Text.Json.Nodes;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ResearchKit.Engine;

/// <summary>A heading, for the table of contents.</summary>
/// <param name="Level">1 to 6.</param>
/// <param name="Id">The anchor.</param>
/// <param name="Html">The heading's content.</param>
internal sealed record PageHeading(int Level, string Id, string Html);

/// <summary>Renders the Markdown of one page: tables, formulas, highlighted code, embedded pictures.</summary>
/// <param name="folder">Where relative pictures are; null to leave them as links.</param>
internal sealed class MarkdownRenderer(string? folder)
{
    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseGridTables()
        .UseEmphasisExtras()
        .UseFootnotes()
        .UseAutoLinks()
        .UseTaskLists()
        .UseMathematics()
        .Build();

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>The headings of everything rendered so far.</summary>
    public List<PageHeading> Headings { get; } = [];

    public string ToHtml(string markdown, JsonObject? attachments = null)
    {
        var document = Markdown.Parse(markdown, s_pipeline);
        foreach (var image in document.Descendants<LinkInline>().Where(l => l.IsImage))
            image.Url = Embed(image.Url, attachments);
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            var id = Anchor(heading);
            heading.GetAttributes().Id = id;
            Headings.Add(new PageHeading(heading.Level, id, Inline(heading.Inline)));
        }

        using var writer = new StringWriter();
        Renderer(writer).Render(document);
        return writer.ToString();
    }

    private static HtmlRenderer Renderer(TextWriter writer)
    {
        var renderer = new HtmlRenderer(writer);
        s_pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlMathInlineRenderer>(new MathInlineRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlMathBlockRenderer>(new MathBlockRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlTableRenderer>(new WideTableRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new HighlightedCodeRenderer());
        return renderer;
    }

    private static string Inline(ContainerInline? inline)
    {
        using var writer = new StringWriter();
        if (inline is not null)
        {
            // A link inside a link of the contents would be invalid: keep its text only.
            var renderer = Renderer(writer);
            foreach (var child in inline)
                renderer.Render(child is LinkInline { FirstChild: { } text } ? text : child);
        }

        return writer.ToString();
    }

    /// <summary>An id from the heading's text, unique on the page.</summary>
    private string Anchor(HeadingBlock heading)
    {
        var text = string.Concat(heading.Inline?.Descendants().Select(d => d switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            _ => "",
        }) ?? []);
        var words = new string([.. text.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')]);
        var slug = string.Join('-', words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (slug.Length == 0)
            slug = "section";
        var id = slug;
        for (int n = 2; !_ids.Add(id); n++)
            id = $"{slug}-{n}";
        return id;
    }

    private string? Embed(string? url, JsonObject? attachments)
    {
        if (url is null || url.Contains("://", StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal))
            return url;
        if (url.StartsWith("attachment:", StringComparison.Ordinal))
        {
            var bundle = attachments?[Uri.UnescapeDataString(url["attachment:".Length..])] as JsonObject;
            return bundle?.FirstOrDefault() is { Value: { } content, Key: var mime }
                ? $"data:{mime};base64,{NotebookReader.MultilineText(content).Replace("\n", "", StringComparison.Ordinal)}"
                : url;
        }

        var type = Path.GetExtension(url).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".svg" => "image/svg+xml",
            ".webp" => "image/webp",
            _ => null,
        };
        if (folder is null || type is null)
            return url;
        var file = Path.Combine(folder, Uri.UnescapeDataString(url));
        return File.Exists(file) ? $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(file))}" : url;
    }

    private sealed class MathInlineRenderer : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline math) =>
            renderer.Write(TexConverter.ToHtml(math.Content.ToString(), display: math.DelimiterCount > 1));
    }

    private sealed class MathBlockRenderer : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock math) =>
            renderer.Write("<div class=\"math\">").Write(TexConverter.ToHtml(math.Lines.ToString(), display: true)).WriteLine("</div>");
    }

    /// <summary>A wide table scrolls by itself, and the page does not.</summary>
    private sealed class WideTableRenderer : HtmlTableRenderer
    {
        protected override void Write(HtmlRenderer renderer, Table table)
        {
            renderer.EnsureLine();
            renderer.WriteLine("<div class=\"scroll\">");
            base.Write(renderer, table);
            renderer.WriteLine("</div>");
        }
    }

    private sealed class HighlightedCodeRenderer : CodeBlockRenderer
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            if (block is FencedCodeBlock { Info: "csharp" or "cs" or "c#" or "C#" })
                renderer.Write("<pre class=\"cs\"><code>").Write(CSharpHighlighter.ToHtml(block.Lines.ToString())).WriteLine("</code></pre>");
            else
                base.Write(renderer, block);
        }
    }
}
