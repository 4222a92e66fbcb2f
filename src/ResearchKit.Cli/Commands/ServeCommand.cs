using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`researchkit serve`: the report in a browser, with buttons that run its notebooks again.</summary>
internal static class ServeCommand
{
    public static Command Create(CliContext context)
    {
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1. Default: any that is free.", HelpName = "number" };
        var noOpen = new Option<bool>("--no-open") { Description = "Print the address and open no browser." };
        var report = new Option<string?>("--report") { Description = "Folder of the report. Default: notebooks/report of the clone.", HelpName = "folder" };
        var command = new DocumentedCommand("serve", "Shows the report in a browser, with buttons that run its notebooks again.") { port, noOpen, report };
        command.Remarks.Add("Only this machine can connect, and only with the token in the printed address. A run takes the mode and the parameters of the report; one at a time, and a cancelled one leaves the earlier result.");
        command.Examples.Add(("researchkit serve", "open the report of the last `reproduce`"));
        command.Examples.Add(("researchkit serve --port 8181 --no-open", "a fixed port, for a container or an SSH tunnel"));
        command.SetAction((parsed, _) => RunAsync(context, parsed.GetValue(port), !parsed.GetValue(noOpen), parsed.GetValue(report)));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, int port, bool open, string? folder)
    {
        if (port is < 0 or > 65535)
            throw new CliException($"--port is {port}; it must be between 1 and 65535.", "Leave it out for a free one.");
        Repository repository = Repository.Require(context);
        folder = context.FullPath(folder ?? repository.Report);
        string[] names = [.. SavedReport.Load(folder, repository.Notebooks).Runs.Select(r => r.PageName)];
        // Tests put a stand-in; otherwise each run has a process of its own.
        CliContext running = context.Notebooks is EngineExecutor ? context with { Notebooks = new ChildExecutor(context.BaseDirectory) } : context;

        var desk = new RunDesk(names, async (name, onCell, cancellation) =>
        {
            // Read anew: `reproduce` in another terminal may have rewritten it.
            ReportModel report = SavedReport.Load(folder, repository.Notebooks);
            ParameterOption.Assignments given = new(report.Parameters);
            NotebookRun run = report.Runs.Single(r => r.PageName == name);
            NotebooksPrepareCommand.Prepare(running, repository, quiet: true);
            return await ReportRunner.AgainAsync(running with { Cancellation = cancellation }, report, run, folder, ReproduceCommand.ParametersFor(run.Info, given, report.Full), onCell);
        });
        using var server = new ReportServer(port, folder, names, desk);
        context.Out.MarkupLine($"Serving [bold]{Markup.Escape(context.Display(folder))}[/] at");
        context.Out.WriteLine(server.Guard.Address);
        context.Out.WriteLine("The token lets in whoever has it: keep it to yourself. Ctrl+C stops.");
        if (open) OpenBrowser(context, server.Guard.Address);
        await server.RunAsync(context.Cancellation);
        context.Out.WriteLine("Stopped.");
        return ExitCodes.Ok;
    }

    private static void OpenBrowser(CliContext context, string address)
    {
        try
        {
            using Process? browser = Process.Start(new ProcessStartInfo(address) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException or FileNotFoundException)
        {
            context.Out.WriteLine("No browser could be opened: open the address yourself.");
        }
    }
}
