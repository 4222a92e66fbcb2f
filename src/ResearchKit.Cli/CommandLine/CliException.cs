namespace ResearchKit.Cli;

/// <summary>An error that is the whole story for the user: what is wrong with which value, and what to do about it.</summary>
internal sealed class CliException(string message, string? remedy = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do about it, as an imperative.</summary>
    public string? Remedy { get; } = remedy;
}
