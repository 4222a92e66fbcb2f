namespace ResearchKit.Tasks;

/// <summary>The least d' of several seeds for one d, optimiser and method.</summary>
/// <param name="Optimizer">The optimiser.</param>
/// <param name="Method">How the neurons were reduced.</param>
/// <param name="Width">d.</param>
/// <param name="Budgets">The least d' of every seed, ascending; positive infinity for one that no budget tried was enough for.</param>
public sealed record WidthBudgetPoint(string Optimizer, string Method, int Width, IReadOnlyList<double> Budgets)
{
    /// <summary>The middle one, or the geometric mean of the two middle ones; positive infinity when it lies above the budgets tried.</summary>
    public double Median => Budgets.Count % 2 == 1 ? Budgets[Budgets.Count / 2] : Math.Sqrt(Budgets[Budgets.Count / 2 - 1] * Budgets[Budgets.Count / 2]);

    /// <summary>The smallest and the largest: n independent seeds enclose the median of all seeds with probability 1 - 2^(1 - n).</summary>
    public Scaling.ConfidenceInterval Interval => new(Budgets[0], Budgets[^1], 1 - Math.Pow(2, 1 - Budgets.Count));

    /// <summary>Seeds that no budget tried was enough for.</summary>
    public int NotReached => Budgets.Count(double.IsPositiveInfinity);

    /// <summary>The points of a study, ordered by optimiser, method and d.</summary>
    /// <param name="searches">All seeds of it, in any order.</param>
    /// <param name="gap">Positive and finite.</param>
    public static IReadOnlyList<WidthBudgetPoint> Of(IEnumerable<WidthBudgetSearch> searches, double gap = WidthBudgetStudy.DefaultGap)
    {
        ArgumentNullException.ThrowIfNull(searches);
        return [.. searches.GroupBy(s => (s.Optimizer, s.Method, s.Width)).OrderBy(g => g.Key).Select(g => new WidthBudgetPoint(g.Key.Optimizer, g.Key.Method, g.Key.Width,
            [.. g.Select(s => s.LeastBudget(gap)).Select(b => double.IsNaN(b) ? double.PositiveInfinity : b).Order()]))];
    }
}
