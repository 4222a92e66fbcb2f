using ResearchKit.Engine;

namespace Microsoft.DotNet.Interactive;

/// <summary>What a cell has shown, to be replaced by something newer.</summary>
public sealed class DisplayedValue
{
    private readonly string[] _mimeTypes;

    private DisplayedValue(string displayId, string[] mimeTypes)
    {
        DisplayId = displayId;
        _mimeTypes = mimeTypes;
    }

    /// <summary>The name of the output.</summary>
    public string DisplayId { get; }

    /// <summary>The formats it was asked for; empty for those its type prefers.</summary>
    public IReadOnlyCollection<string> MimeTypes => _mimeTypes;

    /// <summary>Replaces what is shown.</summary>
    /// <param name="updatedValue">The new value.</param>
    public void Update(object? updatedValue) =>
        ExecutionScope.Current?.Sink.Update(ValueFormatter.Format(updatedValue, _mimeTypes), DisplayId);

    internal static DisplayedValue Show(IReadOnlyDictionary<string, string> data, string[] mimeTypes)
    {
        var shown = new DisplayedValue(Guid.NewGuid().ToString("n"), mimeTypes);
        ExecutionScope.Current?.Sink.Display(data, shown.DisplayId);
        return shown;
    }
}
