using Parquet;
using Parquet.Schema;

namespace ResearchKit.Notebooks.Tests.Data;

public sealed class FilesTests
{
    private static readonly double[] s_hard = [1.0 / 3, -0.0, double.Epsilon, double.MaxValue, -1e-300, 12345678901234567];

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.parquet")]
    public void What_is_written_is_read_back_bit_for_bit(string name)
    {
        using var folder = new TempFolder();
        var table = new NumericTable(["x, \"quoted\"", "y"], s_hard);
        DataFile.Write(folder.File("sub/" + name), table, [0.1, 2, 0.7]);
        NumericTable back = DataFile.Read(folder.File("sub/" + name));
        Assert.Equal(["x, \"quoted\"", "y", DataFile.WeightColumn], back.Columns);
        Assert.Equal(s_hard.Select(BitConverter.DoubleToInt64Bits), back.Select("x, \"quoted\"", "y").RowMajor.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal([0.1, 2, 0.7], back.Column("weight"));
        Assert.Single(Directory.GetFiles(folder.File("sub")));
    }

    [Fact]
    public void Weights_must_fit_the_rows_and_have_a_free_name()
    {
        var table = new NumericTable(["weight"], [1, 2]);
        Assert.Contains("3 weights for 2 rows", Assert.Throws<ArgumentException>(() => DataFile.Write("t.csv", table, [1, 2, 3])).Message);
        Assert.Equal("weight", Assert.Throws<DataFileException>(() => DataFile.Write("t.csv", table, [1, 2])).Column);
        Assert.Contains("'.txt'", Assert.Throws<DataFileException>(() => DataFile.Write("t.txt", table)).Message);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_no_fragment()
    {
        using var folder = new TempFolder();
        string path = folder.Write("t.csv", "old");
        Assert.Throws<IOException>(() => SafeFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        // A file where a folder should be.
        var e = Assert.Throws<DataFileException>(() => DataFile.Write(Path.Combine(path, "x.parquet"), new NumericTable(["a"], [1])));
        Assert.Contains("cannot be written", e.Message);
    }

    [Fact]
    public async Task Parquet_columns_of_every_kind_are_converted_or_named()
    {
        using var folder = new TempFolder();
        string path = folder.File("mixed.parquet");
        DataField i = new("i", typeof(int), false), n = new("n", typeof(float), true), s = new("s", typeof(string), true), b = new("b", typeof(bool), false);
        await using (FileStream stream = File.Create(path))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(i, n, s, b), stream, cancellationToken: TestContext.Current.CancellationToken))
        {
            for (int g = 0; g < 2; g++)
            {
                using ParquetRowGroupWriter group = writer.CreateRowGroup();
                await group.WriteAsync<int>(i, new[] { 1, 2 + g }, cancellationToken: TestContext.Current.CancellationToken);
                await group.WriteAsync<float>(n, new float?[] { 0.5f, g == 0 ? 1.5f : null }, cancellationToken: TestContext.Current.CancellationToken);
                await group.WriteAsync(s, ["p", "q"]);
                await group.WriteAsync<bool>(b, new[] { true, false }, cancellationToken: TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal("s", Assert.Throws<DataFileException>(() => DataFile.Read(path)).Column);
        NumericTable table = DataFile.Read(path, new() { Text = TextPolicy.Drop, Missing = MissingPolicy.DropRows });
        Assert.Equal(["i", "n", "b"], table.Columns);
        Assert.Equal([1, 0.5, 1, 2, 1.5, 0, 1, 0.5, 1], table.RowMajor);
        Assert.Contains("Column 'n' misses 1 of 4 values, first in row 4: rows left out.", table.Findings);
        Assert.Equal([1, 2, 1, 3], DataFile.Read(path, new() { Columns = ["i"] }).RowMajor);
    }

    [Fact]
    public void Broken_parquet_is_named()
    {
        using var folder = new TempFolder();
        DataFile.Write(folder.File("good.parquet"), new NumericTable(["a"], [1, 2, 3]));
        byte[] good = File.ReadAllBytes(folder.File("good.parquet"));
        foreach (byte[] bytes in new[] { [], good[..^10], [.. good[..4], .. new byte[100]], "a,b\n1,2\n"u8.ToArray() })
        {
            var e = Assert.Throws<DataFileException>(() => DataFile.Read(folder.Write("bad.parquet", bytes)));
            Assert.EndsWith("bad.parquet", e.File, StringComparison.Ordinal);
            Assert.NotEmpty(e.Remedy);
        }
    }

    [Fact]
    public void Obj_takes_vertices_only()
    {
        using var folder = new TempFolder();
        NumericTable table = DataFile.Read(folder.Write("m.obj", "# v 9 9 9\nvn 0 0 1\nv 1 2 3\nvt 0 0\nv  -4e-1\t5 6 1.0\nf 1 2 1\n"));
        Assert.Equal(["x", "y", "z"], table.Columns);
        Assert.Equal([1, 2, 3, -0.4, 5, 6], table.RowMajor);
        Assert.Equal(2, Assert.Throws<DataFileException>(() => DataFile.Read(folder.Write("s.obj", "v 1 2 3\nv 1 2\n"))).Line);
        Assert.Contains("no vertices", Assert.Throws<DataFileException>(() => DataFile.Read(folder.Write("e.obj", "f 1 2 3\n"))).Message);
    }

    [Fact]
    public void Xyz_takes_a_count_comments_and_further_columns()
    {
        using var folder = new TempFolder();
        Assert.Equal([1, 2, 3, 4, 5, 6], DataFile.Read(folder.Write("a.xyz", "2\n# points\n1 2 3\n\n 4\t5  6\n")).RowMajor);
        Assert.Equal(["x", "y", "z", "c4"], DataFile.Read(folder.Write("b.xyz", "1 2 3 4\n5 6 7 8\n")).Columns);
        Assert.Contains("promises 3 points, the file has 1", Assert.Throws<DataFileException>(() => DataFile.Read(folder.Write("c.xyz", "3\n1 2 3\n"))).Message);
        Assert.Equal(2, Assert.Throws<DataFileException>(() => DataFile.Read(folder.Write("d.xyz", "1 2 3\n1 2\n"))).Line);
        Assert.Throws<DataFileException>(() => DataFile.Read(folder.Write("e.xyz", "1 2\n")));
    }

    [Fact]
    public void Data_frames_go_both_ways()
    {
        var table = new NumericTable(["a", "b"], [1, 2, 3, 4]);
        NumericTable back = NumericTable.FromDataFrame(table.ToDataFrame());
        Assert.Equal(table.Columns, back.Columns);
        Assert.Equal(table.RowMajor, back.RowMajor);
        var mixed = Table.Of(("i", new int?[] { 1, null }), ("s", new[] { "p", "q" })).Frame;
        Assert.Equal("s", Assert.Throws<DataFileException>(() => NumericTable.FromDataFrame(mixed, new() { Missing = MissingPolicy.Mean })).Column);
        Assert.Equal([1.0, 1.0], NumericTable.FromDataFrame(mixed, new() { Missing = MissingPolicy.Mean, Text = TextPolicy.Drop }).RowMajor);
    }

    [Fact]
    public void Tables_check_their_shape()
    {
        Assert.Throws<ArgumentException>(() => new NumericTable(["a", "b"], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new NumericTable(["a", "a"], [1, 2]));
        var table = new NumericTable(["a", "b"], [1, 2, 3, 4]);
        Assert.Equal(3, table[1, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[2, 0]);
        Assert.Contains("'a', 'b'", Assert.Throws<ArgumentException>(() => table.Column("c")).Message);
    }
}
