namespace ResearchKit.Networks;

/// <summary>From selections of objects to the smaller model.</summary>
internal static class NetworkSelection
{
    /// <summary>The model of the selected objects.</summary>
    /// <param name="kind">Its type.</param>
    /// <param name="model">The original.</param>
    /// <param name="sets">One selection per set of objects.</param>
    public static CompressedNetwork<TModel> Make<TModel>(NetworkKind<TModel> kind, TModel model, CompressedSet[] sets)
        where TModel : WeightedModel
    {
        int[][] selected = [.. sets.Select(static s => s.Indices.ToArray())];
        double[][] weights = [.. sets.Select(static s => s.Weights.ToArray())];
        TModel smaller = kind.Select(model, selected, weights, out int[] map);
        return new CompressedNetwork<TModel>(sets[0].Certificate.Method, smaller, sets, map, model.Parameters.Length);
    }
}
