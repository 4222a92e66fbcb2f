using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>Everything a command touches beyond its arguments, so that tests run commands in-process.</summary>
internal sealed record CliContext
{
    public required IAnsiConsole Out { get; init; }

    public required IAnsiConsole Error { get; init; }

    /// <summary>Where relative paths start and the search for the repository begins.</summary>
    public string WorkingDirectory { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>The folder of the command's own assemblies.</summary>
    public string BaseDirectory { get; init; } = AppContext.BaseDirectory;

    public CancellationToken Cancellation { get; init; }

    /// <summary>Show stack traces of errors.</summary>
    public bool Verbose { get; init; }

    /// <summary>Runs notebooks; tests put a stand-in here.</summary>
    public INotebookExecutor Notebooks { get; init; } = new EngineExecutor();

    /// <summary>A terminal that can redraw lines, as opposed to a file, a pipe or a CI log.</summary>
    public bool IsLive => Out.Profile.Capabilities.Interactive && Out.Profile.Capabilities.Ansi;

    public string FullPath(string path) => Path.GetFullPath(path, WorkingDirectory);

    /// <summary>A path as the user would type it: relative where that is shorter.</summary>
    public string Display(string path)
    {
        string relative = Path.GetRelativePath(WorkingDirectory, path);
        return relative.Length < path.Length && !relative.StartsWith($"..{Path.DirectorySeparatorChar}..", StringComparison.Ordinal) ? relative : path;
    }

    public static CliContext ForConsole(CancellationToken cancellation) => new()
    {
        Out = Create(Console.Out, Console.IsOutputRedirected, 200),
        // A redirected error keeps one line per message, so that paths can be copied and lines grepped.
        Error = Create(Console.Error, Console.IsErrorRedirected, 4096),
        Cancellation = cancellation,
    };

    private static IAnsiConsole Create(TextWriter writer, bool redirected, int redirectedWidth)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (redirected) console.Profile.Width = redirectedWidth;
        return console;
    }
}
