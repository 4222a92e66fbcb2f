using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace ResearchKit.Cli;

/// <summary>Serves a report on the loopback address: its files, what runs, and the requests to run and to stop.</summary>
internal sealed class ReportServer : IDisposable
{
    private const int MaxBody = 16384;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly HttpListener _listener = new();
    private readonly ReportFiles _files;
    private readonly RunDesk _desk;
    private readonly IReadOnlyList<string> _names;

    /// <param name="port">The port; 0 for any that is free.</param>
    /// <param name="folder">The report.</param>
    /// <param name="names">Its notebooks.</param>
    /// <param name="desk">Runs them.</param>
    /// <exception cref="CliException">The port is taken or reserved.</exception>
    public ReportServer(int port, string folder, IReadOnlyList<string> names, RunDesk desk)
    {
        (_files, _names, _desk) = (new ReportFiles(folder), names, desk);
        if (port == 0) port = FreePort();
        Guard = new RequestGuard(port);
        _listener.Prefixes.Add(Guard.Origin + "/");
        try
        {
            _listener.Start();
        }
        catch (HttpListenerException e)
        {
            throw new CliException($"Port {port} cannot be used: {e.Message}", "Another program has it, or it is reserved. Give another --port, or leave it out for a free one.", e);
        }
    }

    public RequestGuard Guard { get; }

