namespace ResearchKit;

/// <summary>How a budget is spent: how many cells, and how many moments beyond N each of them keeps.</summary>
internal sealed class CellPlan
{
    /// <summary>Moments that may be watched however few are kept; factoring their metric costs their cube.</summary>
    private const int MostWatched = 256;

    private readonly int extra;
    private readonly int oneMore;

    private CellPlan(MomentSpace space, double extent, int cells, int beyond)
    {
        Space = space;
        Extent = extent;
        Cells = cells;
        // Exponents are bytes: beyond degree 255 there is nothing more to keep.
        if (space.Degree == byte.MaxValue) beyond = 0;
        extra = beyond / cells;
        oneMore = beyond % cells;
        UnmatchedDegree = space.Degree + 1;
        while (extra >= MomentSpace.CountOf(space.Dimension, UnmatchedDegree) - space.Count) UnmatchedDegree++;
        Matched = UnmatchedDegree == space.Degree + 1 ? space
            : space.ExtendBy((int)MomentSpace.CountOf(space.Dimension, UnmatchedDegree - 1) - space.Count);
        MomentSpace? watched = WithNextDegrees(Matched, UnmatchedDegree);
        WatchesDefect = watched is not null;
        Watched = watched ?? Matched.ExtendBy(KeptBy(0) - Matched.Count);
    }

    /// <summary>The space of N moments that the caller wants every cell to keep.</summary>
    public MomentSpace Space { get; }

    /// <summary>Number of cells.</summary>
    public int Cells { get; }

    /// <summary>Half the widest side of the whole set in the partition metric.</summary>
    public double Extent { get; }

    /// <summary>The first degree of which a cell does not keep every moment.</summary>
    public int UnmatchedDegree { get; }

    /// <summary>The moments that every cell keeps: all degrees below <see cref="UnmatchedDegree"/>.</summary>
    public MomentSpace Matched { get; }

    /// <summary>
    /// Those, then the moments whose defect is watched: of the unmatched degree and of the one after it, as far as they
    /// are not too many. (The second costs rows, not points; unwatched, it would be the largest error of wide cells.)
    /// </summary>
    public MomentSpace Watched { get; }

    /// <summary>False where even the unmatched degree has too many moments to be watched.</summary>
    public bool WatchesDefect { get; }

    /// <summary>Spends exactly <paramref name="budget"/> on a set of more objects than that.</summary>
    /// <param name="box">Frame of the set's bounding box.</param>
    /// <param name="space">The moments that every cell must keep.</param>
    /// <param name="budget">d'.</param>
    public static CellPlan For(LocalFrame box, MomentSpace space, int budget)
    {
        // Below N only a set of smaller rank can fit: one cell finds out.
        if (budget < space.Count) return OneCell(box, space, 0);
        double[] sides = CellPartition.Sides(box, space.Metric);
        int cells = CellBudget.Cells(sides, space, budget);
        return new CellPlan(space, sides.Max(), cells, budget - cells * space.Count);
    }

    /// <summary>One cell that keeps some moments more.</summary>
    internal static CellPlan OneCell(LocalFrame box, MomentSpace space, int beyond)
        => new(space, CellPartition.Sides(box, space.Metric).Max(), 1, beyond);

    /// <summary>The number of moments kept by a cell: what the division of the budget leaves goes to the first cells.</summary>
    public int KeptBy(int cell) => Space.Count + extra + (cell < oneMore ? 1 : 0);

    /// <summary>Whether so many moments of two degrees beyond the kept ones can be watched.</summary>
    internal static bool CanWatchBoth(double kept, double watched) => watched <= Math.Max(MostWatched, 3 * kept);

    /// <summary>A space with the next two degrees or with one, as many as can be watched; null for none.</summary>
    internal static MomentSpace? WithNextDegrees(MomentSpace space, int degree)
    {
        MomentSpace? one = space.WithDefect(degree);
        double further = MomentSpace.CountOf(space.Dimension - 1, degree + 1);
        bool affordable = one is not null && CanWatchBoth(space.Count, one.Count - space.Count + further);
        return affordable ? one!.WithDefect(degree + 1) ?? one : one;
    }
}
