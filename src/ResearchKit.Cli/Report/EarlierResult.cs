namespace ResearchKit.Cli;

/// <summary>Puts a notebook's earlier result back when its new run is cancelled: its pages, its verdicts.</summary>
internal sealed class EarlierResult
{
    private readonly NotebookRun _run;
    private readonly (RunState State, double Seconds, string? Problem, string Excerpt, IReadOnlyList<Notebooks.Claim> Claims) _values;
    private readonly List<(string Path, byte[]? Content)> _files = [];

    public EarlierResult(NotebookRun run, IEnumerable<string> files)
    {
        _run = run;
        _values = (run.State, run.Seconds, run.Problem, run.Excerpt, run.Claims);
        foreach (string file in files) _files.Add((file, File.Exists(file) ? File.ReadAllBytes(file) : null));
        (run.Problem, run.Excerpt) = (null, "");
    }

    public void Restore()
    {
        (_run.State, _run.Seconds, _run.Problem, _run.Excerpt, _run.Claims) = _values;
        foreach ((string path, byte[]? content) in _files)
        {
            if (content is null) File.Delete(path);
            else OutputFolder.WriteAtomically(path, stream => stream.Write(content));
        }
    }
}
