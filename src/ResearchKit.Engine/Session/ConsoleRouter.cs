using System.Text;

namespace ResearchKit.Engine;

/// <summary>
/// Stands in for <see cref="Console.Out"/> and <see cref="Console.Error"/> while any cell runs:
/// what a cell writes goes to its sink, what anyone else writes goes where it went before.
/// </summary>
internal static class ConsoleRouter
{
    private static readonly Lock s_gate = new();
    private static int s_users;
    private static TextWriter? s_out, s_error, s_outBefore, s_errorBefore;

    /// <summary>Installs the router until the returned lease is disposed.</summary>
    public static IDisposable Lease()
    {
        lock (s_gate)
        {
            if (s_users++ == 0)
            {
                s_outBefore = Console.Out;
                s_errorBefore = Console.Error;
                Console.SetOut(new Router("stdout", s_outBefore));
                Console.SetError(new Router("stderr", s_errorBefore));
                s_out = Console.Out;
                s_error = Console.Error;
            }
        }

        return new Release();
    }

    private sealed class Release : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) != 0)
                return;
            lock (s_gate)
            {
                if (--s_users > 0)
                    return;
                // Someone who redirected the console meanwhile keeps it.
                if (ReferenceEquals(Console.Out, s_out))
                    Console.SetOut(s_outBefore!);
                if (ReferenceEquals(Console.Error, s_error))
                    Console.SetError(s_errorBefore!);
            }
        }
    }

    private sealed class Router(string name, TextWriter otherwise) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

        public override void Write(string? value)
        {
            if (string.IsNullOrEmpty(value) || ExecutionScope.IsAbandoned)
                return;
            if (ExecutionScope.Current is { } scope)
                scope.Sink.Stream(name, value);
            else
                otherwise.Write(value);
        }

        public override void WriteLine() => Write("\n");

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void Flush() => otherwise.Flush();
    }
}
