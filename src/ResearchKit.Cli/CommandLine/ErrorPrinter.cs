using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>Prints exactly one message for whatever went wrong, and gives the exit code.</summary>
internal static class ErrorPrinter
{
    public static int Print(CliContext context, Exception error)
    {
        if (error is AggregateException { InnerExceptions.Count: 1 } aggregate) error = aggregate.InnerExceptions[0];
        if (error is OperationCanceledException)
        {
            context.Error.MarkupLine("[yellow]cancelled[/]");
            return ExitCodes.Cancelled;
        }
        (string message, string? remedy) = Describe(error);
        Print(context, message, remedy);
        if (context.Verbose)
            context.Error.WriteLine(error.ToString());
        return ExitCodes.BadInput;
    }

    public static void Print(CliContext context, string message, string? remedy)
    {
        context.Error.MarkupLine($"[red bold]error:[/] [red]{Markup.Escape(message)}[/]");
        if (remedy is not null)
            context.Error.MarkupLine($"  {Markup.Escape(remedy)}");
    }

    private static (string Message, string? Remedy) Describe(Exception error) => error switch
    {
        CliException e => (e.Message, e.Remedy),
        ArgumentException e => (WithoutParameterName(e), null),
        IOException e when IsDiskFull(e) => ($"The disk is full: {e.Message}", "Free some space, or write elsewhere with --output."),
        UnauthorizedAccessException e => (e.Message, "Check the permissions, or write elsewhere with --output."),
        IOException e => (e.Message, null),
        InvalidDataException e => (e.Message, null),
        OutOfMemoryException => ("Not enough memory.", "Use fewer rows or columns, a lower --degree, or fewer --threads."),
        NotSupportedException e => (e.Message, null),
        _ => ($"Unexpected {error.GetType().Name}: {error.Message}", "This is a bug in ResearchKit; --verbose shows where."),
    };

    /// <summary>The message without what .NET appends for programmers: parameter name and actual value.</summary>
    private static string WithoutParameterName(ArgumentException e)
    {
        int cut = e.ParamName is null ? -1 : e.Message.IndexOf($" (Parameter '{e.ParamName}')", StringComparison.Ordinal);
        if (cut <= 0) cut = e.Message.IndexOf("\nActual value", StringComparison.Ordinal);
        return cut > 0 ? e.Message[..cut].TrimEnd() : e.Message;
    }

    private static bool IsDiskFull(IOException e)
    {
        const int enospc = 28, edquot = 122, windowsDiskFull = unchecked((int)0x80070070), windowsHandleDiskFull = unchecked((int)0x80070027);
        return e.HResult is enospc or edquot or windowsDiskFull or windowsHandleDiskFull;
    }
}
