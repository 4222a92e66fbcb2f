using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ResearchKit.FrontEnds.Tests;

/// <summary>A Jupyter Notebook server on the clone's folder.</summary>
internal sealed class NotebookServer : IDisposable
{
    private const string Token = "rk-test";

    private readonly Process process;
    private readonly int port;

    private NotebookServer(Process process, int port) => (this.process, this.port) = (process, port);

    public static async Task<NotebookServer> StartAsync(InstalledKernel kernel)
    {
        string python = Programs.RequirePython();
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        Process process = Programs.Start(python, kernel.Notebooks, kernel.Environment, "-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1",
            $"--port={port}", "--port-retries=0", $"--NotebookApp.token={Token}", $"--notebook-dir={kernel.Notebooks}");
        // Read, or the server would stop at a full pipe.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new NotebookServer(process, port);
        try
        {
            using var http = new HttpClient();
            for (int i = 0; ; i++)
            {
                try
                {
                    (await http.GetAsync(server.Url("api/status"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
                    return server;
                }
                catch (HttpRequestException) when (i < 600 && !process.HasExited)
                {
                    await Task.Delay(200, TestContext.Current.CancellationToken);
                }
            }
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public string Url(string path) => $"http://127.0.0.1:{port}/{path}?token={Token}";

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }
}
