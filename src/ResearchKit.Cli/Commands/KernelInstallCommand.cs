using System.CommandLine;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`researchkit kernel install`: writes a kernelspec.</summary>
internal static class KernelInstallCommand
{
    public const string DisplayName = "C# (ResearchKit)";

    public static Command Create(CliContext context)
    {
        var user = new Option<bool>("--user") { Description = "Install for this user. This is the default." };
        var prefix = PrefixOption();
        var name = NameOption();
        var force = new Option<bool>("--force") { Description = "Overwrite another program's kernel of that name." };
        var command = new DocumentedCommand("install", "Installs the C# kernel where Jupyter finds it.") { user, prefix, name, force };
        command.Remarks.Add("The command is copied into the kernel's folder, so that a later build does not disturb a running kernel: install again after a build to renew it. "
            + "JUPYTER_DATA_DIR and XDG_DATA_HOME are honoured.");
        command.Remarks.Add("Notebooks that ask for '.net-csharp' (as those of this project do) open with this kernel too after `install --name .net-csharp`, where .NET Interactive is not installed.");
        command.Examples.Add(("researchkit kernel install", "for this user, as 'researchkit'"));
        command.Examples.Add(("researchkit kernel install --name .net-csharp", "for notebooks made for .NET Interactive, where that is not installed"));
        command.Examples.Add(("researchkit kernel install --prefix /opt/venv", "into a virtual environment"));
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(user) && parsed.GetValue(prefix) is not null)
                throw new CliException("--user and --prefix exclude each other.", "Leave one out.");
            Install(context, DataFolder(context, parsed.GetValue(prefix)), parsed.GetValue(name)!, parsed.GetValue(force));
            return ExitCodes.Ok;
        });
        return command;
    }

    internal static Option<string?> PrefixOption() =>
        new("--prefix") { Description = "An installation of Python, such as a virtual environment, instead of the user's folder.", HelpName = "folder" };

    internal static Option<string> NameOption() =>
        new("--name") { Description = $"The kernel's name. Default: {KernelSpec.DefaultName}.", HelpName = "name", DefaultValueFactory = _ => KernelSpec.DefaultName };

    internal static string DataFolder(CliContext context, string? prefix) =>
        prefix is null ? JupyterFolders.User() : JupyterFolders.OfPrefix(context.FullPath(prefix));

    private static void Install(CliContext context, string data, string name, bool force)
    {
        KernelSpec.RequireName(name);
        string folder = Path.Combine(data, "kernels", name);
        if (KernelSpec.Read(folder) is { IsOurs: false } foreign && !force)
            throw new CliException($"'{folder}' holds another program's kernel: {foreign.DisplayName}.", "Choose another --name, or overwrite it with --force.");
        (int files, long bytes) = KernelInstaller.Install(folder, name == KernelSpec.DefaultName ? DisplayName : $"{DisplayName}, {name}", context.BaseDirectory);
        context.Out.MarkupLine($"Installed kernel [bold]{Markup.Escape(name)}[/] in {Markup.Escape(folder)}");
        context.Out.WriteLine(files > 0 ? $"  kernel.json and a copy of this command: {files} files, {bytes / 1e6:0} MB." : "  The same build was there; kernel.json is written anew.");
        if (Repository.Find(context) is { } repository && !Directory.Exists(repository.Library))
            context.Out.WriteLine("  The notebooks' library is not there yet: researchkit notebooks prepare");
    }
}
