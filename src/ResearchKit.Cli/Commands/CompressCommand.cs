using System.CommandLine;

namespace ResearchKit.Cli;

internal static class CompressCommand
{
    public static Command Create(CliContext context) => new DocumentedCommand("compress", "x");
}
