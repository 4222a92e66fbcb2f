using ResearchKit.Networks;

namespace ResearchKit.Datasets;

/// <summary>
/// Coordinates in which a <see cref="DatasetCompressor"/> cuts cells and keeps moments, when the features as they are given
/// are too many, of different units, or not those in which models vary. The rows that come back keep their own features.
/// </summary>
/// <remarks>
/// Maps are immutable and can be put in a row: each is fitted to what the one before it gives. The kept moments are those of
/// the last one's coordinates, and <see cref="FittedFeatures.Description"/> says so in the certificate.
/// </remarks>
public abstract record FeatureMap
{
    /// <summary>Fits the map to data.</summary>
    /// <param name="data">Rows in the coordinates that the map takes, with their labels and weights.</param>
    /// <param name="threads">Threads at most, or -1. The result has the same bits for every value.</param>
    /// <exception cref="ArgumentException">A parameter is out of range, or the data does not allow the map.</exception>
    public abstract FittedFeatures Fit(Samples data, int threads = -1);

    /// <summary>Fits maps one after the other.</summary>
    /// <param name="maps">In the order of their use; none leaves features as they are.</param>
    /// <param name="data">Rows in the coordinates that the first takes.</param>
    /// <param name="threads">Threads at most, or -1.</param>
    public static FittedFeatures Fit(IReadOnlyList<FeatureMap> maps, Samples data, int threads = -1)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(data);
        FittedFeatures all = FittedFeatures.Identity(data.InputSize);
        double[] targets = data.Targets.ToArray(), weights = data.Weights.ToArray();
        Samples current = data;
        for (int i = 0; i < maps.Count; i++)
        {
            if (maps[i] is null) throw new ArgumentException($"Feature map {i} is null; leave it out.", nameof(maps));
            FittedFeatures next = maps[i].Fit(current, threads);
            all = i == 0 ? next : all.Then(next);
            if (i + 1 < maps.Count) current = new Samples(next.Apply(current.Inputs), targets, next.OutputSize, data.TargetSize, weights);
        }
        return all;
    }
}

/// <summary>A feature map whose parameters are fixed: it can be applied to other rows.</summary>
public sealed class FittedFeatures
{
    private readonly Action<ReadOnlySpan<double>, Span<double>> apply;

    /// <summary>Makes one.</summary>
    /// <param name="inputSize">Numbers that a row has.</param>
    /// <param name="outputSize">Numbers that it is mapped to.</param>
    /// <param name="description">What the map does, in words.</param>
    /// <param name="apply">Maps one row.</param>
    internal FittedFeatures(int inputSize, int outputSize, string description, Action<ReadOnlySpan<double>, Span<double>> apply)
    {
        (InputSize, OutputSize, Description) = (inputSize, outputSize, description);
        this.apply = apply;
    }

    /// <summary>Numbers that a row has.</summary>
    public int InputSize { get; }

    /// <summary>Numbers that it is mapped to: the features n of the moment space.</summary>
    public int OutputSize { get; }

    /// <summary>What the map does with the data that it was fitted to, in words and numbers.</summary>
    public string Description { get; }

    /// <summary>Maps rows.</summary>
    /// <param name="rows">Whole rows of <see cref="InputSize"/> numbers.</param>
    /// <returns>As many rows of <see cref="OutputSize"/> numbers.</returns>
    /// <exception cref="ArgumentException">The numbers are no whole rows.</exception>
    public double[] Apply(ReadOnlySpan<double> rows)
    {
        if (rows.Length % InputSize != 0)
            throw new ArgumentException($"{rows.Length} values are not a whole number of rows of {InputSize}.", nameof(rows));
        int count = rows.Length / InputSize;
        var mapped = new double[checked(count * OutputSize)];
        for (int i = 0; i < count; i++) apply(rows.Slice(i * InputSize, InputSize), mapped.AsSpan(i * OutputSize, OutputSize));
        return mapped;
    }

    internal static FittedFeatures Identity(int size)
        => new(size, size, $"the {size} {(size == 1 ? "feature" : "features")} as given", static (row, mapped) => row.CopyTo(mapped));

    internal FittedFeatures Then(FittedFeatures next) => new(InputSize, next.OutputSize, $"{Description}; {next.Description}", (row, mapped) =>
    {
        var between = new double[OutputSize];
        apply(row, between);
        next.apply(between, mapped);
    });
}
