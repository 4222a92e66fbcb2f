using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace ResearchKit.Engine;

/// <summary>What came of executing one cell.</summary>
/// <param name="Failure">Why it failed; null if it did not.</param>
/// <param name="Elapsed">Wall-clock time, compilation included.</param>
public sealed record CellResult(CellFailure? Failure, TimeSpan Elapsed)
{
    /// <summary>True if the cell ran to its end.</summary>
    public bool Success => Failure is null;
}

/// <summary>
/// Executes C# cells one after another, each seeing what the ones before declared. A notebook
/// run has one session; a Jupyter kernel has one for its lifetime.
/// </summary>
/// <remarks>
/// Not for concurrent calls: a session is one flow of cells. Different sessions may run at the
/// same time. A cell that fails keeps the assignments it made; the next cell sees them.
/// </remarks>
public sealed class ScriptSession : IDisposable
{
    private static int s_sessions;

    private readonly string _notebookPath;
    private readonly NotebookReferenceResolver _references;
    private readonly SubmissionChain _chain;
    private ExecutionScope? _running;
    private int _count;
    private bool _abandoned, _disposed;
    private volatile bool _compiling;

    /// <summary>Starts a session.</summary>
    /// <param name="notebookPath">
    /// The notebook's file; its folder is what <c>#r</c> and <c>#load</c> are relative to. It need
    /// not exist.
    /// </param>
    public ScriptSession(string notebookPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(notebookPath);
        _notebookPath = Path.GetFullPath(notebookPath);
        var folder = Path.GetDirectoryName(_notebookPath)!;
        var assemblies = new SessionAssemblies(_notebookPath);
        _references = new NotebookReferenceResolver(folder, assemblies);
        _chain = new SubmissionChain(assemblies, _references, new SourceFileResolver([], folder));

        // A notebook starts from the standard formats, not from those an earlier one registered.
        if (Interlocked.Increment(ref s_sessions) == 1)
            Formatter.ResetToDefault();
    }

    /// <summary>
    /// How long a cancelled cell may take to end by itself. Zero (the default): it is abandoned at
    /// once, and the session accepts no more cells. Otherwise it is woken from sleeps and waits
    /// after a third of the time; if it still runs at the end, it is left running, unheard, and the
    /// session goes on beside it (<see cref="LeftRunning"/>).
    /// </summary>
    public TimeSpan Patience { get; init; }

    /// <summary>True if the last cancelled cell did not end: it still runs, and may change variables.</summary>
    public bool LeftRunning { get; private set; }

    /// <summary>What the cells have declared, for completion and the like.</summary>
    internal SubmissionChain Chain => _chain;

    /// <summary>How many cells have been executed: the number in the last "In [n]".</summary>
    public int ExecutionCount => _count;

    /// <summary>Executes one cell.</summary>
    /// <param name="code">The cell's text, with magics.</param>
    /// <param name="sink">Receives outputs while the cell runs, and the error if it fails.</param>
    /// <param name="cancellation">
    /// Ends the wait, at once or after <see cref="Patience"/>. Code that does not watch the token
    /// runs on, unheard.
    /// </param>
    /// <param name="cellName">What messages call the cell; "cell n" by default.</param>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    /// <exception cref="InvalidOperationException">An earlier cell was abandoned while running.</exception>
    public async Task<CellResult> ExecuteAsync(
        string code, IOutputSink sink, CancellationToken cancellation = default, string? cellName = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(sink);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_abandoned)
            throw new InvalidOperationException("The session was cancelled while a cell ran; start a new one.");
        cancellation.ThrowIfCancellationRequested();

