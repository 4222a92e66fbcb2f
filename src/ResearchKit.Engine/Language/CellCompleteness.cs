using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ResearchKit.Engine.Language;

/// <summary>Whether a piece of code can be executed as it stands, or its author goes on writing.</summary>
internal static class CellCompleteness
{
    /// <summary>"complete", "incomplete" or "invalid"; for incomplete code, the indentation of the next line.</summary>
    public static (string Status, string Indent) Of(string code)
    {
        var magic = CellMagic.Parse(code);
        if (magic.UnknownLine > 0)
            return ("invalid", "");
        foreach (var segment in magic.Segments.Where(s => !s.IsMarkdown))
        {
            var tree = CSharpSyntaxTree.ParseText(segment.Text, SubmissionChain.Parsing);
            if (!SyntaxFactory.IsCompleteSubmission(tree))
                return ("incomplete", Indent(tree));
            if (tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error))
                return ("invalid", "");
        }

        return ("complete", "");
    }

    private static string Indent(SyntaxTree tree)
    {
        int depth = 0;
        foreach (var token in tree.GetRoot().DescendantTokens())
        {
            if (token.IsMissing)
                continue;
            depth += token.Kind() switch
            {
                SyntaxKind.OpenBraceToken => 1,
                SyntaxKind.CloseBraceToken => -1,
                _ => 0,
            };
        }

        return new string(' ', 4 * Math.Max(0, depth));
    }
}
