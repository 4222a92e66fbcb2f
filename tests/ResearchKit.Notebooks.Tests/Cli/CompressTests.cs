using System.Globalization;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;
using ResearchKit.Cli;

namespace ResearchKit.Notebooks.Tests.Cli;

[Collection(CliCollection.Name)]
public class CompressTests
{
    /// <summary>Rows of x, y, a label with a comma, and a positive weight.</summary>
    private static string Table(int rows, Func<int, string>? extra = null)
    {
        var random = new Random(7);
        return "x,y,label,mass\n" + string.Concat(Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{random.NextDouble() * 10},{1e3 + random.NextDouble():0.00000},\"row {i}, {extra?.Invoke(i)}\",{1 + random.Next(4)}\n")));
    }

    [Fact]
    public async Task Csv_keeps_original_rows_untouched_and_verifies()
    {
        using var cli = new CliHarness();
        string text = Table(400);
        cli.Write("in.csv", text);
        CliResult result = await cli.RunAsync("compress", "in.csv", "-b", "60", "-k", "3", "--text", "drop", "-w", "mass", "--standardize", "--verify");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("verified", result.Out);
        Assert.Contains("carried along", result.Out);
        string[] original = [.. text.Split('\n').Skip(1)], lines = File.ReadAllLines(cli.Path("in.csv.compressed.csv"));
        Assert.Equal("x,y,label,mass,row,weight", lines[0]);
        Assert.InRange(lines.Length - 1, 10, 60);
        double mass = 0;
        foreach (string line in lines.Skip(1))
        {
            string[] end = line.Split(',')[^2..];
            Assert.StartsWith(original[int.Parse(end[0], CultureInfo.InvariantCulture)] + ",", line);
            mass += double.Parse(end[1], CultureInfo.InvariantCulture);
        }
        Assert.Equal(original.Where(l => l.Length > 0).Sum(l => double.Parse(l.Split(',')[^1], CultureInfo.InvariantCulture)), mass, 9);

        JsonNode certificate = JsonNode.Parse(File.ReadAllText(cli.Path("in.csv.compressed.csv.certificate.json")))!;
        Assert.Equal(400, certificate["certificate"]!["originalCount"]!.GetValue<int>());
        Assert.True(certificate["verification"]!["holds"]!.GetValue<bool>());
        Assert.Equal(4, certificate["columns"]!.AsArray().Count);
        Assert.Equal(3, Directory.GetFiles(cli.Root).Length);
    }

    [Theory]
    [InlineData("--tolerance 1e-4")]
    [InlineData("--tolerance 1e-3 -k 2")]
    [InlineData("-b 50 -k auto")]
    public async Task The_certificate_chooses_what_is_not_given(string arguments)
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", Table(600));
        CliResult result = await cli.RunAsync(["compress", "in.csv", "-c", "x,y", "-o", "out.csv", "--standardize", "--verify", .. arguments.Split(' ')]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("estimated error", result.Out);
        Assert.Contains("compressions tried", result.Out);
        JsonNode root = JsonNode.Parse(File.ReadAllText(cli.Path("out.csv.certificate.json")))!, certificate = root["certificate"]!;
        Assert.InRange(certificate["count"]!.GetValue<int>(), 3, 120);
        Assert.Equal(File.ReadAllLines(cli.Path("out.csv")).Length - 1, certificate["count"]!.GetValue<int>());
        Assert.NotEmpty(certificate["trials"]!.AsArray());
        Assert.Equal(certificate["degree"]!.GetValue<int>(), root["degree"]!.GetValue<int>());
        if (root["tolerance"] is { } tolerance)
            Assert.InRange(certificate["estimatedError"]!.GetValue<double>(), 0, tolerance.GetValue<double>());
        else
            Assert.Equal(50, root["budget"]!.GetValue<int>());
        if (arguments.EndsWith("-k 2", StringComparison.Ordinal)) Assert.Equal(2, root["degree"]!.GetValue<int>());
        Assert.True(root["verification"]!["holds"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("weight", "1e-9")]
    [InlineData("x", "0.0001")]
    public async Task Tampered_output_is_detected(string column, string change)
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", Table(300));
        string output = cli.Path("out.csv");
        Assert.Equal(0, (await cli.RunAsync("compress", "in.csv", "-b", "50", "-k", "2", "-c", "x,y", "-o", "out.csv")).Code);
        SourceData source = SourceReader.Read(new CompressRequest { Input = cli.Path("in.csv"), Output = output, Certificate = "", Budget = 50, Columns = ["x", "y"] }, TestContext.Current.CancellationToken);
        var added = new AddedColumns("row", "weight");
        Assert.True(OutputVerifier.Verify(source, output, added, 2, TestContext.Current.CancellationToken).Holds);

        string[] lines = File.ReadAllLines(output);
        string[] fields = lines[5].Split(',');
        int at = column == "x" ? 0 : fields.Length - 1;
        fields[at] = (double.Parse(fields[at], CultureInfo.InvariantCulture) + double.Parse(change, CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture);
        lines[5] = string.Join(',', fields);
        File.WriteAllLines(output, lines);
        Assert.False(OutputVerifier.Verify(source, output, added, 2, TestContext.Current.CancellationToken).Holds);

        File.WriteAllLines(output, lines[..5]);
        Assert.False(OutputVerifier.Verify(source, output, added, 2, TestContext.Current.CancellationToken).Holds);
    }

    [Theory]
    [InlineData("drop", 99)]
    [InlineData("mean", 100)]
    public async Task Missing_cells_follow_the_policy(string policy, int used)
    {
        using var cli = new CliHarness();
        string[] lines = Table(100).Split('\n');
        lines[8] = "," + lines[8].Split(',', 2)[1];
        cli.Write("in.csv", string.Join('\n', lines));
        CliResult result = await cli.RunAsync("compress", "in.csv", "-b", "20", "-k", "2", "-c", "x,y", "--missing", policy, "--verify");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains($"{used} rows in 2 columns", result.Out);
        Assert.Contains("1 of 100 cells missing, first in row 7", result.Out);
    }

    [Fact]
    public async Task Constant_columns_are_kept_or_carried_along_by_name()
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", "x,c\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i},5\n")));
        CliResult kept = await cli.RunAsync("compress", "in.csv", "-b", "12", "-k", "2", "--verify");
        Assert.Equal((0, ""), (kept.Code, kept.Error));
        Assert.Contains("constant 5; --constant drop would save moments", kept.Out);
        CliResult dropped = await cli.RunAsync("compress", "in.csv", "-b", "12", "-k", "2", "--constant", "drop", "--force", "--verify");
        Assert.Equal((0, ""), (dropped.Code, dropped.Error));
        Assert.Contains("50 rows in 1 column ", dropped.Out);
        Assert.StartsWith("x,c,row,weight", File.ReadAllText(cli.Path("in.csv.compressed.csv")));
    }

    [Fact]
    public async Task Columns_named_row_and_weight_stay_untouched()
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", "row;weight\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i};{i % 7}\n")));
        CliResult result = await cli.RunAsync("compress", "in.csv", "-b", "12", "-k", "2", "--verify");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.StartsWith("row;weight;compressed_row;compressed_weight\n", File.ReadAllText(cli.Path("in.csv.compressed.csv")));
    }

    [Fact]
    public async Task Csv_without_header_gets_one()
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", string.Concat(Enumerable.Range(0, 50).Select(i => $"{i},{i * i}\n")));
        CliResult result = await cli.RunAsync("compress", "in.csv", "-b", "12", "-k", "2", "--verify");
        Assert.Equal((0, ""), (result.Code, result.Error));
        string[] lines = File.ReadAllLines(cli.Path("in.csv.compressed.csv"));
        Assert.Equal("c1,c2,row,weight", lines[0]);
        // Which rows are kept is the compressor's affair; without a header the first row of the file is row 0.
        Assert.All(lines[1..], line =>
        {
            string[] cells = line.Split(',');
            long row = long.Parse(cells[2], CultureInfo.InvariantCulture);
            Assert.Equal(($"{row}", $"{row * row}"), (cells[0], cells[1]));
        });
        Assert.InRange(lines.Length - 1, 3, 12);
    }

    [Theory]
    [InlineData("in.obj", "v ", "out.csv")]
    [InlineData("in.obj", "v ", "out.xyz")]
    [InlineData("in.xyz", "", "out.xyz")]
    public async Task Point_clouds_go_to_csv_and_xyz(string input, string prefix, string output)
    {
        using var cli = new CliHarness();
        var random = new Random(3);
        cli.Write(input, string.Concat(Enumerable.Range(0, 300).Select(_ => string.Create(CultureInfo.InvariantCulture, $"{prefix}{random.NextDouble()} {random.NextDouble()} {random.NextDouble()}\n"))));
        CliResult result = await cli.RunAsync("compress", input, "-b", "50", "-k", "3", "-o", output, "--verify");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.InRange(File.ReadAllLines(cli.Path(output)).Length, 20, 51);
        Assert.Equal(5, DataFile.Read(cli.Path(output), cancel: TestContext.Current.CancellationToken).Columns.Count);
    }

    [Theory]
    [InlineData("out.csv")]
    [InlineData("out.parquet")]
    public async Task Parquet_keeps_types_and_text(string output)
    {
        using var cli = new CliHarness();
        await WriteParquetAsync(cli.Path("in.parquet"));
        CliResult result = await cli.RunAsync("compress", "in.parquet", "-b", "20", "-k", "2", "-c", "x,n,f", "-o", output, "--verify");
        Assert.Equal((0, ""), (result.Code, result.Error));
        if (output.EndsWith("csv", StringComparison.Ordinal))
        {
            Assert.StartsWith("x,n,f,name,row,weight\n", File.ReadAllText(cli.Path(output)));
            return;
        }
        ParquetSchema schema = await ParquetReader.ReadSchemaAsync(cli.Path(output));
        Assert.Equal(["x", "n", "f", "name", "row", "weight"], schema.DataFields.Select(f => f.Name));
        ParquetSchema original = await ParquetReader.ReadSchemaAsync(cli.Path("in.parquet"));
        Assert.Equal(original.DataFields.Select(f => f.ClrType), schema.DataFields.Take(4).Select(f => f.ClrType));
    }

    [Fact]
    public async Task Budget_above_the_rows_keeps_them_all()
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", "a,b\n1,2\n3,4\n5,7\n");
        CliResult result = await cli.RunAsync("compress", "in.csv", "-b", "100", "-k", "3", "--verify");
        Assert.Equal((0, ""), (result.Code, result.Error));
    }

    [Fact]
    public async Task Cancelling_writes_nothing()
    {
        using var cli = new CliHarness();
        cli.Write("in.csv", Table(300));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        CliResult result = await cli.RunAsync(cancelled.Token, "compress", "in.csv", "-b", "50", "-k", "2", "-c", "x,y");
        Assert.Equal(130, result.Code);
        Assert.Single(Directory.GetFiles(cli.Root));
    }

    [Theory]
    [InlineData("stanford-bunny.obj", "-b 1000 -k 5")]
    [InlineData("california-housing.csv", "-b 60 -k 2 --text drop --missing drop")]
    [InlineData("california-housing.csv", "-b 1000 -k 2 --text drop --missing mean --standardize")]
    public async Task Real_data_verifies(string name, string arguments)
    {
        string? folder = Environment.GetEnvironmentVariable("RESEARCHKIT_DATA");
        Assert.SkipWhen(folder is null || !File.Exists(Path.Combine(folder, name)), $"RESEARCHKIT_DATA does not name a folder with {name}");
        using var cli = new CliHarness();
        CliResult result = await cli.RunAsync(["compress", Path.Combine(folder, name), .. arguments.Split(' '), "-o", "out.csv", "--verify"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("verified", result.Out);
    }

    private static async Task WriteParquetAsync(string path)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        const int Rows = 200;
        var x = new DataField<double>("x");
        var n = new DataField<int>("n");
        var f = new DataField<float>("f");
        var name = new DataField<string>("name");
        await using FileStream stream = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(x, n, f, name), stream, cancellationToken: cancellation);
        // Two groups: rows must be found across their border.
        for (int g = 0; g < 2; g++)
        {
            int start = g * Rows;
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync<double>(x, Enumerable.Range(start, Rows).Select(i => Math.Sin(i)).ToArray().AsMemory(), cancellationToken: cancellation);
            await group.WriteAsync<int>(n, Enumerable.Range(start, Rows).Select(i => i % 17).ToArray().AsMemory(), cancellationToken: cancellation);
            await group.WriteAsync<float>(f, Enumerable.Range(start, Rows).Select(i => i * 0.1f).ToArray().AsMemory(), cancellationToken: cancellation);
            await group.WriteAsync(name, [.. Enumerable.Range(start, Rows).Select(i => $"n{i}")]);
        }
    }
}
