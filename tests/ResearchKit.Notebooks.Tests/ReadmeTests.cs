using System.Text;
using System.Text.RegularExpressions;
using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests;

/// <summary>The README cannot lie: its C# is compiled and run as it stands, and what it prints must be what it says.</summary>
public class ReadmeTests
{
    [Fact]
    public async Task The_code_compiles_runs_and_prints_what_its_comments_say()
    {
        string readme = File.ReadAllText(Path.Combine(Paths.Root, "README.md"));
        MatchCollection blocks = Regex.Matches(readme, "```csharp\n(.*?)```", RegexOptions.Singleline);
        Assert.NotEmpty(blocks);
        // Later blocks go on where earlier ones ended.
        string code = string.Join("\n", blocks.Select(b => b.Groups[1].Value));
        string[] expected = [.. Regex.Matches(code, @"Console\.WriteLine\(.*\);\s*// (.+)").Select(m => m.Groups[1].Value.Trim())];
        Assert.NotEmpty(expected);

        string library = typeof(Compressor).Assembly.Location.Replace('\\', '/');
        using var session = new ScriptSession(Path.Combine(Paths.Root, "README.md"));
        var sink = new Printed();
        CellResult result = await session.ExecuteAsync($"#r \"{library}\"\n{code}", sink, TestContext.Current.CancellationToken);
        Assert.True(result.Success, result.Failure?.Message);
        Assert.Equal(expected, sink.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private sealed class Printed : IOutputSink
    {
        private readonly StringBuilder text = new();

        public string Text => text.ToString();

        public void Stream(string name, string text) => this.text.Append(text);

        public void Display(IReadOnlyDictionary<string, string> data, string displayId) => throw new InvalidOperationException("the README displays nothing");

        public void Update(IReadOnlyDictionary<string, string> data, string displayId) => throw new InvalidOperationException("the README displays nothing");

        public void Result(IReadOnlyDictionary<string, string> data) => throw new InvalidOperationException("the README's last line has a semicolon");

        public void Error(CellFailure failure) => text.Append(failure.Message);
    }
}
