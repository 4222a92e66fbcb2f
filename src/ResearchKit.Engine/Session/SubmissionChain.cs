using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace ResearchKit.Engine;

/// <summary>Compiles pieces of C# each of which sees the variables, types and references of those before it.</summary>
/// <remarks>
/// Uses the compiler's script compilations but not the scripting package's loader: that one
/// prefers the process's assembly of a name, so a cell would be compiled against one build of a
/// library and run with another. Here a cell's assembly is loaded beside what it references.
/// </remarks>
internal sealed class SubmissionChain(
    SessionAssemblies assemblies, MetadataReferenceResolver references, SourceReferenceResolver sources)
{
    /// <summary>How cells are parsed.</summary>
    internal static CSharpParseOptions Parsing { get; } =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    private readonly CSharpCompilationOptions _options = ScriptReferences.CompilationOptions
        .WithMetadataReferenceResolver(references)
        .WithSourceReferenceResolver(sources);

    private readonly List<MetadataReference> _references = [.. ScriptReferences.Framework];
    // The compiler shares the symbols of a reference between compilations, and picks any that it
    // finds. Two first cells bound at once would make two sets of them, and a second cell might be
    // given the other one's: every display would then be ambiguous.
    private static readonly Lock s_binding = new();

    private readonly List<string> _accepted = [];
    private readonly Lock _gate = new();
    private CSharpCompilation? _previous;
    private object?[] _states = new object?[2];
    private int _number;

    /// <summary>
    /// How a piece is compiled after another (a first one after null). Later pieces inherit usings
    /// and references: given again, they would add up, and memory would grow with the square of
    /// the number of cells.
    /// </summary>
    internal CSharpCompilationOptions OptionsAfter(object? previous) => previous is null ? _options : _options.WithUsings();

    private IEnumerable<MetadataReference> ReferencesAfter(object? previous) => previous is null ? _references : [];

    /// <summary>The pieces compiled so far, and all that the next one can refer to.</summary>
    internal (IReadOnlyList<string> Accepted, IReadOnlyList<MetadataReference> References) Snapshot(int from)
    {
        lock (_gate)
            return (_accepted[from..], [.. _references]);
    }

    /// <summary>A compiled piece, ready to run once.</summary>
    /// <param name="Run">Runs it; its task has the value of the last expression.</param>
    /// <param name="Compilation">What it was compiled from.</param>
    public sealed record Submission(Func<Task<object?>> Run, CSharpCompilation Compilation)
    {
        /// <summary>
        /// Tells a value that is null from no value: true if the piece ends in an expression
        /// without a semicolon whose type is not void.
        /// </summary>
        public bool HasValue
        {
            get
            {
                var tree = Compilation.SyntaxTrees[^1];
                return tree.GetCompilationUnitRoot().Members.LastOrDefault() is GlobalStatementSyntax
                {
                    Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last
                }
                    && Compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression).Type is { SpecialType: not SpecialType.System_Void };
            }
        }
    }

    /// <summary>Compiles and loads; on errors the chain is as before.</summary>
    /// <returns>The submission, or null and the compiler's diagnostics.</returns>
    public (Submission? Submission, IReadOnlyList<Diagnostic> Diagnostics) Compile(string code, string file, CancellationToken cancellation)
    {
        var tree = CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), Parsing, file, cancellation);
        var name = $"Submission#{_number}";
        var compilation = CSharpCompilation.CreateScriptCompilation(
            $"{name}-{Guid.NewGuid():n}", tree, ReferencesAfter(_previous), OptionsAfter(_previous).WithScriptClassName(name), _previous, typeof(object));
        lock (s_binding)
            _ = compilation.Assembly;
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(
            image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellation);
        if (emitted.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error))
            return (null, emitted.Diagnostics);

        // Only usings, references or comments: the compiler emits nothing, and later pieces see them.
        Func<object?[], Task<object?>> factory = emitted.Success
            ? Load(compilation, name, image, symbols, cancellation)
            : static _ => Task.FromResult<object?>(null);
        lock (_gate)
        {
            foreach (var reference in compilation.DirectiveReferences)
            {
                if (!_references.Contains(reference))
                    _references.Add(reference);
            }

            _accepted.Add(code);
        }

        _previous = compilation;
        _number++;
        // One slot for each piece and one for a globals object, which there is not.
        if (_states.Length < _number + 1)
            Array.Resize(ref _states, 2 * _states.Length);
        var states = _states;
        return (new Submission(() => factory(states), compilation), []);
    }

    private Func<object?[], Task<object?>> Load(
        CSharpCompilation compilation, string name, MemoryStream image, MemoryStream symbols, CancellationToken cancellation)
    {
        image.Position = symbols.Position = 0;
        var assembly = assemblies.LoadSubmission(image, symbols);
        var entry = compilation.GetEntryPoint(cancellation)!;
        return assembly.GetType(name, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
    }
}
