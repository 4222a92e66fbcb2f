using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ResearchKit.Cli;

/// <summary>The `researchkit` command: parses, dispatches, and turns every failure into one message and an exit code.</summary>
internal static class CliApp
{
    public static async Task<int> RunAsync(string[] args, CliContext context)
    {
        context = context with { Verbose = context.Verbose || args.Contains("--verbose") };
        try
        {
            RootCommand root = Build(context);
            ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is not HelpPageAction))
                return ParseErrors.Print(context, parsed);
            // The default handlers would print stack traces and take Ctrl+C away from us.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                context.Cancellation);
        }
        catch (Exception e)
        {
            return ErrorPrinter.Print(context, e);
        }
    }

    internal static RootCommand Build(CliContext context)
    {
        var root = new RootCommand("Compresses permutation-invariant data to few weighted objects with the same moments, and reproduces the paper behind it.")
        {
            ReproduceCommand.Create(context),
            ServeCommand.Create(context),
            CompressCommand.Create(context),
            NotebooksCommand.Create(context),
            KernelCommand.Create(context),
            DataCommand.Create(context),
            InfoCommand.Create(context),
            ExecuteJobCommand.Create(context),
        };
        root.Options.Add(new Option<bool>("--verbose") { Description = "Show the stack trace of an error.", Recursive = true });
        // Without this a bare `researchkit` would be a parse error; a newcomer is better served by the help page.
        root.SetAction(parsed => HelpPage.Write(context, parsed.CommandResult.Command));
        foreach (Option option in root.Options)
        {
            if (option is HelpOption) option.Action = new HelpPageAction(context);
            if (option is VersionOption) option.Action = new VersionAction(context);
        }
        return root;
    }
}
