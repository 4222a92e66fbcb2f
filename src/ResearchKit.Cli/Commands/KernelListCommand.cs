using System.CommandLine;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`researchkit kernel list`: the kernels that Jupyter finds.</summary>
internal static class KernelListCommand
{
    public static Command Create(CliContext context)
    {
        var command = new DocumentedCommand("list", "Lists the kernels where Jupyter looks for them, ours marked.");
        command.SetAction(_ =>
        {
            KernelSpec[] found = [.. KernelSpec.In(JupyterFolders.Searched())];
            if (found.Length == 0)
            {
                context.Out.WriteLine($"No kernel in {string.Join(", ", JupyterFolders.Searched())}.");
                context.Out.WriteLine("  Install ours: researchkit kernel install");
                return ExitCodes.Ok;
            }
            Spectre.Console.Table table = new Spectre.Console.Table().AddColumns("name", "display name", "language", "from").Border(TableBorder.Simple);
            foreach (KernelSpec spec in found)
                table.AddRow(new Text(spec.Name), new Text(spec.DisplayName), new Text(spec.Language),
                    new Text(!spec.IsOurs ? "another program" : spec.Works ? "ResearchKit" : "ResearchKit, its files are missing: install again"));
            context.Out.Write(table);
            foreach (KernelSpec spec in found) context.Out.WriteLine($"  {spec.Name}: {spec.Folder}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
