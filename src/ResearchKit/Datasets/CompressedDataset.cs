using ResearchKit.Networks;

namespace ResearchKit.Datasets;

/// <summary>d' weighted rows of a data set that stand for all d: what a <see cref="DatasetCompressor"/> gives.</summary>
public sealed class CompressedDataset
{
    private readonly CompressedSet set;
    private readonly double[] labels;

    internal CompressedDataset(Samples data, CompressedSet set, double[] labels, DatasetCertificate certificate)
    {
        this.set = set;
        this.labels = set.Gather<double>(labels);
        Certificate = certificate;
        Samples = new Samples(set.Gather(data.Inputs, data.InputSize), this.labels, data.InputSize, 1, set.Weights.ToArray());
    }

    /// <summary>d', the number of rows kept.</summary>
    public int Count => set.Count;

    /// <summary>Their numbers in the original, from 0, ascending.</summary>
    public ReadOnlySpan<int> Indices => set.Indices;

    /// <summary>Their positive weights, which sum to the original's mass.</summary>
    public ReadOnlySpan<double> Weights => set.Weights;

    /// <summary>Their labels: their own, or fitted ones (<see cref="DatasetOptions.FittedLabels"/>).</summary>
    public ReadOnlySpan<double> Labels => labels;

    /// <summary>Their original features with labels and weights, for training.</summary>
    public Samples Samples { get; }

    /// <summary>What was kept, and in which coordinates.</summary>
    public DatasetCertificate Certificate { get; }

    /// <summary>Applies the selection to any array that runs along the rows.</summary>
    /// <param name="perRow">d rows of <paramref name="width"/> values, row-major.</param>
    /// <param name="width">Values per row.</param>
    public T[] Gather<T>(ReadOnlySpan<T> perRow, int width = 1) => set.Gather(perRow, width);
}

/// <summary>What a reduced data set kept: plain values, so that any JSON writer can store it.</summary>
public sealed record DatasetCertificate
{
    /// <summary>What the labels are.</summary>
    public required DatasetTask Task { get; init; }

    /// <summary>Features of a row as given.</summary>
    public required int Features { get; init; }

    /// <summary>The maps from these to the coordinates of the moments, in words and numbers.</summary>
    public required string FeatureMap { get; init; }

    /// <summary>n, the coordinates of the moments, besides the label.</summary>
    public required int MappedFeatures { get; init; }

    /// <summary>Where the labels come from.</summary>
    public required string Labels { get; init; }

    /// <summary>
    /// Mean squared difference of the original labels and those that took their place, in squared units of the label: what a
    /// mean squared loss of the reduced data lacks at the fit itself. 0 where labels are their own.
    /// </summary>
    public required double LabelVariance { get; init; }

    /// <summary>The compression in these coordinates: moments, cells, residuals, probe errors.</summary>
    public required Certificate Compression { get; init; }
}
