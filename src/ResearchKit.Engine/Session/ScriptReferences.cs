using Microsoft.AspNetCore.Html;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive.Formatting;

namespace ResearchKit.Engine;

/// <summary>What every cell can see without asking: the framework, the display functions, the usings.</summary>
internal static class ScriptReferences
{
    private static readonly string[] s_imports =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        "Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.Formatting",
        "Microsoft.DotNet.Interactive.Kernel", "Microsoft.DotNet.Interactive.Formatting.PocketViewTags",
    ];

    private static readonly Lazy<IReadOnlyList<MetadataReference>> s_framework = new(FindFramework);

    /// <summary>The framework and the display functions.</summary>
    public static IReadOnlyList<MetadataReference> Framework => s_framework.Value;

    /// <summary>The options of every cell, before a session's own resolvers.</summary>
    public static CSharpCompilationOptions CompilationOptions { get; } = new(
        OutputKind.DynamicallyLinkedLibrary,
        usings: s_imports,
        // As .NET Interactive does. Without it the runtime shares the code that throws for a bad
        // index or a null, and the line is lost; hot loops belong in the library.
        optimizationLevel: OptimizationLevel.Debug,
        allowUnsafe: true,
        // Libraries are built against older versions of each other and of the framework.
        assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default);

    /// <summary>A reference to a file, read when the compiler needs it.</summary>
    public static MetadataReference FromFile(string path) =>
        AssemblyMetadata.CreateFromFile(path).GetReference(filePath: path, display: Path.GetFileName(path));

    private static List<MetadataReference> FindFramework()
    {
        var references = new List<MetadataReference>();
        foreach (var path in FrameworkFiles())
            references.Add(FromFile(path));
        foreach (var type in new[] { typeof(Microsoft.DotNet.Interactive.Kernel), typeof(Formatter), typeof(IHtmlContent) })
            references.Add(FromFile(type.Assembly.Location));
        return references;
    }

    private static IEnumerable<string> FrameworkFiles()
    {
        var folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        foreach (var path in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            bool managed = name.StartsWith("System.", StringComparison.Ordinal)
                || name is "Microsoft.CSharp.dll" or "Microsoft.Win32.Primitives.dll" or "Microsoft.Win32.Registry.dll" or "netstandard.dll" or "mscorlib.dll" or "WindowsBase.dll";
            // System.IO.Compression.Native and its like are not assemblies.
            if (managed && !name.Contains(".Native.", StringComparison.Ordinal))
                yield return path;
        }
    }

    /// <summary>True for an assembly of the framework, which is always the one this process runs on.</summary>
    public static bool IsFramework(string simpleName) => s_frameworkNames.Value.Contains(simpleName);

    private static readonly Lazy<HashSet<string>> s_frameworkNames = new(
        () => [.. FrameworkFiles().Select(f => Path.GetFileNameWithoutExtension(f)!)]);
}