    /// <summary>Answers until cancelled; then stops the run under way.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenRegistration stop = cancellation.Register(_listener.Stop);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                HttpListenerContext exchange = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(exchange, cancellation), CancellationToken.None);
            }
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException && cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (HttpListenerException)
            {
                // A connection that broke before its request was read.
            }
        }
        _desk.Cancel();
        await _desk.Work;
    }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync(HttpListenerContext exchange, CancellationToken cancellation)
    {
        try
        {
            HttpListenerRequest request = exchange.Request;
            var facts = new RequestFacts(request.HttpMethod, request.UserHostName, request.Headers["Origin"], request.QueryString["token"], request.Cookies[Guard.CookieName]?.Value);
            if (Guard.Refusal(facts) is { } refusal) Send(exchange, refusal.Status, refusal.Reason);
            else if (facts.Token is not null) Redirect(exchange);
            else await DispatchAsync(exchange, request.Url!.AbsolutePath, cancellation);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // The reader closed the page, or the server stops.
        }
        finally
        {
            Close(exchange);
        }
    }

    private async Task DispatchAsync(HttpListenerContext exchange, string path, CancellationToken cancellation)
    {
        switch (exchange.Request.HttpMethod, path)
        {
            case ("GET", "/-/state"):
                Send(exchange, HttpStatusCode.OK, _desk.State(), "application/json");
                break;
            case ("GET", "/-/events"):
                await SendEventsAsync(exchange.Response, cancellation);
                break;
            case ("GET", "/-/serve.js"):
                Send(exchange, HttpStatusCode.OK, Resource("serve.js"), "text/javascript; charset=utf-8");
                break;
            case ("GET", "/-/serve.css"):
                Send(exchange, HttpStatusCode.OK, Resource("serve.css"), "text/css; charset=utf-8");
                break;
            case ("POST", "/-/run"):
                await StartAsync(exchange, cancellation);
                break;
            case ("POST", "/-/cancel"):
                if (_desk.Cancel()) Send(exchange, HttpStatusCode.Accepted, "Stopping.");
                else Send(exchange, HttpStatusCode.Conflict, "Nothing runs.");
                break;
            case ("GET" or "HEAD", _) when !path.StartsWith("/-/", StringComparison.Ordinal):
                if (_files.Find(Uri.UnescapeDataString(path)) is { } file) Send(exchange, HttpStatusCode.OK, file.Content, file.Type);
                else Send(exchange, HttpStatusCode.NotFound, "The report has no such file.");
                break;
            default:
                Send(exchange, path.StartsWith("/-/", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.MethodNotAllowed, "There is nothing of the kind here.");
                break;
        }
    }

    /// <summary>Body: {"notebooks": ["name", ...]}, empty for all.</summary>
    private async Task StartAsync(HttpListenerContext exchange, CancellationToken cancellation)
    {
        // A form of another site can post text, but not this type without asking first.
        if (exchange.Request.ContentType?.Split(';')[0].Trim() != "application/json")
        {
            Send(exchange, HttpStatusCode.UnsupportedMediaType, "The body must be application/json.");
            return;
        }
        string[]? chosen = await ReadNamesAsync(exchange.Request, cancellation);
        if (chosen is null) Send(exchange, HttpStatusCode.BadRequest, "The body must be {\"notebooks\": [\"name\"]}, of at most 16 kB.");
        else if (Array.Find(chosen, n => !_names.Contains(n)) is { } unknown) Send(exchange, HttpStatusCode.NotFound, $"The report has no notebook '{unknown}'.");
        else if (_desk.TryStart(chosen)) Send(exchange, HttpStatusCode.Accepted, "Started.");
        else Send(exchange, HttpStatusCode.Conflict, "Another run is under way. Wait for its end, or cancel it.");
    }

    private static async Task<string[]?> ReadNamesAsync(HttpListenerRequest request, CancellationToken cancellation)
    {
        byte[] body = new byte[MaxBody + 1];
        int length = await request.InputStream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
        if (length > MaxBody) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body.AsMemory(0, length));
            string?[] names = [.. document.RootElement.GetProperty("notebooks").EnumerateArray().Select(n => n.GetString())];
            if (names.Contains(null)) return null;
            return [.. names.OfType<string>()];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Server-sent events: one with the state now, one with each change.</summary>
    private async Task SendEventsAsync(HttpListenerResponse response, CancellationToken cancellation)
    {
        Prepare(response, HttpStatusCode.OK, "text/event-stream");
        response.SendChunked = true;
        Channel<string> page = _desk.Subscribe();
        try
        {
            while (true)
            {
                // Without a word now and then nobody would notice that the page was closed.
                Task<string> next = page.Reader.ReadAsync(cancellation).AsTask();
                string text = ": still here\n\n";
                while (await Task.WhenAny(next, Task.Delay(Heartbeat, cancellation)) != next) await WriteAsync(text);
                await WriteAsync($"data: {await next}\n\n");
            }
        }
        finally
        {
            _desk.Unsubscribe(page);
        }

        async Task WriteAsync(string text)
        {
            cancellation.ThrowIfCancellationRequested();
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
            await response.OutputStream.FlushAsync(cancellation);
        }
    }

    /// <summary>Trades the token in the address for a cookie, so that it stays out of history and links.</summary>
    private void Redirect(HttpListenerContext exchange)
    {
        exchange.Response.Headers["Set-Cookie"] = Guard.Cookie;
        exchange.Response.Headers["Location"] = "/" + exchange.Request.Url!.AbsolutePath.TrimStart('/');
        Send(exchange, HttpStatusCode.SeeOther, "");
    }

    private static void Send(HttpListenerContext exchange, HttpStatusCode status, string text, string type = "text/plain; charset=utf-8") =>
        Send(exchange, status, Encoding.UTF8.GetBytes(text), type);

    private static void Send(HttpListenerContext exchange, HttpStatusCode status, byte[] content, string type)
    {
        HttpListenerResponse response = exchange.Response;
        Prepare(response, status, type);
        response.ContentLength64 = content.Length;
        if (exchange.Request.HttpMethod != "HEAD") response.OutputStream.Write(content);
    }

    private static void Prepare(HttpListenerResponse response, HttpStatusCode status, string type)
    {
        response.StatusCode = (int)status;
        response.ContentType = type;
        response.Headers["Cache-Control"] = "no-store";
        response.Headers["Content-Security-Policy"] = "frame-ancestors 'none'; form-action 'none'";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Content-Type-Options"] = "nosniff";
    }

    private static void Close(HttpListenerContext exchange)
    {
        try
        {
            exchange.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or InvalidOperationException or IOException)
        {
            // Closed by the other side, or content that was announced and not sent.
            exchange.Response.Abort();
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(ReportServer).Assembly.GetManifestResourceStream("ResearchKit.Cli.Serve." + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
