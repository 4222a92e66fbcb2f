using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ResearchKit.Cli;
using Spectre.Console;

namespace ResearchKit.Notebooks.Tests.Cli;

[Collection(CliCollection.Name)]
public class StreamTests
{
    private const int Rows = 110_000;

    /// <summary>Chunks of 5000: 22 of them, two merges, and 32768 rows a block, so that there are four.</summary>
    private static readonly string[] Arguments = ["compress", "in.csv", "-b", "60", "-k", "3", "--stream", "always", "--chunk", "5000", "-o", "out.csv"];

    private static string Table(int rows, string? last = null)
    {
        var random = new Random(5);
        var text = new StringBuilder("x,y\n");
        for (int i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{random.NextDouble():R},").Append(i == rows - 1 && last is not null ? last : (10 * random.NextDouble()).ToString("F6", CultureInfo.InvariantCulture)).Append('\n');
        return text.ToString();
    }

    [Theory]
    // What the fast way cannot read: each goes the way of the text reader, and both ways meet.
    [InlineData("x,y\n1,2\n3.5,4\n5,7.25\n-1,0\n2,2\n8,1\n", "")]
    [InlineData("x,y\r\n1,2\r\n3.5,4\r\n5,7.25\r\n-1,0\r\n2,2\r\n8,1", "")]
    [InlineData("x,y\r1,2\r3.5,4\r5,7.25\r-1,0\r2,2\r8,1\r", "")]
    [InlineData("\uFEFFx,y\n1,2\n\n3.5,4\n  \n5,7.25\n-1,0\n2,2\n8,1\n\n", "")]
    [InlineData("x;y\n 1; 2\n3.5 ;4\n\"5\";7.25\n-1;\"0\"\n2; +2\n8;1\n", "")]
    [InlineData("1,2\n3.5,4\n5,7.25\n-1,0\n2,2\n8,1\n", "")]
    [InlineData("name,x,y\n\"a, \"\"b\"\"\nc\",1,2\nb,3.5,4\n,5,7.25\nd,-1,0\n\"e\",2,2\nf,8,1\n", "--text drop")]
    [InlineData("x,y\n1,2\n3.5,4\nNA,7.25\n-1,0\n2,\n8,1\n4,4\n5,9\n6,6.5\n", "--missing drop")]
    [InlineData("x,w,y\n1,2,2\n3.5,1,4\n5,0,7.25\n-1,1,0\n2,1e-3,2\n8,3,1\n", "-w w")]
    [InlineData("x,y\n1.00000000000000000000001,2\n0.30000000000000004,4\n5e-300,7.25\n-1e15,0\n123456789012345678901234567890,2\n8,1\n", "")]
    public async Task SmallFilesGiveWhatTheyGiveInMemory(string content, string arguments)
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", content);
        string[] all = ["compress", "in.csv", "-b", "3", "-k", "1", "--verify", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        CliResult whole = await cli.RunAsync([.. all, "--stream", "never", "-o", "whole.csv"]);
        Assert.Equal((0, ""), (whole.Code, whole.Error));
        CliResult stream = await cli.RunAsync([.. all, "--stream", "always", "-o", "stream.csv"]);
        Assert.Equal((0, ""), (stream.Code, stream.Error));
        Assert.Contains("verified", stream.Out);
        Assert.Equal(File.ReadAllText(cli.Path("whole.csv")), File.ReadAllText(cli.Path("stream.csv")));
    }

    [Fact]
    public async Task LargeFilesVerifyWithTheSameBitsForAnyThreads()
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", Table(Rows));
        CliResult one = await cli.RunAsync([.. Arguments, "-t", "1", "--verify"]);
        Assert.Equal((0, ""), (one.Code, one.Error));
        Assert.Contains("verified 10 moments", one.Out);
        Assert.Contains("22 chunks of 5000, 2 merges", one.Out);
        byte[] bytes = File.ReadAllBytes(cli.Path("out.csv"));
        Assert.Equal(0, (await cli.RunAsync([.. Arguments, "-t", "3", "-f"])).Code);
        Assert.Equal(bytes, File.ReadAllBytes(cli.Path("out.csv")));
        Assert.Equal(["in.csv", "out.csv", "out.csv.certificate.json"], Directory.GetFiles(cli.Root).Select(Path.GetFileName).Order());
        string[] input = File.ReadAllLines(cli.Path("in.csv")), output = File.ReadAllLines(cli.Path("out.csv"));
        Assert.Equal("x,y,row,weight", output[0]);
        Assert.All(output[1..], line => Assert.StartsWith(input[1 + int.Parse(line.Split(',')[2], CultureInfo.InvariantCulture)] + ",", line));
        JsonNode root = JsonNode.Parse(File.ReadAllText(cli.Path("out.csv.certificate.json")))!;
        Assert.Equal(Rows, root["certificate"]!["originalCount"]!.GetValue<long>());
        Assert.InRange(root["certificate"]!["maxMomentResidual"]!.GetValue<double>(), 0, 1e-14);
    }

