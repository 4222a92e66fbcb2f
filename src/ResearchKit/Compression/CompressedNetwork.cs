namespace ResearchKit.Networks;

/// <summary>A model with fewer, weighted objects that stands for a larger one.</summary>
/// <typeparam name="TModel">The type of both models.</typeparam>
/// <remarks>
/// <see cref="Network"/> is an ordinary model of its type with object weights c: it is trained with the 1/c rule (T5,
/// arXiv 2510.00504), saved, and compressed again like any other. For inference <see cref="Fold"/> gives the network without
/// weights.
/// </remarks>
public sealed class CompressedNetwork<TModel>
    where TModel : WeightedModel
{
    private readonly int[] origins;
    private readonly int originalParameters;

    internal CompressedNetwork(string method, TModel network, IReadOnlyList<CompressedSet> sets, int[] origins, int originalParameters)
    {
        this.origins = origins;
        this.originalParameters = originalParameters;
        (Method, Network, Sets) = (method, network, sets);
    }

    /// <summary>What made it, e.g. "moment cells" or "k-means centroids".</summary>
    public string Method { get; }

    /// <summary>The smaller model; its object weights are the compression's.</summary>
    public TModel Network { get; }

    /// <summary>
    /// The selection of every set of objects, with its certificate; empty where the objects are none of the original's
    /// (k-means centroids, a network initialised anew).
    /// </summary>
    public IReadOnlyList<CompressedSet> Sets { get; }

    /// <summary>Whether every object is one of the original's, so that optimiser state can follow.</summary>
    public bool IsSelection => Sets.Count > 0;

    /// <summary>Takes from an array that runs along the original's parameters (optimiser state) what belongs to the kept ones.</summary>
    /// <param name="perParameter">One value per parameter of the original.</param>
    /// <returns>One value per parameter of <see cref="Network"/>.</returns>
    /// <exception cref="ArgumentException">Another number of values.</exception>
    /// <exception cref="InvalidOperationException">The objects are none of the original's.</exception>
    public T[] GatherParameters<T>(ReadOnlySpan<T> perParameter)
    {
        if (!IsSelection)
            throw new InvalidOperationException($"The network was made by {Method}: its objects are none of the original's, so nothing can follow them; start the optimiser anew.");
        if (perParameter.Length != originalParameters)
            throw new ArgumentException($"{perParameter.Length} values were given; the original has {originalParameters} parameters.", nameof(perParameter));
        var values = new T[origins.Length];
        for (int i = 0; i < values.Length; i++) values[i] = perParameter[origins[i]];
        return values;
    }

    /// <summary>
    /// The ordinary network with the same function and all weights 1, for inference and export: c_j goes into the output
    /// weights. Its training is not the original's; for that keep <see cref="Network"/>.
    /// </summary>
    public TModel Fold() => (TModel)WeightFolding.Fold(Network);
}
