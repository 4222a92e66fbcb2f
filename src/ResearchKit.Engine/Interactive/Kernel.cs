using Microsoft.AspNetCore.Html;
using ResearchKit.Engine;

namespace Microsoft.DotNet.Interactive;

/// <summary>
/// The functions that a cell calls without a prefix. The names and the namespace are those of
/// .NET Interactive, so that a cell runs unchanged in an editor and here.
/// </summary>
public static class Kernel
{
#pragma warning disable IDE1006 // Lower case is what cells call.
    /// <summary>Shows a value, in the formats its type prefers or in those given.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The formats, for example "text/plain".</param>
    /// <returns>A handle that can replace what is shown.</returns>
    public static DisplayedValue display(object? value, params string[] mimeTypes) =>
        DisplayedValue.Show(ValueFormatter.Format(value, mimeTypes), mimeTypes);

    /// <summary>Marks text as HTML, to be shown as such.</summary>
    /// <param name="content">The HTML.</param>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Adds a style sheet to the output.</summary>
    /// <param name="content">The CSS.</param>
    public static void CSS(string content) => display(new HtmlString($"<style>{content}</style>"));

    /// <summary>Adds a script to the output.</summary>
    /// <param name="content">The JavaScript.</param>
    public static void Javascript(string content) => display(new HtmlString($"<script>{content}</script>"));
#pragma warning restore IDE1006

    /// <summary>Asks the user for a line.</summary>
    /// <param name="prompt">What to ask.</param>
    /// <param name="typeHint">"text", or "password" for an answer that is not shown.</param>
    /// <exception cref="InvalidOperationException">The notebook runs where nobody can be asked.</exception>
    public static Task<string> GetInputAsync(string prompt = "", string typeHint = "text") =>
        ExecutionScope.Current is { Sink: IInputSource source } scope
            ? Task.Run(() => source.ReadLine(prompt, typeHint == "password", scope.Cancellation))
            : throw new InvalidOperationException("The cell asks for input, but nobody can be asked here; run it in Jupyter, or set the value in the cell.");
}
