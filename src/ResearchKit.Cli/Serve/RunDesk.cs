using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace ResearchKit.Cli;

/// <summary>Runs notebooks again, one request at a time, and tells every open page how far it is.</summary>
/// <param name="names">The notebooks of the report, in order.</param>
/// <param name="run">Runs one and updates the report; reports each cell's number and their count.</param>
internal sealed class RunDesk(IReadOnlyList<string> names, Func<string, Action<int, int>, CancellationToken, Task<NotebookStatus>> run)
{
    private readonly Lock _gate = new();
    private readonly List<Channel<string>> _pages = [];
    private CancellationTokenSource? _running;
    private Stopwatch _clock = new();
    private string? _current, _message;
    private int _position, _count, _cell, _cells, _finished;

    /// <summary>The request under way, for the server to await at its end.</summary>
    public Task Work { get; private set; } = Task.CompletedTask;

    /// <summary>Starts a run of the named notebooks, or of all.</summary>
    /// <returns>False if one is under way.</returns>
    public bool TryStart(IReadOnlyList<string> chosen)
    {
        lock (_gate)
        {
            if (_running is not null) return false;
            _running = new CancellationTokenSource();
            string[] queue = [.. names.Where(n => chosen.Count == 0 || chosen.Contains(n))];
            (_clock, _message, _position, _count, _cell, _cells) = (Stopwatch.StartNew(), null, 0, queue.Length, 0, 0);
            CancellationToken token = _running.Token;
            Work = Task.Run(() => RunAsync(queue, token), CancellationToken.None);
        }
        return true;
    }

    /// <summary>Stops the run under way.</summary>
    /// <returns>False if there is none.</returns>
    public bool Cancel()
    {
        lock (_gate)
        {
            _running?.Cancel();
            return _running is not null;
        }
    }

    /// <summary>A page that wants to know; the first thing it hears is how things stand.</summary>
    public Channel<string> Subscribe()
    {
        // A page that is slow to read needs the newest state, not those between.
        var page = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _pages.Add(page);
            page.Writer.TryWrite(Describe());
        }
        return page;
    }

    public void Unsubscribe(Channel<string> page)
    {
        lock (_gate) _pages.Remove(page);
    }

    /// <summary>How things stand, as JSON.</summary>
    public string State()
    {
        lock (_gate) return Describe();
    }

    private async Task RunAsync(string[] queue, CancellationToken token)
    {
        string? problem = null;
        try
        {
            for (int i = 0; i < queue.Length && !token.IsCancellationRequested; i++)
            {
                Change(() => (_current, _position, _cell, _cells) = (queue[i], i + 1, 0, 0));
                NotebookStatus status = await run(queue[i], (cell, cells) => Change(() => (_cell, _cells) = (cell, cells)), token);
                if (status == NotebookStatus.Failed) problem = $"{queue[i]} failed; the report says where.";
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problem = $"The report was not updated: {e.Message}";
        }
        Change(() =>
        {
            _message = token.IsCancellationRequested ? "Cancelled. The earlier results stay." : problem;
            _finished++;
            _current = null;
            _running!.Dispose();
            _running = null;
        });
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            string state = Describe();
            foreach (Channel<string> page in _pages) page.Writer.TryWrite(state);
        }
    }

    private string Describe() => new JsonObject
    {
        ["running"] = _running is not null,
        ["notebook"] = _current,
        ["position"] = _position,
        ["count"] = _count,
        ["cell"] = _cell,
        ["cells"] = _cells,
        ["seconds"] = Math.Round(_clock.Elapsed.TotalSeconds, 1),
        ["finished"] = _finished,
        ["message"] = _message,
    }.ToJsonString();
}
