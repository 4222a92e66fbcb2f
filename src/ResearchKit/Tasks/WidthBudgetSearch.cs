namespace ResearchKit.Tasks;

/// <summary>How closely one reduced network followed its original.</summary>
/// <param name="Optimizer">The optimiser of both.</param>
/// <param name="Method">How the neurons were reduced, of <see cref="WidthReductionSetting.Kinds"/>.</param>
/// <param name="Width">d.</param>
/// <param name="Seed">Seed of data, start, batches and reduction.</param>
/// <param name="Budget">d'.</param>
/// <param name="MedianGap">The median over training of the relative gap of the test loss.</param>
/// <param name="LargestGap">The largest over training.</param>
/// <param name="StartLoss">The original's test loss before training.</param>
/// <param name="LastLoss">The original's test loss after it: how much there was to follow.</param>
public sealed record WidthBudgetTrial(string Optimizer, string Method, int Width, int Seed, int Budget, double MedianGap, double LargestGap, double StartLoss, double LastLoss);

/// <summary>The budgets tried for one original, one optimiser and one method.</summary>
/// <param name="Optimizer">The optimiser.</param>
/// <param name="Method">How the neurons were reduced.</param>
/// <param name="Width">d.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Trials">By ascending budget.</param>
public sealed record WidthBudgetSearch(string Optimizer, string Method, int Width, int Seed, IReadOnlyList<WidthBudgetTrial> Trials)
{
    /// <summary>Grid points after the first below the gap that must stay below it: a single one may be luck.</summary>
    public const int Confirmations = 1;

    /// <summary>
    /// The least d' that keeps the median gap below a given one: where a line in logarithms crosses it, between the last
    /// budget above and the first one below that stays below at the next <see cref="Confirmations"/> budgets.
    /// </summary>
    /// <param name="gap">Positive and finite; not below what the search was asked for, or the budgets may not go far enough.</param>
    /// <returns>NaN when no budget tried keeps the gap with those that confirm it (the least d' is above them, or among the last); the first budget when it does already (the least d' is at most that).</returns>
    public double LeastBudget(double gap = WidthBudgetStudy.DefaultGap)
    {
        int first = FirstBelow(gap);
        if (first <= 0) return first < 0 ? double.NaN : Trials[0].Budget;
        WidthBudgetTrial above = Trials[first - 1], below = Trials[first];
        // A gap of exactly 0 has no logarithm; the crossing is then as close to the budget above as it can be told.
        double part = below.MedianGap > 0 ? Math.Log(above.MedianGap / gap) / Math.Log(above.MedianGap / below.MedianGap) : 0;
        return above.Budget * Math.Pow((double)below.Budget / above.Budget, part);
    }

    /// <summary>Whether already the first budget keeps the gap, so that <see cref="LeastBudget"/> is an upper bound alone.</summary>
    /// <param name="gap">Positive and finite.</param>
    public bool IsUpperBound(double gap = WidthBudgetStudy.DefaultGap) => FirstBelow(gap) == 0;

    /// <summary>Puts rows of a stored study together again, ordered by optimiser, method, d and seed.</summary>
    /// <param name="trials">In any order.</param>
    public static IReadOnlyList<WidthBudgetSearch> Group(IEnumerable<WidthBudgetTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return [.. trials.GroupBy(t => (t.Optimizer, t.Method, t.Width, t.Seed)).OrderBy(g => g.Key)
            .Select(g => new WidthBudgetSearch(g.Key.Optimizer, g.Key.Method, g.Key.Width, g.Key.Seed, [.. g.OrderBy(t => t.Budget)]))];
    }

    private int FirstBelow(double gap)
    {
        if (!(gap > 0) || double.IsInfinity(gap))
            throw new ArgumentOutOfRangeException(nameof(gap), gap, $"gap = {gap}; it must be positive and finite (0.01 is 1%).");
        for (int i = 0; i + Confirmations < Trials.Count; i++)
            if (Enumerable.Range(i, 1 + Confirmations).All(j => Trials[j].MedianGap < gap)) return i;
        return -1;
    }
}