    [Fact]
    public async Task AnInterruptedRunGoesOnToTheSameBytes()
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", Table(Rows));
        Assert.Equal(0, (await cli.RunAsync(Arguments)).Code);
        File.Move(cli.Path("out.csv"), cli.Path("whole.csv"));
        File.Delete(cli.Path("out.csv.certificate.json"));
        await Interrupt(cli);
        string state = cli.Path("out.csv.state");
        Assert.True(File.Exists(state));
        Assert.False(File.Exists(cli.Path("out.csv")));

        CliResult rest = await cli.RunAsync([.. Arguments, "--verify"]);
        Assert.Equal((0, ""), (rest.Code, rest.Error));
        Assert.Contains("Going on from row ", rest.Out);
        Assert.Contains("verified", rest.Out);
        Assert.Equal(File.ReadAllBytes(cli.Path("whole.csv")), File.ReadAllBytes(cli.Path("out.csv")));
        Assert.False(File.Exists(state));
    }

    [Fact]
    public async Task AStateThatDoesNotBelongIsRefusedAndKept()
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", Table(Rows));
        await Interrupt(cli);
        string state = cli.Path("out.csv.state");
        byte[] good = File.ReadAllBytes(state);
        await Refused(good, "belongs to another stream. It has budget 60", "-b", "61");
        await Refused(good, "It has 2 coordinates; asked for is 1 coordinates", "-c", "x", "-k", "9");
        await Refused(good, "It has missing cells: Error", "--missing", "drop");
        await Refused(good[..^5], "damaged or cut short");
        await Refused([.. "not a state"u8], "is not a stream's state");
        File.AppendAllText(cli.Path("in.csv"), "0.5,0.5\n");
        await Refused(good, "bytes; asked for is an input of");

        CliResult anew = await cli.RunAsync([.. Arguments, "--resume", "never", "--verify"]);
        Assert.Equal((0, ""), (anew.Code, anew.Error));
        Assert.DoesNotContain("Going on", anew.Out);
        Assert.False(File.Exists(state));

        async Task Refused(byte[] bytes, string message, params string[] change)
        {
            File.WriteAllBytes(state, bytes);
            string[] arguments = [.. Arguments];
            for (int i = 0; i < change.Length; i += 2)
            {
                int at = Array.IndexOf(arguments, change[i]);
                if (at < 0) arguments = [.. arguments, change[i], change[i + 1]];
                else arguments[at + 1] = change[i + 1];
            }
            CliResult result = await cli.RunAsync(arguments);
            Assert.Equal(2, result.Code);
            Assert.Contains(message, result.Error);
            Assert.Contains("--resume never", result.Error);
            Assert.Equal(bytes, File.ReadAllBytes(state));
        }
    }

    [Theory]
    [InlineData("NaN", "Column 'y': the cell of row 109999 is missing")]
    [InlineData("oops", "Column 'y' holds 'oops' in row 109999, which is no number")]
    [InlineData("-inf", "Column 'y' holds")]
    [InlineData("1e999", "Column 'y' holds Infinity in row 109999")]
    [InlineData("1,2", "line 110001: 3 fields, but the header has 2")]
    [InlineData("\"1", "line 110001: a quoted field is never closed")]
    public async Task TheLastRowIsNamed(string cell, string message)
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", Table(Rows, cell));
        CliResult result = await cli.RunAsync(Arguments);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
        Assert.Single(result.Error.Split('\n'), l => l.StartsWith("error:", StringComparison.Ordinal));
        Assert.Equal(["in.csv"], Directory.GetFiles(cli.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task ConstantAndMissingCellsAreFoundInAllRows()
    {
        using var cli = new CliHarness();
        string[] lines = Table(Rows).Split('\n');
        for (int i = 1; i <= Rows; i++) lines[i] = $"{lines[i].Split(',')[0]},7";
        lines[90_001] = ",7";
        cli.Write("in.csv", string.Join('\n', lines));
        CliResult result = await cli.RunAsync([.. Arguments, "--missing", "drop", "--verify"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("constant 7", result.Out);
        Assert.Contains("1 of 110000 cells missing, first in row 90000", result.Out);
        Assert.Contains("verified", result.Out);
    }

    [Theory]
    [InlineData("--tolerance 1e-3", "a tolerance or an automatic degree needs all rows", "--budget and --degree")]
    [InlineData("-b 60 -k auto", "a tolerance or an automatic degree needs all rows", "--budget and --degree")]
    [InlineData("-b 60 --missing mean", "--missing mean needs all rows", "--missing drop")]
    [InlineData("-b 60 --constant drop", "--constant drop and error need all rows", "--columns")]
    [InlineData("-b 60 --chunk 0", "--chunk is 0; it must be at least 1", "Leave it out")]
    [InlineData("-b 60 --chunk 4000", "ChunkSize = 4000; it must be larger than the 4096", "lower Oversampling")]
    [InlineData("-b 60 --memory 0.01", "--memory 10.0 kB is too little", "Raise --memory")]
    [InlineData("-b 60 --memory 0", "--memory is 0 MB; it must be positive", "1000 is the default")]
    [InlineData("-b 20 -k 4 --columns x,y,z", "no column 'z'", "Columns there: x, y")]
    [InlineData("-b 9 -k 3", "--budget 9 is less than the 10 moments", "--degree 2")]
    public async Task WhatAStreamCannotDoIsRefused(string arguments, string message, string remedy)
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", Table(300));
        CliResult result = await cli.RunAsync(["compress", "in.csv", "--stream", "always", .. arguments.Split(' ')]);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
        Assert.Contains(remedy, result.Error);
        Assert.Equal(["in.csv"], Directory.GetFiles(cli.Root).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("-b 60 -k 3", true)]
    [InlineData("-b 60 -k 3 --stream never", false)]
    [InlineData("-b 12 -k auto", false)]
    public async Task FilesBeyondTheMemoryAreStreamed(string arguments, bool streamed)
    {
        using var cli = new CliHarness();
        // 2.9 MB, which would take thrice as much.
        cli.Write("in.csv", Table(100_000));
        CliResult result = await cli.RunAsync(["compress", "in.csv", "--memory", "6", "--chunk", "5000", .. arguments.Split(' ')]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(streamed, result.Out.Contains("read as a stream", StringComparison.Ordinal));
        Assert.Equal(arguments.EndsWith("auto", StringComparison.Ordinal), result.Out.Contains("note: the file is read whole", StringComparison.Ordinal));
        CliResult usual = await cli.RunAsync("compress", "in.csv", "-b", "60", "-k", "3", "-f");
        Assert.DoesNotContain("read as a stream", usual.Out);
    }

    /// <summary>Cancels, as Ctrl+C does, once half of the file has gone through.</summary>
    private static async Task Interrupt(CliHarness cli)
    {
        using var stop = new CancellationTokenSource();
        var output = new Watching(stop);
        var error = new StringWriter();
        var context = new CliContext { Out = On(output), Error = On(error), WorkingDirectory = cli.Root, Cancellation = stop.Token };
        Assert.Equal(130, await CliApp.RunAsync(Arguments, context));
        Assert.Contains("Saved the state at row ", error.ToString());
        Assert.Contains("the same command goes on from there", error.ToString());
        Assert.True(stop.IsCancellationRequested);

        static IAnsiConsole On(TextWriter writer)
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer) });
            console.Profile.Width = 4096;
            return console;
        }
    }

    private sealed class Watching(CancellationTokenSource stop) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            // A line per quarter of the file.
            if (ToString().Split("stream: ").Length > 2) stop.Cancel();
        }
    }
}
