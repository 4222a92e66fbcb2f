namespace ResearchKit.Cli;

/// <summary>Where Jupyter looks for kernels, by its own rules.</summary>
internal static class JupyterFolders
{
    /// <summary>The user's own data folder: JUPYTER_DATA_DIR, or what the platform has for it.</summary>
    public static string User()
    {
        if (Variable("JUPYTER_DATA_DIR") is { } named) return named;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
        if (OperatingSystem.IsWindows())
            return Path.Combine(Variable("APPDATA") ?? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        return Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter");
    }

    /// <summary>The data folder of an installation of Python, as in <c>jupyter kernelspec install --prefix</c>.</summary>
    public static string OfPrefix(string prefix) => Path.Combine(prefix, "share", "jupyter");

    /// <summary>Every folder that is searched, the first match winning: JUPYTER_PATH, the user's, the system's.</summary>
    /// <remarks>A virtual environment's own folder is known to its Python alone; <c>--prefix</c> names it.</remarks>
    public static IEnumerable<string> Searched()
    {
        var all = new List<string>();
        all.AddRange((Variable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        all.Add(User());
        if (Variable("VIRTUAL_ENV") is { } environment) all.Add(OfPrefix(environment));
        if (Variable("CONDA_PREFIX") is { } conda) all.Add(OfPrefix(conda));
        if (OperatingSystem.IsWindows())
            all.Add(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "jupyter"));
        else
            all.AddRange(["/usr/local/share/jupyter", "/usr/share/jupyter"]);
        return all.Distinct();
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
