using System.Globalization;

namespace ResearchKit.Benchmarks;

/// <summary>PyTorch's training steps on demand (pytorch_step.py).</summary>
internal sealed class PyTorchStep : IDisposable
{
    public const string HowToInstall = "PyTorch was not found; on Debian `apt install python3-torch` installs it. Another Python can be named with --python.";

    private readonly PythonProcess process;

    /// <summary>Starts a network of one width and waits until it has warmed up.</summary>
    public PyTorchStep(string python, int width, int batch, int threads, string type)
        => process = new PythonProcess(python, "pytorch_step.py", $"{width}", $"{batch}", $"{threads}", type);

    /// <summary>PyTorch's version and the linear algebra it was built with.</summary>
    public string Version => process.Version;

    /// <summary>The seconds of each of some further steps.</summary>
    public double[] Take(int steps) =>
        [.. process.Ask(steps.ToString(CultureInfo.InvariantCulture)).Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];

    public void Dispose() => process.Dispose();
}
