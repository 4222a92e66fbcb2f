using System.CommandLine;

namespace ResearchKit.Cli;

/// <summary>`researchkit kernel`: the group of install, uninstall, list, and run for Jupyter's use.</summary>
internal static class KernelCommand
{
    public static Command Create(CliContext context)
    {
        var command = new DocumentedCommand("kernel", "Makes C# notebooks run in Jupyter, JupyterLab, nbconvert and VS Code's Jupyter extension.")
        {
            KernelInstallCommand.Create(context),
            KernelUninstallCommand.Create(context),
            KernelListCommand.Create(context),
            KernelRunCommand.Create(context),
        };
        command.Examples.Add(("researchkit kernel install", "install the kernel for this user"));
        command.Examples.Add(("researchkit kernel list", "show the kernels that Jupyter finds"));
        command.SetAction(_ =>
        {
            HelpPage.Write(context, command);
            return ExitCodes.Ok;
        });
        return command;
    }
}
