using System.Net;
using System.Text;

namespace ResearchKit.Engine;

/// <summary>
/// Converts the TeX that notebooks use to MathML, which browsers typeset without a script.
/// </summary>
/// <remarks>
/// Covers scripts, fractions, roots, accents, fonts, delimiters, matrices and the symbols of
/// <see cref="TexSymbols"/>. A formula with anything else is shown as its source, in code type:
/// readable, and never wrong.
/// </remarks>
internal sealed partial class TexConverter
{
    private readonly string _tex;
    private readonly bool _display;
    private int _at, _depth;

    private TexConverter(string tex, bool display)
    {
        _tex = tex;
        _display = display;
    }

    /// <summary>The formula as HTML.</summary>
    /// <param name="tex">TeX without its dollar signs.</param>
    /// <param name="display">True for a formula on a line of its own.</param>
    public static string ToHtml(string tex, bool display)
    {
        var source = WebUtility.HtmlEncode(tex.Trim());
        try
        {
            var converter = new TexConverter(tex, display);
            var body = converter.Row(null);
            var mode = display ? "block" : "inline";
            return $"<math display=\"{mode}\"><semantics><mrow>{body}</mrow><annotation encoding=\"application/x-tex\">{source}</annotation></semantics></math>";
        }
        catch (FormatException)
        {
            return display ? $"<pre class=\"tex\"><code>{source}</code></pre>" : $"<code class=\"tex\">{source}</code>";
        }
    }

    /// <summary>Reads atoms up to a terminator: null for the end, "}" for a group, or a command.</summary>
    private string Row(string? end)
    {
        // A formula nested this deep is a mistake, and must not overflow the stack.
        if (++_depth > 60)
            throw new FormatException("Nested too deep.");
        var row = new StringBuilder();
        while (true)
        {
            SkipSpace();
            if (_at >= _tex.Length)
            {
                if (end is not null)
                    throw new FormatException("Unclosed " + end);
                break;
            }

            if (end is not null && string.CompareOrdinal(_tex, _at, end, 0, end.Length) == 0)
            {
                _at += end.Length;
                break;
            }

            row.Append(Scripted());
        }

        _depth--;
        return row.ToString();
    }

    private string Scripted()
    {
        var (nucleus, limits) = Atom();
        string? sub = null, sup = null;
        bool primed = false;
        while (true)
        {
            SkipSpace();
            if (_at < _tex.Length && _tex[_at] == '_' && sub is null)
            {
                _at++;
                sub = Argument();
            }
            else if (_at < _tex.Length && _tex[_at] == '^' && primed)
            {
                // d'^2: the exponent follows the prime.
                _at++;
                sup = $"<mrow>{sup}{Argument()}</mrow>";
                primed = false;
            }
            else if (_at < _tex.Length && _tex[_at] == '^' && sup is null)
            {
                _at++;
                sup = Argument();
            }
            else if (_at < _tex.Length && _tex[_at] == '\'' && sup is null)
            {
                int primes = 0;
                for (; _at < _tex.Length && _tex[_at] == '\''; _at++)
                    primes++;
                sup = $"<mo>{new string('′', primes)}</mo>";
                primed = true;
            }
            else
            {
                break;
            }
        }

        var (under, over, both) = limits && _display ? ("munder", "mover", "munderover") : ("msub", "msup", "msubsup");
        return (sub, sup) switch
        {
            (null, null) => nucleus,
            (not null, null) => $"<{under}>{nucleus}{sub}</{under}>",
            (null, not null) => $"<{over}>{nucleus}{sup}</{over}>",
            _ => $"<{both}>{nucleus}{sub}{sup}</{both}>",
        };
    }

    /// <summary>One element: a group, a command or a character, as one MathML element.</summary>
    private string Argument()
    {
        SkipSpace();
        if (_at >= _tex.Length)
            throw new FormatException("Missing argument");
        // x^12 raises the 1 only.
        if (char.IsAsciiDigit(_tex[_at]))
            return $"<mn>{_tex[_at++]}</mn>";
        return Atom().Html;
    }

    private (string Html, bool Limits) Atom()
    {
        char c = _tex[_at];
        if (c == '\\')
            return Command();
        if (c == '{')
        {
            _at++;
            return ($"<mrow>{Row("}")}</mrow>", false);
        }

        if (c is '}' or '^' or '_' or '&' or '$' or '#')
            throw new FormatException("Unexpected " + c);
        if (char.IsAsciiDigit(c))
        {
            int start = _at;
            while (_at < _tex.Length && (char.IsAsciiDigit(_tex[_at]) || (_tex[_at] == '.' && _at + 1 < _tex.Length && char.IsAsciiDigit(_tex[_at + 1]))))
                _at++;
            return ($"<mn>{_tex[start.._at]}</mn>", false);
        }

        if (char.IsSurrogate(c))
        {
            _at += 2;
            return ($"<mi>{WebUtility.HtmlEncode(_tex[(_at - 2).._at])}</mi>", false);
        }

        _at++;
        if (char.IsLetter(c))
            return ($"<mi>{c}</mi>", false);
        var sign = c switch
        {
            '-' => "−",
            '*' => "∗",
            '~' => "\u00a0",
            _ => WebUtility.HtmlEncode(c.ToString()),
        };
var attributes = c switch
        {
            // Delimiters grow only after \left and \big.
            '(' or ')' or '[' or ']' or '/' => " stretchy=\"false\"",
            '|' => " stretchy=\"false\" lspace=\"0\" rspace=\"0\"",
            _ => "",
        };
        return ($"<mo{attributes}>{sign}</mo>", false);
    }

    private (string Html, bool Limits) Command()
    {
        var name = CommandName();
        if (TexSymbols.Identifiers.TryGetValue(name, out var letter))
            // Greek capitals are upright in TeX.
            return (char.IsUpper(name[0]) ? $"<mi mathvariant=\"normal\">{letter}</mi>" : $"<mi>{letter}</mi>", false);
        if (TexSymbols.Operators.TryGetValue(name, out var sign))
            return ($"<mo stretchy=\"false\">{WebUtility.HtmlEncode(sign)}</mo>", false);
        if (TexSymbols.Large.TryGetValue(name, out var large))
            return ($"<mo>{large}</mo>", true);
        if (TexSymbols.Integrals.TryGetValue(name, out var integral))
            return ($"<mo>{integral}</mo>", false);
        if (TexSymbols.Functions.Contains(name))
            // "log x" has a space, "log_2" and "log(" have none.
            return ($"<mi mathvariant=\"normal\">{name}</mi>{(NextIs("^_(") ? "" : "<mspace width=\"0.17em\"/>")}", false);
        if (TexSymbols.Limits.Contains(name))
            return ($"<mo>{name}</mo>", true);
        if (TexSymbols.Spaces.TryGetValue(name, out var em))
            return ($"<mspace width=\"{em}em\"/>", false);
        if (TexSymbols.Accents.TryGetValue(name, out var accent))
            return ($"<mover accent=\"true\">{Argument()}<mo{(name.Length > 5 ? "" : " stretchy=\"false\"")}>{accent}</mo></mover>", false);
        return (Structure(name), false);
    }

    private bool NextIs(string any)
    {
        SkipSpace();
        return _at < _tex.Length && any.Contains(_tex[_at], StringComparison.Ordinal);
    }

    private void SkipSpace()
    {
        while (_at < _tex.Length && char.IsWhiteSpace(_tex[_at]))
            _at++;
    }
}
