using ResearchKit.Networks;

namespace ResearchKit.Datasets;

/// <summary>Every feature minus its weighted mean, over its standard deviation; a constant feature becomes 0.</summary>
public sealed record Standardise : FeatureMap
{
    /// <inheritdoc/>
    public override FittedFeatures Fit(Samples data, int threads = -1)
    {
        ArgumentNullException.ThrowIfNull(data);
        double[] means = FeatureStatistics.Means(data), deviations = FeatureStatistics.Deviations(data, means);
        int n = data.InputSize, constant = deviations.Count(d => d == 0);
        string description = $"{n} features standardised{(constant == 0 ? "" : $" ({constant} constant)")}";
        return new FittedFeatures(n, n, description, (row, mapped) =>
        {
            for (int a = 0; a < row.Length; a++) mapped[a] = deviations[a] > 0 ? (row[a] - means[a]) / deviations[a] : 0;
        });
    }
}
