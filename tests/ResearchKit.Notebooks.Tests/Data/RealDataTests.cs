namespace ResearchKit.Notebooks.Tests.Data;

/// <summary>Files too large for the repository; the tests say so where they are absent.</summary>
public sealed class RealDataTests
{
    private static string Need(string name)
    {
        string? path = Paths.FindData(name);
        Assert.SkipWhen(path is null, $"{name} is absent: set {Paths.DataVariable} to the folder that holds it.");
        return path!;
    }

    [Fact]
    public void The_bunny_has_its_35947_vertices()
    {
        NumericTable bunny = DataFile.Read(Need("stanford-bunny.obj"));
        Assert.Equal(35_947, bunny.Rows);
        Assert.Equal(["x", "y", "z"], bunny.Columns);
    }

    [Fact]
    public void California_housing_needs_two_decisions_and_reports_both()
    {
        string path = Need("california-housing.csv");
        Assert.Equal("ocean_proximity", Assert.Throws<DataFileException>(() => DataFile.Read(path)).Column);
        Assert.Equal("total_bedrooms", Assert.Throws<DataFileException>(() => DataFile.Read(path, new() { Text = TextPolicy.Drop })).Column);
        NumericTable dropped = DataFile.Read(path, new() { Text = TextPolicy.Drop, Missing = MissingPolicy.DropRows });
        Assert.Equal(20_640 - 207, dropped.Rows);
        Assert.Equal(9, dropped.Columns.Count);
        Assert.Contains(dropped.Findings, f => f.Contains("'total_bedrooms' misses 207 of 20640"));
        Assert.Contains(dropped.Findings, f => f.Contains("'ocean_proximity' is text in 20640 rows, first in row 1 ('NEAR BAY')"));
        Assert.Equal(20_640, DataFile.Read(path, new() { Text = TextPolicy.Drop, Missing = MissingPolicy.Mean }).Rows);
    }
}
