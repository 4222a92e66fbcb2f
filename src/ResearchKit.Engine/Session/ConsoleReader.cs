namespace ResearchKit.Engine;

/// <summary>Stands in for <see cref="Console.In"/> while any cell runs: a cell reads from its own user.</summary>
/// <param name="otherwise">What everyone else reads from.</param>
internal sealed class ConsoleReader(TextReader otherwise) : TextReader
{
    public override string? ReadLine()
    {
        if (Source(out var scope) is not { } source)
            return otherwise.ReadLine();
        if (scope.UnreadInput is not { Length: > 0 } rest)
            return source.ReadLine("", password: false, scope.Cancellation);
        scope.UnreadInput = "";
        return rest.TrimEnd('\n');
    }

    public override int Peek()
    {
        if (Source(out var scope) is not { } source)
            return otherwise.Peek();
        if (scope.UnreadInput.Length == 0)
            scope.UnreadInput = source.ReadLine("", password: false, scope.Cancellation) + "\n";
        return scope.UnreadInput[0];
    }

    public override int Read()
    {
        if (Source(out var scope) is null)
            return otherwise.Read();
        int next = Peek();
        scope.UnreadInput = scope.UnreadInput[1..];
        return next;
    }

    private static IInputSource? Source(out ExecutionScope scope)
    {
        scope = ExecutionScope.Current!;
        return scope?.Sink as IInputSource;
    }
}
