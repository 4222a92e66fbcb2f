using System.CommandLine;

namespace ResearchKit.Cli;

/// <summary>A command whose help page carries examples and remarks.</summary>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Command lines that work as they stand, each with what it does.</summary>
    public List<(string Line, string Purpose)> Examples { get; } = [];

    /// <summary>Paragraphs below the options.</summary>
    public List<string> Remarks { get; } = [];
}
