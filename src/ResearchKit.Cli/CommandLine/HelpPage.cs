using System.CommandLine;
using System.CommandLine.Invocation;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>A command's help: usage, what it takes with defaults, examples and exit codes.</summary>
internal static class HelpPage
{
    public static string PathOf(Command command)
    {
        Command? parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? "researchkit" : $"{PathOf(parent)} {command.Name}";
    }

    public static void Write(CliContext context, Command command)
    {
        IAnsiConsole console = context.Out;
        console.WriteLine(command.Description ?? "");
        Section(console, "Usage");
        console.MarkupLine($"  {Markup.Escape(Usage(command))}");
        if (command.Subcommands.Count > 0)
            Rows(console, "Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")));
        if (command.Arguments.Count > 0)
            Rows(console, "Arguments", command.Arguments.Select(a => ($"<{a.Name}>", a.Description ?? "")));
        Rows(console, "Options", ParseErrors.OptionsOf(command).Select(o => (Label(o), o.Description ?? "")));
        if (command is DocumentedCommand documented)
        {
            foreach (string remark in documented.Remarks)
            {
                console.WriteLine();
                console.WriteLine(remark);
            }
            if (documented.Examples.Count > 0)
            {
                Section(console, "Examples");
                foreach ((string line, string purpose) in documented.Examples)
                {
                    console.MarkupLine($"  [grey]# {Markup.Escape(purpose)}[/]");
                    console.MarkupLine($"  {Markup.Escape(line)}");
                }
            }
        }
        Rows(console, "Exit codes", ExitCodes.All.Select(e => (e.Code.ToString(), e.Meaning)));
    }

    private static string Usage(Command command)
    {
        string arguments = string.Concat(command.Arguments.Select(a =>
            $" {(a.Arity.MinimumNumberOfValues == 0 ? $"[<{a.Name}>]" : $"<{a.Name}>")}{(a.Arity.MaximumNumberOfValues > 1 ? "..." : "")}"));
        string required = string.Concat(command.Options.Where(o => o.Required).Select(o => $" {Label(o)}"));
        return $"{PathOf(command)}{(command.Subcommands.Count > 0 ? " <command>" : "")}{arguments}{required} [options]";
    }

    private static string Label(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(a => a != "/?" && a != "/h" && a != "-?").OrderBy(a => a.Length).Append(option.Name).Distinct());
        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        if (option.HelpName is not null) return $"{names} <{option.HelpName}>";
        if (type.IsEnum) return $"{names} <{string.Join('|', Enum.GetNames(type).Select(n => n.ToLowerInvariant()))}>";
        return names;
    }

    private static void Section(IAnsiConsole console, string title)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{title}[/]");
    }

    private static void Rows(IAnsiConsole console, string title, IEnumerable<(string Label, string Text)> rows)
    {
        Section(console, title);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn(new GridColumn().PadLeft(0));
        foreach ((string label, string text) in rows)
            grid.AddRow(new Text(label), new Text(text));
        console.Write(grid);
    }
}

/// <summary>Shows the help page of the command that --help was given to.</summary>
internal sealed class HelpPageAction(CliContext context) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        HelpPage.Write(context, parseResult.CommandResult.Command);
        return ExitCodes.Ok;
    }
}

/// <summary>Prints the version alone, for scripts.</summary>
internal sealed class VersionAction(CliContext context) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        context.Out.WriteLine(Versions.OfResearchKit);
        return ExitCodes.Ok;
    }
}
