using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using ResearchKit.Cli;
using ResearchKit.Notebooks.Tests.Cli;

namespace ResearchKit.Notebooks.Tests.Serve;

/// <summary>A server in this process over a report of two notebooks, which a stand-in runs as the test says.</summary>
internal sealed class ServedReport : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly ReportServer _server;

    private ServedReport(CliHarness cli, RunDesk desk)
    {
        Cli = cli;
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "index.html"), "<html><head></head><body>report</body></html>");
        _server = new ReportServer(0, Folder, ["00-a", "01-b"], desk);
        _running = _server.RunAsync(_stop.Token);
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Guard.Origin), Timeout = TimeSpan.FromSeconds(60) };
    }

    public CliHarness Cli { get; }

    public string Folder => Cli.Path("notebooks", "report");

    public RequestGuard Guard => _server.Guard;

    public HttpClient Client { get; }

    /// <summary>Notebooks that the stand-in was asked to run.</summary>
    public List<string> Ran { get; } = [];

    /// <summary>Let it go on; a test that never does has a run under way.</summary>
    public TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static ServedReport Start()
    {
        ServedReport? served = null;
        var desk = new RunDesk(["00-a", "01-b"], async (name, onCell, cancellation) =>
        {
            lock (served!.Ran) served.Ran.Add(name);
            onCell(1, 2);
            await served.Finish.Task.WaitAsync(cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            return cancellation.IsCancellationRequested ? NotebookStatus.Cancelled : NotebookStatus.Succeeded;
        });
        return served = new ServedReport(new CliHarness(), desk);
    }

    /// <summary>A request as the report's own page sends it; <paramref name="change"/> makes it another's.</summary>
    public async Task<(HttpStatusCode Status, string Text, HttpResponseHeaders Headers)> SendAsync(string method, string path, string? body = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Cookie", Guard.Cookie.Split(';')[0]);
        if (method == "POST") request.Headers.Add("Origin", Guard.Origin);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        using HttpResponseMessage response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers);
    }

    /// <summary>Waits until the state, as the page would read it, is of the kind.</summary>
    public async Task<string> UntilAsync(string pattern)
    {
        for (int i = 0; i < 600; i++)
        {
            string state = (await SendAsync("GET", "/-/state")).Text;
            if (Regex.IsMatch(state, pattern)) return state;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"The state never matched {pattern}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(60));
        _server.Dispose();
        Client.Dispose();
        _stop.Dispose();
        Cli.Dispose();
    }
}
