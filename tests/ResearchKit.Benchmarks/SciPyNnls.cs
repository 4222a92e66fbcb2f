using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ResearchKit.Benchmarks;

/// <summary>A Python process that solves the same small cells by scipy.optimize.nnls on demand (scipy_nnls.py), so that both sides take turns.</summary>
internal sealed class SciPyNnls : IDisposable
{
    public const string HowToInstall = "SciPy was not found; on Debian `apt install python3-scipy` installs it.";

    private readonly Process process;
    private readonly string file;

    private SciPyNnls(Process process, string file, string version) => (this.process, this.file, Version) = (process, file, version);

    public string Version { get; }

    /// <summary>Starts a process for cells of points, row-major and one after another.</summary>
    public static SciPyNnls Open(string python, double[] points, int count, int m, int k)
    {
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, MemoryMarshal.AsBytes<double>(points).ToArray());
        string script = Path.Combine(AppContext.BaseDirectory, "scipy_nnls.py");
        Process process = PyTorchStep.Start(python, [script, file, $"{count}", $"{m}", $"{k}"]);
        string version = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{script} ended without an answer; run it by hand to see why.");
        return new SciPyNnls(process, file, version);
    }

    /// <summary>Seconds per cell of one round over all cells, and the largest relative moment residual.</summary>
    public (double Seconds, double Residual) Round()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("SciPy's process ended before its time.");
        double[] values = [.. line.Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
        return (values[0], values[1]);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        File.Delete(file);
    }
}
