namespace ResearchKit.Engine;

/// <summary>What came of running a notebook.</summary>
/// <param name="Executed">A copy of the notebook with outputs, as far as it ran.</param>
/// <param name="Failure">Why it stopped early; null if no cell failed.</param>
/// <param name="Cancelled">True if it stopped because it was asked to.</param>
/// <param name="Elapsed">Wall-clock time.</param>
public sealed record NotebookRunResult(
    Notebook Executed, NotebookExecutionException? Failure, bool Cancelled, TimeSpan Elapsed)
{
    /// <summary>True if every cell ran to its end.</summary>
    public bool Success => Failure is null && !Cancelled;
}
