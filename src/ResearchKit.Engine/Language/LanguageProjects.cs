using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ResearchKit.Engine.Language;

/// <summary>The cells of a session as projects of a workspace: each submission a project that refers to the one before.</summary>
/// <remarks>Made when a client first asks; a notebook that is only executed does not pay for it.</remarks>
internal sealed class LanguageProjects(ScriptSession session)
{
    private readonly AdhocWorkspace _workspace = new();
    private readonly SemaphoreSlim _gate = new(1);
    private readonly DocumentedReferences _documented = new();
    private Solution? _solution;
    private ProjectId? _last;
    private int _known, _given;

    /// <summary>The cell that is being written, after all cells that were executed.</summary>
    public async Task<Document> OpenAsync(string code, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var solution = _solution ?? _workspace.CurrentSolution;
            var (accepted, references) = session.Chain.Snapshot(_known);
            foreach (var text in accepted)
            {
                (solution, _last, _) = Add(solution, text, references);
                _given = references.Count;
            }

            _known += accepted.Count;
            // Kept before it forks, so that what was bound once serves all later questions.
            _solution = solution;
            if (_last is not null)
                await solution.GetProject(_last)!.GetCompilationAsync(cancellation).ConfigureAwait(false);
            var (fork, _, document) = Add(solution, code, references);
            return fork.GetDocument(document)!;
        }
        finally
        {
            _gate.Release();
        }
    }

    private (Solution Solution, ProjectId Project, DocumentId Document) Add(Solution solution, string code, IReadOnlyList<MetadataReference> references)
    {
        var project = ProjectId.CreateNewId();
        var document = DocumentId.CreateNewId(project);
        var name = $"cell{_known}";
        solution = solution.AddProject(ProjectInfo.Create(
            project,
            VersionStamp.Default,
            name,
            name,
            LanguageNames.CSharp,
            compilationOptions: session.Chain.OptionsAfter(_last),
            parseOptions: SubmissionChain.Parsing.WithDocumentationMode(DocumentationMode.Parse),
            projectReferences: _last is null ? [] : [new ProjectReference(_last)],
            // Later projects inherit what earlier ones were given.
            metadataReferences: references.Skip(_given).Select(_documented.Of),
            isSubmission: true));
        solution = solution.AddDocument(DocumentInfo.Create(
            document,
            name,
            sourceCodeKind: SourceCodeKind.Script,
            loader: TextLoader.From(TextAndVersion.Create(SourceText.From(code), VersionStamp.Default))));
        return (solution, project, document);
    }
}
