namespace ResearchKit.Notebooks;

/// <summary>
/// Tells a notebook host how to show a type. Hosts find this attribute by its name, not by its assembly, so no
/// particular version of the formatting package is needed, nor any at all outside notebooks.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}

/// <summary>Something that knows its own HTML for notebooks.</summary>
internal interface INotebookHtml
{
    string ToHtml();
}

/// <summary>The formatters of figures, tables and run logs: HTML for the page, text for everything else.</summary>
internal sealed class NotebookFormatters
{
#pragma warning disable CA1822 // The host's naming convention asks for an instance method.
    public IEnumerable<object> CreateTypeFormatters() =>
        [new NotebookFormatter("text/html", o => ((INotebookHtml)o).ToHtml()), new NotebookFormatter("text/plain", o => o.ToString()!)];
#pragma warning restore CA1822
}

/// <summary>One formatter in the host's convention: a MIME type and a method that writes.</summary>
internal sealed class NotebookFormatter(string mimeType, Func<object, string> text)
{
    public string MimeType { get; } = mimeType;

    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not INotebookHtml) return false;
        writer.Write(text(instance));
        return true;
    }
}
