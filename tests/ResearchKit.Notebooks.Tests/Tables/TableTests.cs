using System.Globalization;

namespace ResearchKit.Notebooks.Tests.Tables;

public sealed class TableTests
{
    private static Table Sample() => Table.Of(("m", new[] { 1, 2 }), ("error", new[] { 4.1234e-9, 0.5 }), ("name", new[] { "a<b", "c" }));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.25, "−0.2500")]
    [InlineData(4.12345e-9, "4.123×10⁻⁹")]
    [InlineData(0.0012345, "0.001234")]
    [InlineData(9.99996, "10.00")]
    [InlineData(123456, "123\u2009456")]
    [InlineData(1234, "1234")]
    [InlineData(12345.678, "12\u2009346")]
    [InlineData(1.5e300, "1.500×10³⁰⁰")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void Numbers_read_as_people_write_them(double value, string expected) => Assert.Equal(expected, NumberText.Of(value).ToString());

    [Fact]
    public void Sentences_wrap_and_names_do_not()
    {
        string html = Table.Of(("meaning", new[] { "mass", "The sum of the weights: that of the original, which is d." })).ToHtml();
        Assert.Contains("<td class=\"t\">mass</td>", html);
        Assert.Contains("<td class=\"t w\">The sum", html);
    }

    [Fact]
    public void Html_raises_exponents_and_escapes_text()
    {
        string html = Sample().Digits(3).Caption("k < 5").ToHtml();
        Assert.Contains("4.12×10<sup>−9</sup>", html);
        Assert.Contains("a&lt;b", html);
        Assert.Contains("k &lt; 5", html);
        Assert.Contains("<td class=\"n\">1</td>", html);
        Assert.Contains("<td class=\"t\">c</td>", html);
    }

    [Fact]
    public void Text_is_aligned()
    {
        string[] lines = Sample().Digits("error", 2).ToString().Split('\n');
        Assert.Equal("m     error  name", lines[0]);
        Assert.Equal("1  4.1×10⁻⁹  a<b", lines[2]);
        Assert.Equal(lines[2].IndexOf("a<b", StringComparison.Ordinal), lines[3].IndexOf('c'));
    }

    [Fact]
    public void Verdicts_are_words_and_signs_as_well_as_colour()
    {
        string html = Table.Of(("ok", new[] { true, false }), ("error", new[] { 1e-9, 1e-3 })).Verdict("ok").Verdict("error", e => e < 1e-6).ToHtml();
        Assert.Contains("<td class=\"t pass\">✓ pass</td>", Decoded(html));
        Assert.Contains("<td class=\"t fail\">✗ fail</td>", Decoded(html));
        Assert.Contains("<td class=\"n pass\">1.000×10<sup>−9</sup> ✓</td>", Decoded(html));
        Assert.Contains("<td class=\"n fail\">", html);
    }

    [Fact]
    public void Hidden_rows_are_counted()
    {
        Table table = Table.Of(("i", Enumerable.Range(0, 12_345).ToArray())).Limit(5);
        Assert.Contains("12\u2009340 more rows", table.ToString());
        Assert.Contains("12\u2009340 more rows", table.ToHtml());
        Assert.Contains("1 more row<", Table.Of(("i", new[] { 1, 2 })).Limit(1).ToHtml());
        Assert.DoesNotContain("more row", Table.Of(("i", new[] { 1, 2 })).ToHtml());
        Assert.Equal(12_345, table.Frame.Rows.Count);
    }

    [Fact]
    public void Missing_values_show_as_a_dash_and_nulls_keep_the_type()
    {
        Table table = Table.Of(("x", new double?[] { 1.5, null }), ("s", new[] { null, "t" }));
        Assert.Equal(typeof(double), table.Frame["x"].DataType);
        Assert.EndsWith("–  t", table.ToString().Split('\n')[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_columns_are_named()
    {
        Assert.Contains("'a' has 1, 'b' has 2", Assert.Throws<ArgumentException>(() => Table.Of(("a", new[] { 1 }), ("b", new[] { 1, 2 }))).Message);
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => Table.Of(("a", new[] { 1 }), ("a", new[] { 1 }))).Message);
        Assert.Contains("'zz'", Assert.Throws<ArgumentException>(() => Sample().Digits("zz", 3)).Message);
    }

    [Fact]
    public void Records_become_columns()
    {
        Table table = Table.From(new[] { new PaperRuntime(3, 5, 1000, 10, 1.25, 0.5) });
        Assert.Equal(["M", "K", "D", "Trials", "MeanSeconds", "StdSeconds"], table.Frame.Columns.Select(c => c.Name));
    }

    [Fact]
    public void Csv_keeps_every_digit_and_quotes_what_needs_it()
    {
        using var folder = new TempFolder();
        double third = 1.0 / 3;
        Table.Of(("x, y", new[] { third }), ("said", new[] { "a \"b\"\nc" })).SaveCsv(folder.File("t.csv"));
        Assert.Equal($"\"x, y\",said\n{third.ToString("R", CultureInfo.InvariantCulture)},\"a \"\"b\"\"\nc\"\n", File.ReadAllText(folder.File("t.csv")));
    }

    private static string Decoded(string html) => System.Net.WebUtility.HtmlDecode(html);
}
