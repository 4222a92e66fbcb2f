using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ResearchKit.Engine;

/// <summary>A part of a cell between two language lines.</summary>
/// <param name="IsMarkdown">True for Markdown, false for C#.</param>
/// <param name="Text">
/// The part's text. C# is preceded by as many empty lines as the cell has before it, so that
/// line numbers are those of the cell.
/// </param>
internal sealed record CellSegment(bool IsMarkdown, string Text);

/// <summary>A cell split at its <c>#!</c> lines.</summary>
/// <param name="Segments">The parts, in order; empty parts are left out.</param>
/// <param name="Timed">True if the cell asked for its running time.</param>
/// <param name="UnknownLine">The 1-based line of a magic this engine does not have; 0 if none.</param>
/// <param name="UnknownText">That line.</param>
internal sealed record CellMagic(IReadOnlyList<CellSegment> Segments, bool Timed, int UnknownLine = 0, string UnknownText = "")
{
    public const string Known = "#!time, #!csharp, #!markdown";

    public static CellMagic Parse(string code)
    {
        if (!code.Contains("#!", StringComparison.Ordinal))
            return new CellMagic(string.IsNullOrWhiteSpace(code) ? [] : [new CellSegment(false, code)], Timed: false);

        var lines = code.Split('\n');
        var segments = new List<CellSegment>();
        bool timed = false, markdown = false;
        int start = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].TrimStart().StartsWith("#!", StringComparison.Ordinal))
                continue;
            if (!markdown && IsInsideText(lines, start, i))
                continue;
            var magic = lines[i].Trim();
            lines[i] = "";
            switch (magic.Split(' ', 2)[0])
            {
                case "#!time":
                    timed = true;
                    break;
                case "#!csharp" or "#!c#" or "#!C#":
                    Close(i);
                    markdown = false;
                    break;
                case "#!markdown":
                    Close(i);
                    markdown = true;
                    break;
                default:
                    return new CellMagic([], timed, i + 1, magic);
            }
        }

        Close(lines.Length);
        return new CellMagic(segments, timed);

        void Close(int end)
        {
            var part = string.Join('\n', lines[start..end]);
            if (!string.IsNullOrWhiteSpace(part))
                segments.Add(markdown ? new(true, part.Trim('\n')) : new(false, new string('\n', start) + part));
            start = end;
        }
    }

    /// <summary>True if the line is within a string literal or a comment that began above it.</summary>
    private static bool IsInsideText(string[] lines, int start, int line)
    {
        var before = string.Join('\n', lines[start..line]) + (line > start ? "\n" : "");
        var text = before + string.Join('\n', lines[line..]);
        int position = before.Length + lines[line].Length - lines[line].TrimStart().Length;
        var root = CSharpSyntaxTree.ParseText(text, CSharpParseOptions.Default.WithKind(SourceCodeKind.Script)).GetRoot();
        var trivia = root.FindTrivia(position);
        if (trivia.FullSpan.Contains(position) && trivia.GetStructure() is not DirectiveTriviaSyntax)
            return trivia.Kind() is SyntaxKind.MultiLineCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia or SyntaxKind.DisabledTextTrivia;
        var token = root.FindToken(position);
        return token.Span.Contains(position) && token.SpanStart < position;
    }
}
