using System.Text.Json.Nodes;
using System.Threading.Channels;
using ResearchKit.Engine.Language;

namespace ResearchKit.Engine.Jupyter;

/// <summary>A Jupyter kernel for C# on one <see cref="ScriptSession"/>, protocol 5.3.</summary>
/// <remarks>
/// Listens on the loopback interface only, executes nothing that is not signed with the
/// connection's key, and executes nothing twice. Requests on the shell channel are answered in
/// the order in which they come; interrupt and shutdown come by the control channel and do not
/// wait for a cell.
/// </remarks>
public sealed class JupyterKernel : IDisposable
{
    private readonly KernelSockets _sockets;
    private readonly MessageSigner _signer;
    private readonly KernelOutbox _outbox;
    private readonly InputBroker _input;
    private readonly ScriptSession _session;
    private readonly CellRunner _cells;
    private readonly KernelHistory _history = new();
    private readonly LanguageRequests _language;
    private readonly Action<string> _log;
    private readonly Channel<JupyterMessage> _shell = Channel.CreateUnbounded<JupyterMessage>();
    private readonly Channel<JupyterMessage> _control = Channel.CreateUnbounded<JupyterMessage>();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _arrived, _abortUntil;

    /// <summary>Binds the kernel's ports.</summary>
    /// <param name="connection">Where to listen, and the key.</param>
    /// <param name="folder">The folder that <c>#r</c> and <c>#load</c> are relative to: the notebook's.</param>
    /// <param name="log">Told what was ignored and why; null to say nothing.</param>
    /// <exception cref="JupyterKernelException">A port is taken.</exception>
    public JupyterKernel(ConnectionInfo connection, string folder, Action<string>? log = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _log = log ?? (_ => { });
        _signer = new MessageSigner(connection.Key);
        _outbox = new KernelOutbox(_signer, (channel, frames) => _sockets!.Send(channel, frames));
        _input = new InputBroker(_outbox);
        _sockets = new KernelSockets(connection, Receive, _log);
        _session = new ScriptSession(Path.Combine(folder, "notebook.ipynb")) { Patience = TimeSpan.FromSeconds(1.5) };
        _cells = new CellRunner(_session, _outbox, _input, _history);
        _language = new LanguageRequests(new NotebookLanguage(_session));
    }

    /// <summary>Serves until a client asks for shutdown or the token is signalled.</summary>
    /// <param name="cancellation">Ends the kernel.</param>
    public async Task RunAsync(CancellationToken cancellation = default)
    {
        using var registration = cancellation.Register(Stop);
        _outbox.Status("starting", null);
        _sockets.Start();
        _ = Task.Run(() => ServeAsync(_control.Reader), CancellationToken.None);
        _ = Task.Run(
            async () =>
            {
                // While the client connects; not beside the first cell, which would wait for the same.
                ScriptSession.WarmUp();
                await ServeAsync(_shell.Reader).ConfigureAwait(false);
            },
            CancellationToken.None);
        await _stopped.Task.ConfigureAwait(false);
    }

