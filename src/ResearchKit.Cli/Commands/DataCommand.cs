using System.CommandLine;
using System.Globalization;
using ResearchKit.Notebooks;
using Spectre.Console;

namespace ResearchKit.Cli;

/// <summary>`researchkit data`: lists, fetches and verifies the real data sets of the catalogue.</summary>
internal static class DataCommand
{
    public static Command Create(CliContext context)
    {
        var command = new DocumentedCommand("data", "Lists, fetches and verifies the real data sets of datasets/catalogue.json.")
        {
            Verb(context, "list", "Shows every data set, its licence, and where its file lies.", "researchkit data list", "what there is", null, List),
            Verb(context, "get", "Downloads a data set into datasets/cache, unless it is there, and verifies it.", "researchkit data get california-housing", "1.4 MB, once", true, GetAsync),
            Verb(context, "verify", "Compares the files that are here with the catalogue's sizes and SHA-256.", "researchkit data verify", "all that are here", false, VerifyAsync),
        };
        command.Remarks.Add($"Files are looked for in the folder that {Paths.DataVariable} names first, then in datasets/cache.");
        command.Examples.Add(("researchkit data get california-housing", "download it once"));
        command.SetAction(_ =>
        {
            HelpPage.Write(context, command);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static DocumentedCommand Verb(CliContext context, string name, string text, string example, string effect, bool? needsName, Func<CliContext, string?, CancellationToken, Task<int>> run)
    {
        var command = new DocumentedCommand(name, text);
        command.Examples.Add((example, effect));
        Argument<string?>? argument = null;
        if (needsName is { } needed)
        {
            argument = new Argument<string?>("name") { Description = "Name of the data set, as `data list` shows it.", Arity = needed ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne };
            command.Arguments.Add(argument);
        }
        command.SetAction((parsed, cancel) => run(context, argument is null ? null : parsed.GetValue(argument), cancel));
        return command;
    }

    private static Task<int> List(CliContext context, string? name, CancellationToken cancel)
    {
        foreach (DatasetEntry entry in Catalogue(context).Entries)
        {
            string where = Store(context).Find(entry) is { } path ? context.Display(path) : entry.Url is null ? "not here; to be placed by hand" : "not here; `researchkit data get " + entry.Name + "`";
            context.Out.MarkupLine($"[bold]{Markup.Escape(entry.Name)}[/], {entry.Bytes.ToString("N0", CultureInfo.InvariantCulture)} bytes: {Markup.Escape(where)}");
            foreach (string line in new[] { entry.Description, "Source: " + entry.Source, "Licence: " + entry.Licence })
                context.Out.MarkupLine("  " + Markup.Escape(line));
        }
        return Task.FromResult(ExitCodes.Ok);
    }

    private static async Task<int> GetAsync(CliContext context, string? name, CancellationToken cancel)
    {
        DatasetEntry entry = Entry(context, name!);
        string path = await Store(context).GetAsync(entry, null, cancel);
        context.Out.MarkupLine($"[bold]{Markup.Escape(context.Display(path))}[/] is the file of the catalogue. Licence: {Markup.Escape(entry.Licence)}");
        return ExitCodes.Ok;
    }

    private static async Task<int> VerifyAsync(CliContext context, string? name, CancellationToken cancel)
    {
        int code = ExitCodes.Ok;
        foreach (DatasetEntry entry in name is null ? Catalogue(context).Entries : [Entry(context, name)])
        {
            string? path = Store(context).Find(entry);
            try
            {
                if (path is null && name is not null) throw new CliException($"The data set '{name}' is not here.", $"researchkit data get {name}");
                if (path is not null) await DatasetStore.VerifyAsync(entry, path, cancel);
                context.Out.MarkupLine($"[bold]{Markup.Escape(entry.Name)}[/]: {(path is null ? "not here" : Markup.Escape(context.Display(path)) + " is the file of the catalogue")}");
            }
            catch (DataFileException e)
            {
                context.Error.WriteLine($"error: {e.Message}");
                code = ExitCodes.Failed;
            }
        }
        return code;
    }

    private static DatasetCatalogue Catalogue(CliContext context) => DatasetCatalogue.Read(Path.Combine(Repository.Require(context).Root, "datasets", "catalogue.json"));

    private static DatasetStore Store(CliContext context) => new(Paths.DataFolder, Path.Combine(Repository.Require(context).Root, "datasets", "cache"));

    private static DatasetEntry Entry(CliContext context, string name)
    {
        try
        {
            return Catalogue(context)[name];
        }
        catch (ArgumentException e)
        {
            throw new CliException(e.Message, "researchkit data list");
        }
    }
}
