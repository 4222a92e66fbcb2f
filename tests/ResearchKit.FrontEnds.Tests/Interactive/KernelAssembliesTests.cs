using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ResearchKit.FrontEnds.Tests.Interactive;

/// <summary>What environment/lib asks of the kernel, read from the files' metadata.</summary>
[Collection(InteractiveCollection.Name)]
public class KernelAssembliesTests(NotebookClone clone)
{
    /// <summary>
    /// Assemblies that the kernel brings and binds for everybody, with the highest version that may be asked of them. Roslyn and
    /// FSharp.Core: the last .NET Interactive, as the issue states it. The others: Directory.Packages.props of
    /// github.com/dotnet/interactive at fc68d1a (2025), the newest that was at hand; later ones are no lower.
    /// </summary>
    private static readonly Dictionary<string, Version> s_kernel = new()
    {
        ["FSharp.Core"] = new(10, 0, 0, 0),
        ["Humanizer"] = new(2, 14, 0, 0),
        ["Markdig.Signed"] = new(0, 41, 0, 0),
        ["Microsoft.AspNetCore.Html.Abstractions"] = new(2, 3, 0, 0),
        ["Microsoft.Bcl.AsyncInterfaces"] = new(9, 0, 0, 5),
        ["Microsoft.CodeAnalysis"] = new(5, 0, 0, 0),
        ["Microsoft.CodeAnalysis.CSharp"] = new(5, 0, 0, 0),
        ["Microsoft.CodeAnalysis.CSharp.Scripting"] = new(5, 0, 0, 0),
        ["Microsoft.CodeAnalysis.Scripting"] = new(5, 0, 0, 0),
        ["NetMQ"] = new(4, 0, 1, 13),
        ["Newtonsoft.Json"] = new(13, 0, 0, 0),
        ["Serilog"] = new(4, 2, 0, 0),
        ["System.CommandLine"] = new(2, 0, 0, 0),
        ["System.Reactive"] = new(6, 0, 0, 0),
    };

    /// <summary>Loaded by PlotlyContext alone, in a context that has its own FSharp.Core.</summary>
    private static readonly string[] s_isolated = ["Plotly.NET", "DynamicObj", "Fable.Core", "Giraffe.ViewEngine", "FSharp.Core"];

    private sealed record Reference(string From, string Name, Version Version);

    private IReadOnlyList<Reference> References => [.. Directory.GetFiles(clone.Library, "*.dll").SelectMany(Read)];

    [Fact]
    public void No_assembly_asks_for_more_than_the_kernel_has()
    {
        Reference[] tooNew = [.. References.Where(r => s_kernel.TryGetValue(r.Name, out Version? has) && r.Version > has)];
        // Our own bridge to Plotly.NET names FSharp.Core too; InteractiveKernelTests show that the bridge never runs outside its context.
        Assert.Equal([("FSharp.Core", "10.1.0.0")], tooNew.Where(r => r.From == "ResearchKit.Notebooks").Select(r => (r.Name, r.Version.ToString())));
        Assert.DoesNotContain(tooNew, r => r.From != "ResearchKit.Notebooks" && !s_isolated.Contains(r.From));
    }

    [Fact]
    public void Only_the_bridge_leads_to_the_isolated_assemblies()
    {
        string[] outside = [.. References.Where(r => s_isolated.Contains(r.Name) && !s_isolated.Contains(r.From)).Select(r => $"{r.From} -> {r.Name}").Order(StringComparer.Ordinal)];
        Assert.Equal(["ResearchKit.Notebooks -> DynamicObj", "ResearchKit.Notebooks -> FSharp.Core", "ResearchKit.Notebooks -> Plotly.NET"], outside);
    }

    [Fact]
    public void Every_reference_is_met_by_the_folder_or_by_the_frameworks_first_release()
    {
        Dictionary<string, Version> folder = Directory.GetFiles(clone.Library, "*.dll").ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => System.Reflection.AssemblyName.GetAssemblyName(f).Version!);
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assert.All(References, r =>
        {
            bool own = folder.TryGetValue(r.Name, out Version? version) && version >= r.Version;
            // A patch of .NET 10 leaves assembly versions at 10.0.0.0, so the kernel may run on any.
            bool shared = File.Exists(Path.Combine(framework, r.Name + ".dll")) && r.Version <= new Version(10, 0, 0, 0);
            Assert.True(own || shared, $"{r.From} needs {r.Name} {r.Version}.");
        });
    }

    [Fact]
    public void Our_assemblies_bind_to_no_version_of_the_host()
    {
        // Formatting 23562.1 lacks DisplayExtensions, DisplayedValue, FormattedValue, LaTeXString and PocketView.Display, which newer kernels
        // have, and moved others: formatters found by name need neither.
        Reference[] ours = [.. References.Where(r => r.From.StartsWith("ResearchKit", StringComparison.Ordinal))];
        Assert.Contains(ours, r => r.From == "ResearchKit.Notebooks");
        Assert.DoesNotContain(ours, r => r.Name.StartsWith("Microsoft.DotNet.Interactive", StringComparison.Ordinal)
            || r.Name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || r.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    private static IEnumerable<Reference> Read(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        MetadataReader metadata = image.GetMetadataReader();
        string from = metadata.GetString(metadata.GetAssemblyDefinition().Name);
        return [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference).Select(r => new Reference(from, metadata.GetString(r.Name), r.Version))];
    }
}
