using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using Microsoft.DotNet.Interactive.Formatting;

namespace ResearchKit.Engine;

/// <summary>The assemblies that a notebook referenced with <c>#r</c>, and what they depend on.</summary>
/// <remarks>
/// An assembly that the process has too (same name, same module id) is the process's: an object
/// made in a cell then has the type that the host knows. Anything else is loaded here, from the
/// folder it was referenced in, apart from the host's own versions.
/// </remarks>
internal sealed class SessionAssemblies : AssemblyLoadContext
{
    private static readonly AssemblyLoadContext s_host =
        GetLoadContext(typeof(SessionAssemblies).Assembly) ?? Default;

    private static readonly Lazy<Dictionary<string, string>> s_hostFiles = new(() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .GroupBy(f => Path.GetFileNameWithoutExtension(f)!, StringComparer.OrdinalIgnoreCase)
            // The runtime binds a name to the first file that has it.
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase));

    /// <summary>Assemblies whose types pass between engine and cell: one copy or none of it works.</summary>
    private static readonly HashSet<string> s_shared = new(StringComparer.OrdinalIgnoreCase)
    {
        typeof(SessionAssemblies).Assembly.GetName().Name!,
        typeof(Formatter).Assembly.GetName().Name!,
        typeof(Microsoft.AspNetCore.Html.IHtmlContent).Assembly.GetName().Name!,
    };

    private readonly List<string> _folders = [];
    private readonly List<AssemblyDependencyResolver> _resolvers = [];
    private readonly Dictionary<string, Assembly> _loaded = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    public SessionAssemblies(string name)
        : base(name)
    {
    }

    /// <summary>Loads a compiled cell.</summary>
    public Assembly LoadSubmission(Stream image, Stream symbols)
    {
        lock (_gate)
        {
            var assembly = LoadFromStream(image, symbols);
            return _loaded[assembly.GetName().Name!] = assembly;
        }
    }

    /// <summary>Loads a referenced file and makes its folder a place to look for dependencies.</summary>
    public Assembly LoadReferenced(string path)
    {
        lock (_gate)
        {
            var folder = Path.GetDirectoryName(path)!;
            if (!_folders.Contains(folder))
                _folders.Add(folder);
            try
            {
                _resolvers.Add(new AssemblyDependencyResolver(path));
            }
            catch (InvalidOperationException)
            {
                // No host policy in this process, or no deps file to read: the folder will do.
            }

            return LoadFile(path);
        }
    }

    /// <summary>The file beside a referenced assembly that has this name; null if there is none.</summary>
    public string? FindFile(string simpleName)
    {
        lock (_gate)
            return _folders.Select(f => Path.Combine(f, simpleName + ".dll")).FirstOrDefault(File.Exists);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name!;
        if (ScriptReferences.IsFramework(name))
            return null;
        if (s_shared.Contains(name))
            return s_host.LoadFromAssemblyName(new AssemblyName(name));
        lock (_gate)
        {
            if (_loaded.TryGetValue(name, out var known))
                return known;
            var path = FindFile(name)
                ?? _resolvers.Select(r => r.ResolveAssemblyToPath(assemblyName)).FirstOrDefault(p => p is not null);
            return path is null ? null : LoadFile(path);
        }
    }

    /// <inheritdoc/>
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        lock (_gate)
        {
            var path = _resolvers.Select(r => r.ResolveUnmanagedDllToPath(unmanagedDllName)).FirstOrDefault(p => p is not null)
                ?? _folders
                    .SelectMany(f => new[] { unmanagedDllName, $"lib{unmanagedDllName}.so", $"{unmanagedDllName}.dll", $"lib{unmanagedDllName}.dylib" }
                        .Select(n => Path.Combine(f, n)))
                    .FirstOrDefault(File.Exists);
            return path is null ? IntPtr.Zero : LoadUnmanagedDllFromPath(path);
        }
    }

    private Assembly LoadFile(string path)
    {
        var (name, moduleId) = Identify(path);
        if (_loaded.TryGetValue(name, out var known))
            return known;
        var assembly = FromHost(name, moduleId) ?? LoadFromAssemblyPath(path);
        _loaded[name] = assembly;
        return assembly;
    }

    private static Assembly? FromHost(string name, Guid moduleId)
    {
        if (s_shared.Contains(name))
            return s_host.LoadFromAssemblyName(new AssemblyName(name));
        foreach (var assembly in s_host.Assemblies.Concat(Default.Assemblies))
        {
            if (string.Equals(assembly.GetName().Name, name, StringComparison.OrdinalIgnoreCase)
                && assembly.ManifestModule.ModuleVersionId == moduleId)
                return assembly;
        }

        // Not loaded yet, but the host would load this very build when it needs it.
        return s_hostFiles.Value.TryGetValue(name, out var file) && File.Exists(file) && Identify(file).ModuleId == moduleId
            ? s_host.LoadFromAssemblyName(new AssemblyName(name))
            : null;
    }

    /// <summary>The simple name and the module id in a file, without loading it.</summary>
    /// <exception cref="BadImageFormatException">The file is not a .NET assembly.</exception>
    public static (string Name, Guid ModuleId) Identify(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var image = new PEReader(stream);
        if (!image.HasMetadata)
            throw new BadImageFormatException("The file has no .NET metadata.", path);
        var metadata = image.GetMetadataReader();
        return (
            metadata.GetString(metadata.GetAssemblyDefinition().Name),
            metadata.GetGuid(metadata.GetModuleDefinition().Mvid));
    }
}
