using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.Data.Analysis;
using ResearchKit.Datasets;

namespace ResearchKit.Notebooks.Tests.Data;

/// <summary>Tables in, weighted tables out.</summary>
public sealed class DatasetReductionTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(".csv")]
    [InlineData(".parquet")]
    public void A_file_becomes_a_weighted_file_that_gives_the_same_means(string extension)
    {
        NumericTable table = Table();
        string input = _temp.File("in" + extension), output = _temp.File("out" + extension);
        DataFile.Write(input, table);
        ReducedTable few = DatasetReduction.CompressFile(input, "y", new DatasetOptions { Budget = 30 });
        few.Write(output);
        NumericTable back = DataFile.Read(output);
        Assert.Equal(["a", "b", "y", "row", "weight"], back.Columns);
        Assert.InRange(back.Rows, 13, 30);
        double[] weights = back.Column("weight"), rows = back.Column("row");
        Assert.Equal(few.Result.Weights.ToArray(), weights);
        foreach (string column in table.Columns)
        {
            double[] all = table.Column(column), kept = back.Column(column);
            Assert.Equal(all.Sum(), kept.Zip(weights, (v, w) => v * w).Sum(), 1e-9);
            for (int i = 0; i < kept.Length; i++) Assert.Equal(all[(int)rows[i]], kept[i]);
        }

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(_temp.File("out.json")));
        Assert.Equal("y", json.RootElement.GetProperty("label").GetString());
        JsonElement certificate = json.RootElement.GetProperty("certificate");
        Assert.Equal("Regression", certificate.GetProperty("task").GetString());
        Assert.Equal("2 features standardised", certificate.GetProperty("featureMap").GetString());
        Assert.Equal(back.Rows, certificate.GetProperty("compression").GetProperty("count").GetInt32());
        Assert.InRange(certificate.GetProperty("compression").GetProperty("maxMomentResidual").GetDouble(), 0, 1e-12);
    }

    [Fact]
    public void A_frame_with_gaps_keeps_the_row_numbers_of_the_frame()
    {
        DataFrame frame = Table().ToDataFrame();
        for (int r = 0; r < 100; r += 3) frame.Columns["a"][r] = null!;
        frame.Columns.Add(new StringDataFrameColumn("name", frame.Rows.Count));
        Assert.Throws<DataFileException>(() => DatasetReduction.Compress(frame, "y", new DatasetOptions { Budget = 30 }));
        ReducedTable few = DatasetReduction.Compress(frame, "y", new DatasetOptions { Budget = 30 }, new DataOptions { Missing = MissingPolicy.DropRows }, ["a", "b"]);
        DataFrame reduced = few.ToDataFrame();
        Assert.Equal("weight", reduced.Columns[^1].Name);
        Assert.Equal(400 - 34, few.Result.Weights.ToArray().Sum(), 1e-9);
        double[] rows = few.Rows.Column("row");
        Assert.Contains(rows, r => r > 0 && r < 100);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(frame.Columns["a"][(long)rows[i]], few.Rows[i, 0]);
            Assert.Equal(frame.Columns["y"][(long)rows[i]], few.Rows[i, 2]);
        }

        Assert.Contains("misses 34 of 400", few.CertificateNode().ToJsonString());
    }

    [Fact]
    public void A_column_of_weights_counts_and_columns_must_exist_once()
    {
        NumericTable table = Table();
        double[] mass = table.Column("b").Select(b => 1 + b * b).ToArray();
        var weighted = new NumericTable([.. table.Columns, "c"], [.. Enumerable.Range(0, table.Rows).SelectMany(r => new[] { table[r, 0], table[r, 1], table[r, 2], mass[r] })]);
        ReducedTable few = DatasetReduction.Compress(weighted, "y", new DatasetOptions { Budget = 30 }, weights: "c");
        Assert.Equal(["a", "b"], few.Features);
        Assert.Equal(mass.Sum(), few.Result.Weights.ToArray().Sum(), 1e-9);
        Assert.Contains("'z'", Assert.ThrowsAny<ArgumentException>(() => DatasetReduction.Compress(table, "z", new DatasetOptions { Budget = 30 })).Message);
        Assert.Contains("named twice", Assert.ThrowsAny<ArgumentException>(() => DatasetReduction.Compress(table, "y", new DatasetOptions { Budget = 30 }, ["a", "y"])).Message);
        Assert.Contains("no feature", Assert.ThrowsAny<ArgumentException>(() => DatasetReduction.Compress(table.Select("y"), "y", new DatasetOptions { Budget = 30 })).Message);
        // A feature called row leaves its name to itself.
        var named = new NumericTable(["row", "b", "y"], table.RowMajor);
        Assert.Equal(["row", "b", "y", "row_number"], DatasetReduction.Compress(named, "y", new DatasetOptions { Budget = 30 }).Rows.Columns);
    }

    /// <summary>Issue 5's criterion: all second moments of 20640 rows in at most 60 rows (9 columns have 55).</summary>
    [Fact]
    public void Housing_has_the_same_ridge_regression_on_sixty_rows()
    {
        DatasetEntry entry = DatasetCatalogue.Read()["california-housing"];
        string? path = DatasetStore.Default.Find(entry);
        Assert.SkipWhen(path is null, $"{entry.File} is absent: set {Paths.DataVariable} to the folder that holds it.");
        NumericTable table = DataFile.Read(path!, new() { Text = TextPolicy.Drop, Missing = MissingPolicy.Mean });
        Assert.Equal(20_640, table.Rows);
        // Total degree 2 in features and label is all that least squares sees; the structured space keeps y times p(x) of degree 2 as well.
        var set = new WeightedPoints(table.RowMajor, table.Columns.Count);
        CompressedSet few = Compressor.Compress(set, new CompressionOptions { Budget = 60, Degree = 2, Metric = PartitionMetric.Standardised(set) });
        Assert.InRange(few.Count, 1, 60);
        foreach (double ridge in new[] { 0, 1e-3, 0.1, 10 })
        {
            Vector<double> all = Ridge(set, ridge), small = Ridge(few.Points(set), ridge);
            for (int j = 0; j < all.Count; j++) Assert.Equal(all[j], small[j], 1e-9);
            Assert.True(all.AbsoluteMaximum() > 1e-3);
        }

        // The compressor of data sets by itself: one cell of 91 moments, the same coefficients.
        ReducedTable reduced = DatasetReduction.Compress(table, "median_house_value", new DatasetOptions { Budget = 91 });
        Assert.InRange(reduced.Result.Count, 1, 91);
        Vector<double> own = Ridge(new WeightedPoints(reduced.Rows.Select([.. table.Columns]).RowMajor, table.Columns.Count, reduced.Result.Weights.ToArray()), 0.1);
        Vector<double> full = Ridge(set, 0.1);
        for (int j = 0; j < full.Count; j++) Assert.Equal(full[j], own[j], 1e-9);
    }

    /// <summary>
    /// Ridge regression of the last column but the intercept, on columns standardised with the set's own weighted moments: QR
    /// of the rows with the ridge's rows below them adds no error of its own.
    /// </summary>
    private static Vector<double> Ridge(WeightedPoints set, double ridge)
    {
        int m = set.Dimension, n = m - 1;
        double[] means = [.. Enumerable.Range(0, m).Select(j => set.Sum(x => x[j]) / set.Mass)];
        double[] deviations = [.. Enumerable.Range(0, m).Select(j => Math.Sqrt(set.Sum(x => (x[j] - means[j]) * (x[j] - means[j])) / set.Mass))];
        double Cell(int i, int j) => Math.Sqrt(set.WeightOf(i) / set.Mass) * (set[i][j] - means[j]) / deviations[j];
        Matrix<double> a = Matrix<double>.Build.Dense(set.Count + n, n, (i, j) => i < set.Count ? Cell(i, j) : i - set.Count == j ? Math.Sqrt(ridge) : 0);
        Vector<double> b = Vector<double>.Build.Dense(set.Count + n, i => i < set.Count ? Cell(i, n) : 0);
        return a.QR().Solve(b);
    }

    private static NumericTable Table()
    {
        var values = new double[3 * 400];
        for (int r = 0; r < 400; r++)
        {
            double a = Math.Sin(r * 0.7), b = Math.Cos(r * 1.3) + 0.1 * a;
            (values[3 * r], values[3 * r + 1], values[3 * r + 2]) = (a, b, a * b + 0.3 * Math.Sin(r * 12.9898));
        }

        return new(["a", "b", "y"], values);
    }
}
