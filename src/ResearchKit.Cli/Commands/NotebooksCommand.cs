using System.CommandLine;

namespace ResearchKit.Cli;

/// <summary>`researchkit notebooks`: the group of prepare and run.</summary>
internal static class NotebooksCommand
{
    public static Command Create(CliContext context)
    {
        var command = new DocumentedCommand("notebooks", "Runs notebooks without an editor, and prepares the library that they load.")
        {
            NotebooksRunCommand.Create(context),
            NotebooksPrepareCommand.Create(context),
        };
        command.Examples.Add(("researchkit notebooks prepare", "fill environment/lib before opening notebooks in an editor"));
        command.Examples.Add(("researchkit notebooks run notebooks/01-start.ipynb", "execute one and write its page"));
        command.SetAction(_ =>
        {
            HelpPage.Write(context, command);
            return ExitCodes.Ok;
        });
        return command;
    }
}
