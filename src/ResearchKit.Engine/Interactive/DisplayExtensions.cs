using ResearchKit.Engine;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary><c>value.Display()</c>, as .NET Interactive has it.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value, in the formats its type prefers or in those given.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The formats, for example "text/plain".</param>
    /// <returns>A handle that can replace what is shown.</returns>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) =>
        Kernel.display(value, mimeTypes);

    /// <summary>Shows text that is already in a format: HTML, Markdown, SVG.</summary>
    /// <param name="value">The text, passed on untouched.</param>
    /// <param name="mimeType">Its format, for example "text/markdown".</param>
    /// <returns>A handle that can replace what is shown.</returns>
    public static DisplayedValue DisplayAs(this string? value, string mimeType)
    {
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        return DisplayedValue.Show(
            new Dictionary<string, string> { [mimeType] = value ?? "" },
            [mimeType]);
    }
}
