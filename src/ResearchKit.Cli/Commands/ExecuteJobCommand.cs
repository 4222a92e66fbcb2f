using System.CommandLine;
using System.Text.Json;

namespace ResearchKit.Cli;

/// <summary>The other side of <see cref="ChildExecutor"/>: reads a job from standard input and runs it.</summary>
internal static class ExecuteJobCommand
{
    public const string Name = "execute-job";

    public static Command Create(CliContext context)
    {
        var command = new DocumentedCommand(Name, "Runs a notebook for `researchkit serve`.") { Hidden = true };
        command.SetAction((_, _) => RunAsync(context));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context)
    {
        string text = await Console.In.ReadLineAsync(context.Cancellation) ?? "";
        NotebookJob job = JsonSerializer.Deserialize<NotebookJob>(text)!;
        // The parent's end closes the pipe: nobody would read what comes of the notebook.
        _ = Task.Run(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }
            Environment.Exit(ExitCodes.Cancelled);
        });
        // What cells print goes into their outputs; this writer is the process's own.
        TextWriter output = Console.Out;
        void Write(ChildExecutor.Line line)
        {
            output.WriteLine(JsonSerializer.Serialize(line));
            output.Flush();
        }
        Write(new(0, 0, await context.Notebooks.RunAsync(job, (cell, cells) => Write(new(cell, cells, null)), context.Cancellation)));
        return ExitCodes.Ok;
    }
}
