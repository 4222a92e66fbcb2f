namespace ResearchKit;

/// <summary>The token that stops whatever runs now: what a host (a notebook kernel) cancels when its user interrupts.</summary>
/// <remarks>
/// Every options type falls back to it where it was given no token of its own, so that a call in a notebook cell can be
/// interrupted although its author thought of no token. It flows with async calls, tasks and threads, as
/// <see cref="AsyncLocal{T}"/> does: two cells that run at once have each their own. Outside a host it is
/// <see cref="CancellationToken.None"/>, and nothing changes.
/// </remarks>
public static class AmbientCancellation
{
    private const string Slot = "ResearchKit.AmbientCancellation";

    private static readonly AsyncLocal<CancellationToken> s_token = Shared();

    /// <summary>The token of the calling flow of execution; <see cref="CancellationToken.None"/> where nobody set one.</summary>
    public static CancellationToken Token => s_token.Value;

    /// <summary>Makes a token the ambient one of the calling flow and of what it starts from now on.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Disposing it, in the same flow, brings the former token back.</returns>
    public static IDisposable Enter(CancellationToken token)
    {
        var former = new Former(s_token.Value);
        s_token.Value = token;
        return former;
    }

    /// <summary>A token that was given, or the ambient one.</summary>
    internal static CancellationToken Or(CancellationToken given) => given.CanBeCanceled ? given : s_token.Value;

    /// <summary>
    /// One slot for the process: a host and a notebook may each have loaded a build of this library of their own, and a
    /// token that one of them sets must reach the other.
    /// </summary>
    private static AsyncLocal<CancellationToken> Shared()
    {
        if (AppContext.GetData(Slot) is AsyncLocal<CancellationToken> known)
            return known;
        var made = new AsyncLocal<CancellationToken>();
        AppContext.SetData(Slot, made);
        return made;
    }

    private sealed class Former(CancellationToken token) : IDisposable
    {
        public void Dispose() => s_token.Value = token;
    }
}
