using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;

namespace ResearchKit.Engine.Language;

/// <summary>A completion.</summary>
/// <param name="Text">What stands in the code afterwards.</param>
/// <param name="Kind">What it names: "method", "class" and so on.</param>
internal sealed record CompletionEntry(string Text, string Kind);

/// <summary>The completions at a place.</summary>
/// <param name="Start">Where the text that they replace begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Items">The completions, best first.</param>
internal sealed record CompletionEntries(int Start, int End, IReadOnlyList<CompletionEntry> Items);

/// <summary>What is known about the name at a place.</summary>
/// <param name="Plain">As text.</param>
/// <param name="Markdown">With the signature as code.</param>
internal sealed record CodeDescription(string Plain, string Markdown);

/// <summary>Completion and hover, by the compiler's own services, with all that earlier cells declared.</summary>
internal sealed class NotebookLanguage(ScriptSession session)
{
    /// <summary>How many completions a client gets at most; the names of a whole framework help nobody.</summary>
    private const int Most = 1000;

    private readonly LanguageProjects _projects = new(session);

    /// <summary>Completes the name before a position.</summary>
    public async Task<CompletionEntries> CompleteAsync(string code, int position, CancellationToken cancellation)
    {
        var document = await _projects.OpenAsync(code, cancellation).ConfigureAwait(false);
        var service = CompletionService.GetService(document)!;
        var list = await service.GetCompletionsAsync(document, position, cancellationToken: cancellation).ConfigureAwait(false);
        if (list.ItemsList.Count == 0)
            return new CompletionEntries(position, position, []);
        // The list's span ends behind the name that the position may be inside of; the client
        // replaces what stands before the position.
        int start = Math.Min(list.Span.Start, position);
        var typed = code[start..position];
        var items = list.ItemsList
            .Where(i => i.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(i => i.Rules.MatchPriority)
            .ThenByDescending(i => i.FilterText.StartsWith(typed, StringComparison.Ordinal))
            .ThenBy(i => i.SortText, StringComparer.OrdinalIgnoreCase)
            .Select(i => new CompletionEntry(i.DisplayText, Kind(i)))
            .DistinctBy(i => i.Text)
            .Take(Most);
        return new CompletionEntries(start, position, [.. items]);
    }

    /// <summary>Describes the name at a position or just before it, or the method whose arguments are being written there.</summary>
    public async Task<CodeDescription?> DescribeAsync(string code, int position, CancellationToken cancellation)
    {
        var document = await _projects.OpenAsync(code, cancellation).ConfigureAwait(false);
        var service = QuickInfoService.GetService(document)!;
        foreach (int place in await PlacesAsync(document, code, position, cancellation).ConfigureAwait(false))
        {
            if (await service.GetQuickInfoAsync(document, place, cancellation).ConfigureAwait(false) is { Sections.Length: > 0 } info)
                return Describe(info);
        }

        return null;
    }

    private static async Task<List<int>> PlacesAsync(Document document, string code, int position, CancellationToken cancellation)
    {
        var places = new List<int>();
        if (position < code.Length && IsName(code[position]))
            places.Add(position);
        if (position > 0 && IsName(code[position - 1]))
            places.Add(position - 1);
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        if (position > 0)
        {
            foreach (var list in root!.FindToken(position - 1).Parent?.AncestorsAndSelf().OfType<BaseArgumentListSyntax>() ?? [])
            {
                var called = list.Parent switch
                {
                    InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } => member.Name.SpanStart,
                    InvocationExpressionSyntax call => call.Expression.SpanStart,
                    BaseObjectCreationExpressionSyntax made => made.SpanStart,
                    _ => -1,
                };
                if (called >= 0)
                    places.Add(called);
            }
        }

        return places;

        static bool IsName(char c) => char.IsLetterOrDigit(c) || c == '_';
    }

    private static CodeDescription Describe(QuickInfoItem info)
    {
        var sections = info.Sections.Where(s => s.TaggedParts.Length > 0)
            .Select(s => (s.Kind, Text: string.Concat(s.TaggedParts.Select(p => p.Text)).Trim())).Where(s => s.Text.Length > 0).ToList();
        var plain = string.Join("\n\n", sections.Select(s => s.Text));
        var markdown = string.Join("\n\n", sections.Select(s =>
            s.Kind == QuickInfoSectionKinds.Description ? $"```csharp\n{s.Text}\n```" : s.Text));
        return new CodeDescription(plain, markdown);
    }

    private static string Kind(CompletionItem item) => item.Tags.IsEmpty
        ? "text"
        : item.Tags[0] switch
        {
            "Local" or "Parameter" or "RangeVariable" => "variable",
            "ExtensionMethod" => "method",
            "Structure" => "struct",
            var tag => tag.ToLowerInvariant(),
        };
}
