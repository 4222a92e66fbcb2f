using System.Reflection;
using System.Runtime.Loader;

namespace ResearchKit.Notebooks;

/// <summary>
/// A load context of its own for Plotly.NET. Plotly.NET 6 needs a newer FSharp.Core than some notebook hosts have
/// loaded already, and a process's default context holds one version only. In here lives a second copy of this very
/// assembly, next to Plotly.NET and its dependencies; the two copies exchange nothing but strings.
/// </summary>
internal sealed class PlotlyContext : AssemblyLoadContext
{
    private static readonly string[] s_own = ["ResearchKit.Notebooks", "Plotly.NET", "FSharp.Core", "DynamicObj", "Fable.Core", "Newtonsoft.Json", "Giraffe.ViewEngine"];
    private static readonly Lazy<PlotlyContext> s_current = new(() => new PlotlyContext(Folder()));

    private readonly string _folder;
    private readonly Type _bridge;

    internal PlotlyContext(string folder) : base("ResearchKit.Plotly")
    {
        _folder = folder;
        string self = Path.Combine(folder, "ResearchKit.Notebooks.dll");
        if (!File.Exists(self)) throw new FileNotFoundException($"Interactive figures need ResearchKit.Notebooks.dll and Plotly.NET.dll as files; looked in '{folder}'.", self);
        _bridge = LoadFromAssemblyPath(self).GetType(typeof(PlotlyBridge).FullName!, throwOnError: true)!;
    }

    /// <summary>The process's one context, made on first use.</summary>
    public static PlotlyContext Current => s_current.Value;

    /// <summary>Calls a static method of the bridge's other copy.</summary>
    public string Call(string method, params string[] arguments)
    {
        MethodInfo target = _bridge.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            ?? throw new MissingMethodException(_bridge.FullName, method);
        return (string)target.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. arguments], null)!;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (!s_own.Contains(assemblyName.Name)) return null;
        string path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    /// <summary>Where this assembly lies; hosts that load it from bytes leave the application's own folder.</summary>
    private static string Folder()
    {
        string location = typeof(PlotlyContext).Assembly.Location;
        return location.Length > 0 ? Path.GetDirectoryName(location)! : AppContext.BaseDirectory;
    }
}
