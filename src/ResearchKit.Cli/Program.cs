using ResearchKit.Cli;

using var interruption = new Interruption();
return await CliApp.RunAsync(args, CliContext.ForConsole(interruption.Token));
