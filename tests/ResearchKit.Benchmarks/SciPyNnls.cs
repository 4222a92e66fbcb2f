using System.Globalization;
using System.Runtime.InteropServices;

namespace ResearchKit.Benchmarks;

/// <summary>The same small cells solved by scipy.optimize.nnls on demand (scipy_nnls.py).</summary>
internal sealed class SciPyNnls : IDisposable
{
    public const string HowToInstall = "SciPy was not found; on Debian `apt install python3-scipy` installs it.";

    private readonly PythonProcess process;
    private readonly string file = Path.GetTempFileName();

    /// <summary>Starts a process for cells of points, row-major and one after another.</summary>
    public SciPyNnls(string python, double[] points, int count, int m, int k)
    {
        File.WriteAllBytes(file, MemoryMarshal.AsBytes<double>(points).ToArray());
        process = new PythonProcess(python, "scipy_nnls.py", file, $"{count}", $"{m}", $"{k}");
    }

    public string Version => process.Version;

    /// <summary>Seconds per cell of one round over all cells, and the largest relative moment residual.</summary>
    public (double Seconds, double Residual) Round()
    {
        double[] values = [.. process.Ask("").Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
        return (values[0], values[1]);
    }

    public void Dispose()
    {
        process.Dispose();
        File.Delete(file);
    }
}
