using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace ResearchKit.Engine;

/// <summary>
/// Resolves <c>#r</c> from the notebook's folder (inside a <c>#load</c>ed file, from that file's)
/// and remembers what it could not resolve, to say so better than the compiler does.
/// </summary>
internal sealed class NotebookReferenceResolver(string folder, SessionAssemblies assemblies) : MetadataReferenceResolver
{
    private readonly Dictionary<string, PortableExecutableReference> _references = new(StringComparer.Ordinal);

    /// <summary>For each <c>#r</c> that failed, what is wrong and the remedy.</summary>
    public Dictionary<string, string> Problems { get; } = new(StringComparer.Ordinal);

    public override bool ResolveMissingAssemblies => true;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (reference.Contains(':', StringComparison.Ordinal) && !Path.IsPathFullyQualified(reference))
        {
            Problems[reference] = $"#r \"{reference}\": packages are not fetched while a notebook runs. "
                + "Reference the DLL of a folder that 'researchkit notebooks prepare' has filled.";
            return [];
        }

        var from = baseFilePath is not null && baseFilePath.EndsWith(".csx", StringComparison.OrdinalIgnoreCase)
            ? Path.GetDirectoryName(Path.GetFullPath(baseFilePath, folder))!
            : folder;
        // Windows separators in a notebook written there work elsewhere too.
        var path = Path.GetFullPath(reference.Replace('\\', '/'), from);
        if (!File.Exists(path))
        {
            // #r "System.Numerics" names an assembly, not a file; the framework is there already.
            var bare = reference.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? reference[..^4] : reference;
            if (ScriptReferences.IsFramework(bare))
                return Framework(bare);
            Problems[reference] = $"#r \"{reference}\": there is no file {path}. "
                + "Run 'researchkit notebooks prepare', which fills environment/lib with the library and what it needs.";
            return [];
        }

        // A package's copy of a framework assembly: two of them would make every type ambiguous.
        if (ScriptReferences.IsFramework(Path.GetFileNameWithoutExtension(path)))
            return Framework(Path.GetFileNameWithoutExtension(path));
        try
        {
            return [Reference(path)];
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or IOException)
        {
            Problems[reference] = $"#r \"{reference}\": {path} cannot be loaded ({e.Message.TrimEnd('.')}). "
                + "Run 'researchkit notebooks prepare' to build it again.";
            return [];
        }
    }

    /// <summary>What a referenced assembly mentions and the cell did not reference: looked for beside it.</summary>
    public override PortableExecutableReference? ResolveMissingAssembly(
        MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        !ScriptReferences.IsFramework(referenceIdentity.Name) && assemblies.FindFile(referenceIdentity.Name) is { } path
            ? Reference(path)
            : null;

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private PortableExecutableReference Reference(string path)
    {
        if (_references.TryGetValue(path, out var known))
            return known;
        assemblies.LoadReferenced(path);
        return _references[path] = (PortableExecutableReference)ScriptReferences.FromFile(path);
    }

    private ImmutableArray<PortableExecutableReference> Framework(string name)
    {
        if (!_references.TryGetValue(name, out var reference))
        {
            var file = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll");
            _references[name] = reference = (PortableExecutableReference)ScriptReferences.FromFile(file);
        }

        return [reference];
    }
}
