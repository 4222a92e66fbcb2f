using System.CommandLine;
using System.CommandLine.Parsing;

namespace ResearchKit.Cli;

/// <summary>Words usage errors: the offending word, what would be right, and where to read more.</summary>
internal static class ParseErrors
{
    public static int Print(CliContext context, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = HelpPage.PathOf(command);
        string more = $"'{path} --help' lists what it takes.";
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string word = parsed.UnmatchedTokens[0];
            bool isOption = word.StartsWith('-') && word.Length > 1;
            IEnumerable<string> names = isOption
                ? OptionsOf(command).SelectMany(o => o.Aliases.Prepend(o.Name))
                : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
            string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            string? question = Suggestions.Question(word.Split('=')[0], names);
            ErrorPrinter.Print(context, $"Unknown {kind} '{word}' for '{path}'.", question is null ? more : $"{question} {more}");
            return ExitCodes.BadInput;
        }
        string message = parsed.Errors.Count > 0 ? Reword(parsed.Errors[0]) : "The command line is not understood.";
        ErrorPrinter.Print(context, message, more);
        return ExitCodes.BadInput;
    }

    /// <summary>The library's message for a value of the wrong type names .NET types; ours names what is expected.</summary>
    private static string Reword(ParseError error)
    {
        (string Owner, Type Type)? place = error.SymbolResult switch
        {
            OptionResult o => (o.Option.Name, o.Option.ValueType),
            ArgumentResult { Parent: OptionResult o } => (o.Option.Name, o.Option.ValueType),
            ArgumentResult a => ($"<{a.Argument.Name}>", a.Argument.ValueType),
            _ => null,
        };
        if (place is { } p && error.SymbolResult!.Tokens.Count > 0 && error.Message.StartsWith("Cannot parse argument", StringComparison.Ordinal))
        {
            Type type = Nullable.GetUnderlyingType(p.Type) ?? p.Type;
            string expected = type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(n => n.ToLowerInvariant()))}"
                : type == typeof(int) || type == typeof(long) ? "a whole number"
                : type == typeof(double) ? "a number" : $"a {type.Name}";
            return $"{p.Owner} got '{error.SymbolResult.Tokens[^1].Value}'; it takes {expected}.";
        }
        return error.Message;
    }

    internal static IEnumerable<Option> OptionsOf(Command command)
    {
        IEnumerable<Option> own = command.Options;
        foreach (Symbol parent in command.Parents)
            if (parent is Command p)
                own = own.Concat(OptionsOf(p).Where(o => o.Recursive));
        return own.Where(o => !o.Hidden).DistinctBy(o => o.Name);
    }
}
