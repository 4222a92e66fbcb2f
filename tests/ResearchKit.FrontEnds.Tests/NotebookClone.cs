using System.Diagnostics;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>A temporary folder laid out like a clone, with the notebooks and the library prepared by the command itself.</summary>
public sealed class NotebookClone : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    public string Root => _folder.Path;

    public string Library => Path.Combine(Root, "environment", "lib");

    public async ValueTask InitializeAsync()
    {
        _folder.Write("ResearchKit.sln", "");
        Copy(Paths.Notebooks, Directory.CreateDirectory(Path.Combine(Root, "notebooks")).FullName, "*.ipynb");
        Copy(Path.Combine(Paths.Datasets, "paper"), Directory.CreateDirectory(Path.Combine(Root, "datasets", "paper")).FullName, "*");
        (int code, string text) = await RunAsync(Command, "notebooks", "prepare");
        Assert.True(code == 0, text);
    }

    /// <summary>The command's assembly, beside this one.</summary>
    public static string Command => Path.Combine(AppContext.BaseDirectory, "ResearchKit.Cli.dll");

    /// <summary>How a program is started in the clone.</summary>
    public ProcessStartInfo Start(string assembly, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(assembly);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("RESEARCHKIT_DATA");
        start.Environment.Remove("RESEARCHKIT_PLOTLY");
        return start;
    }

    /// <summary>Runs a program in the clone to its end.</summary>
    /// <returns>Its exit code and all that it printed.</returns>
    public async Task<(int Code, string Text)> RunAsync(string assembly, params string[] arguments)
    {
        Finished done = await Programs.RunAsync(Start(assembly, arguments));
        return (done.Code, done.Out + done.Error);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    private static void Copy(string from, string to, string pattern)
    {
        foreach (string file in Directory.GetFiles(from, pattern)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
