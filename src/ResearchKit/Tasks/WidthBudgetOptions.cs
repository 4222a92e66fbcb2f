namespace ResearchKit.Tasks;

/// <summary>What a <see cref="WidthBudgetStudy"/> tries, and how it runs.</summary>
public sealed record WidthBudgetOptions
{
    /// <summary>The relative gap to stay below, positive and finite.</summary>
    public double Gap { get; init; } = WidthBudgetStudy.DefaultGap;

    /// <summary>Names in <see cref="WidthReductionSetting.Optimisers"/>.</summary>
    public IReadOnlyList<string> Optimizers { get; init; } = WidthBudgetStudy.Optimizers;

    /// <summary>Names in <see cref="WidthReductionSetting.Kinds"/>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = WidthBudgetStudy.Methods;

    /// <summary>The first budget d', at least 1 and below d.</summary>
    public int FirstBudget { get; init; } = 4;

    /// <summary>Each budget over the one before, above 1 and finite.</summary>
    public double Ratio { get; init; } = Math.Sqrt(2);

    /// <summary>No larger budget is tried, nor one of d or more; at least the first.</summary>
    public int LastBudget { get; init; } = 6000;

    /// <summary>Threads that training uses at most; -1 means all processors. The result has the same bits for every value.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Receives every trained budget as it comes, on the calling thread.</summary>
    public IProgress<WidthBudgetTrial>? Progress { get; init; }

    /// <summary>Cancels within a step of a training.</summary>
    public CancellationToken CancellationToken { get => AmbientCancellation.Or(field); init; }

    /// <summary>The budgets for a width, ascending: the first times powers of the ratio, rounded, below d.</summary>
    /// <param name="width">d, above the first budget.</param>
    /// <exception cref="ArgumentException">Options out of range.</exception>
    public IReadOnlyList<int> Budgets(int width)
    {
        Require(width);
        var budgets = new List<int>();
        for (double next = FirstBudget; next < width && next <= LastBudget; next *= Ratio)
        {
            int budget = (int)Math.Round(next);
            if (budget < width && (budgets.Count == 0 || budget > budgets[^1])) budgets.Add(budget);
        }
        return budgets;
    }

    internal void Require(int width)
    {
        if (!(Gap > 0) || double.IsInfinity(Gap))
            throw new ArgumentOutOfRangeException("options", Gap, $"Gap = {Gap}; it must be positive and finite (0.01 is 1%).");
        if (!(Ratio > 1) || double.IsInfinity(Ratio))
            throw new ArgumentOutOfRangeException("options", Ratio, $"Ratio = {Ratio}; it must be above 1 and finite (the square root of 2 is usual).");
        if (FirstBudget < 1 || FirstBudget >= width)
            throw new ArgumentOutOfRangeException("options", FirstBudget, $"FirstBudget = {FirstBudget}; it must be at least 1 and below the width d = {width}.");
        if (LastBudget < FirstBudget)
            throw new ArgumentOutOfRangeException("options", LastBudget, $"LastBudget = {LastBudget}; it must be at least FirstBudget = {FirstBudget}.");
        RequireNames(Optimizers, WidthReductionSetting.Optimisers.Select(o => o.Optimizer), nameof(Optimizers));
        RequireNames(Methods, WidthReductionSetting.Kinds, nameof(Methods));
    }

    private static void RequireNames(IReadOnlyList<string> names, IEnumerable<string> known, string what)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
            throw new ArgumentException($"{what} is empty; name one or more of {string.Join(", ", known)}.", "options");
        if (names.FirstOrDefault(n => !known.Contains(n)) is { } unknown)
            throw new ArgumentException($"{what} has '{unknown}'; there are {string.Join(", ", known)}.", "options");
    }
}
