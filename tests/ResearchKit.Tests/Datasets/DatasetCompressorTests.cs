using System.Text.Json;
using ResearchKit.Datasets;
using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Datasets;

/// <summary>What a reduced data set must keep, on features of different units that repeat each other.</summary>
public class DatasetCompressorTests
{
    private const int Rows = 3000, Features = 4;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RidgeRegressionHasTheCoefficientsOfAllRows(bool weighted)
    {
        Samples data = Data(weighted);
        CompressedDataset few = DatasetCompressor.Compress(data, new DatasetOptions { Budget = 31, Degree = 2 });
        Assert.InRange(few.Count, 1, 31);
        foreach (double ridge in new[] { 0, 1e-3, 10 })
        {
            double[] all = Ridge(data, ridge), reduced = Ridge(few.Samples, ridge);
            for (int j = 0; j < all.Length; j++) Assert.Equal(all[j], reduced[j], 1e-9 * Math.Max(1, Math.Abs(all[j])));
        }
    }

    [Fact]
    public void RowsAreRowsOfTheDataWithPositiveWeightsOfTheSameMass()
    {
        Samples data = Data(weighted: true);
        CompressedDataset few = DatasetCompressor.Compress(data, new DatasetOptions { Budget = 200, Features = [new Standardise(), new PrincipalComponents(0.9), new RelevantDirections { Features = 50 }] });
        Assert.InRange(few.Count, 100, 200);
        Assert.All(few.Weights.ToArray(), w => Assert.True(w > 0));
        Assert.Equal(1, few.Weights.ToArray().Sum() / data.Weights.ToArray().Sum(), 1e-12);
        for (int i = 0; i < few.Count; i++)
        {
            int row = few.Indices[i];
            Assert.Equal(data.Inputs.Slice(row * Features, Features), few.Samples.Inputs.Slice(i * Features, Features));
            Assert.Equal(data.Targets[row], few.Labels[i]);
        }
        Assert.Equal(few.Labels, few.Samples.Targets);
        Assert.Equal(few.Weights, few.Samples.Weights);
    }

