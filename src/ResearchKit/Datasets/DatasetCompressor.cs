using System.Globalization;
using ResearchKit.Networks;

namespace ResearchKit.Datasets;

/// <summary>
/// Replaces a data set of d labelled rows by d' weighted ones with (nearly) the same loss for every model: implication (Ib)
/// of arXiv 2510.00504, in the structured moment spaces that a task needs.
/// </summary>
/// <remarks>
/// <para>
/// The features are mapped (<see cref="DatasetOptions.Features"/>), cells are cut in the mapped coordinates alone, and every
/// cell keeps the moments of the task there (<see cref="Compressor"/>). The rows that come back are rows of the data, with
/// their own features; <see cref="DatasetOptions.FittedLabels"/> gives them new labels.
/// </para>
/// <para>
/// The degree, where none is given: 2 if the budget holds one cell's second moments, since with them any least-squares and
/// ridge regression (with an intercept) has the same coefficients as on all rows; more rows make more cells. Where degrees above 2 have at
/// most 128 moments they are tried too, and the least <see cref="Certificate.EstimatedError"/> wins. A budget below the second
/// moments takes the largest degree that fits.
/// </para>
/// </remarks>
public static class DatasetCompressor
{
    private const int MostMomentsTried = 128;

    /// <summary>Reduces a data set.</summary>
    /// <param name="data">Rows with one label each, and weights or none.</param>
    /// <param name="options">Task, budget or tolerance, feature maps, labels.</param>
    /// <returns>Indices of the rows kept, with weights and labels. The same bits for any number of threads.</returns>
    /// <exception cref="ArgumentException">Options that are out of range or contradict each other, more than one label a row, or a budget below the moments of the degree asked for.</exception>
    /// <exception cref="ArithmeticException">Values span more than double precision holds.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    public static CompressedDataset Compress(Samples data, DatasetOptions options)
    {
        Require(data, options);
        CancellationToken cancel = options.CancellationToken;
        int threads = options.MaxDegreeOfParallelism;
        options.Progress?.Report(new CompressionProgress("features", 0));
        cancel.ThrowIfCancellationRequested();
        FittedFeatures features = FeatureMap.Fit(options.Features, data, threads);
        double[] mapped = features.Apply(data.Inputs), labels = data.Targets.ToArray(), weights = data.Weights.ToArray();
        int bad = NonFinite.IndexOf(mapped);
        if (bad >= 0)
            throw new ArithmeticException($"Coordinate {bad % features.OutputSize} of row {bad / features.OutputSize} is {mapped[bad]} after the feature maps ({features.Description}): the features span more than double precision holds. Rescale them.");
        string labelText = options.Task == DatasetTask.Classification ? "classes as given" : "labels as given";
        double labelVariance = 0;
        if (options.FittedLabels is { } fit)
        {
            options.Progress?.Report(new CompressionProgress("labels", 0.05));
            var samples = new Samples(mapped, labels, features.OutputSize, 1, weights);
            RandomFeatureFit found = RandomFeatureFit.Fit(samples, fit.Features, FittedLabels.Scale, options.Seed, threads, cancel);
            double[] fitted = found.Predict(mapped, threads, cancel);
            labelVariance = MeanSquare(data, i => labels[i] - fitted[i]);
            labels = fitted;
            labelText = string.Create(CultureInfo.InvariantCulture, $"values of the least-squares function in {fit.Features} random ReLU features of the mapped coordinates (ridge {found.Ridge:G1}, seed {options.Seed})");
        }
        WeightedPoints points = Join(mapped, labels, features.OutputSize, weights);
        CompressedSet set = Best(points, features.OutputSize, options);
        options.Progress?.Report(new CompressionProgress("done", 1));
        return new CompressedDataset(data, set, labels, new DatasetCertificate
        {
            Task = options.Task, Features = data.InputSize, FeatureMap = features.Description, MappedFeatures = features.OutputSize,
            Labels = labelText, LabelVariance = labelVariance, Compression = set.Certificate,
        });
    }

    private static CompressedSet Best(WeightedPoints points, int features, DatasetOptions options)
    {
        int[] degrees = Degrees(points, features, options);
        IReadOnlyList<Func<ReadOnlySpan<double>, double>> probes = DatasetProbes.For(points, features, options);
        CompressedSet? best = null;
        for (int t = 0; t < degrees.Length; t++)
        {
            int trial = t;
            var compression = new CompressionOptions
            {
                Budget = options.Budget, Tolerance = options.Tolerance, MomentSpace = Space(options.Task, features, degrees[t]),
                ProbeFunctions = probes, Seed = options.Seed, MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = options.CancellationToken,
                Progress = options.Progress is { } target
                    ? new Part(target, 0.1 + 0.9 * trial / degrees.Length, 0.9 / degrees.Length) : null,
            };
            CompressedSet set = Compressor.Compress(points, compression);
            if (best is null || Better(set, best, options)) best = set;
        }
        return best!;
    }

