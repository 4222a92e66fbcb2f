using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace ResearchKit.Cli;

/// <summary>
/// Runs each notebook in a process of its own: a cell that does not watch for cancellation ends with it, and a server that
/// runs notebooks for days does not keep what they loaded.
/// </summary>
internal sealed class ChildExecutor(string baseDirectory) : INotebookExecutor
{
    /// <summary>A line of the child's output: a cell begins, or all is done.</summary>
    internal sealed record Line(int Cell, int Cells, NotebookOutcome? Outcome);

    public async Task<NotebookOutcome> RunAsync(NotebookJob job, Action<int, int> onCell, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using Process child = Process.Start(Start())!;
        // Kept open: its end tells the child that this process is gone.
        await child.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job));
        await child.StandardInput.FlushAsync(CancellationToken.None);
        Task<string> errors = child.StandardError.ReadToEndAsync(CancellationToken.None);
        NotebookOutcome? outcome = null;
        try
        {
            while (await child.StandardOutput.ReadLineAsync(cancellation) is { } text)
            {
                // A cell may write past the console that its outputs are taken from.
                if (!text.StartsWith("{\"Cell\":", StringComparison.Ordinal)) continue;
                Line line = JsonSerializer.Deserialize<Line>(text)!;
                if (line.Outcome is null) onCell(line.Cell, line.Cells);
                else outcome = line.Outcome;
            }
            await child.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return new(NotebookStatus.Cancelled, clock.Elapsed.TotalSeconds);
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill(entireProcessTree: true);
                await child.WaitForExitAsync(CancellationToken.None);
            }
        }
        return outcome ?? new(NotebookStatus.Failed, clock.Elapsed.TotalSeconds,
            new(null, null, "ProcessEnded", $"The notebook's process ended with code {child.ExitCode}. {(await errors).Trim()}".TrimEnd(), ""));
    }

    private ProcessStartInfo Start()
    {
        string self = Environment.ProcessPath!;
        var start = new ProcessStartInfo(self) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(self).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(Path.Combine(baseDirectory, Assembly.GetExecutingAssembly().GetName().Name + ".dll"));
        start.ArgumentList.Add(ExecuteJobCommand.Name);
        return start;
    }
}
