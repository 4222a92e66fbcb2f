namespace ResearchKit;

/// <summary>How a budget of free nodes is spent: which degrees a cell keeps, and how many cells share the nodes.</summary>
internal sealed class SyntheticPlan
{
    /// <summary>
    /// Nodes per cell over the least number that counting allows: what first starts almost always converge with. (As few
    /// as 1.0 to 1.2 times can be found, but a cell that fails keeps a degree less.)
    /// </summary>
    private const double Slack = 1.2;

    /// <summary>Degrees beyond the promised one are kept up to so many moments; a cell's time grows with their cube.</summary>
    private const int MostMoments = 400;

    /// <summary>The same with no degree beyond, where a cell that fails costs objects.</summary>
    internal const double PromisedSlack = 1.35;

    private readonly int budget;

    private SyntheticPlan(MomentSpace[] levels, int budget, int cells)
    {
        Levels = levels;
        this.budget = budget;
        Cells = cells;
        MomentSpace top = levels[^1];
        // Layers are degrees in total degree only.
        int next = top.Layer + 1;
        Watched = (top.Count + top.CountOfLayer(next) <= MomentSpace.MaxCount ? top.WithDefect(next) : null) ?? top;
    }

    /// <summary>Spaces of moments, each the beginning of the next; the first is promised.</summary>
    public MomentSpace[] Levels { get; }

    /// <summary>The richest level and, where they are not too many, the moments of the layer after it.</summary>
    public MomentSpace Watched { get; }

    /// <summary>Number of cells.</summary>
    public int Cells { get; }

    /// <summary>Nodes of a cell: the division's remainder goes to the first ones.</summary>
    public int NodesOf(int cell) => budget / Cells + (cell < budget % Cells ? 1 : 0);

    /// <summary>The first plan for a budget.</summary>
    public static SyntheticPlan For(MomentSpace space, int budget, int beyond)
    {
        var levels = new List<MomentSpace> { space };
        bool extends = space.Count == MomentSpace.CountOf(space.Dimension, space.Degree);
        for (int more = 1; extends && more <= beyond; more++)
        {
            int degree = space.Degree + more;
            if (degree > byte.MaxValue || MomentSpace.CountOf(space.Dimension, degree) > MostMoments) break;
            MomentSpace next = MomentSpace.TotalDegree(space.Dimension, degree, space.Metric);
            if (Nodes(next, Slack) > budget) break;
            levels.Add(next);
        }
        int nodes = levels.Count == 1 ? Nodes(space, PromisedSlack) : Nodes(levels[^1], Slack);
        return new SyntheticPlan([.. levels], budget, Math.Max(1, budget / nodes));
    }

    /// <summary>Fewer cells, after some took more nodes than planned; null when there is one left.</summary>
    /// <param name="taken">Nodes of all cells.</param>
    /// <param name="last">True for a number of cells with which even subsets fit.</param>
    public SyntheticPlan? After(int taken, bool last)
    {
        if (Cells == 1) return null;
        int fewer = last ? budget / Levels[0].Count : (int)((long)Cells * budget / taken);
        return new SyntheticPlan(Levels, budget, Math.Clamp(fewer, 1, Cells - 1));
    }

    /// <summary>Nodes that are planned for a cell that keeps a space.</summary>
    internal static int Nodes(MomentSpace space, double slack)
    {
        int least = Least(space);
        // Gauss rules reach the bound, and so does the centre of mass.
        return space.Dimension == 1 || (space.Degree <= 1 && least == 1) ? least : Math.Max((int)Math.Ceiling(slack * least), least + 1);
    }

    /// <summary>
    /// A lower bound: n nodes have n (m + 1) unknowns; and the moments up to degree 2s tell all polynomials of degree s
    /// apart, which takes as many nodes as there are such polynomials.
    /// </summary>
    internal static int Least(MomentSpace space) => Least(space, space.Count);

    /// <summary>The same for the first moments of a space.</summary>
    internal static int Least(MomentSpace space, int moments)
    {
        int m = space.Dimension, counted = (moments + m) / (m + 1), degree = space.DegreeOf(moments - 1);
        return moments == MomentSpace.CountOf(m, degree) ? Math.Max(counted, (int)MomentSpace.CountOf(m, degree / 2)) : counted;
    }
}
