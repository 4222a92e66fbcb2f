namespace ResearchKit.Cli;

/// <summary>What a script may rely on.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The command ran, but a check, a verdict or a notebook failed.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage or input, or the command could not do its work.</summary>
    public const int BadInput = 2;

    public const int Cancelled = 130;

    public static readonly (int Code, string Meaning)[] All =
    [
        (Ok, "all went well"),
        (Failed, "a check, a verdict or a notebook failed"),
        (BadInput, "bad usage, bad input, or the output cannot be written"),
        (Cancelled, "cancelled (Ctrl+C)"),
    ];
}
