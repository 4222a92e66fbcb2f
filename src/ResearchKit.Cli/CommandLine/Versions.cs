using System.Reflection;

namespace ResearchKit.Cli;

/// <summary>Versions as assemblies state them.</summary>
internal static class Versions
{
    public static string OfResearchKit { get; } = Of(typeof(WeightedPoints).Assembly);

    public static string Of(Assembly assembly)
    {
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString() ?? "unknown";
        // The part after '+' is a commit of the package's own repository.
        return version.Split('+')[0];
    }
}
