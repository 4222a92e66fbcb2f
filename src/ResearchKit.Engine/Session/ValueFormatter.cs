using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;

namespace ResearchKit.Engine;

/// <summary>Turns a value into the formats in which it is shown, by .NET Interactive's rules.</summary>
internal static class ValueFormatter
{
    private const string Plain = "text/plain";

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Type, object> s_offersPlain = [];

    /// <summary>The value in the asked formats, or in those its type prefers.</summary>
    public static IReadOnlyDictionary<string, string> Format(object? value, params string[]? mimeTypes)
    {
        var bundle = new Dictionary<string, string>();
        bool asked = mimeTypes is { Length: > 0 };
        var type = value?.GetType() ?? typeof(object);
        var wanted = asked ? mimeTypes! : Formatter.GetPreferredMimeTypesFor(type);
        foreach (var mime in wanted.Count > 0 ? wanted : [Formatter.DefaultMimeType])
            bundle[mime] = Formatter.ToDisplayString(value, mime);

        // A type that brings its own plain text (a Figure says what it shows) gets it into the
        // notebook as well, for viewers without HTML. Others do not: the generic plain text
        // would repeat the whole object.
        if (!asked && value is not null && !bundle.ContainsKey(Plain) && OffersPlain(type))
            bundle[Plain] = Formatter.ToDisplayString(value, Plain);
        return bundle;
    }

    private static bool OffersPlain(Type type) =>
        (bool)s_offersPlain.GetValue(type, static t => FindPlain(t));

    /// <summary>
    /// Looks for the formatters that a type declares by <c>[TypeFormatterSource]</c>. The attribute
    /// is known by its name, as in the formatting package: libraries declare a copy of their own.
    /// </summary>
    private static bool FindPlain(Type type)
    {
        foreach (var attribute in type.GetCustomAttributes(inherit: true))
        {
            if (attribute.GetType().Name != "TypeFormatterSourceAttribute")
                continue;
            var sourceType = attribute.GetType().GetProperty("FormatterSourceType")?.GetValue(attribute) as Type;
            if (sourceType is null || Activator.CreateInstance(sourceType, nonPublic: true) is not { } source)
                continue;
            const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            var formatters = sourceType.GetMethod("CreateTypeFormatters", Any)?.Invoke(source, null)
                ?? (source as ITypeFormatterSource)?.CreateTypeFormatters();
            if (formatters is not System.Collections.IEnumerable all)
                continue;
            foreach (var formatter in all)
            {
                if (formatter?.GetType().GetProperty("MimeType", Any)?.GetValue(formatter) as string == Plain)
                    return true;
            }
        }

        return false;
    }
}
