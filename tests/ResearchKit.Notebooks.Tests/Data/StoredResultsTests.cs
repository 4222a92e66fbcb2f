namespace ResearchKit.Notebooks.Tests.Data;

/// <summary>Results that a long run left for notebooks.</summary>
public class StoredResultsTests
{
    [Fact]
    public void Comments_say_how_it_was_made_and_rows_are_numbers()
    {
        using var folder = new TempFolder();
        StoredResults stored = StoredResults.Read(folder.Write("a.csv", "# command: x --full\n#date 2026\nm, k\n1,2\n\n3,4e-17\n"));
        Assert.Equal(["command: x --full", "date 2026"], stored.Notes);
        Assert.Equal(["m", "k"], stored.Table.Columns);
        Assert.Equal([1, 2, 3, 4e-17], stored.Table.RowMajor);
    }

    [Theory]
    [InlineData("# only notes\n", "holds no rows")]
    [InlineData("m,k\n1\n", "1 cells where the header has 2")]
    [InlineData("m,k\n1,two\n", "two")]
    [InlineData("m,k\n1,NaN\n", "not a finite number")]
    public void A_broken_file_is_refused_with_its_place(string text, string message)
    {
        using var folder = new TempFolder();
        string path = folder.Write("a.csv", text);
        Assert.Contains(message, Assert.Throws<DataFileException>(() => StoredResults.Read(path)).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_null() => Assert.Null(StoredResults.Find("no-such-file.csv"));
}
