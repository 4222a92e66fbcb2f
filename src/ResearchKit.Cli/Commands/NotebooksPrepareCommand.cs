using System.CommandLine;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`researchkit notebooks prepare`: brings environment/lib up to date.</summary>
internal static class NotebooksPrepareCommand
{
    public static Command Create(CliContext context)
    {
        var command = new DocumentedCommand("prepare", "Copies ResearchKit.Notebooks.dll and all it needs into environment/lib, where notebooks load it.");
        command.Remarks.Add("Works without a network: the files lie beside this command. Nothing is copied when the folder is current. `reproduce` and `notebooks run` do this by themselves.");
        command.Examples.Add(("researchkit notebooks prepare", "once after each build, before opening notebooks in an editor"));
        command.SetAction(_ =>
        {
            Prepare(context, Repository.Require(context), quiet: false);
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <param name="context">The command's surroundings.</param>
    /// <param name="repository">The clone.</param>
    /// <param name="quiet">Say nothing when the folder is current.</param>
    public static void Prepare(CliContext context, Repository repository, bool quiet)
    {
        IReadOnlyList<LibraryFile> closure = DependencyClosure.Of(context.BaseDirectory);
        bool copied = NotebookLibrary.Prepare(repository.Library, closure, context.Cancellation);
        if (copied)
            context.Out.MarkupLine($"Prepared [bold]{Markup.Escape(context.Display(repository.Library))}[/]: {closure.Count} files. Restart notebook kernels that loaded the old ones.");
        else if (!quiet)
            context.Out.MarkupLine($"[bold]{Markup.Escape(context.Display(repository.Library))}[/] is current: {closure.Count} files.");
    }
}
