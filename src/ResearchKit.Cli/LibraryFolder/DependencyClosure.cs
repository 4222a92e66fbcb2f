using System.Text.Json;

namespace ResearchKit.Cli;

/// <summary>A file of the closure.</summary>
/// <param name="Source">Where it lies now.</param>
/// <param name="Target">Its path inside the library folder.</param>
internal readonly record struct LibraryFile(string Source, string Target);

/// <summary>
/// The files that ResearchKit.Notebooks.dll needs at run time, read from the command's own deps.json: everything lies
/// beside the command already, so that neither a build nor a package feed is needed.
/// </summary>
internal static class DependencyClosure
{
    public const string Entry = "ResearchKit.Notebooks", Command = "ResearchKit.Cli";
    public const string DepsFile = Command + ".deps.json";

    /// <param name="baseDirectory">The folder of the command's assemblies.</param>
    /// <exception cref="CliException">The deps.json or a file that it names is missing.</exception>
    public static IReadOnlyList<LibraryFile> Of(string baseDirectory) => Of(baseDirectory, Entry);

    /// <summary>The command itself, with what the host needs to start it.</summary>
    /// <param name="baseDirectory">The folder of the command's assemblies.</param>
    /// <exception cref="CliException">The deps.json or a file that it names is missing.</exception>
    public static IReadOnlyList<LibraryFile> OfCommand(string baseDirectory) =>
    [
        .. Of(baseDirectory, Command),
        new(Path.Combine(baseDirectory, DepsFile), DepsFile),
        new(Path.Combine(baseDirectory, Command + ".runtimeconfig.json"), Command + ".runtimeconfig.json"),
    ];

    private static IReadOnlyList<LibraryFile> Of(string baseDirectory, string entry)
    {
        string deps = Path.Combine(baseDirectory, DepsFile);
        if (!File.Exists(deps))
            throw new CliException($"'{deps}' is missing, so the dependencies of {entry} are not known.", "Build the solution again: dotnet build.");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(deps));
        string target = document.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
        JsonElement libraries = document.RootElement.GetProperty("targets").GetProperty(target);
        // Keys read "name/version"; dependencies name the library alone.
        var byName = libraries.EnumerateObject().ToDictionary(l => l.Name.Split('/')[0], l => l.Value, StringComparer.OrdinalIgnoreCase);

        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<string>([entry]);
        while (open.TryDequeue(out string? name))
        {
            if (!seen.Add(name)) continue;
            if (!byName.TryGetValue(name, out JsonElement library))
            {
                // A dependency that the framework itself provides is not listed.
                if (name == entry) throw new CliException($"'{deps}' does not list {entry}.", "Build the solution again: dotnet build.");
                continue;
            }
            foreach (string relative in AssetsOf(library))
            {
                string source = Path.Combine(baseDirectory, relative);
                if (!File.Exists(source))
                    throw new CliException($"'{source}', which {name} needs, is missing.", "Build the solution again: dotnet build.");
                files[relative] = source;
                // Documentation gives tooltips in the editor; it exists for our own projects only.
                string xml = Path.ChangeExtension(source, ".xml");
                if (File.Exists(xml)) files[Path.ChangeExtension(relative, ".xml")] = xml;
            }
            if (library.TryGetProperty("dependencies", out JsonElement dependencies))
                foreach (JsonProperty d in dependencies.EnumerateObject()) open.Enqueue(d.Name);
        }
        return [.. files.Select(f => new LibraryFile(f.Value, f.Key))];
    }

    /// <summary>Paths below the command's folder: assemblies lie flat there, natives and satellites in subfolders.</summary>
    private static IEnumerable<string> AssetsOf(JsonElement library)
    {
        foreach (string group in new[] { "runtime", "native" })
            if (library.TryGetProperty(group, out JsonElement assets))
                foreach (JsonProperty asset in assets.EnumerateObject())
                    if (!asset.Name.EndsWith("/_._", StringComparison.Ordinal))
                        yield return Path.GetFileName(asset.Name);
        if (library.TryGetProperty("runtimeTargets", out JsonElement targets))
            foreach (JsonProperty asset in targets.EnumerateObject())
                if (!asset.Name.EndsWith("/_._", StringComparison.Ordinal))
                    yield return asset.Name;
        if (library.TryGetProperty("resources", out JsonElement resources))
            foreach (JsonProperty asset in resources.EnumerateObject())
                yield return Path.Combine(asset.Value.GetProperty("locale").GetString()!, Path.GetFileName(asset.Name));
    }
}
