using System.Text;
using System.Text.Json.Nodes;

namespace ResearchKit.Engine;

/// <summary>Collects the outputs of one run, and puts them into their cells when it ends.</summary>
/// <param name="streamLimit">How many characters a cell may write to its streams; the rest is dropped.</param>
internal sealed class OutputRecorder(int streamLimit)
{
    private readonly Lock _gate = new();
    private readonly List<CellRecorder> _cells = [];
    private readonly Dictionary<string, (CellRecorder Cell, int Index)> _displayed = [];
    private readonly int _streamLimit = streamLimit;

    /// <summary>The sink of one cell.</summary>
    public IOutputSink For(NotebookCell cell, int executionCount)
    {
        var recorder = new CellRecorder(this, cell, executionCount);
        lock (_gate)
            _cells.Add(recorder);
        return recorder;
    }

    /// <summary>
    /// Writes the outputs into the cells and drops what comes later: a task that a cell left
    /// running must not change a notebook that is being saved.
    /// </summary>
    public void Complete()
    {
        lock (_gate)
        {
            foreach (var cell in _cells)
                cell.Store();
            _cells.Clear();
        }
    }

    /// <summary>Formats of a value as notebooks and messages have them: JSON as JSON, the rest as text.</summary>
    internal static JsonObject Bundle(IReadOnlyDictionary<string, string> data)
    {
        var bundle = new JsonObject();
        foreach (var (mime, content) in data)
            bundle[mime] = NotebookReader.IsJson(mime) ? JsonNode.Parse(content) : content;
        return bundle;
    }

    private sealed class CellRecorder(OutputRecorder run, NotebookCell cell, int executionCount) : IOutputSink
    {
        private readonly List<object> _items = [];
        private int _written;

        public void Stream(string name, string text)
        {
            lock (run._gate)
            {
                if (_written > run._streamLimit)
                    return;
                _written += text.Length;
                if (_written > run._streamLimit)
                    text = $"\n[output cut: the cell wrote more than {run._streamLimit} characters]\n";
                // Consecutive writes to a stream are one output, as in Jupyter.
                if (_items is not [.., StreamBuffer last] || last.Name != name)
                    _items.Add(last = new StreamBuffer(name));
                last.Text.Append(text);
            }
        }

        public void Display(IReadOnlyDictionary<string, string> data, string displayId)
        {
            lock (run._gate)
            {
                run._displayed[displayId] = (this, _items.Count);
                _items.Add(new DisplayOutput(Bundle(data), []));
            }
        }

        public void Update(IReadOnlyDictionary<string, string> data, string displayId)
        {
            lock (run._gate)
            {
                if (run._displayed.TryGetValue(displayId, out var at))
                    at.Cell._items[at.Index] = new DisplayOutput(Bundle(data), []);
            }
        }

        public void Result(IReadOnlyDictionary<string, string> data)
        {
            lock (run._gate)
                _items.Add(new DisplayOutput(Bundle(data), [], executionCount) { IsResult = true });
        }

        public void Error(CellFailure failure)
        {
            lock (run._gate)
            {
                var excerpt = failure.Excerpt.Length > 0 ? failure.Excerpt.Split('\n') : [];
                _items.Add(new ErrorOutput(failure.Name, failure.Message, [.. failure.Traceback, .. excerpt]));
            }
        }

        public void Store()
        {
            // Later items stay here and are never stored.
            foreach (var item in _items)
                cell.Outputs.Add(item as NotebookOutput ?? ((StreamBuffer)item).ToOutput());
        }
    }

    private sealed record StreamBuffer(string Name)
    {
        public StringBuilder Text { get; } = new();

        public StreamOutput ToOutput() => new(Name, Text.ToString());
    }
}
