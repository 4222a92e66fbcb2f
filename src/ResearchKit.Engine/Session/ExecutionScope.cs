namespace ResearchKit.Engine;

/// <summary>
/// The cell that the current code runs in. It flows with async calls and into the tasks and
/// threads that a cell starts, so several notebooks can run at once and none hears another.
/// </summary>
internal sealed class ExecutionScope(IOutputSink sink, CancellationToken cancellation)
{
    private static readonly AsyncLocal<ExecutionScope?> s_current = new();
    private volatile bool _closed;

    public static ExecutionScope? Current => s_current.Value is { _closed: false } scope ? scope : null;

    public IOutputSink Sink { get; } = sink;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>What is left of a line that the cell reads by characters.</summary>
    public string UnreadInput { get; set; } = "";

    /// <summary>Makes this the scope of the calling flow of execution.</summary>
    public void Enter()
    {
        s_current.Value = this;
        // For the flow of the cell, which ends with it: nothing to bring back.
        _ = AmbientCancellation.Enter(Cancellation);
    }

    /// <summary>Silences an abandoned cell: what it still writes goes nowhere.</summary>
    public void Close() => _closed = true;

    /// <summary>True in code that belongs to an abandoned cell.</summary>
    public static bool IsAbandoned => s_current.Value is { _closed: true };
}
