namespace ResearchKit;

/// <summary>How a budget is spent: how many cells, and how many moments beyond N each of them keeps.</summary>
/// <param name="Space">The space of N moments that every cell keeps.</param>
/// <param name="Cells">Number of cells.</param>
/// <param name="Extra">Moments beyond N in every cell.</param>
/// <param name="OneMore">The first cells keep one more still.</param>
/// <param name="Extent">Half the widest side of the whole set in the partition metric.</param>
internal sealed record CellPlan(MomentSpace Space, int Cells, int Extra, int OneMore, double Extent)
{
    /// <summary>Spends exactly <paramref name="budget"/> on a set of more objects than that.</summary>
    /// <param name="box">Frame of the set's bounding box.</param>
    /// <param name="space">The moments that every cell must keep.</param>
    /// <param name="budget">d'.</param>
    public static CellPlan For(LocalFrame box, MomentSpace space, int budget)
    {
        var sides = new double[space.Dimension];
        for (int j = 0; j < sides.Length; j++) sides[j] = CellPartition.Side(box, space.Metric, j);
        double extent = sides.Max();
        // Below N only a set of smaller rank can fit: one cell finds out.
        if (budget < space.Count) return new CellPlan(space, 1, 0, 0, extent);
        int cells = new CellBudget(space, budget).Cells(sides);
        int left = budget - cells * space.Count;
        return new CellPlan(space, cells, left / cells, left % cells, extent);
    }

    /// <summary>The number of moments kept by a cell.</summary>
    public int KeptBy(int cell) => Space.Count + Extra + (cell < OneMore ? 1 : 0);

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

    /// <summary>The moments that every cell keeps: all degrees below <see cref="UnmatchedDegree"/>.</summary>
    public MomentSpace Matched()
    {
        int degree = UnmatchedDegree;
        return degree == Space.Degree + 1 ? Space : Space.ExtendBy((int)MomentSpace.CountOf(Space.Dimension, degree - 1) - Space.Count);
    }
}
