namespace ResearchKit.Notebooks.Tests.Cli;

/// <summary>`researchkit data` in a clone with a catalogue of its own.</summary>
[Collection(CliCollection.Name)]
public class DataCommandTests
{
    private const string Catalogue = """
        [{ "name": "three", "file": "three.csv", "description": "three bytes", "source": "a test", "licence": "none", "url": null,
           "bytes": 3, "sha256": "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD" }]
        """;

    [Fact]
    public async Task Lists_gets_and_verifies()
    {
        // FIPS 180: the SHA-256 of "abc".
        using CliHarness cli = Clone("abc");
        CliResult list = await cli.RunAsync("data", "list");
        Assert.Equal((0, ""), (list.Code, list.Error));
        Assert.Contains("three, 3 bytes: " + Path.Combine("datasets", "cache", "three.csv"), list.Out);
        Assert.Contains("Licence: none", list.Out);
        Assert.Equal(0, (await cli.RunAsync("data", "get", "three")).Code);
        Assert.Contains("is the file of the catalogue", (await cli.RunAsync("data", "verify")).Out);
    }

    [Fact]
    public async Task A_changed_file_fails_and_a_missing_one_says_how_to_get_it()
    {
        using CliHarness cli = Clone("abd");
        CliResult verify = await cli.RunAsync("data", "verify");
        Assert.Equal(1, verify.Code);
        Assert.Contains("should be ba7816bf", verify.Error);
        Assert.Equal(2, (await cli.RunAsync("data", "get", "three")).Code);
        CliResult other = await cli.RunAsync("data", "get", "four");
        Assert.Equal(2, other.Code);
        Assert.Contains("there are 'three'", other.Error);
        File.Delete(cli.Path("datasets", "cache", "three.csv"));
        Assert.Contains("is not here", (await cli.RunAsync("data", "verify", "three")).Error);
        Assert.Contains("no address", (await cli.RunAsync("data", "get", "three")).Error);
        Assert.Contains("to be placed by hand", (await cli.RunAsync("data", "list")).Out);
    }

    private static CliHarness Clone(string content)
    {
        var cli = new CliHarness();
        cli.MakeClone();
        cli.Write("datasets/catalogue.json", Catalogue);
        cli.Write("datasets/cache/three.csv", content);
        return cli;
    }
}
