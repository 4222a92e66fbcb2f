using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;

namespace ResearchKit.Engine;

/// <summary>Turns a value into the formats in which it is shown, by .NET Interactive's rules.</summary>
internal static class ValueFormatter
{
    private const string Plain = "text/plain";
    private const int MostCharacters = 1000;

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

        // Viewers without HTML, a terminal above all, need a text as well: numbers, strings and lists
        // of them, and types that bring their own (a Figure says what it shows), are written out. The
        // generic text of any other type would repeat the whole object; its ToString stands for it.
        if (!asked && !bundle.ContainsKey(Plain))
        {
            bool whole = value is null || IsSimple(type) || OffersPlain(type);
            string text = whole ? Formatter.ToDisplayString(value, Plain) : Named(value!);
            // What is HTML itself has no other text.
            if (!bundle.ContainsValue(text))
                bundle[Plain] = whole || text.Length <= MostCharacters ? text : string.Concat(text.AsSpan(0, MostCharacters), "...");
        }

        return bundle;
    }

    private static string Named(object value)
    {
        try
        {
            return value.ToString() ?? "";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The HTML does not need ToString: one that fails must not hide it.
            return value.GetType().ToString();
        }
    }

    /// <summary>Values and lists of values that print in a line or two.</summary>
    private static bool IsSimple(Type type) =>
        IsScalar(type) || (type.IsArray && type.GetArrayRank() == 1 && IsScalar(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) && IsScalar(type.GetGenericArguments()[0]));

    private static bool IsScalar(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || (typeof(IFormattable).IsAssignableFrom(type) && type.IsValueType);

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
