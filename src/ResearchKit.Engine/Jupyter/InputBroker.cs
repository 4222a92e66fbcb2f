using System.Text.Json.Nodes;

namespace ResearchKit.Engine.Jupyter;

/// <summary>Asks the user of the client whose cell runs, and waits for the answer.</summary>
internal sealed class InputBroker(KernelOutbox outbox)
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private Question? _open;

    /// <summary>Asks and blocks until the answer is there.</summary>
    /// <param name="request">The execute request of the cell.</param>
    /// <param name="prompt">What the user is asked.</param>
    /// <param name="password">Whether the answer is hidden.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public string Ask(JupyterMessage request, string prompt, bool password, CancellationToken cancellation)
    {
        _oneAtATime.Wait(cancellation);
        try
        {
            var question = new Question(request.Identities);
            lock (_gate)
            {
                question.Id = outbox.Ask(request, new JsonObject { ["prompt"] = prompt, ["password"] = password });
                _open = question;
            }

            return question.Answer.Task.WaitAsync(cancellation).GetAwaiter().GetResult();
        }
        finally
        {
            lock (_gate)
                _open = null;
            _oneAtATime.Release();
        }
    }

    /// <summary>Takes an answer; one that nobody waits for, or of another client, is ignored.</summary>
    public void Receive(JupyterMessage message)
    {
        lock (_gate)
        {
            if (_open is not { } question || message.Type != "input_reply" || !SameClient(question.Client, message.Identities))
                return;
            // Clients that name the question they answer must mean this one: an answer to a cell
            // that was interrupted meanwhile is not the answer to the next.
            if (message.ParentId.Length > 0 && message.ParentId != question.Id)
                return;
            question.Answer.TrySetResult(message.Text("value") ?? "");
        }
    }

    private static bool SameClient(IReadOnlyList<byte[]> a, IReadOnlyList<byte[]> b) =>
        a.Count == b.Count && a.Zip(b, (x, y) => x.AsSpan().SequenceEqual(y)).All(same => same);

    private sealed class Question(IReadOnlyList<byte[]> client)
    {
        public IReadOnlyList<byte[]> Client { get; } = client;

        public string Id { get; set; } = "";

        public TaskCompletionSource<string> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
