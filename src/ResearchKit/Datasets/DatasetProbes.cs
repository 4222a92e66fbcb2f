using ResearchKit.Tasks;

namespace ResearchKit.Datasets;

/// <summary>Seeded models whose losses show what a reduced data set is worth; see <see cref="DatasetOptions.Probes"/>.</summary>
internal static class DatasetProbes
{
    private const int Default = 32;

    /// <summary>The probe functions of an object (z, label).</summary>
    /// <param name="points">The objects, the label last.</param>
    /// <param name="features">Mapped features.</param>
    /// <param name="options">Task, number and seed.</param>
    public static IReadOnlyList<Func<ReadOnlySpan<double>, double>> For(WeightedPoints points, int features, DatasetOptions options)
    {
        int count = options.Probes == 0 && options.Tolerance is not null ? Default : options.Probes;
        if (count == 0) return [];
        (double[] means, double[] deviations) = Spread(points);
        var random = new SeededRandom(options.Seed, 1);
        double[] classes = options.Task == DatasetTask.Classification ? [.. Enumerable.Range(0, points.Count).Select(i => points[i][features]).Distinct().Order()] : [];
        var probes = new Func<ReadOnlySpan<double>, double>[count];
        for (int p = 0; p < count; p++)
        {
            // Directions of length 1 where every feature has deviation 1.
            var a = new double[features];
            random.FillNormal(a);
            double length = Math.Sqrt(a.Sum(x => x * x)), offset = random.NextNormal();
            for (int j = 0; j < features; j++)
            {
                a[j] = deviations[j] > 0 ? a[j] / (length * deviations[j]) : 0;
                offset -= a[j] * means[j];
            }
            double mean = means[features], unit = deviations[features] > 0 ? 1 / deviations[features] : 0;
            double chosen = classes.Length > 0 ? classes[p % classes.Length] : 0;
            probes[p] = classes.Length > 0
                ? row => row[features] == chosen ? Value(row) : 0
                : row => Value(row) - (row[features] - mean) * unit is var residual ? residual * residual : 0;

            double Value(ReadOnlySpan<double> row)
            {
                double z = offset;
                for (int j = 0; j < features; j++) z += a[j] * row[j];
                return Math.Tanh(z);
            }
        }
        return probes;
    }

    private static (double[] Means, double[] Deviations) Spread(WeightedPoints points)
    {
        int m = points.Dimension;
        double[] rows = points.Coordinates.ToArray(), labels = new double[points.Count];
        var data = new Networks.Samples(rows, labels, m, 1, points.Weights.ToArray());
        double[] means = FeatureStatistics.Means(data);
        return (means, FeatureStatistics.Deviations(data, means));
    }
}