    [Fact]
    public void TheDegreeIsTwoWhereItFitsAndLowerOnATighterBudget()
    {
        Samples data = Data();
        // 2 C(4 + k, k) + 1 moments: 31, 71 and 141 for k = 2, 3 and 4.
        Assert.Contains(Degree(200), new[] { 2, 3 });
        Assert.Equal(2, Degree(31));
        Assert.Equal(1, Degree(30));
        Assert.Equal(0, Degree(5));
        Assert.Contains("Budget d' = 2 is too small", Assert.ThrowsAny<ArgumentException>(() => Degree(2)).Message);

        // The structured space counts k in the features; with the label its largest total degree is k + 1.
        int Degree(int budget)
        {
            string space = DatasetCompressor.Compress(data, new DatasetOptions { Budget = budget }).Certificate.Compression.MomentSpace;
            return int.Parse(space.Split("degree ")[1][..1], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void AToleranceTakesFewRowsAndIsMet()
    {
        CompressedDataset few = DatasetCompressor.Compress(Data(), new DatasetOptions { Tolerance = 1e-2 });
        Assert.InRange(few.Certificate.Compression.EstimatedError, 0, 1e-2);
        Assert.InRange(few.Count, 3, Rows / 4);
    }

    [Fact]
    public void TheEstimateIsTheLossOfProbesMeasuredAnew()
    {
        // A subset that is the data has no error; a reduction has one that more rows lessen.
        Samples data = Data();
        Assert.Equal(0, DatasetCompressor.Compress(data, new DatasetOptions { Budget = Rows }).Certificate.Compression.EstimatedError);
        double few = Error(62), many = Error(1000);
        Assert.True(many < 0.3 * few, $"{many} with 1000 rows, {few} with 62");
        Assert.True(few < 0.2);

        double Error(int budget) => DatasetCompressor.Compress(data, new DatasetOptions { Budget = budget, Degree = 2 }).Certificate.Compression.EstimatedError;
    }

    [Fact]
    public void ClassesKeepTheirMassesAndSecondMoments()
    {
        Samples numbers = Data(weighted: true);
        double[] classes = [.. Enumerable.Range(0, Rows).Select(i => numbers.Targets[i] > 1 ? 7.0 : numbers.Inputs[i * Features] > 0 ? 2 : -1)];
        var data = new Samples(numbers.Inputs.ToArray(), classes, Features, 1, numbers.Weights.ToArray());
        CompressedDataset few = DatasetCompressor.Compress(data, new DatasetOptions { Task = DatasetTask.Classification, Budget = 60 });
        Assert.InRange(few.Count, 3, 60);
        foreach (double label in new[] { 7.0, 2, -1 })
        {
            for (int a = -1; a < Features; a++)
                for (int b = -1; b <= a; b++)
                    Assert.Equal(1, Moment(few.Samples, label, a, b) / Moment(data, label, a, b), 1e-10);
        }

        static double Moment(Samples s, double label, int a, int b) => Enumerable.Range(0, s.Count).Where(i => s.Targets[i] == label)
            .Sum(i => s.Weights[i] * (a < 0 ? 1 : s.Inputs[i * Features + a] + 1e4) * (b < 0 ? 1 : s.Inputs[i * Features + b] + 1e4));
    }

    [Fact]
    public void FittedLabelsLoseTheNoiseOfSingleRows()
    {
        // y = sin(2 x1) + x2 + noise of deviation 1.
        var random = new SeededRandom(4);
        double[] x = new double[2 * 4000], y = new double[4000];
        random.FillUniform(x, -1, 1);
        for (int i = 0; i < y.Length; i++) y[i] = Truth(x, i) + random.NextNormal();
        CompressedDataset few = DatasetCompressor.Compress(new Samples(x, y, 2), new DatasetOptions { Budget = 100, FittedLabels = new FittedLabels { Features = 60 } });
        double error = few.Indices.ToArray().Select((row, i) => Math.Pow(few.Labels[i] - Truth(x, row), 2)).Average();
        // About 60 parameters fitted to 4000 rows of unit noise: 0.015.
        Assert.InRange(error, 0, 0.03);
        Assert.Equal(1, few.Certificate.LabelVariance, 0.1);
        Assert.Contains("60 random ReLU features", few.Certificate.Labels);

        static double Truth(double[] x, int i) => Math.Sin(2 * x[2 * i]) + x[2 * i + 1];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnyNumberOfThreadsGivesTheSameBits(bool fitted)
    {
        var options = new DatasetOptions
        {
            Budget = 150, Features = [new Standardise(), new RelevantDirections { Features = 40 }, new RandomFeatures(6)], FittedLabels = fitted ? new FittedLabels { Features = 80 } : null,
        };
        CompressedDataset[] results = [.. new[] { 1, 2, 5 }.Select(threads => DatasetCompressor.Compress(Data(), options with { MaxDegreeOfParallelism = threads }))];
        Assert.All(results[1..], r =>
        {
            Assert.Equal(results[0].Indices, r.Indices);
            Assert.Equal(results[0].Weights, r.Weights);
            Assert.Equal(results[0].Labels, r.Labels);
        });
    }

    [Fact]
    public void TheCertificateIsPlainValuesForAnyJsonWriter()
    {
        CompressedDataset few = DatasetCompressor.Compress(Data(), new DatasetOptions { Budget = 80, Features = [new Standardise(), new PrincipalComponents(0.8)] });
        string json = JsonSerializer.Serialize(few.Certificate, new JsonSerializerOptions { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals });
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(few.Certificate.FeatureMap, document.RootElement.GetProperty("FeatureMap").GetString());
        Assert.Contains("principal components", few.Certificate.FeatureMap);
        Assert.Equal(few.Count, document.RootElement.GetProperty("Compression").GetProperty("Count").GetInt32());
    }

    [Fact]
    public void ProgressRisesAndCancellationStops()
    {
        var seen = new List<double>();
        DatasetCompressor.Compress(Data(), new DatasetOptions { Budget = 100, FittedLabels = new FittedLabels { Features = 20 }, MaxDegreeOfParallelism = 1, Progress = new Recorder(seen) });
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(1, seen[^1]);
        Assert.Throws<OperationCanceledException>(() => DatasetCompressor.Compress(Data(), new DatasetOptions { Budget = 100, CancellationToken = new CancellationToken(true) }));
    }

    [Fact]
    public void WhatCannotBeMeantIsRefusedWithItsRemedy()
    {
        Samples data = Data();
        Refused("Neither Budget", new DatasetOptions());
        Refused("both given", new DatasetOptions { Budget = 50, Tolerance = 0.1 });
        Refused("Budget d' = 0", new DatasetOptions { Budget = 0 });
        Refused("Tolerance = NaN", new DatasetOptions { Tolerance = double.NaN });
        Refused("Degree k = -1", new DatasetOptions { Budget = 50, Degree = -1 });
        Refused("Probes = -3", new DatasetOptions { Budget = 50, Probes = -3 });
        Refused("no class", new DatasetOptions { Budget = 50, Task = DatasetTask.Classification, FittedLabels = new FittedLabels() });
        Refused("Task = 9", new DatasetOptions { Budget = 50, Task = (DatasetTask)9 });
        Refused("Features = 0 of the label fit", new DatasetOptions { Budget = 50, FittedLabels = new FittedLabels { Features = 0 } });
        Refused("Variance = 0", new DatasetOptions { Budget = 50, Features = [new PrincipalComponents(0)] });
        Refused("Count = 0", new DatasetOptions { Budget = 50, Features = [new RandomFeatures(0)] });
        Refused("Scale = -1", new DatasetOptions { Budget = 50, Features = [new RandomFeatures(3) { Scale = -1 }] });
        Refused("Power = 2", new DatasetOptions { Budget = 50, Features = [new RelevantDirections(2)] });
        Refused("Feature map 0 is null", new DatasetOptions { Budget = 50, Features = [null!] });
        Assert.Contains("2 labels a row", Assert.ThrowsAny<ArgumentException>(() => DatasetCompressor.Compress(new Samples([1, 2, 3, 4], [1, 2, 3, 4], 2, 2), new DatasetOptions { Budget = 5 })).Message);

        void Refused(string part, DatasetOptions options)
            => Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() => DatasetCompressor.Compress(data, options)).Message);
    }

    /// <summary>Features around 0, 1e3 and 1e-4, the last the sum of two others with a little of its own; a label with noise.</summary>
    internal static Samples Data(bool weighted = false)
    {
        var random = new SeededRandom(12);
        double[] x = new double[Rows * Features], y = new double[Rows], c = new double[Rows];
        for (int i = 0; i < Rows; i++)
        {
            double a = random.NextNormal(), b = random.NextNormal();
            x[i * Features] = a;
            x[i * Features + 1] = 1e3 + 50 * b;
            x[i * Features + 2] = 1e-4 * random.NextNormal();
            x[i * Features + 3] = a + b + 0.1 * random.NextNormal();
            y[i] = 0.5 * a * b + b + 1e4 * x[i * Features + 2] * a + 0.3 * random.NextNormal();
            c[i] = random.Uniform(0.5, 2);
        }
        return new Samples(x, y, Features, 1, weighted ? c : null);
    }

    /// <summary>Coefficients of ridge regression on the standardised features, by QR of the rows with the ridge's own.</summary>
    private static double[] Ridge(Samples data, double ridge)
    {
        double[] means = FeatureStatistics.Means(data), deviations = FeatureStatistics.Deviations(data, means);
        double mass = FeatureStatistics.Mass(data), mean = Enumerable.Range(0, data.Count).Sum(i => data.WeightOf(i) * data.Targets[i]) / mass;
        var a = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(data.Count + Features, Features, (i, j) => i < data.Count
            ? Math.Sqrt(data.WeightOf(i) / mass) * (data.Inputs[i * Features + j] - means[j]) / deviations[j]
            : i - data.Count == j ? Math.Sqrt(ridge) : 0);
        var b = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(data.Count + Features, i => i < data.Count ? Math.Sqrt(data.WeightOf(i) / mass) * (data.Targets[i] - mean) : 0);
        return [.. a.QR().Solve(b)];
    }

    private sealed class Recorder(List<double> seen) : IProgress<CompressionProgress>
    {
        public void Report(CompressionProgress value) => seen.Add(value.Fraction);
    }
}
