using System.Diagnostics;

namespace ResearchKit.Benchmarks;

/// <summary>A Python script that says its version first and then answers line by line, so that both sides of a comparison can take turns.</summary>
internal sealed class PythonProcess : IDisposable
{
    private readonly Process process;
    private readonly string script;

    /// <summary>Starts a script of the output folder and waits for its first line.</summary>
    public PythonProcess(string python, string script, params string[] arguments)
    {
        this.script = Path.Combine(AppContext.BaseDirectory, script);
        process = Start(python, [this.script, .. arguments]);
        Version = Answer();
    }

    /// <summary>The first line: what the script compares with, and its version.</summary>
    public string Version { get; }

    /// <summary>The first Python that has a module, or null.</summary>
    /// <param name="named">The only one to try, or null for the usual ones: Debian's packages belong to the system's Python, which another may hide.</param>
    /// <param name="module">What must be importable.</param>
    public static string? Find(string? named, string module)
    {
        foreach (string python in named is null ? new[] { "python3", "/usr/bin/python3", "python" } : [named])
        {
            try
            {
                using Process trial = Start(python, ["-c", $"import {module}"]);
                trial.StandardOutput.ReadToEnd();
                trial.WaitForExit();
                if (trial.ExitCode == 0) return python;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // No such program: try the next.
            }
        }
        return null;
    }

    /// <summary>Sends a line and returns the answer.</summary>
    public string Ask(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
        return Answer();
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private string Answer() => process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{script} ended without an answer; run it by hand to see why.");

    private static Process Start(string python, string[] arguments) => Process.Start(new ProcessStartInfo(python, arguments)
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;
}
