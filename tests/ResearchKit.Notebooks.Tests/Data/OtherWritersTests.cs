namespace ResearchKit.Notebooks.Tests.Data;

/// <summary>
/// Files from other writers. pandas.csv: pandas 1.5.3, DataFrame.to_csv with its defaults; arrow.parquet: ParquetSharp 25.0.1
/// (Apache Arrow's C++ library), two row groups, Snappy. Columns hold what their comments below say, for k = 0..11.
/// </summary>
public sealed class OtherWritersTests
{
    private static string Fixture(string name) => Path.Combine(Paths.Root, "tests", "ResearchKit.Notebooks.Tests", "Data", "Fixtures", name);

    [Fact]
    public void Pandas_csv_reads_to_the_last_bit()
    {
        NumericTable table = DataFile.Read(Fixture("pandas.csv"), new DataOptions { Text = TextPolicy.Drop, Missing = MissingPolicy.DropRows });
        Assert.Equal(["x", "y", "n", "tiny"], table.Columns);
        int[] rows = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11];
        Assert.Equal(rows, table.SourceRows);
        for (int r = 0; r < rows.Length; r++)
        {
            int k = rows[r];
            // 0.1 k, 1 / (k + 1), 10^k, 1.7 / 2^(40 k): repr gives back the very doubles.
            Assert.Equal([0.1 * k, 1.0 / (k + 1), Math.Round(Math.Pow(10, k)), Math.ScaleB(1.7, -40 * k)], Enumerable.Range(0, 4).Select(c => table[r, c]));
        }

        // The index without a name, a quoted comma in a name, quotes and line breaks in cells, words for truth.
        Assert.Contains(table.Findings, f => f.Contains("as the index that pandas writes"));
        Assert.Contains(table.Findings, f => f.StartsWith("Column 'name, unit' is text in 11 rows, first in row 1 ('row \"0\", ä')"));
        Assert.Contains(table.Findings, f => f.StartsWith("Column 'text' is text in 12 rows"));
        Assert.Contains(table.Findings, f => f.StartsWith("Column 'x' misses 1 of 12 values, first in row 5"));
    }

    [Fact]
    public void Pandas_index_is_read_when_it_is_asked_for()
    {
        NumericTable table = DataFile.Read(Fixture("pandas.csv"), new DataOptions { Columns = ["index", "y"] });
        Assert.Equal(Enumerable.Range(0, 12).Select(k => (double)k), table.Column("index"));
        Assert.Null(table.SourceRows);
    }

    [Fact]
    public void Arrow_parquet_reads_every_type_and_both_row_groups()
    {
        NumericTable table = DataFile.Read(Fixture("arrow.parquet"), new DataOptions { Text = TextPolicy.Drop, Missing = MissingPolicy.DropRows });
        Assert.Equal(["id", "x", "y", "n", "flag"], table.Columns);
        int[] rows = [0, 1, 2, 3, 5, 6, 7, 8, 10, 11];
        Assert.Equal(rows, table.SourceRows);
        for (int r = 0; r < rows.Length; r++)
        {
            int k = rows[r];
            // k, 0.1 k, 1 / (k + 1) in single precision, 2^(4 k), every third true.
            Assert.Equal([k, 0.1 * k, 1f / (k + 1), 1L << (4 * k), k % 3 == 0 ? 1 : 0], Enumerable.Range(0, 5).Select(c => table[r, c]));
        }
    }
}
