namespace ResearchKit.Networks;

/// <summary>What compressing means for one type of model: where its objects stand, and how a smaller one is made.</summary>
/// <typeparam name="TModel">The type of model.</typeparam>
internal abstract class NetworkKind<TModel>
    where TModel : WeightedModel
{
    /// <summary>The kind of a type of model.</summary>
    /// <exception cref="NotSupportedException">A type that has none.</exception>
    public static NetworkKind<TModel> Instance => NetworkKinds.Find(typeof(TModel)) as NetworkKind<TModel>
        ?? throw new NotSupportedException($"Models of type {typeof(TModel).Name} cannot be compressed; {string.Join(", ", NetworkKinds.Supported)} can.");

    /// <summary>Where the objects stand. The coordinates in which the output is linear come first.</summary>
    public abstract NetworkObjectLayout Layout(TModel model);

    /// <summary>The number of leading coordinates of an object in which the output is linear.</summary>
    public abstract int LinearCoordinates(TModel model, int set);

    /// <summary>A model of the same shape but for its objects, with all parameters zero.</summary>
    /// <param name="like">Gives everything but the objects.</param>
    /// <param name="weights">The weights c of every set; their numbers are the new widths.</param>
    public abstract TModel Create(TModel like, double[][] weights);

    /// <summary>The model of selected objects, their parameters copied.</summary>
    /// <param name="model">The original.</param>
    /// <param name="selected">Indices of every set.</param>
    /// <param name="weights">Weights of every set.</param>
    /// <param name="map">For every new parameter its place in the original.</param>
    public TModel Select(TModel model, IReadOnlyList<int[]> selected, double[][] weights, out int[] map)
    {
        TModel smaller = Create(model, weights);
        map = Layout(model).Selection(Layout(smaller), selected);
        for (int i = 0; i < map.Length; i++) smaller.Parameters[i] = model.Parameters[map[i]];
        return smaller;
    }

    /// <summary>The model with other objects in one set.</summary>
    /// <param name="model">The original.</param>
    /// <param name="set">Which set.</param>
    /// <param name="objects">The new objects with their weights, in the layout's coordinates.</param>
    public TModel Replace(TModel model, int set, WeightedPoints objects)
    {
        NetworkObjectLayout layout = Layout(model);
        int[][] indices = [.. layout.Widths.Select(static w => Enumerable.Range(0, w).ToArray())];
        double[][] weights = [.. layout.Widths.Select((_, s) => model.ObjectWeights(s).ToArray())];
        // What belongs to other objects alone is copied; the set's own values are all written over.
        indices[set] = new int[objects.Count];
        weights[set] = [.. Enumerable.Range(0, objects.Count).Select(objects.WeightOf)];
        TModel changed = Select(model, indices, weights, out _);
        int[] places = Layout(changed).Places(set);
        for (int i = 0; i < places.Length; i++) changed.Parameters[places[i]] = objects.Coordinates[i];
        return changed;
    }

    /// <summary>A network of other widths, initialised as its type is by default.</summary>
    /// <param name="like">Gives everything but the widths.</param>
    /// <param name="widths">The number of objects of every set.</param>
    /// <param name="seed">Seed of everything.</param>
    public abstract TModel Initialise(TModel like, int[] widths, int seed);

    /// <summary>Refuses parameters that no moment can be taken of.</summary>
    public static void RequireFinite(TModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int bad = NonFinite.IndexOf(model.Parameters);
        if (bad < 0) return;
        ParameterBlock block = model.Blocks.Last(b => b.Offset <= bad);
        throw new ArgumentException($"Value {bad - block.Offset} of parameter block '{block.Name}' is {model.Parameters[bad]}; every parameter must be finite (a training that diverged cannot be compressed: go back to a checkpoint).", nameof(model));
    }
}
