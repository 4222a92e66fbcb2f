namespace ResearchKit;

/// <summary>
/// Gives free labels back the noise that they have averaged out: in every cell one node becomes two with labels y + s and
/// y - s, such that the mean of y^2 is that of the cell's originals.
/// </summary>
/// <remarks>
/// <para>
/// A squared loss and its gradient over all objects do not see the noise of labels (it is the constant
/// <see cref="SyntheticSet.ConstantOffset"/>, which becomes 0 here), but mini-batches do: the gradient's noise comes from it.
/// Adam divides by the root of the gradient's mean square, so with labels that have lost their noise its steps are
/// longer and it trains on past where the original stops. With spread labels the noise is that of the original, cell by cell.
/// </para>
/// <para>The moments of p(x) and y p(x) stay as they are. It takes one object per cell more: <see cref="NodeBudget"/>.</para>
/// </remarks>
public static class LabelSpread
{
    /// <summary>Nodes that <see cref="FreeLabels"/> plans for a cell of degree 1 in two coordinates.</summary>
    private const int NodesPerCell = 5;

    /// <summary>The budget for <see cref="FreeLabels"/> of degree 1 in two coordinates such that nodes and pairs fit d'.</summary>
    /// <param name="budget">d', at least 6: the nodes of one cell and one more.</param>
    public static int NodeBudget(int budget)
    {
        if (budget < NodesPerCell + 1)
            throw new ArgumentOutOfRangeException(nameof(budget), budget, $"d' = {budget}; a cell takes {NodesPerCell} nodes and one more for the spread: give at least {NodesPerCell + 1}.");
        return (int)((long)budget * NodesPerCell / (NodesPerCell + 1));
    }

    /// <summary>Splits one node of every cell, the heaviest.</summary>
    /// <param name="free">What <see cref="FreeLabels.Compress"/> made.</param>
    /// <param name="original">The set that it was made of.</param>
    /// <param name="labelCoordinate">Which coordinate is the label.</param>
    /// <returns>The same nodes and one more in every cell whose labels have lost noise.</returns>
    /// <exception cref="ArgumentException">Sets of other dimensions or masses, or no such coordinate.</exception>
    public static SyntheticSet Restore(SyntheticSet free, WeightedPoints original, int labelCoordinate)
    {
        ArgumentNullException.ThrowIfNull(free);
        ArgumentNullException.ThrowIfNull(original);
        int m = original.Dimension;
        if (free.Points.Dimension != m || free.Certificate.OriginalCount != original.Count || free.Certificate.OriginalMass != original.Mass)
            throw new ArgumentException($"The nodes were made of {free.Certificate.OriginalCount} objects of {free.Points.Dimension} coordinates; this set has {original.Count} of {m}. Give the set that was compressed.", nameof(original));
        if (labelCoordinate < 0 || labelCoordinate >= m)
            throw new ArgumentOutOfRangeException(nameof(labelCoordinate), labelCoordinate, $"The label must be one of the coordinates 0 to {m - 1}.");
        List<double> rows = [], weights = [];
        List<int> cellOfNode = [], members = [], starts = [0];
        for (int cell = 0, node = 0; cell < free.Cells; cell++)
        {
            ReadOnlySpan<int> objects = free.MembersOfCell(cell);
            CompensatedSum square = new(), kept = new();
            foreach (int i in objects) square.Add(original.WeightOf(i) * original[i][labelCoordinate] * original[i][labelCoordinate]);
            int first = node, heaviest = node;
            for (; node < free.Count && free.CellOf(node) == cell; node++)
            {
                double y = free.Points[node][labelCoordinate], c = free.Points.WeightOf(node);
                kept.Add(c * y * y);
                if (c > free.Points.WeightOf(heaviest)) heaviest = node;
            }
            double lost = square.Total - kept.Total;
            bool split = lost > 1e-12 * square.Total;
            for (int j = first; j < node; j++)
            {
                double c = free.Points.WeightOf(j);
                if (j != heaviest || !split)
                {
                    Add(j, 0, c);
                    continue;
                }
                double spread = Math.Sqrt(lost / c);
                Add(j, spread, c / 2);
                Add(j, -spread, c / 2);
            }
            members.AddRange(objects);
            starts.Add(members.Count);

            void Add(int j, double spread, double c)
            {
                int at = rows.Count + labelCoordinate;
                rows.AddRange(free.Points[j]);
                rows[at] += spread;
                weights.Add(c);
                cellOfNode.Add(cell);
            }
        }
        return new SyntheticSet(new WeightedPoints([.. rows], m, [.. weights]), [.. cellOfNode], [.. members], [.. starts],
            free.Certificate with { Method = free.Certificate.Method + ", spread", Count = weights.Count, MaxRank = free.Certificate.MaxRank + 1 }, 0);
    }
}
