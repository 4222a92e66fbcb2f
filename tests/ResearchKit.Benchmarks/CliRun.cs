using System.Diagnostics;
using System.Text;

namespace ResearchKit.Benchmarks;

/// <summary>The researchkit command in a process of its own, watched: time, processor time, peak of resident memory.</summary>
internal sealed class CliRun
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly StringBuilder output = new();

    private CliRun(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public double Seconds { get; private set; }

    public double CpuSeconds { get; private set; }

    public double PeakBytes { get; private set; }

    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    public static CliRun Start(string[] arguments) => new(new Process
    {
        StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ResearchKit.Cli.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
    });

    /// <summary>Waits for the end.</summary>
    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public CliRun ToEnd()
    {
        while (!process.WaitForExit(Poll)) Measure();
        process.WaitForExit();
        Seconds = clock.Elapsed.TotalSeconds;
        return process.ExitCode == 0 ? this : throw new InvalidOperationException($"The command ended with {process.ExitCode}: {Output}");
    }

    /// <summary>Kills without warning (SIGKILL); false where the command was done before.</summary>
    public bool KillAfter(TimeSpan time)
    {
        while (clock.Elapsed < time)
            if (process.WaitForExit(Poll)) return false;
        process.Kill();
        process.WaitForExit();
        return true;
    }

    private void Measure()
    {
        try
        {
            process.Refresh();
            PeakBytes = Math.Max(PeakBytes, process.PeakWorkingSet64);
            CpuSeconds = Math.Max(CpuSeconds, process.TotalProcessorTime.TotalSeconds);
        }
        catch (InvalidOperationException)
        {
            // It has ended in this moment; the last values hold.
        }
    }

    private void Append(string? line)
    {
        lock (output) output.AppendLine(line);
    }
}
