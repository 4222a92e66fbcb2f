namespace ResearchKit.Notebooks;

/// <summary>Finds the project's folders from wherever a notebook or a test runs. Nothing is stored; every call looks anew.</summary>
public static class Paths
{
    /// <summary>Environment variable that names the folder of real data files.</summary>
    public const string DataVariable = "RESEARCHKIT_DATA";

    private const string Marker = "ResearchKit.sln";

    /// <summary>The folder of the solution file, upwards from the working folder, then from this library's own.</summary>
    /// <exception cref="DirectoryNotFoundException">Neither lies inside the project.</exception>
    public static string Root => FindRoot(Environment.CurrentDirectory) ?? FindRoot(AppContext.BaseDirectory)
        ?? (typeof(Paths).Assembly.Location is { Length: > 0 } location ? FindRoot(Path.GetDirectoryName(location)!) : null)
        ?? throw new DirectoryNotFoundException($"No {Marker} in the working folder or above it: run inside the project's folder.");

    /// <summary>The notebooks.</summary>
    public static string Notebooks => Path.Combine(Root, "notebooks");

    /// <summary>Where runs write numbers that figures read; may not exist yet.</summary>
    public static string Results => Path.Combine(Root, "notebooks", "results");

    /// <summary>The data sets that come with the project.</summary>
    public static string Datasets => Path.Combine(Root, "datasets");

    /// <summary>The folder that <see cref="DataVariable"/> names, or null if it is unset or not there.</summary>
    public static string? DataFolder =>
        Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } folder && Directory.Exists(folder) ? folder : null;

    /// <summary>The nearest folder with the solution file, from <paramref name="start"/> upwards; null if there is none.</summary>
    /// <param name="start">Any folder.</param>
    public static string? FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Marker))) return folder.FullName;
        return null;
    }

    /// <summary>A file in the results folder; the folder is made.</summary>
    /// <param name="name">File name.</param>
    public static string Result(string name) => Path.Combine(Directory.CreateDirectory(Results).FullName, name);

    /// <summary>A real data file, looked for in the data folder, then in the project's datasets and their cache; null if absent.</summary>
    /// <param name="name">File name, such as stanford-bunny.obj.</param>
    public static string? FindData(string name)
    {
        string datasets = Datasets;
        string?[] folders = [DataFolder, datasets, Path.Combine(datasets, "cache")];
        return folders.OfType<string>().Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>As <see cref="FindData"/>, for files that must be there.</summary>
    /// <param name="name">File name.</param>
    /// <exception cref="FileNotFoundException">It is in none of the places; the message says how to provide it.</exception>
    public static string Data(string name) => FindData(name) ?? throw new FileNotFoundException(
        $"The data file '{name}' is not here. Put it into a folder named by the environment variable {DataVariable}, or into datasets/cache.", name);
}
