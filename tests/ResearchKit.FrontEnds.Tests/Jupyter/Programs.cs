using System.Diagnostics;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>What a program printed and how it ended.</summary>
internal sealed record Finished(int Code, string Out, string Error);

/// <summary>Starts programs as a user's shell would.</summary>
internal static class Programs
{
    private static readonly Lazy<string?> FoundPython = new(() => new[] { "/usr/bin/python3", "python3", "python" }.FirstOrDefault(HasJupyter));

    /// <summary>A Python that has Jupyter's client, nbconvert and Notebook; null where there is none.</summary>
    public static string? Python => FoundPython.Value;

    /// <summary>Python, or skips the test.</summary>
    public static string RequirePython()
    {
        Assert.SkipWhen(Python is null, "No Python with jupyter_client, nbconvert and notebook is installed.");
        return Python!;
    }

    /// <summary>Runs `researchkit` as built for these tests.</summary>
    public static Task<Finished> ResearchKitAsync(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        RunAsync("dotnet", folder, environment, [Path.Combine(AppContext.BaseDirectory, "ResearchKit.Cli.dll"), .. arguments]);

    public static Task<Finished> RunAsync(string program, string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        RunAsync(Info(program, folder, environment, arguments));

    /// <summary>Runs a program to its end; it has nothing to read.</summary>
    public static async Task<Finished> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation), error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
            return new Finished(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    public static Process Start(string program, string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        Process.Start(Info(program, folder, environment, arguments))!;

    private static ProcessStartInfo Info(string program, string folder, IReadOnlyDictionary<string, string?> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment) start.Environment[name] = value;
        return start;
    }

    private static bool HasJupyter(string python)
    {
        try
        {
            using Process process = Start(python, Path.GetTempPath(), new Dictionary<string, string?>(), "-c", "import jupyter_client, nbconvert, notebook");
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
