using System.CommandLine;
using ResearchKit.Engine.Jupyter;

namespace ResearchKit.Cli;

/// <summary>`researchkit kernel run`: what kernel.json starts; users have no need of it.</summary>
internal static class KernelRunCommand
{
    public static Command Create(CliContext context)
    {
        var file = new Argument<string>("connection-file") { Description = "The file in which Jupyter says where to listen." };
        var command = new DocumentedCommand("run", "Runs a kernel for a Jupyter client; Jupyter calls this.") { file };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(context, context.FullPath(parsed.GetRequiredValue(file))));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string file)
    {
        try
        {
            await KernelProcess.RunAsync(file, context.WorkingDirectory, line => Console.Error.WriteLine($"[researchkit] {line}"));
        }
        catch (JupyterKernelException e)
        {
            throw new CliException(e.Message, inner: e);
        }
        // Threads that cells left running must not keep the process.
        Environment.Exit(ExitCodes.Ok);
        return ExitCodes.Ok;
    }
}
