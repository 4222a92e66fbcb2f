using System.CommandLine;
using ResearchKit.Engine;

namespace ResearchKit.Cli;

/// <summary>The option --param of the commands that run notebooks.</summary>
internal static class ParameterOption
{
    public static Option<string[]> Create() => new("--param", "-p")
    {
        Description = "Sets a variable of the notebooks' parameters cell; may be repeated.",
        HelpName = "name=value",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Splits the assignments; a name that no selected notebook has is an error, for it would do nothing.</summary>
    public static Assignments Parse(string[] assignments, IReadOnlyList<NotebookInfo> notebooks)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string assignment in assignments)
        {
            try
            {
                (string name, string value) = NotebookParameters.ParseAssignment(assignment);
                values[name] = value;
            }
            catch (NotebookParameterException e)
            {
                throw new CliException(e.Message, inner: e);
            }
        }
        string[] known = [.. notebooks.SelectMany(n => n.Parameters).Distinct().Order(StringComparer.Ordinal)];
        foreach (string name in values.Keys)
            if (!known.Contains(name))
                throw new CliException($"No selected notebook has a parameter '{name}'.",
                    $"{Suggestions.Question(name, known)} Parameters there: {(known.Length > 0 ? string.Join(", ", known) : "none")}.".TrimStart());
        var fitting = new Assignments(values);
        foreach (NotebookInfo notebook in notebooks) RequireFit(notebook, fitting.For(notebook));
        return fitting;
    }

    /// <summary>Finds a value of the wrong type before the first notebook runs, not after the hours of those before it.</summary>
    private static void RequireFit(NotebookInfo notebook, Dictionary<string, string> values)
    {
        if (values.Count == 0) return;
        try
        {
            NotebookParameters.Apply(Notebook.Load(notebook.Path), values);
        }
        catch (NotebookParameterException e)
        {
            throw new CliException(e.Message, inner: e);
        }
    }

    /// <summary>Values by name, handed to the notebooks that have such a parameter.</summary>
    internal sealed record Assignments(IReadOnlyDictionary<string, string> Values)
    {
        public Dictionary<string, string> For(NotebookInfo notebook) =>
            Values.Where(v => notebook.Parameters.Contains(v.Key)).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
    }
}
