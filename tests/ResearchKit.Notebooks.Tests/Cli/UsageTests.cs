using ResearchKit.Cli;

namespace ResearchKit.Notebooks.Tests.Cli;

[Collection(CliCollection.Name)]
public class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("compress --help")]
    [InlineData("reproduce -h")]
    [InlineData("notebooks")]
    [InlineData("notebooks run --help")]
    [InlineData("notebooks prepare --help")]
    [InlineData("info --help")]
    public async Task Help_shows_usage_and_exit_codes(string line)
    {
        using var cli = new CliHarness();
        CliResult result = await cli.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, result.Code);
        Assert.Contains("Usage", result.Out);
        Assert.Contains("130", result.Out);
        Assert.Empty(result.Error);
        Assert.DoesNotContain('\u001b', result.Out);
    }

    [Theory]
    [InlineData("compress")]
    [InlineData("reproduce")]
    [InlineData("serve")]
    [InlineData("notebooks run")]
    [InlineData("notebooks prepare")]
    [InlineData("data")]
    [InlineData("data list")]
    [InlineData("data get")]
    [InlineData("data verify")]
    [InlineData("info")]
    public async Task Help_of_each_command_has_examples(string command)
    {
        using var cli = new CliHarness();
        CliResult result = await cli.RunAsync([.. command.Split(' '), "--help"]);
        Assert.Contains("Examples", result.Out);
        Assert.Contains($"researchkit {command}", result.Out);
    }

    [Theory]
    [InlineData("comprss", "'compress'")]
    [InlineData("inof", "'info'")]
    [InlineData("notebooks rnu", "'run'")]
    [InlineData("reproduce --ful", "'--full'")]
    [InlineData("compress a.csv --budget 10 --degre 3", "'--degree'")]
    public async Task Mistyped_word_gets_a_suggestion(string line, string suggestion)
    {
        using var cli = new CliHarness();
        CliResult result = await cli.RunAsync(line.Split(' '));
        Assert.Equal(2, result.Code);
        Assert.Contains("Did you mean " + suggestion, result.Error);
        Assert.Single(result.Error.Split('\n'), l => l.StartsWith("error:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("compress a.csv --budget ten", "--budget got 'ten'; it takes a whole number.")]
    [InlineData("compress a.csv --budget 10 --missing zero", "--missing got 'zero'; it takes one of error, drop, mean.")]
    [InlineData("compress a.csv", "--budget")]
    [InlineData("compress", "compress")]
    [InlineData("notebooks run x.ipynb --timeout soon", "--timeout got 'soon'; it takes a number.")]
    public async Task Wrong_value_says_what_is_expected(string line, string message)
    {
        using var cli = new CliHarness();
        CliResult result = await cli.RunAsync(line.Split(' '));
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        using var cli = new CliHarness();
        CliResult result = await cli.RunAsync("--version");
        Assert.Equal(0, result.Code);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\s*$", result.Out);
    }

    [Fact]
    public async Task Info_names_what_is_missing_and_the_remedy()
    {
        using var cli = new CliHarness();
        cli.MakeClone();
        CliResult result = await cli.RunAsync("info");
        Assert.Equal(0, result.Code);
        Assert.Contains("Vector<double>.Count", result.Out);
        Assert.Contains("MathNet.Numerics", result.Out);
        Assert.Contains("researchkit notebooks prepare", result.Out);
        Assert.Contains(cli.Root, result.Out);
    }

    [Fact]
    public async Task Clone_is_found_from_a_folder_inside_it()
    {
        using var cli = new CliHarness();
        cli.MakeClone();
        Directory.CreateDirectory(cli.Path("notebooks", "deep"));
        var context = new CliContext { Out = null!, Error = null!, WorkingDirectory = cli.Path("notebooks", "deep"), BaseDirectory = "/" };
        Assert.Equal(cli.Root, Repository.Find(context)?.Root);
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("population", "popluation", 1)]
    [InlineData("a", "b", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_edits(string a, string b, int expected) => Assert.Equal(expected, Suggestions.Distance(a, b));

    [Fact]
    public async Task Verbose_adds_the_stack_trace()
    {
        using var cli = new CliHarness();
        CliResult brief = await cli.RunAsync("compress", "absent.csv", "--budget", "10");
        CliResult verbose = await cli.RunAsync("compress", "absent.csv", "--budget", "10", "--verbose");
        Assert.DoesNotContain("   at ", brief.Error);
        Assert.Contains("   at ", verbose.Error);
        Assert.Equal(2, verbose.Code);
    }
}
