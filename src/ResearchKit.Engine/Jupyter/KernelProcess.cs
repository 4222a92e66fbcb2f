using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NetMQ;

namespace ResearchKit.Engine.Jupyter;

/// <summary>A process that is a kernel: started by a Jupyter server, ended by it or with it.</summary>
public static class KernelProcess
{
    /// <summary>Set by Jupyter to the process that started the kernel.</summary>
    private const string ParentVariable = "JPY_PARENT_PID";

    /// <summary>
    /// Serves until shutdown, SIGTERM or the end of the process that started the kernel. SIGINT
    /// interrupts the running cell, for clients that know no other way.
    /// </summary>
    /// <param name="connectionFile">The file that Jupyter names.</param>
    /// <param name="folder">The notebook's folder.</param>
    /// <param name="log">Told what was ignored and why.</param>
    /// <exception cref="JupyterKernelException">The file is no good, or a port is taken.</exception>
    public static async Task RunAsync(string connectionFile, string folder, Action<string> log)
    {
        ArgumentNullException.ThrowIfNull(log);
        using var stop = new CancellationTokenSource();
        using (var kernel = new JupyterKernel(ConnectionInfo.Read(connectionFile), folder, log))
        {
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            {
                context.Cancel = true;
                kernel.Interrupt();
            });
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                stop.Cancel();
            });
            _ = WatchParentAsync(stop);
            await kernel.RunAsync(stop.Token).ConfigureAwait(false);
        }

        // Sends what is still on its way.
        NetMQConfig.Cleanup(block: true);
    }

    /// <summary>A kernel whose server was killed must not stay behind.</summary>
    private static async Task WatchParentAsync(CancellationTokenSource stop)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(ParentVariable), CultureInfo.InvariantCulture, out int id) || id <= 1)
            return;
        try
        {
            using var parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync(stop.Token).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The kernel ended first.
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Not a process that this one can see (another namespace): nothing to watch.
        }
    }
}
