using System.Text.Json.Nodes;
using ResearchKit.Cli;
using Spectre.Console;

namespace ResearchKit.Notebooks.Tests.Cli;

/// <summary>These tests set process-wide state (an environment variable, the current folder).</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CliCollection
{
    public const string Name = "cli";
}

/// <summary>What a command printed and returned.</summary>
internal sealed record CliResult(int Code, string Out, string Error);

/// <summary>A temporary folder that looks like a clone, and the command run inside it, in-process.</summary>
internal sealed class CliHarness : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("researchkit-cli-").FullName;

    public INotebookExecutor? Executor { get; init; }

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public string Write(string name, string content)
    {
        string path = Path(name.Split('/'));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public void MakeClone() => Write(Repository.Marker, "");

    /// <summary>A notebook of code cells, with an optional parameters cell and metadata.</summary>
    public string WriteNotebook(string name, string[] code, string? metadata = null, string title = "A title")
    {
        var cells = new JsonArray(Cell("markdown", $"# {title}"));
        foreach (string source in code) cells.Add((JsonNode)Cell("code", source));
        var notebook = new JsonObject
        {
            ["cells"] = cells,
            ["metadata"] = metadata is null ? new JsonObject() : new JsonObject { ["researchkit"] = JsonNode.Parse(metadata) },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        return Write($"notebooks/{name}.ipynb", notebook.ToJsonString());

        static JsonObject Cell(string kind, string source)
        {
            var cell = new JsonObject { ["cell_type"] = kind, ["id"] = Guid.NewGuid().ToString("n")[..8], ["metadata"] = new JsonObject(), ["source"] = source };
            if (kind == "code")
            {
                cell["outputs"] = new JsonArray();
                cell["execution_count"] = null;
            }
            return cell;
        }
    }

    public Task<CliResult> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    public async Task<CliResult> RunAsync(CancellationToken cancellation, params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var context = new CliContext
        {
            Out = Console(output),
            Error = Console(error),
            WorkingDirectory = Root,
            // The test's own folder holds the command's deps.json and everything that it lists.
            BaseDirectory = AppContext.BaseDirectory,
            Cancellation = cancellation,
        };
        if (Executor is not null) context = context with { Notebooks = Executor };
        int code = await CliApp.RunAsync(args, context);
        return new CliResult(code, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static IAnsiConsole Console(StringWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 4096;
        return console;
    }
}

/// <summary>Stands in for the engine: writes the files, records what the test wants.</summary>
internal sealed class FakeExecutor(Func<NotebookJob, NotebookOutcome> run) : INotebookExecutor
{
    public List<NotebookJob> Jobs { get; } = [];

    public Task<NotebookOutcome> RunAsync(NotebookJob job, Action<int, int> onCell, CancellationToken cancellation)
    {
        Jobs.Add(job);
        for (int cell = 1; cell <= 4; cell++) onCell(cell, 4);
        File.WriteAllText(job.ExecutedPath, "{}");
        File.WriteAllText(job.HtmlPath, "<p>page</p>");
        return Task.FromResult(run(job));
    }
}
