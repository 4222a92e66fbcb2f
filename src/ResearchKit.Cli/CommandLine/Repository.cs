namespace ResearchKit.Cli;

/// <summary>The clone that the command works in: the folder of ResearchKit.sln.</summary>
internal sealed record Repository(string Root)
{
    public const string Marker = "ResearchKit.sln";

    public string Notebooks => Path.Combine(Root, "notebooks");

    public string Report => Path.Combine(Notebooks, "report");

    public string Library => Path.Combine(Root, "environment", "lib");

    public string Datasets => Path.Combine(Root, "datasets");

    /// <summary>Looks upwards from the working directory, then from the command's own folder; null when neither is in a clone.</summary>
    /// <param name="context">The command's surroundings.</param>
    /// <param name="first">A folder to look upwards from before these, e.g. that of a notebook named by the user.</param>
    public static Repository? Find(CliContext context, string? first = null)
    {
        foreach (string start in new[] { first ?? context.WorkingDirectory, context.WorkingDirectory, context.BaseDirectory })
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, Marker)))
                    return new Repository(folder.FullName);
        return null;
    }

    public static Repository Require(CliContext context, string? first = null) => Find(context, first)
        ?? throw new CliException($"No {Marker} in '{context.WorkingDirectory}' or any folder above it.",
            "Run the command inside a clone of ResearchKit.");
}