    /// <summary>Interrupts the running cell, as an interrupt_request does.</summary>
    public void Interrupt() => _cells.Interrupt();

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _sockets.Dispose();
        _session.Dispose();
    }

    private void Stop()
    {
        _shell.Writer.TryComplete();
        _control.Writer.TryComplete();
        _stopped.TrySetResult();
    }

    /// <summary>On the sockets' thread.</summary>
    private void Receive(JupyterChannel channel, List<byte[]> frames)
    {
        var (message, problem) = WireFormat.Parse(channel, frames, _signer);
        if (message is null)
        {
            _log($"A message on {channel} was ignored: {problem}.");
            return;
        }

        switch (channel)
        {
            case JupyterChannel.Stdin:
                _input.Receive(message);
                break;
            case JupyterChannel.Control:
                _control.Writer.TryWrite(message);
                break;
            default:
                _shell.Writer.TryWrite(message with { Sequence = Interlocked.Increment(ref _arrived) });
                break;
        }
    }

    private async Task ServeAsync(ChannelReader<JupyterMessage> requests)
    {
        await foreach (var request in requests.ReadAllAsync().ConfigureAwait(false))
        {
            if (!IsKnown(request.Type))
            {
                _log($"A message of type '{request.Type}' was ignored: the protocol has none that this kernel knows.");
                continue;
            }

            _outbox.Status("busy", request.HeaderBytes);
            try
            {
                if (await AnswerAsync(request).ConfigureAwait(false) is { } content)
                    _outbox.Reply(request, request.Type.Replace("_request", "_reply", StringComparison.Ordinal), content);
            }
            catch (Exception e)
            {
                _log($"{request.Type}: {e}");
                _outbox.Reply(request, request.Type.Replace("_request", "_reply", StringComparison.Ordinal), new JsonObject
                {
                    ["status"] = "error",
                    ["ename"] = e.GetType().Name,
                    ["evalue"] = e.Message,
                    ["traceback"] = new JsonArray(),
                });
            }

            _outbox.Status("idle", request.HeaderBytes);
            if (request.Type == "shutdown_request")
                Stop();
        }
    }

    private static bool IsKnown(string type) => type is "execute_request" or "kernel_info_request" or "complete_request"
        or "inspect_request" or "is_complete_request" or "history_request" or "comm_info_request" or "comm_open" or "comm_msg"
        or "comm_close" or "interrupt_request" or "shutdown_request" or "connect_request";

    /// <returns>The reply's content; null where the protocol has no reply.</returns>
    private async Task<JsonObject?> AnswerAsync(JupyterMessage request) => request.Type switch
    {
        "execute_request" => await ExecuteAsync(request).ConfigureAwait(false),
        "complete_request" => await _language.CompleteAsync(request).ConfigureAwait(false),
        "inspect_request" => await _language.InspectAsync(request).ConfigureAwait(false),
        "is_complete_request" => LanguageRequests.IsComplete(request),
        "kernel_info_request" => KernelInfo.Content(),
        "history_request" => _history.Answer(request),
        "comm_info_request" => new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() },
        "comm_open" => RefuseComm(request),
        "interrupt_request" => Interrupted(),
        "shutdown_request" => Shutdown(request),
        "connect_request" => new JsonObject { ["status"] = "ok" },
        _ => null,
    };

    private async Task<JsonObject> ExecuteAsync(JupyterMessage request)
    {
        if (request.Sequence <= Interlocked.Read(ref _abortUntil))
            return _cells.Aborted();
        var reply = await _cells.ExecuteAsync(request).ConfigureAwait(false);
        // What was sent before the failure was known is not executed: its author counted on success.
        if ((string?)reply["status"] == "error" && request.Flag("stop_on_error", otherwise: true))
            Interlocked.Exchange(ref _abortUntil, Interlocked.Read(ref _arrived));
        return reply;
    }

    private JsonObject Interrupted()
    {
        _cells.Interrupt();
        return new JsonObject { ["status"] = "ok" };
    }

    private JsonObject Shutdown(JupyterMessage request)
    {
        _cells.Interrupt();
        var content = new JsonObject { ["status"] = "ok", ["restart"] = request.Flag("restart", otherwise: false) };
        _outbox.Publish("shutdown_reply", request.HeaderBytes, (JsonObject)content.DeepClone());
        return content;
    }

    /// <summary>This kernel has no widgets: who opens a channel to one is told so, as the protocol asks.</summary>
    private JsonObject? RefuseComm(JupyterMessage request)
    {
        _outbox.Publish("comm_close", request.HeaderBytes, new JsonObject
        {
            ["comm_id"] = request.Text("comm_id") ?? "",
            ["data"] = new JsonObject(),
        });
        return null;
    }
}
