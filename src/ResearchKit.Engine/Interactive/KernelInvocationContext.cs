using ResearchKit.Engine;

namespace Microsoft.DotNet.Interactive;

/// <summary>The running cell, as .NET Interactive shows it to the cell's code.</summary>
public sealed class KernelInvocationContext
{
    private readonly ExecutionScope _scope;

    private KernelInvocationContext(ExecutionScope scope) => _scope = scope;

    /// <summary>The cell that the calling code runs in; null outside a cell.</summary>
    public static KernelInvocationContext? Current =>
        ExecutionScope.Current is { } scope ? new KernelInvocationContext(scope) : null;

    /// <summary>Signalled when the run is cancelled: long loops should watch it.</summary>
    public CancellationToken CancellationToken => _scope.Cancellation;
}
