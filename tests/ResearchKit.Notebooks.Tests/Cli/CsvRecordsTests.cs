using ResearchKit.Cli;

namespace ResearchKit.Notebooks.Tests.Cli;

public class CsvRecordsTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", 2, "1,2", "1|2")]
    [InlineData("a,b\r\n1,\"x, y\"\r\n", 2, "1,\"x, y\"", "1|x, y")]
    [InlineData("a,b\n1,\"he said \"\"no\"\"\"\n", 2, "1,\"he said \"\"no\"\"\"", "1|he said \"no\"")]
    [InlineData("a,b\n\"two\nlines\",2", 2, "\"two\nlines\",2", "two\nlines|2")]
    [InlineData("a,b\n\n5\" pipe,2\n\n", 2, "5\" pipe,2", "5\" pipe|2")]
    [InlineData("\uFEFFa,b\n,\n", 2, ",", "|")]
    public void Last_record_keeps_its_text(string text, int count, string raw, string fields)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            CsvRecord[] records = [.. CsvRecords.Read(path, ',')];
            Assert.Equal(count, records.Length);
            Assert.Equal(raw, records[^1].Raw);
            Assert.Equal(fields, string.Join('|', records[^1].Fields));
            Assert.Equal("a", records[0].Fields[0]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Open_quote_names_the_line()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "a,b\n1,\"never\n2,3\n");
            InvalidDataException e = Assert.Throws<InvalidDataException>(() => CsvRecords.Read(path, ',').Count());
            Assert.Contains("line 2", e.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("a;b;c", ';')]
    [InlineData("a\tb", '\t')]
    [InlineData("a,b", ',')]
    [InlineData("\"a;b\",c", ',')]
    [InlineData("alone", ',')]
    public void Delimiter_is_read_from_the_header(string header, char expected) => Assert.Equal(expected, CsvRecords.DelimiterOf(header));
}
