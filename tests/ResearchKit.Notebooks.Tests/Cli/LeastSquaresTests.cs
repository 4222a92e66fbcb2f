using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace ResearchKit.Notebooks.Tests.Cli;

/// <summary>All second moments kept means the same normal equations, hence the same least-squares fit.</summary>
[Collection(CliCollection.Name)]
public class LeastSquaresTests
{
    private const string File = "california-housing.csv";
    private const string Label = "median_house_value";

    [Fact]
    public async Task Sixty_rows_of_the_housing_table_give_the_fit_of_all_20433()
    {
        string? folder = Environment.GetEnvironmentVariable("RESEARCHKIT_DATA");
        Assert.SkipWhen(folder is null || !System.IO.File.Exists(Path.Combine(folder, File)), $"RESEARCHKIT_DATA does not name a folder with {File}");
        using var cli = new CliHarness();
        string input = Path.Combine(folder, File);
        CliResult result = await cli.RunAsync("compress", input, "-b", "60", "-k", "2", "--text", "drop", "--missing", "drop", "-o", "few.csv", "--verify");
        Assert.Equal((0, ""), (result.Code, result.Error));

        (string[] names, List<double[]> all) = Read(input);
        (string[] fewNames, List<double[]> few) = Read(cli.Path("few.csv"));
        int columns = names.Length;
        Assert.Equal([.. names, "row", "weight"], fewNames);
        Assert.InRange(few.Count, 55, 60);

        Vector<double> full = Fit(all.Select(r => (r, 1.0)), names);
        Vector<double> small = Fit(few.Select(r => (r[..columns], r[^1])), names);
        // Coefficients of standardised columns, in units of the label's standard deviation.
        for (int i = 0; i < full.Count; i++) Assert.Equal(full[i], small[i], 1e-9);
        Assert.True(full.AbsoluteMaximum() > 0.5);
    }

    /// <summary>Numeric columns of every row without a gap.</summary>
    private static (string[] Names, List<double[]> Rows) Read(string path)
    {
        string[][] lines = [.. System.IO.File.ReadLines(path).Where(l => l.Length > 0).Select(l => l.Split(','))];
        int[] numeric = [.. Enumerable.Range(0, lines[0].Length).Where(c => lines[0][c] != "ocean_proximity")];
        var rows = new List<double[]>();
        foreach (string[] line in lines.Skip(1))
        {
            if (numeric.Any(c => line[c].Length == 0)) continue;
            rows.Add([.. numeric.Select(c => double.Parse(line[c], CultureInfo.InvariantCulture))]);
        }
        return ([.. numeric.Select(c => lines[0][c])], rows);
    }

    /// <summary>Weighted least squares of the label on the other columns, all standardised with the set's own weighted moments.</summary>
    private static Vector<double> Fit(IEnumerable<(double[] Row, double Weight)> data, string[] names)
    {
        (double[] Row, double Weight)[] rows = [.. data];
        int m = names.Length, label = Array.IndexOf(names, Label);
        double mass = rows.Sum(r => r.Weight);
        double[] mean = [.. Enumerable.Range(0, m).Select(j => rows.Sum(r => r.Weight * r.Row[j]) / mass)];
        double[] deviation = [.. Enumerable.Range(0, m).Select(j => Math.Sqrt(rows.Sum(r => r.Weight * Math.Pow(r.Row[j] - mean[j], 2)) / mass))];
        int[] features = [.. Enumerable.Range(0, m).Where(j => j != label)];
        // Rows scaled by the root of their weight, and QR rather than normal equations: the test adds no error of its own.
        Matrix<double> a = Matrix<double>.Build.Dense(rows.Length, features.Length,
            (i, j) => Math.Sqrt(rows[i].Weight) * (rows[i].Row[features[j]] - mean[features[j]]) / deviation[features[j]]);
        Vector<double> b = Vector<double>.Build.Dense(rows.Length, i => Math.Sqrt(rows[i].Weight) * (rows[i].Row[label] - mean[label]) / deviation[label]);
        return a.QR().Solve(b);
    }
}
