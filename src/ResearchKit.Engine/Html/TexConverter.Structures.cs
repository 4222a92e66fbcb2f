using System.Net;
using System.Text;

namespace ResearchKit.Engine;

/// <content>Commands with arguments: fractions, roots, fonts, delimiters, matrices.</content>
internal sealed partial class TexConverter
{
    private string Structure(string name)
    {
        switch (name)
        {
            case "frac" or "dfrac" or "tfrac":
                return $"<mfrac>{Argument()}{Argument()}</mfrac>";
            case "binom":
                return $"<mrow><mo>(</mo><mfrac linethickness=\"0\">{Argument()}{Argument()}</mfrac><mo>)</mo></mrow>";
            case "sqrt":
                SkipSpace();
                if (_at < _tex.Length && _tex[_at] == '[')
                {
                    _at++;
                    var index = Row("]");
                    return $"<mroot>{Argument()}<mrow>{index}</mrow></mroot>";
                }

                return $"<msqrt>{Argument()}</msqrt>";
            case "text" or "mathrm" or "textrm" or "operatorname" or "mathit" or "textit" or "mathtt" or "texttt" or "mathsf":
                var text = WebUtility.HtmlEncode(RawGroup()).Replace(" ", "\u00a0", StringComparison.Ordinal);
                return name.StartsWith("text", StringComparison.Ordinal) ? $"<mtext>{text}</mtext>" : $"<mi mathvariant=\"normal\">{text}</mi>";
            case "mathbb":
                return $"<mi>{Letters(RawGroup(), 0x1D538, 0x1D552)}</mi>";
            case "mathcal" or "mathscr":
                return $"<mi>{Letters(RawGroup(), 0x1D49C, 0x1D4B6)}</mi>";
            case "mathbf" or "boldsymbol" or "bm":
                return $"<mstyle style=\"font-weight:bold\">{Argument()}</mstyle>";
            case "left":
                var open = Delimiter();
                var inner = Row(@"\right");
                return $"<mrow><mo stretchy=\"true\">{open}</mo>{inner}<mo stretchy=\"true\">{Delimiter()}</mo></mrow>";
            case "big" or "Big" or "bigg" or "Bigg" or "bigl" or "bigr" or "Bigl" or "Bigr":
                return $"<mo>{Delimiter()}</mo>";
            case "underbrace":
                return $"<munder>{Argument()}<mo>⏟</mo></munder>";
            case "displaystyle" or "textstyle" or "limits" or "nolimits":
                return "";
            case "begin":
                return Environment(RawGroup());
            default:
                throw new FormatException("Unknown command " + name);
        }
    }

    private string Environment(string name)
    {
        var (open, close) = name switch
        {
            "pmatrix" => ("(", ")"),
            "bmatrix" => ("[", "]"),
            "vmatrix" => ("|", "|"),
            "cases" => ("{", ""),
            "matrix" or "aligned" or "align" or "align*" => ("", ""),
            _ => throw new FormatException("Unknown environment " + name),
        };
        var end = $@"\end{{{name}}}";
        int stop = _tex.IndexOf(end, _at, StringComparison.Ordinal);
        if (stop < 0)
            throw new FormatException("Unclosed environment");
        var rows = new StringBuilder();
        foreach (var row in _tex[_at..stop].Split(@"\\"))
        {
            if (string.IsNullOrWhiteSpace(row))
                continue;
            rows.Append("<mtr>");
            foreach (var cell in row.Split('&'))
                rows.Append("<mtd>").Append(new TexConverter(cell, _display) { _depth = _depth + 1 }.Row(null)).Append("</mtd>");
            rows.Append("</mtr>");
        }

        _at = stop + end.Length;
        var table = $"<mtable>{rows}</mtable>";
        return $"<mrow>{(open.Length > 0 ? $"<mo>{open}</mo>" : "")}{table}{(close.Length > 0 ? $"<mo>{close}</mo>" : "")}</mrow>";
    }

    private string Delimiter()
    {
        SkipSpace();
        if (_at >= _tex.Length)
            throw new FormatException("Missing delimiter");
        if (_tex[_at] == '\\')
            return TexSymbols.Operators.TryGetValue(CommandName(), out var sign) ? WebUtility.HtmlEncode(sign) : throw new FormatException("Unknown delimiter");
        char c = _tex[_at++];
        return c == '.' ? "" : WebUtility.HtmlEncode(c.ToString());
    }

    private string CommandName()
    {
        int start = ++_at;
        if (start >= _tex.Length)
            throw new FormatException("Lone backslash");
        while (_at < _tex.Length && char.IsAsciiLetter(_tex[_at]))
            _at++;
        return _at > start ? _tex[start.._at] : _tex[_at++].ToString();
    }

    /// <summary>A group's text as it stands; one character without braces.</summary>
    private string RawGroup()
    {
        SkipSpace();
        if (_at >= _tex.Length)
            throw new FormatException("Missing group");
        if (_tex[_at] != '{')
            return _tex[_at++].ToString();
        int end = _tex.IndexOf('}', _at);
        if (end < 0 || _tex.IndexOf('{', _at + 1, end - _at - 1) >= 0)
            throw new FormatException("Group inside text");
        var text = _tex[(_at + 1)..end];
        _at = end + 1;
        return text;
    }

    private static string Letters(string text, int upper, int lower)
    {
        var result = new StringBuilder();
        foreach (char c in text)
        {
            // These were in Unicode before the mathematical alphabets and are missing there.
            var early = (upper, c) switch
            {
                (0x1D538, 'C') => "ℂ",
                (0x1D538, 'H') => "ℍ",
                (0x1D538, 'N') => "ℕ",
                (0x1D538, 'P') => "ℙ",
                (0x1D538, 'Q') => "ℚ",
                (0x1D538, 'R') => "ℝ",
                (0x1D538, 'Z') => "ℤ",
                (0x1D49C, 'B') => "ℬ",
                (0x1D49C, 'E') => "ℰ",
                (0x1D49C, 'F') => "ℱ",
                (0x1D49C, 'H') => "ℋ",
                (0x1D49C, 'I') => "ℐ",
                (0x1D49C, 'L') => "ℒ",
                (0x1D49C, 'M') => "ℳ",
                (0x1D49C, 'R') => "ℛ",
                (0x1D49C, 'e') => "ℯ",
                (0x1D49C, 'g') => "ℊ",
                (0x1D49C, 'o') => "ℴ",
                _ => null,
            };
            result.Append(early
                ?? (c is >= 'A' and <= 'Z' ? char.ConvertFromUtf32(upper + c - 'A')
                : c is >= 'a' and <= 'z' ? char.ConvertFromUtf32(lower + c - 'a')
                : c is '1' && upper == 0x1D538 ? "𝟙"
                : throw new FormatException("No such letter")));
        }

        return result.ToString();
    }
}
