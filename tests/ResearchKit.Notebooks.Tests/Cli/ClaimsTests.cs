using System.Text.Json;

namespace ResearchKit.Notebooks.Tests.Cli;

[Collection(CliCollection.Name)]
public class ClaimsTests
{
    [Fact]
    public void Check_appends_one_json_line_per_record_and_shows_rows()
    {
        string file = Path.Combine(Path.GetTempPath(), $"claims-{Guid.NewGuid():n}.jsonl");
        string? before = Environment.GetEnvironmentVariable(Claims.FileVariable);
        Environment.SetEnvironmentVariable(Claims.FileVariable, file);
        try
        {
            Claim first = Claims.Check("slope", "the error falls as d'^-2.5", "-2.5", "-2.47", "within 0.1", holds: true);
            Claims.Check("gap", "the gap is <10%", "10%", "12% \"raw\"", "at most 10%", holds: false, note: "one seed");
            Claims.Check("slope", "the error falls as d'^-2.5", "-2.5", "-2.52", "within 0.1", holds: true);

            Assert.StartsWith("holds: the error falls", first.ToString());
            Assert.Equal(["slope", "gap"], Claims.Recorded.Select(c => c.Id));
            Assert.Equal("-2.52", Claims.Recorded[0].Ours);
            Claim[] read = [.. File.ReadAllLines(file).Select(Claim.FromJson)];
            Assert.Equal(3, read.Length);
            Assert.Equal(new Claim("gap", "the gap is <10%", "10%", "12% \"raw\"", "at most 10%", false, "one seed"), read[1]);
            string html = Html(Claims.Table());
            Assert.Contains("the gap is &lt;10%", html);
            Assert.Contains("fails", html);

            // Another file is another run.
            Environment.SetEnvironmentVariable(Claims.FileVariable, file + ".next");
            Assert.Empty(Claims.Recorded);
            Assert.Contains("No claim", Claims.Table().ToString());
        }
        finally
        {
            Environment.SetEnvironmentVariable(Claims.FileVariable, before);
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    public void Damaged_line_is_refused(string line) => Assert.Throws<JsonException>(() => Claim.FromJson(line));

    [Fact]
    public void Empty_id_is_refused() =>
        Assert.Throws<ArgumentException>(() => Claims.Check(" ", "x", "1", "1", "0", true));

    private static string Html(ClaimTable table) => ((INotebookHtml)table).ToHtml();
}
