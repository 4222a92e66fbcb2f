using System.Globalization;
using System.Text;

namespace ResearchKit.Notebooks.Tests.Data;

public sealed class CsvTests
{
    private static readonly DataOptions s_lenient = new() { Missing = MissingPolicy.DropRows, Text = TextPolicy.Drop };

    private static NumericTable Read(string text, DataOptions? options = null)
    {
        using var folder = new TempFolder();
        return DataFile.Read(folder.Write("t.csv", text), options);
    }

    private static DataFileException Refused(string text, DataOptions? options = null) => Assert.Throws<DataFileException>(() => Read(text, options));

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r\n1,2\r\n3,4")]
    [InlineData("\uFEFFa,b\n1,2\n\n3,4\n")]
    [InlineData("\"a\",\"b\"\n\"1\",2\n 3 ,\"4\"\n")]
    [InlineData("a,b\n1e0,+2\n3.0,400e-2\n")]
    public void The_same_numbers_in_every_dialect(string text)
    {
        NumericTable table = Read(text);
        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal([1, 2, 3, 4], table.RowMajor);
        Assert.Empty(table.Findings);
    }

    [Fact]
    public void Quoted_names_and_cells_may_hold_separators_and_line_breaks()
    {
        NumericTable table = Read("\"a, \"\"big\"\"\",note,c\n1,\"two\nlines, and a comma\",5\n2,\"x\",6\n", new() { Text = TextPolicy.Drop });
        Assert.Equal(["a, \"big\"", "c"], table.Columns);
        Assert.Equal([1, 5, 2, 6], table.RowMajor);
        Assert.Equal("Column 'note' is text in 2 rows, first in row 1 ('two\nlines, and a comma'): column left out.", Assert.Single(table.Findings));
    }

    [Fact]
    public void A_file_without_header_keeps_its_first_row_and_says_so()
    {
        NumericTable table = Read("1,2\n3,4\n");
        Assert.Equal(["c1", "c2"], table.Columns);
        Assert.Equal(2, table.Rows);
        Assert.Contains("The first row holds numbers only", Assert.Single(table.Findings));
        Assert.Equal(["1", "2"], Read("1,2\n3,4\n5,6\n", new() { Header = true }).Columns);
        Assert.Empty(Read("1,2\n3,4\n", new() { Header = false }).Findings);
    }

    [Fact]
    public void A_missing_value_is_refused_by_default_and_named()
    {
        DataFileException e = Refused("a,b\n1,2\n3,\n5,NA\n");
        Assert.Equal((3, "b"), (e.Line, e.Column));
        Assert.Contains("2 of 3 values are missing", e.Message);
        Assert.Contains("MissingPolicy.DropRows", e.Remedy);
    }

    [Fact]
    public void Missing_rows_are_dropped_or_filled_as_asked()
    {
        const string Text = "a,b\n1,2\n3,\n5,NaN\n7,8\n";
        NumericTable dropped = Read(Text, new() { Missing = MissingPolicy.DropRows });
        Assert.Equal([1, 2, 7, 8], dropped.RowMajor);
        Assert.Equal(["Column 'b' misses 2 of 4 values, first in row 2: rows left out.", "2 of 4 rows left out for missing values."], dropped.Findings);
        NumericTable filled = Read(Text, new() { Missing = MissingPolicy.Mean });
        Assert.Equal([1, 2, 3, 5, 5, 5, 7, 8], filled.RowMajor);
        Assert.Equal("Column 'b' misses 2 of 4 values, first in row 2: filled with the mean 5.", Assert.Single(filled.Findings));
    }

    [Fact]
    public void Text_is_refused_by_default_and_a_stray_word_always()
    {
        DataFileException text = Refused("a,town\n1,X\n2,Y\n");
        Assert.Equal((2, "town", "X"), (text.Line, text.Column, text.Value));
        DataFileException stray = Refused("a,b\n1,2\n3,4\n5,6x\n", s_lenient);
        Assert.Equal((4, "b", "6x"), (stray.Line, stray.Column, stray.Value));
        Assert.Contains("in a column with 2 numbers", stray.Message);
    }

