namespace ResearchKit.Datasets;

/// <summary>
/// Labels for squared losses: every kept row's label becomes the value there of the function that fits all labels best, in
/// <see cref="Features"/> random ReLU features of the mapped coordinates.
/// </summary>
/// <remarks>
/// A squared loss sees of the labels only the sums of y f(x) and a constant. The fit has the same sums for every f in the
/// span of the features (up to its small ridge), and the noise of single labels averages out in it: a few rows with their
/// own labels would hand a model their noise instead. Not for losses other than the squared one, and no better than the fit:
/// <see cref="DatasetCertificate.LabelVariance"/> says what it leaves.
/// </remarks>
public sealed record FittedLabels
{
    /// <summary>Length of a typical random direction, in standardised features.</summary>
    internal const double Scale = 3;

    /// <summary>Random features, at least 1: a Gram matrix of so many rows is summed over the data, and factored.</summary>
    public int Features { get; init; } = 1000;

    /// <summary>Refuses what cannot be meant.</summary>
    internal void Require()
    {
        if (Features < 1)
            throw new ArgumentOutOfRangeException("options", Features, $"Features = {Features} of the label fit; at least 1 random feature is needed (1000 is usual).");
    }
}
