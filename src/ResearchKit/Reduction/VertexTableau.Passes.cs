namespace ResearchKit;

/// <content>The passes over the whole tableau: each updates it and prices every point.</content>
internal sealed unsafe partial class VertexTableau
{
    /// <summary>
    /// Updates the tableau for the last exchange, and finds the point that shrinks the sum of the negative weights fastest;
    /// -1 if none does.
    /// </summary>
    private int PassFeasible()
    {
        VectorPath.Current.PassFeasible(Pass(), scale);
        int winner = Least();
        return gains[winner] < -SmallestPivot ? winner : -1;
    }

    /// <summary>
    /// Updates the tableau for the last exchange, and finds the allowed point whose entrance leaves the least squared
    /// defect; -1 if none is allowed.
    /// </summary>
    /// <param name="up">The weight that it takes before a pivot empties.</param>
    private int PassDescent(out double up)
    {
        VectorPath.Current.PassDescent(Pass(), scale, shift, defect, steps, penalty);
        int winner = Least();
        up = steps[winner];
        return double.IsInfinity(gains[winner]) ? -1 : winner;
    }

    private TableauPass Pass() => new()
    {
        Table = table, Blocks = blocks, Rank = rank, Residuals = residuals, PivotRow = pivotRow, Inverse = inverse, Minus = minus, Gains = gains,
    };

    /// <summary>The first place of the least gain.</summary>
    private int Least() => VectorPath.Current.FirstLeast(gains, blocks * Block);
}