    /// <summary>Fewer rows for a tolerance, a smaller error for a budget.</summary>
    private static bool Better(CompressedSet set, CompressedSet best, DatasetOptions options)
        => options.Tolerance is null ? set.Certificate.EstimatedError < best.Certificate.EstimatedError : set.Count < best.Count;

    private static int[] Degrees(WeightedPoints points, int features, DatasetOptions options)
    {
        if (options.Degree is { } given) return [given];
        long groups = options.Task == DatasetTask.Regression ? 1 : Enumerable.Range(0, points.Count).Select(i => points[i][features]).Distinct().LongCount();
        long most = options.Budget ?? Math.Max(1, points.Count / 2);
        bool Fits(int degree, long limit) => Moments(options.Task, features, degree) is var moments && moments <= limit && moments * groups <= most;
        if (!Fits(2, MomentSpace.MaxCount)) return [Fits(1, MomentSpace.MaxCount) ? 1 : 0];
        // Without probes there is nothing to choose by.
        if (options.Probes == 0 && options.Tolerance is null) return [2];
        return [2, .. Enumerable.Range(3, 3).TakeWhile(k => Fits(k, MostMomentsTried))];
    }

    private static long Moments(DatasetTask task, int features, int degree)
    {
        double count = 1;
        for (int i = 1; i <= degree; i++) count = count * (features + i) / i;
        return (long)Math.Min(task == DatasetTask.Regression ? 2 * count + 1 : count, int.MaxValue);
    }

    private static MomentSpace Space(DatasetTask task, int features, int degree) => task == DatasetTask.Regression
        ? MomentSpace.ForSquaredLoss(features, degree) : MomentSpace.ForClassification(features, degree);

    private static WeightedPoints Join(double[] mapped, double[] labels, int features, double[] weights)
    {
        var rows = new double[checked(labels.Length * (features + 1))];
        for (int i = 0; i < labels.Length; i++)
        {
            mapped.AsSpan(i * features, features).CopyTo(rows.AsSpan(i * (features + 1)));
            rows[i * (features + 1) + features] = labels[i];
        }
        return new WeightedPoints(rows, features + 1, weights.Length == 0 ? null : weights);
    }

    private static double MeanSquare(Samples data, Func<int, double> value)
    {
        var sum = new CompensatedSum();
        for (int i = 0; i < data.Count; i++) sum.Add(data.WeightOf(i) * value(i) * value(i));
        return sum.Total / FeatureStatistics.Mass(data);
    }

    private static void Require(Samples data, DatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        if (!Enum.IsDefined(options.Task))
            throw new ArgumentOutOfRangeException(nameof(options), options.Task, $"Task = {(int)options.Task} is none of {string.Join(", ", Enum.GetNames<DatasetTask>())}.");
        if (data.TargetSize != 1)
            throw new ArgumentException($"The data has {data.TargetSize} labels a row; one is needed (compress for each label by itself, or use {nameof(Compressor)} with {nameof(MomentSpace)}.{nameof(MomentSpace.Product)}).", nameof(data));
        if (options.FittedLabels is not null && options.Task == DatasetTask.Classification)
            throw new ArgumentException("FittedLabels were asked for with classes; a fit of numbers is no class. Leave FittedLabels null, or set Task = Regression.", nameof(options));
        options.FittedLabels?.Require();
        if (options.Degree is < 0 or > byte.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(options), options.Degree, $"Degree k = {options.Degree}; it must lie between 0 and {byte.MaxValue}, or be null for an automatic one.");
        // What the compressor refuses is refused before the features and labels are fitted.
        OptionsCheck.Require(new CompressionOptions { Budget = options.Budget, Tolerance = options.Tolerance, Probes = options.Probes, MaxDegreeOfParallelism = options.MaxDegreeOfParallelism });
    }

    /// <summary>A trial's progress as a part of the whole.</summary>
    private sealed class Part(IProgress<CompressionProgress> target, double start, double size) : IProgress<CompressionProgress>
    {
        public void Report(CompressionProgress value)
        {
            if (value.Stage != "done") target.Report(value with { Fraction = start + size * value.Fraction });
        }
    }
}