        _count++;
        var clock = Stopwatch.StartNew();
        var scope = _running = new ExecutionScope(sink, cancellation);
        var name = cellName ?? $"cell {_count}";
        var console = ConsoleRouter.Lease();
        // A thread of its own: a cell may block for minutes, and must not starve the pool it uses.
        Thread? thread = null;
        var work = Task.Factory.StartNew(
            () =>
            {
                thread = Thread.CurrentThread;
                scope.Enter();
                return ExecuteCellAsync(code, name, sink, clock, cancellation);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap();
        // Not when this method ends: an abandoned cell must stay unheard for as long as it runs.
        _ = work.ContinueWith(
            static (t, lease) =>
            {
                _ = t.Exception;
                ((IDisposable)lease!).Dispose();
            },
            console,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            var failure = await EndAsync(work, () => thread, cancellation).ConfigureAwait(false);
            if (failure?.Exception is OperationCanceledException or ThreadInterruptedException)
                // The cell watched the token and stopped by itself: that is no failure of the cell.
                cancellation.ThrowIfCancellationRequested();
            if (failure is not null)
                sink.Error(failure);
            return new CellResult(failure, clock.Elapsed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            scope.Close();
            LeftRunning = !work.IsCompleted;
            // Beside a compilation that has not ended, another could not begin.
            _abandoned = LeftRunning && (Patience == TimeSpan.Zero || _compiling);
            throw;
        }
    }

    /// <summary>Waits for a cell, and when cancelled for as long as the session is patient.</summary>
    private async Task<CellFailure?> EndAsync(Task<CellFailure?> work, Func<Thread?> thread, CancellationToken cancellation)
    {
        try
        {
            return await work.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && Patience > TimeSpan.Zero)
        {
            if (await Ends(Patience / 3).ConfigureAwait(false))
                return await work.ConfigureAwait(false);
            // Out of Thread.Sleep, a lock or a wait: code that computes is not reached by this.
            thread()?.Interrupt();
            if (await Ends(Patience * 2 / 3).ConfigureAwait(false))
                return await work.ConfigureAwait(false);
            throw;
        }

        async Task<bool> Ends(TimeSpan time) =>
            await Task.WhenAny(work, Task.Delay(time, CancellationToken.None)).ConfigureAwait(false) == work;
    }

    /// <summary>Loads and compiles what the first cell needs, so that it does not wait for that.</summary>
    public static void WarmUp()
    {
        var assemblies = new SessionAssemblies("warm-up");
        var folder = Path.GetTempPath();
        var chain = new SubmissionChain(assemblies, new NotebookReferenceResolver(folder, assemblies), new SourceFileResolver([], folder));
        chain.Compile("var squares = Enumerable.Range(0, 3).Select(i => i * i).ToArray(); $\"{squares.Length}\"", "warm-up", CancellationToken.None);
        ValueFormatter.Format("text");
    }

    /// <summary>Ends the session; the assemblies it loaded stay until the process ends.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _running?.Close();
        Interlocked.Decrement(ref s_sessions);
    }

    private async Task<CellFailure?> ExecuteCellAsync(
        string code, string name, IOutputSink sink, Stopwatch clock, CancellationToken cancellation)
    {
        var file = _notebookPath + "#" + name.Replace(' ', '-');
        var failures = new FailureBuilder(_notebookPath, name, file, code);
        var magic = CellMagic.Parse(code);
        if (magic.UnknownLine > 0)
            return failures.Magic(magic.UnknownLine, magic.UnknownText);

        foreach (var segment in magic.Segments)
        {
            cancellation.ThrowIfCancellationRequested();
            if (segment.IsMarkdown)
                sink.Display(new Dictionary<string, string> { ["text/markdown"] = segment.Text }, Guid.NewGuid().ToString("n"));
            else if (await ExecuteSegmentAsync(segment.Text, file, failures, sink, cancellation).ConfigureAwait(false) is { } failure)
                return failure;
        }

        if (magic.Timed)
        {
            var text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Wall time: {clock.Elapsed.TotalMilliseconds:0.####}ms");
            sink.Display(new Dictionary<string, string> { ["text/plain"] = text }, Guid.NewGuid().ToString("n"));
        }

        return null;
    }

    private async Task<CellFailure?> ExecuteSegmentAsync(
        string code, string file, FailureBuilder failures, IOutputSink sink, CancellationToken cancellation)
    {
        _references.Problems.Clear();
        _compiling = true;
        var (submission, diagnostics) = _chain.Compile(code, file, cancellation);
        _compiling = false;
        if (submission is null)
            return failures.Compilation(diagnostics, _references.Problems);

        try
        {
            var value = await submission.Run().ConfigureAwait(false);
            if (value is not DisplayedValue && (value is not null || submission.HasValue))
                sink.Result(ValueFormatter.Format(value));
            return null;
        }
        catch (Exception e)
        {
            // From the cell, or from the formatter of its value: the author's code either way.
            return failures.Runtime(e);
        }
    }
}
