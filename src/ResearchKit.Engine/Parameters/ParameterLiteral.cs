using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ResearchKit.Engine;

/// <summary>Converts the text of a command line to a C# literal of a declared type.</summary>
internal static class ParameterLiteral
{
    private const NumberStyles Real = NumberStyles.Float;
    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;

    public static bool IsSupported(string type) => Element(type) switch
    {
        "int" or "long" or "ulong" or "uint" or "double" or "float" or "decimal" or "bool" or "string" => true,
        _ => false,
    };

    /// <summary>The literal, or null if the text is no value of the type.</summary>
    public static string? Convert(string type, string text)
    {
        if (type.EndsWith('?'))
        {
            if (text.Trim() == "null")
                return "null";
            return Convert(type[..^1], text);
        }

        if (type.EndsWith("[]", StringComparison.Ordinal))
            return Array(type[..^2], text.Trim());
        return type == "string" ? SymbolDisplay.FormatLiteral(Unquote(text), quote: true) : Scalar(type, text.Trim());
    }

    private static string? Scalar(string type, string text)
    {
        // C# allows 10_000; so may a command line.
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        switch (type)
        {
            case "int":
                return Integer(digits) is { } i && i >= int.MinValue && i <= int.MaxValue ? i.ToString(s_culture) : null;
            case "uint":
                return Integer(digits) is { } u && u >= 0 && u <= uint.MaxValue ? u.ToString(s_culture) + "U" : null;
            case "long":
                return Integer(digits) is { } l && l >= long.MinValue && l <= long.MaxValue ? l.ToString(s_culture) + "L" : null;
            case "ulong":
                return Integer(digits) is { } ul && ul >= 0 && ul <= ulong.MaxValue ? ul.ToString(s_culture) + "UL" : null;
            case "double":
                if (digits is "NaN")
                    return "double.NaN";
                return double.TryParse(digits, Real, s_culture, out var d) && double.IsFinite(d) ? Fraction(d.ToString("R", s_culture)) : null;
            case "float":
                return float.TryParse(digits, Real, s_culture, out var f) && float.IsFinite(f) ? f.ToString("R", s_culture) + "f" : null;
            case "decimal":
                return decimal.TryParse(digits, Real, s_culture, out var m) ? m.ToString(s_culture) + "m" : null;
            case "bool":
                return bool.TryParse(text, out var b) ? (b ? "true" : "false") : null;
            default:
                return null;
        }
    }

    /// <summary>A whole number, also as 1e5: that is how sizes are written in papers.</summary>
    private static decimal? Integer(string text) =>
        decimal.TryParse(text, Real, s_culture, out var value) && value == decimal.Truncate(value) ? decimal.Truncate(value) : null;

    /// <summary>Keeps a double a double: "3" would be an int where the variable was declared var.</summary>
    private static string Fraction(string number) =>
        number.AsSpan().ContainsAny('.', 'E', 'e') ? number : number + ".0";

    private static string? Array(string element, string text)
    {
        if (element.EndsWith("[]", StringComparison.Ordinal) || !text.StartsWith('[') || !text.EndsWith(']'))
            return null;
        var items = new List<string>();
        foreach (var item in Split(text[1..^1]))
        {
            if (Convert(element, item) is not { } literal)
                return null;
            items.Add(literal);
        }

        return items.Count == 0 ? $"new {element}[0]" : $"new {element}[] {{ {string.Join(", ", items)} }}";
    }

    /// <summary>Splits at commas outside quotation marks.</summary>
    private static IEnumerable<string> Split(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            yield break;
        int start = 0;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted)
            {
                i++;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (text[i] == ',' && !quoted)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        yield return text[start..].Trim();
    }

    /// <summary>"a \"b\"" with its marks is the C# string; anything else stands for itself.</summary>
    private static string Unquote(string text) =>
        text.Length >= 2
        && text[0] == '"'
        && SyntaxFactory.ParseToken(text) is var token
        && token.IsKind(SyntaxKind.StringLiteralToken)
        && token.FullSpan.Length == text.Length
        && !token.ContainsDiagnostics
            ? token.ValueText
            : text;

    private static string Element(string type)
    {
        if (type.EndsWith('?'))
            type = type[..^1];
        return type.EndsWith("[]", StringComparison.Ordinal) ? type[..^2] : type;
    }
}