    [Theory]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("1e999")]
    public void Infinity_is_refused_whatever_the_options(string value)
    {
        DataFileException e = Refused($"a,b\n1,2\n3,{value}\n", s_lenient);
        Assert.Equal((3, "b", value), (e.Line, e.Column, e.Value));
    }

    [Fact]
    public void Constant_columns_are_kept_dropped_or_refused_as_asked()
    {
        const string Text = "a,b\n1,7\n3,7\n";
        Assert.Equal("Column 'b' is 7 in all 2 rows from row 1 on: kept.", Assert.Single(Read(Text).Findings));
        Assert.Equal(["a"], Read(Text, new() { Constant = ConstantPolicy.Drop }).Columns);
        Assert.Equal("b", Refused(Text, new() { Constant = ConstantPolicy.Error }).Column);
        Assert.Contains("every column is constant", Refused("a\n7\n7\n", new() { Constant = ConstantPolicy.Drop }).Message);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("a,b\n", "no data rows")]
    [InlineData("a,a\n1,2\n", "columns 1 and 2 have the same name")]
    [InlineData("a,\n1,2\n", "column 2 has no name")]
    [InlineData("a,b\n1,2\n3\n", "the row has 1 cells where the first row has 2")]
    [InlineData("a,b\n1,2\n3,4,5\n", "the row has 3 cells where the first row has 2")]
    [InlineData("a,b\n1,\"2\n3,4\n", "the quoting is broken")]
    [InlineData("a;b\n1;2\n", "Set Separator = ';'")]
    [InlineData("a,b\nx,y\n", "every column is text")]
    [InlineData("a,b\n,\n,\n", "has no values at all")]
    [InlineData("a,b\n1,\n,2\n", "no row has all its values")]
    public void Broken_files_say_what_is_wrong(string text, string problem) => Assert.Contains(problem, Refused(text, s_lenient).Message);

    [Fact]
    public void A_ragged_row_is_named_by_its_line_even_after_quoted_line_breaks()
    {
        Assert.Equal(4, Refused("a,b\n1,2\n3,4\n5\n").Line);
    }

    [Fact]
    public void Only_the_columns_asked_for_are_looked_at()
    {
        NumericTable table = Read("a,town,c\n1,X,\n2,Y,6\n", new() { Columns = ["a"] });
        Assert.Equal([1, 2], table.RowMajor);
        Assert.Equal(["c", "a"], Read("a,c\n1,2\n3,4\n", new() { Columns = ["c", "a"] }).Columns);
        Assert.Contains("There are: a, c.", Refused("a,c\n1,2\n", new() { Columns = ["z"] }).Message);
    }

    [Fact]
    public void Numbers_are_read_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal([1.5], Read("a\n1.5\n").RowMajor);
            Assert.Contains("4.1×10⁻⁹", NumberText.Of(4.1e-9, 2).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        using var folder = new TempFolder();
        var random = new byte[4096];
        new Random(1).NextBytes(random);
        Assert.Throws<DataFileException>(() => DataFile.Read(folder.Write("r.csv", random), s_lenient));
        var e = Assert.Throws<DataFileException>(() => DataFile.Read(folder.Write("u.csv", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a,b\n1,2")).ToArray())));
        Assert.Contains("UTF-16", e.Message);
    }

    [Fact]
    public void Missing_files_folders_and_other_extensions_are_named()
    {
        using var folder = new TempFolder();
        Assert.Contains("there is no such file", Assert.Throws<DataFileException>(() => DataFile.Read(folder.File("no.csv"))).Message);
        Assert.Contains("'.xlsx'", Assert.Throws<DataFileException>(() => DataFile.Read("book.xlsx")).Message);
        Directory.CreateDirectory(folder.File("f.csv"));
        Assert.Contains("this is a folder", Assert.Throws<DataFileException>(() => DataFile.Read(folder.File("f.csv"))).Message);
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        using var folder = new TempFolder();
        string path = folder.Write("long.csv", "a\n" + string.Concat(Enumerable.Repeat("1\n", 10_000)));
        Assert.Throws<OperationCanceledException>(() => DataFile.Read(path, null, new CancellationToken(canceled: true)));
    }
}
