using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using ResearchKit.Cli;

namespace ResearchKit.Notebooks.Tests.Notebooks;

/// <summary>The files for editors and containers: plain JSON, and no command in them that does not exist.</summary>
public partial class EnvironmentFilesTests
{
    private const string Run = "run --project src/ResearchKit.Cli -c Release -- ";

    public static TheoryData<string> Files =>
        [".vscode/extensions.json", ".vscode/settings.json", ".vscode/tasks.json", ".devcontainer/devcontainer.json"];

    [Theory, MemberData(nameof(Files))]
    public void Is_plain_JSON(string file)
    {
        // No comments, no trailing commas: other tools than VS Code read them.
        using JsonDocument document = Read(file);
        Assert.NotEmpty(document.RootElement.EnumerateObject());
    }

    [Fact]
    public void Tasks_call_what_the_command_has()
    {
        using JsonDocument document = Read(".vscode/tasks.json");
        JsonElement[] tasks = [.. document.RootElement.GetProperty("tasks").EnumerateArray()];
        Assert.All(tasks, t => Assert.Equal("dotnet", t.GetProperty("command").GetString()));
        Assert.Equal(tasks.Length, tasks.Select(t => t.GetProperty("label").GetString()).Distinct().Count());
        string[] lines = [.. tasks.Select(t => string.Join(' ', t.GetProperty("args").EnumerateArray().Select(a => a.GetString())))];
        Assert.All(lines.Where(l => !l.StartsWith(Run, StringComparison.Ordinal)), l => Assert.Matches("^(build|test) -c Release$", l));
        Assert.Equal(4, lines.Count(l => l.StartsWith(Run, StringComparison.Ordinal)));
        foreach (string line in lines.Where(l => l.StartsWith(Run, StringComparison.Ordinal)))
            AssertParses(line[Run.Length..].Replace("${file}", "notebooks/00-start-here.ipynb", StringComparison.Ordinal));
    }

    [Fact]
    public void The_container_calls_what_the_command_has_on_the_port_it_forwards()
    {
        using JsonDocument document = Read(".devcontainer/devcontainer.json");
        string line = document.RootElement.GetProperty("postCreateCommand").GetString()!;
        Assert.StartsWith("dotnet " + Run, line, StringComparison.Ordinal);
        AssertParses(line[("dotnet ".Length + Run.Length)..]);
        string port = document.RootElement.GetProperty("forwardPorts").EnumerateArray().Single().GetRawText();
        string readme = File.ReadAllText(Path.Combine(Paths.Root, "environment", "README.md"));
        Assert.Contains($"researchkit serve --port {port} --no-open", readme);
        Assert.All(Named().Matches(readme), m => AssertParses(m.Groups[1].Value));
    }

    private static void AssertParses(string line)
    {
        var context = CliContext.ForConsole(CancellationToken.None);
        ParseResult parsed = CliApp.Build(context).Parse(line);
        Assert.True(parsed.Errors.Count == 0 && parsed.UnmatchedTokens.Count == 0, $"{line}: {string.Join(' ', parsed.Errors.Select(e => e.Message))}");
        Assert.IsNotType<RootCommand>(parsed.CommandResult.Command);
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine([Paths.Root, .. file.Split('/')])));

    [GeneratedRegex("`researchkit ((?:serve|notebooks|reproduce)[^`]*)`")]
    private static partial Regex Named();
}
