using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ResearchKit.Engine;

/// <summary>Writes C# as HTML with a class on each kind of token, from the compiler's own syntax tree.</summary>
internal static class CSharpHighlighter
{
    private static readonly CSharpParseOptions s_options =
        CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest);

    public static string ToHtml(string code)
    {
        var html = new StringBuilder(code.Length * 2);
        var root = CSharpSyntaxTree.ParseText(code, s_options).GetRoot();
        foreach (var token in root.DescendantTokens())
        {
            foreach (var trivia in token.LeadingTrivia)
                Append(html, TriviaClass(trivia), trivia.ToFullString());
            Append(html, TokenClass(token), token.Text);
            foreach (var trivia in token.TrailingTrivia)
                Append(html, TriviaClass(trivia), trivia.ToFullString());
        }

        return html.ToString();
    }

    private static void Append(StringBuilder html, string? kind, string text)
    {
        if (text.Length == 0)
            return;
        var encoded = WebUtility.HtmlEncode(text);
        if (kind is null)
            html.Append(encoded);
        else
            html.Append("<span class=\"").Append(kind).Append("\">").Append(encoded).Append("</span>");
    }

    private static string? TriviaClass(SyntaxTrivia trivia) => trivia.Kind() switch
    {
        SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia => "c",
        SyntaxKind.DisabledTextTrivia => "c",
        _ when trivia.IsDirective => "d",
        _ => null,
    };

    private static string? TokenClass(SyntaxToken token)
    {
        if (token.IsKeyword())
            return "k";
        switch (token.Kind())
        {
            case SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.Utf8StringLiteralToken
                or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
                or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringStartToken
                or SyntaxKind.InterpolatedStringEndToken or SyntaxKind.InterpolatedVerbatimStringStartToken
                or SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken
                or SyntaxKind.InterpolatedRawStringEndToken:
                return "s";
            case SyntaxKind.NumericLiteralToken:
                return "n";
            case SyntaxKind.IdentifierToken:
                return IdentifierClass(token);
            default:
                return null;
        }
    }

    private static string? IdentifierClass(SyntaxToken token)
    {
        switch (token.Parent)
        {
            case BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or TypeParameterSyntax:
                return "t";
            case MethodDeclarationSyntax or LocalFunctionStatementSyntax:
                return "f";
            case SimpleNameSyntax name:
                if (name is IdentifierNameSyntax { IsVar: true })
                    return "k";
                if (IsCalled(name))
                    return "f";
                return IsType(name) ? "t" : null;
            default:
                return null;
        }
    }

    private static bool IsCalled(SimpleNameSyntax name) =>
        name.Parent is InvocationExpressionSyntax call && call.Expression == name
        || name.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax outer } member
            && member.Name == name && outer.Expression == member;

    private static bool IsType(SimpleNameSyntax name) => name.Parent switch
    {
        VariableDeclarationSyntax declaration => declaration.Type == name,
        ObjectCreationExpressionSyntax or ArrayTypeSyntax or NullableTypeSyntax or TypeArgumentListSyntax
            or SimpleBaseTypeSyntax or TypeOfExpressionSyntax or CastExpressionSyntax { Expression: not SimpleNameSyntax }
            or AttributeSyntax => true,
        ParameterSyntax parameter => parameter.Type == name,
        MethodDeclarationSyntax method => method.ReturnType == name,
        LocalFunctionStatementSyntax function => function.ReturnType == name,
        PropertyDeclarationSyntax property => property.Type == name,
        ForEachStatementSyntax loop => loop.Type == name,
        // Without a semantic model: a capital before a dot is nearly always a type.
        MemberAccessExpressionSyntax member => member.Expression == name && char.IsUpper(name.Identifier.Text[0]),
        _ => name is GenericNameSyntax,
    };
}
