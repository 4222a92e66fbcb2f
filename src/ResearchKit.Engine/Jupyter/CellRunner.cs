using System.Text.Json.Nodes;

namespace ResearchKit.Engine.Jupyter;

/// <summary>Answers execute requests, one after another.</summary>
internal sealed class CellRunner(ScriptSession session, KernelOutbox outbox, InputBroker input, KernelHistory history)
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _running;
    private int _count;

    /// <summary>Interrupts the running cell; nothing happens where none runs.</summary>
    public void Interrupt()
    {
        CancellationTokenSource? running;
        lock (_gate)
            running = _running;
        running?.Cancel();
    }

    /// <summary>Executes a cell.</summary>
    /// <param name="request">The execute_request.</param>
    /// <returns>The reply's content.</returns>
    public async Task<JsonObject> ExecuteAsync(JupyterMessage request)
    {
        if (request.Text("code") is not { } code)
            return Error(new CellFailure("ProtocolError", "The execute_request has no code.", []));
        bool silent = request.Flag("silent", otherwise: false);
        bool stored = !silent && request.Flag("store_history", otherwise: true);
        int count = stored ? ++_count : _count;
        if (stored)
            history.Add(count, code);
        if (!silent)
            outbox.Publish("execute_input", request.HeaderBytes, new JsonObject { ["code"] = code, ["execution_count"] = count });

        var sink = new JupyterSink(outbox, input, request, count, silent);
        var failure = await RunAsync(code, sink, stored ? $"cell {count}" : $"cell {count} (not stored)").ConfigureAwait(false);
        var reply = failure is null ? new JsonObject { ["status"] = "ok", ["payload"] = new JsonArray() } : Error(failure);
        if (failure is null)
            reply["user_expressions"] = await EvaluateAsync(request, sink).ConfigureAwait(false);
        reply["execution_count"] = count;
        return reply;
    }

    /// <summary>The reply to a cell that is not executed because one before it failed.</summary>
    public JsonObject Aborted() => new()
    {
        ["status"] = "aborted",
        ["execution_count"] = _count,
    };

    private async Task<CellFailure?> RunAsync(string code, JupyterSink sink, string name)
    {
        // Never disposed: tasks that a cell left behind may still look at its token.
        var source = new CancellationTokenSource();
        lock (_gate)
            _running = source;
        try
        {
            return (await session.ExecuteAsync(code, sink, source.Token, name).ConfigureAwait(false)).Failure;
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            var failure = Interrupted();
            sink.Error(failure);
            return failure;
        }
        catch (InvalidOperationException e)
        {
            var failure = new CellFailure("RestartNeeded", $"{e.Message} Restart the kernel.", []);
            sink.Error(failure);
            return failure;
        }
        finally
        {
            lock (_gate)
                _running = null;
            sink.Flush();
        }
    }

    private CellFailure Interrupted() => new(
        "Interrupted",
        session.LeftRunning
            ? "The cell does not stop: what it does watches for no interruption. It goes on in the background, unheard, and may still change variables. "
                + "Further cells can be run; restart the kernel to be rid of it."
            : "The cell was interrupted. Variables that it had set before keep their values.",
        []);

    /// <summary>The values of the expressions that a client asks for beside the cell.</summary>
    private async Task<JsonObject> EvaluateAsync(JupyterMessage request, IInputSource source)
    {
        var values = new JsonObject();
        if (request.Content["user_expressions"] is not JsonObject asked)
            return values;
        foreach (var (name, expression) in asked)
        {
            var sink = new ValueSink(source);
            var text = expression is JsonValue v && v.TryGetValue(out string? t) ? t : "";
            var result = await session.ExecuteAsync(text, sink, CancellationToken.None, $"expression {name}").ConfigureAwait(false);
            values[name] = result.Failure is { } failure
                ? Error(failure)
                : new JsonObject { ["status"] = "ok", ["data"] = sink.Value ?? [], ["metadata"] = new JsonObject() };
        }

        return values;
    }

    private static JsonObject Error(CellFailure failure)
    {
        var content = JupyterSink.Content(failure);
        content["status"] = "error";
        return content;
    }

    /// <summary>Keeps the value of an expression and hears nothing else.</summary>
    private sealed class ValueSink(IInputSource source) : IOutputSink, IInputSource
    {
        public JsonObject? Value { get; private set; }

        public void Stream(string name, string text)
        {
        }

        public void Display(IReadOnlyDictionary<string, string> data, string displayId)
        {
        }

        public void Update(IReadOnlyDictionary<string, string> data, string displayId)
        {
        }

        public void Result(IReadOnlyDictionary<string, string> data) => Value = OutputRecorder.Bundle(data);

        public void Error(CellFailure failure)
        {
        }

        public string ReadLine(string prompt, bool password, CancellationToken cancellation) => source.ReadLine(prompt, password, cancellation);
    }
}
