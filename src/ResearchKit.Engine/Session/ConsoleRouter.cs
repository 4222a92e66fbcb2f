using System.Text;

namespace ResearchKit.Engine;

/// <summary>
/// Stands in for <see cref="Console.Out"/>, <see cref="Console.Error"/> and
/// <see cref="Console.In"/> while any cell runs: what a cell writes goes to its sink, what it
/// reads comes from its user, and anyone else has what was there before.
/// </summary>
internal static class ConsoleRouter
{
    private static readonly Lock s_gate = new();
    private static int s_users;
    private static TextWriter? s_out, s_error, s_outBefore, s_errorBefore;
    private static TextReader? s_in, s_inBefore;

    /// <summary>Installs the router until the returned lease is disposed.</summary>
    public static IDisposable Lease()
    {
        lock (s_gate)
        {
            s_users++;
            // Again where someone redirected the console since: a cell must be heard whatever they did.
            if (!ReferenceEquals(Console.Out, s_out))
            {
                s_outBefore = Console.Out;
                Console.SetOut(new Router("stdout", s_outBefore));
                s_out = Console.Out;
            }

            if (!ReferenceEquals(Console.Error, s_error))
            {
                s_errorBefore = Console.Error;
                Console.SetError(new Router("stderr", s_errorBefore));
                s_error = Console.Error;
            }

            if (!ReferenceEquals(Console.In, s_in))
            {
                s_inBefore = Console.In;
                Console.SetIn(new ConsoleReader(s_inBefore));
                s_in = Console.In;
            }
        }

        return new Release();
    }

    /// <summary>True when no cell runs, abandoned ones included.</summary>
    internal static bool IsIdle
    {
        get
        {
            lock (s_gate)
                return s_users == 0;
        }
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
                if (ReferenceEquals(Console.In, s_in))
                    Console.SetIn(s_inBefore!);
            }
        }
    }

    private sealed class Router : TextWriter
    {
        private readonly string _name;
        private readonly TextWriter _otherwise;

        public Router(string name, TextWriter otherwise)
        {
            _name = name;
            _otherwise = otherwise;
            // Notebooks have line feeds on every system.
            CoreNewLine = ['\n'];
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

        public override void Write(string? value)
        {
            if (string.IsNullOrEmpty(value) || ExecutionScope.IsAbandoned)
                return;
            if (ExecutionScope.Current is { } scope)
                scope.Sink.Stream(_name, value);
            else
                _otherwise.Write(value);
        }

        public override void WriteLine() => Write("\n");

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void Flush() => _otherwise.Flush();
    }
}
