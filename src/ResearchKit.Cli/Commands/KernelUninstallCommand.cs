using System.CommandLine;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`researchkit kernel uninstall`: removes a kernelspec that `install` wrote.</summary>
internal static class KernelUninstallCommand
{
    public static Command Create(CliContext context)
    {
        Option<string?> prefix = KernelInstallCommand.PrefixOption();
        Option<string> name = KernelInstallCommand.NameOption();
        var command = new DocumentedCommand("uninstall", "Removes the C# kernel and its copy of this command.") { prefix, name };
        command.Remarks.Add("Removes only what `kernel install` wrote; another program's kernel stays.");
        command.Examples.Add(("researchkit kernel uninstall", "remove the user's kernel 'researchkit'"));
        command.SetAction(parsed =>
        {
            string kernel = parsed.GetValue(name)!;
            KernelSpec.RequireName(kernel);
            string folder = Path.Combine(KernelInstallCommand.DataFolder(context, parsed.GetValue(prefix)), "kernels", kernel);
            KernelSpec spec = KernelSpec.Read(folder) ?? throw new CliException($"There is no kernel in '{folder}'.", "researchkit kernel list");
            if (!spec.IsOurs)
                throw new CliException($"'{folder}' holds another program's kernel: {spec.DisplayName}.", $"jupyter kernelspec remove {kernel}");
            KernelInstaller.Uninstall(spec);
            context.Out.MarkupLine($"Removed kernel [bold]{Markup.Escape(kernel)}[/] from {Markup.Escape(folder)}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
