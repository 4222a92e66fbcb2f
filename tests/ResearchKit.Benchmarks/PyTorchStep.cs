using System.Diagnostics;
using System.Globalization;

namespace ResearchKit.Benchmarks;

/// <summary>A Python process that makes PyTorch's training steps on demand (pytorch_step.py), so that both sides can take turns.</summary>
internal sealed class PyTorchStep : IDisposable
{
    public const string HowToInstall = "PyTorch was not found; on Debian `apt install python3-torch` installs it. Another Python can be named with --python.";

    private readonly Process process;

    private PyTorchStep(Process process, string version) => (this.process, Version) = (process, version);

    /// <summary>PyTorch's version and the linear algebra it was built with.</summary>
    public string Version { get; }

    /// <summary>The first Python that has a module, or null.</summary>
    /// <param name="named">The only one to try, or null for the usual ones: Debian's packages belong to the system's Python, which another may hide.</param>
    public static string? FindPython(string? named, string module = "torch")
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

    /// <summary>Starts a network of one width and waits until it has warmed up.</summary>
    public static PyTorchStep Open(string python, int width, int batch, int threads, string type)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "pytorch_step.py");
        Process process = Start(python, [script, $"{width}", $"{batch}", $"{threads}", type]);
        string version = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{script} ended without an answer; run it by hand to see why.");
        return new PyTorchStep(process, version);
    }

    /// <summary>The seconds of each of some further steps.</summary>
    public double[] Take(int steps)
    {
        process.StandardInput.WriteLine(steps);
        process.StandardInput.Flush();
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PyTorch's process ended before its time.");
        return [.. line.Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    public static Process Start(string python, string[] arguments) => Process.Start(new ProcessStartInfo(python, arguments)
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;
}
