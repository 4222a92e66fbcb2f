namespace ResearchKit.Datasets;

/// <summary>What the labels of a data set are.</summary>
public enum DatasetTask
{
    /// <summary>Numbers, for a squared loss: moments {p(x), y p(x), y^2} in cells of the features (<see cref="MomentSpace.ForSquaredLoss"/>).</summary>
    Regression,

    /// <summary>Classes, any distinct numbers, for any loss: moments of the features within each class (<see cref="MomentSpace.ForClassification"/>).</summary>
    Classification,
}

/// <summary>How a data set is reduced.</summary>
public sealed record DatasetOptions
{
    /// <summary>What the labels are.</summary>
    public DatasetTask Task { get; init; }

    /// <summary>d', the rows to keep at most. Exactly one of this and <see cref="Tolerance"/> is given.</summary>
    public int? Budget { get; init; }

    /// <summary>
    /// Keep as few rows as have a <see cref="Certificate.EstimatedError"/> of at most this, on the probes of
    /// <see cref="Probes"/>; positive and finite.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>
    /// k, the degree in the mapped features of the moments kept in every cell. Null chooses it: 2 where the budget holds all
    /// second moments (what least squares sees), the largest below otherwise; see <see cref="DatasetCompressor"/>.
    /// </summary>
    public int? Degree { get; init; }

    /// <summary>The coordinates of cells and moments, fitted one after the other. By default features are standardised.</summary>
    public IReadOnlyList<FeatureMap> Features { get; init; } = [new Standardise()];

    /// <summary>Null keeps every row's own label (or class). Otherwise labels are synthetic: for regression with a squared loss.</summary>
    public FittedLabels? FittedLabels { get; init; }

    /// <summary>
    /// Seeded functions f, on whose losses the certificate measures the result: for regression the mean of (f(x) - y)^2 in
    /// units of the label's variance, for classification the mean of f(x) within each class. f(x) = tanh(a . z) of the mapped
    /// features, a of length 1 and offset. 0 skips them; a tolerance needs some and takes 32 then.
    /// </summary>
    public int Probes { get; init; } = 32;

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; }

    /// <summary>Threads to use at most; -1 means all processors. The result has the same bits for every value.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Receives progress from 0 to 1, on any thread.</summary>
    public IProgress<CompressionProgress>? Progress { get; init; }

    /// <summary>Cancels the reduction.</summary>
    public CancellationToken CancellationToken { get => AmbientCancellation.Or(field); init; }
}
