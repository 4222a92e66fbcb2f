namespace ResearchKit;

/// <summary>How a budget is spent: how many cells, and how many moments beyond N each of them keeps.</summary>
/// <param name="Space">The space of N moments that every cell keeps.</param>
/// <param name="Cells">Number of cells.</param>
/// <param name="Extra">Moments beyond N in every cell.</param>
/// <param name="OneMore">The first cells keep one more still.</param>
internal sealed record CellPlan(MomentSpace Space, int Cells, int Extra, int OneMore)
{
    /// <summary>Spends exactly <paramref name="budget"/> on a set of more objects than that.</summary>
    public static CellPlan For(int count, MomentSpace space, int budget)
    {
        // Below N only a set of smaller rank can fit: one cell finds out.
        if (budget < space.Count) return new CellPlan(space, 1, 0, 0);
        int cells = budget / space.Count;
        int left = budget - cells * space.Count;
        return new CellPlan(space, cells, left / cells, left % cells);
    }

    /// <summary>The moments kept by a cell.</summary>
    public MomentSpace SpaceOf(int cell) => cell < OneMore ? Larger.Value : Smaller.Value;

    /// <summary>The first degree of which a cell does not keep every moment.</summary>
    public int UnmatchedDegree
    {
        get
        {
            int degree = Space.Degree + 1;
            while (Extra >= MomentSpace.CountOf(Space.Dimension, degree) - Space.Count) degree++;
            return degree;
        }
    }

    private Lazy<MomentSpace> Smaller { get; } = new(() => Space.ExtendBy(Extra));

    private Lazy<MomentSpace> Larger { get; } = new(() => Space.ExtendBy(Extra + 1));
}
