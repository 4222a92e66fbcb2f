using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace ResearchKit.Engine;

/// <summary>Writes the outputs of a cell as HTML.</summary>
internal static partial class OutputHtml
{
    /// <summary>Richest first: what a page shows of an output that has several formats.</summary>
    private static readonly string[] s_preference =
        ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain", "application/json"];

    public static void Append(StringBuilder html, NotebookOutput output, MarkdownRenderer markdown)
    {
        switch (output)
        {
            case StreamOutput stream:
                var label = stream.Name == "stderr" ? "Error stream" : "Text output";
                html.Append($"<pre class=\"out {(stream.Name == "stderr" ? "stderr" : "stdout")}\" role=\"group\" aria-label=\"{label}\">")
                    .Append(WebUtility.HtmlEncode(Terminal(stream.Text))).Append("</pre>\n");
                break;
            case ErrorOutput error:
                html.Append("<div class=\"out error\" role=\"alert\"><p><strong>")
                    .Append(WebUtility.HtmlEncode(error.Name)).Append("</strong>: ")
                    .Append(WebUtility.HtmlEncode(error.Message)).Append("</p>");
                if (error.Traceback.Count > 0)
                    html.Append("<pre>").Append(WebUtility.HtmlEncode(Terminal(string.Join('\n', error.Traceback)))).Append("</pre>");
                html.Append("</div>\n");
                break;
            case DisplayOutput display:
                AppendDisplay(html, display, markdown);
                break;
        }
    }

    private static void AppendDisplay(StringBuilder html, DisplayOutput display, MarkdownRenderer markdown)
    {
        var mime = s_preference.FirstOrDefault(display.Data.ContainsKey);
        var content = mime is null ? "" : display.Text(mime) ?? "";
        var plain = display.Text("text/plain") ?? "";
        switch (mime)
        {
            case "text/html" or "image/svg+xml":
                html.Append("<div class=\"out rich\">").Append(content).Append("</div>\n");
                break;
            case "image/png" or "image/jpeg":
                html.Append($"<div class=\"out rich\"><img alt=\"{WebUtility.HtmlEncode(plain)}\" src=\"data:{mime};base64,")
                    .Append(WebUtility.HtmlEncode(content.Replace("\n", "", StringComparison.Ordinal))).Append("\"></div>\n");
                break;
            case "text/markdown":
                html.Append("<div class=\"out rich\">").Append(markdown.ToHtml(content)).Append("</div>\n");
                break;
            case "text/latex":
                html.Append("<div class=\"out math\">").Append(TexConverter.ToHtml(content.Trim().Trim('$'), display: true)).Append("</div>\n");
                break;
            case null:
                var formats = string.Join(", ", display.Data.Select(d => d.Key));
                html.Append("<p class=\"out\">Output in a format that a page cannot show: ").Append(WebUtility.HtmlEncode(formats)).Append("</p>\n");
                break;
            default:
                html.Append("<pre class=\"out value\">").Append(WebUtility.HtmlEncode(Terminal(content))).Append("</pre>\n");
                break;
        }
    }

    /// <summary>What a terminal would have left standing: no colour codes, lines overwritten by a carriage return gone.</summary>
    private static string Terminal(string text)
    {
        if (text.Contains('\e', StringComparison.Ordinal))
            text = ControlSequence().Replace(text, "");
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (text.Contains('\r', StringComparison.Ordinal))
        {
            text = string.Join('\n', text.Split('\n').Select(line =>
            {
                line = line.TrimEnd('\r');
                return line[(line.LastIndexOf('\r') + 1)..];
            }));
        }

        return text;
    }

    [GeneratedRegex("\e\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex ControlSequence();
}
