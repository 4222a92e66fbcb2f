namespace ResearchKit.Training;

/// <summary>Optimisers by name, for tables and parameter cells.</summary>
public static class Optimizers
{
    private static readonly (string Name, Func<Optimizer> Make)[] Table =
    [
        ("SGD", static () => new Sgd()),
        ("Momentum", static () => new Sgd(momentum: 0.9)),
        ("Adam", static () => new Adam()),
        ("AdamW", static () => new AdamW()),
        ("RMSprop", static () => new RmsProp()),
        ("Rprop", static () => new Rprop()),
    ];

    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(t => t.Name)];

    /// <summary>A new optimiser with PyTorch's defaults ("Momentum" is SGD with momentum 0.9).</summary>
    /// <param name="name">One of <see cref="Names"/>, in upper or lower case.</param>
    public static Optimizer Create(string name)
    {
        foreach ((string known, Func<Optimizer> make) in Table)
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) return make();
        throw new ArgumentException($"There is no optimiser '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
    }
}
