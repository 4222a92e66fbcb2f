namespace ResearchKit.Notebooks.Tests.Cli;

/// <summary>Everything that is refused before compression begins: one message with value, range and remedy, exit code 2.</summary>
[Collection(CliCollection.Name)]
public class CompressInputTests
{
    private const string Good = "a,b,name\n1,2,x\n3,4,y\n5,7,z\n";

    [Theory]
    // What the file holds, the arguments, and what the message must contain.
    [InlineData(Good, "-b 3 -k 1", "Column 'name' is text ('x' in row 0)", "--text drop")]
    [InlineData(Good, "-b 3 -k 1 -c a,q", "no column 'q'", "Columns there: a, b, name")]
    [InlineData("alpha,beta\n1,2\n", "-b 3 -k 1 -c alpa", "no column 'alpa'", "Did you mean 'alpha'?")]
    [InlineData(Good, "-b 3 -k 1 -c a,name", "Column 'name' holds 'x' in row 0", "leave the column out of --columns")]
    [InlineData(Good, "-b 3 -k 1 -c a,a", "names 'a' twice", "once")]
    [InlineData(Good, "-b 3 -k 1 -c a,b -w b", "both in --columns and the --weight-column", "Leave it out")]
    [InlineData(Good, "-b 3 -k 1 -c a -w name", "row 0 has no number", "Mend")]
    [InlineData(Good, "-b 0 -k 1 -c a", "--budget is 0; it must be at least 1", "")]
    [InlineData(Good, "-k 1 -c a", "Neither --budget nor --tolerance", "the error to keep to")]
    [InlineData(Good, "-b 3 --tolerance 1e-3 -c a", "Both --budget and --tolerance", "Leave one of them out")]
    [InlineData(Good, "--tolerance 0 -c a", "--tolerance is 0; it must be positive and finite", "1e-9")]
    [InlineData(Good, "--tolerance NaN -c a", "--tolerance is NaN; it must be positive and finite", "1e-9")]
    [InlineData(Good, "-b 2 -k many -c a", "--degree got 'many'; it takes a whole number or auto", "2 to 6")]
    [InlineData(Good, "-b 2 -k -1 -c a", "--degree is -1; it must lie between 0 and 255", "")]
    [InlineData(Good, "-b 2 -k 256 -c a", "--degree is 256", "")]
    [InlineData(Good, "-b 3 -k 1 -c a --threads 0", "--threads is 0; it must be at least 1", "")]
    [InlineData(Good, "-b 3 -k 1 -c a -o out.txt", "'.txt'; for this input it can be .csv", "another ending")]
    [InlineData(Good, "-b 3 -k 1 -c a -o nowhere/out.csv", "nowhere' of the output does not exist", "Create it first")]
    [InlineData(Good, "-b 3 -k 1 -c a -o in.csv", "is the input itself", "another --output")]
    [InlineData(Good, "-b 3 -k 1 -c a -o out.csv --certificate out.csv", "both name", "two files")]
    [InlineData(Good, "-b 200 -k 200 -c a,b", "at most 8192 are allowed", "or less")]
    [InlineData("", "-b 3", "is empty", "header")]
    [InlineData("\n\n", "-b 3", "holds no records", "header")]
    [InlineData("a,b\n", "-b 3", "has no data rows", "header")]
    [InlineData("a,b\n1,2\n3\n", "-b 3", "line 3: 1 fields, but the header has 2", "Mend")]
    [InlineData("a,a\n1,2\n", "-b 3", "2 columns named 'a'", "Rename")]
    [InlineData("a,b\n1,\"2\n", "-b 3", "never closed", "")]
    [InlineData("a,b\n1,2\n,4\n", "-b 3 -k 1", "Column 'a': 1 of 2 cells missing, first in row 1", "--missing drop")]
    [InlineData("a,b\n1,2\nNaN,4\n", "-b 3 -k 1", "first in row 1", "--missing mean")]
    [InlineData("a,b\n1,NA\n,2\n", "-b 3 -k 1 --missing drop", "No row has all its coordinates", "--missing mean")]
    [InlineData("a,b\n1,2\n1e999,4\n", "-b 3 -k 1", "must be finite", "row")]
    [InlineData("a,b\n1,2\n2,oops\n3,4\n", "-b 3 -k 1 --text drop", "holds 'oops' in row 1, which is no number (1 such cell, 2 numbers)", "Mend")]
    [InlineData("a,w\n1,2\n3,-4\n", "-b 3 -k 1 -w w", "row 1 has -4; weights must be finite and not negative", "Mend")]
    [InlineData("a,w\n1,2\n3,\n", "-b 3 -k 1 -w w", "row 1 has no number", "Mend")]
    [InlineData("a,w\n1,0\n3,0\n", "-b 3 -k 1 -w w", "all weights are 0", "positive")]
    [InlineData("a,w\n1,0\n3,0\n", "-b 3 -k 1 -w W", "no column 'W'", "Did you mean 'w'?")]
    [InlineData("a,b\n1,2\n1,3\n", "-b 3 -k 1 --constant error", "Column 'a' is constant 1 in all 2 rows", "--constant drop")]
    [InlineData("a\n1\n1\n", "-b 3 -k 1 --constant drop", "Every coordinate is constant", "--constant keep")]
    [InlineData("n\nx\ny\n", "-b 3 -k 1 --text drop", "no numeric column", "--columns")]
    public async Task Bad_input_is_one_message(string content, string arguments, string message, string remedy)
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", content);
        CliResult result = await cli.RunAsync(["compress", "in.csv", .. arguments.Split(' ')]);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
        Assert.Contains(remedy, result.Error);
        Assert.StartsWith("error: ", result.Error);
        Assert.Single(result.Error.Split('\n'), l => l.StartsWith("error:", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Equal(["in.csv"], Directory.GetFiles(cli.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Budget_below_N_names_both_ways_out()
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{i * i}\n")));
        CliResult result = await cli.RunAsync("compress", "in.csv", "-b", "7", "-k", "3");
        Assert.Equal(2, result.Code);
        Assert.Contains("--budget 7 is less than the 10 moments of degree 3 in 2 columns", result.Error);
        Assert.Contains("--budget 10 or more, or --degree 2 or less", result.Error);
    }

    [Theory]
    [InlineData("absent.csv", "does not exist")]
    [InlineData("folder", "is a folder")]
    [InlineData("in.docx", "ends in '.docx'")]
    [InlineData("bad.parquet", "cannot be read as Parquet")]
    [InlineData("bad.obj", "bad.obj")]
    [InlineData("bad.xyz", "bad.xyz")]
    public async Task Unreadable_file_is_named(string name, string message)
    {
        using var cli = new CliHarness();
        Directory.CreateDirectory(cli.Path("folder"));
        foreach (string file in new[] { "in.docx", "bad.parquet", "bad.obj", "bad.xyz" }) cli.Write(file, "PAR1 this is not what it says\n");
        CliResult result = await cli.RunAsync("compress", name, "-b", "10");
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
        Assert.DoesNotContain("Unexpected", result.Error);
    }

    [Fact]
    public async Task Mistyped_file_gets_a_suggestion()
    {
        using var cli = new CliHarness();
        cli.Write("housing.csv", Good);
        Assert.Contains("Did you mean 'housing.csv'?", (await cli.RunAsync("compress", "huosing.csv", "-b", "10")).Error);
    }

    [Fact]
    public async Task Existing_output_is_kept_without_force()
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", Good);
        cli.Write("in.csv.compressed.csv", "precious");
        CliResult result = await cli.RunAsync("compress", "in.csv", "-b", "10", "-k", "1", "--text", "drop");
        Assert.Equal(2, result.Code);
        Assert.Contains("--force", result.Error);
        Assert.Equal("precious", File.ReadAllText(cli.Path("in.csv.compressed.csv")));
    }

    [Fact]
    public async Task Unwritable_folder_is_found_before_the_work()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
        {
            Assert.Skip("permissions do not bind this user");
            return;
        }
        using var cli = new CliHarness();
        cli.Write("in.csv", Good);
        Directory.CreateDirectory(cli.Path("locked"));
        File.SetUnixFileMode(cli.Path("locked"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        CliResult result = await cli.RunAsync("compress", "in.csv", "-b", "10", "-o", "locked/out.csv");
        Assert.Equal(2, result.Code);
        Assert.Contains("cannot be written", result.Error);
    }
}
