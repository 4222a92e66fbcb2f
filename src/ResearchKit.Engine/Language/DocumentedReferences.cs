using Microsoft.CodeAnalysis;

namespace ResearchKit.Engine.Language;

/// <summary>References with their documentation, where a file of it lies beside the assembly or in the SDK.</summary>
/// <remarks>Copies, not the references that cells are compiled with: the compiler shares symbols between users of one.</remarks>
internal sealed class DocumentedReferences
{
    private static readonly string s_framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private readonly Dictionary<MetadataReference, MetadataReference> _known = [];

    public MetadataReference Of(MetadataReference reference)
    {
        if (!_known.TryGetValue(reference, out var documented))
            _known[reference] = documented = Documented(reference);
        return documented;
    }

    private static MetadataReference Documented(MetadataReference reference)
    {
        if (reference is not PortableExecutableReference { FilePath: { } path })
            return reference;
        var documentation = XmlFile(path) is { } xml ? XmlDocumentationProvider.CreateFromFile(xml) : null;
        return MetadataReference.CreateFromFile(path, documentation: documentation);
    }

    private static string? XmlFile(string assembly)
    {
        var beside = Path.ChangeExtension(assembly, ".xml");
        if (File.Exists(beside))
            return beside;
        if (Path.GetDirectoryName(assembly) != s_framework || Pack() is not { } pack)
            return null;
        // The implementation of what the SDK documents under the name of the reference assembly.
        var name = Path.GetFileNameWithoutExtension(assembly) is "System.Private.CoreLib" ? "System.Runtime" : Path.GetFileNameWithoutExtension(assembly);
        var file = Path.Combine(pack, name + ".xml");
        return File.Exists(file) ? file : null;
    }

    /// <summary>The SDK's documented reference assemblies, newest first; null where only the runtime is installed.</summary>
    private static string? Pack()
    {
        var packs = Path.GetFullPath(Path.Combine(s_framework, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        return Directory.Exists(packs)
            ? Directory.GetDirectories(packs).OrderDescending(StringComparer.Ordinal)
                .Select(p => Path.Combine(p, "ref", $"net{Environment.Version.Major}.{Environment.Version.Minor}")).FirstOrDefault(Directory.Exists)
            : null;
    }
}
