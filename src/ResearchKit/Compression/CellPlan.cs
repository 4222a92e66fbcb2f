namespace ResearchKit;

/// <summary>How a budget is spent: how many cells, and how many moments beyond N each of them keeps.</summary>
internal sealed class CellPlan
{
    /// <summary>Moments that may be watched however few are kept; factoring their metric costs their cube.</summary>
    private const int MostWatched = 256;

    private readonly int extra;
    private readonly int oneMore;

    private CellPlan(MomentSpace space, LocalFrame box, int cells, int beyond, bool momentsOnly)
    {
        Space = space;
        Box = box;
        Cells = cells;
        extra = beyond / cells;
        oneMore = beyond % cells;
        UnmatchedLayer = space.Layer + 1;
        int whole = 0;
        for (double next; extra >= whole + (next = space.CountOfLayer(UnmatchedLayer)); UnmatchedLayer++)
        {
            if (next == 0)
            {
                // Exponents are bytes: beyond degree 255 there is nothing more to keep.
                (extra, oneMore) = (whole, 0);
                break;
            }
            whole += (int)next;
        }
        Matched = space.ExtendBy(whole);
        MomentSpace? watched = momentsOnly ? null : WithNextLayers(Matched, UnmatchedLayer);
        WatchesDefect = watched is not null;
        Watched = watched ?? Matched.ExtendBy(KeptBy(0) - Matched.Count);
    }

    /// <summary>The space of N moments that the caller wants every cell to keep.</summary>
    public MomentSpace Space { get; }

    /// <summary>Number of cells.</summary>
    public int Cells { get; }

    /// <summary>The frame of the whole set.</summary>
    public LocalFrame Box { get; }

    /// <summary>The first layer (for total degree: the degree) of which a cell does not keep every moment.</summary>
    public int UnmatchedLayer { get; }

    /// <summary>The moments that every cell keeps: all layers below <see cref="UnmatchedLayer"/>.</summary>
    public MomentSpace Matched { get; }

    /// <summary>
    /// Those, then the moments whose defect is watched: of the unmatched layer and of the one after it, as far as they
    /// are not too many. (The second costs rows, not points; unwatched, it would be the largest error of wide cells.)
    /// </summary>
    public MomentSpace Watched { get; }

    /// <summary>False where even the unmatched layer has too many moments to be watched, or nobody asked for it.</summary>
    public bool WatchesDefect { get; }

    /// <summary>Spends exactly <paramref name="budget"/> on a set of more objects than that.</summary>
    /// <param name="box">Frame of the set's bounding box.</param>
    /// <param name="space">The moments that every cell must keep.</param>
    /// <param name="budget">d'.</param>
    /// <param name="momentsOnly">Whether no defect is watched.</param>
    public static CellPlan For(LocalFrame box, MomentSpace space, int budget, bool momentsOnly)
    {
        // Below N only a set of smaller rank can fit: one cell finds out.
        if (budget < space.Count) return OneCell(box, space, 0, momentsOnly);
        int cells = CellBudget.Cells(box, space, budget);
        return new CellPlan(space, box, cells, budget - cells * space.Count, momentsOnly);
    }

    /// <summary>One cell that keeps some moments more.</summary>
    internal static CellPlan OneCell(LocalFrame box, MomentSpace space, int beyond, bool momentsOnly)
        => new(space, box, 1, beyond, momentsOnly);

    /// <summary>The number of moments kept by a cell: what the division of the budget leaves goes to the first cells.</summary>
    public int KeptBy(int cell) => Space.Count + extra + (cell < oneMore ? 1 : 0);

    /// <summary>Whether so many moments of two layers beyond the kept ones can be watched.</summary>
    internal static bool CanWatchBoth(double kept, double watched) => watched <= Math.Max(MostWatched, 3 * kept);

    /// <summary>A space with the next two layers or with one, as many as can be watched; null for none.</summary>
    internal static MomentSpace? WithNextLayers(MomentSpace space, int layer)
    {
        MomentSpace? one = space.WithDefect(layer);
        bool affordable = one is not null && CanWatchBoth(space.Count, one.Count - space.Count + space.CountOfLayer(layer + 1));
        return affordable ? one!.WithDefect(layer + 1) ?? one : one;
    }
}
