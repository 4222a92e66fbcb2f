using System.Text;
using System.Text.Json.Nodes;

namespace ResearchKit.Engine.Jupyter;

/// <summary>Sends what one cell shows to the clients, and its questions to the client that runs it.</summary>
/// <remarks>
/// Stream output is gathered for a twentieth of a second, so that a loop of short lines is a few
/// messages and not thousands; everything else goes at once, after what was written before it.
/// </remarks>
internal sealed class JupyterSink : IOutputSink, IInputSource
{
    private const int FlushMilliseconds = 50, FlushCharacters = 1 << 16;

    private readonly KernelOutbox _outbox;
    private readonly InputBroker _input;
    private readonly JupyterMessage _request;
    private readonly int _count;
    private readonly bool _silent;
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private string _stream = "";
    private bool _waiting;

    public JupyterSink(KernelOutbox outbox, InputBroker input, JupyterMessage request, int count, bool silent)
    {
        _outbox = outbox;
        _input = input;
        _request = request;
        _count = count;
        _silent = silent;
    }

    public void Stream(string name, string text)
    {
        lock (_gate)
        {
            if (name != _stream)
                FlushHere();
            _stream = name;
            _text.Append(text);
            if (_text.Length >= FlushCharacters)
            {
                FlushHere();
            }
            else if (!_waiting)
            {
                _waiting = true;
                _ = Task.Delay(FlushMilliseconds).ContinueWith(_ => Flush(), TaskScheduler.Default);
            }
        }
    }

    public void Display(IReadOnlyDictionary<string, string> data, string displayId) => Publish("display_data", new JsonObject
    {
        ["data"] = OutputRecorder.Bundle(data),
        ["metadata"] = new JsonObject(),
        ["transient"] = new JsonObject { ["display_id"] = displayId },
    });

    public void Update(IReadOnlyDictionary<string, string> data, string displayId) => Publish("update_display_data", new JsonObject
    {
        ["data"] = OutputRecorder.Bundle(data),
        ["metadata"] = new JsonObject(),
        ["transient"] = new JsonObject { ["display_id"] = displayId },
    });

    public void Result(IReadOnlyDictionary<string, string> data)
    {
        if (_silent)
            return;
        Publish("execute_result", new JsonObject
        {
            ["execution_count"] = _count,
            ["data"] = OutputRecorder.Bundle(data),
            ["metadata"] = new JsonObject(),
        });
    }

    public void Error(CellFailure failure) => Publish("error", Content(failure));

    /// <summary>A failure as an error message has it; the same goes into the reply.</summary>
    public static JsonObject Content(CellFailure failure)
    {
        var place = failure.Line is { } line ? $", line {line}{(failure.Column is { } column ? $", column {column}" : "")}" : "";
        var lines = new JsonArray { $"\u001b[1;31m{failure.Name}\u001b[0m{place}: {failure.Message}" };
        if (failure.Excerpt.Length > 0)
        {
            foreach (var part in failure.Excerpt.Split('\n'))
                lines.Add(part);
        }

        foreach (var part in failure.Traceback)
            lines.Add(part);
        return new JsonObject { ["ename"] = failure.Name, ["evalue"] = failure.Message, ["traceback"] = lines };
    }

    public string ReadLine(string prompt, bool password, CancellationToken cancellation)
    {
        if (!_request.Flag("allow_stdin", otherwise: false))
            throw new InvalidOperationException("The cell asks for input, but the program that runs it takes none; run it in an editor, or set the value in the cell.");
        Flush();
        return _input.Ask(_request, prompt, password, cancellation);
    }

    /// <summary>Sends the stream output gathered so far.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _waiting = false;
            FlushHere();
        }
    }

    private void Publish(string type, JsonObject content)
    {
        lock (_gate)
        {
            FlushHere();
            _outbox.Publish(type, _request.HeaderBytes, content);
        }
    }

    private void FlushHere()
    {
        if (_text.Length == 0)
            return;
        _outbox.Publish("stream", _request.HeaderBytes, new JsonObject { ["name"] = _stream, ["text"] = _text.ToString() });
        _text.Clear();
    }
}
