namespace ResearchKit;

/// <content>The fewest objects for a tolerance.</content>
internal sealed partial class CompressionSearch
{
    /// <summary>Numbers of cells (of every class, where classes are separated) in the order of trial: few trials at moderate cost bound the expensive single cell from above.</summary>
    private static readonly int[] FirstCells = [4, 2, 1];

    /// <summary>Decades of error per degree, as last seen.</summary>
    private double decades = 0.5;

    /// <summary>Fewest objects, any degree: for every number of cells the least degree that will do, then a budget between two degrees.</summary>
    private CompressedSet FewestByDegree(double tolerance)
    {
        CompressedSet? best = null;
        // What several cells of the highest degree of all cannot reach, fewer cannot either; but a small set runs out of objects first.
        bool fewerMay = LargestDegree((objects - 1) / FirstCells[0]) < LargestDegree(int.MaxValue);
        foreach (int cells in FirstCells)
            if (cells == FirstCells[0] || best is not null || fewerMay) LeastDegree(cells, tolerance, ref best);
        int bad = 0;
        for (int cells = 8; cells < (best?.Count ?? objects) && bad < 2; cells *= 2)
        {
            double nearest = LeastDegree(cells, tolerance, ref best);
            bad = nearest <= Hopeless * tolerance || best is null ? 0 : bad + 1;
        }
        if (best is null) return Trial(SpaceOf(0), objects);
        return Trim(best, tolerance);
    }

    /// <summary>
    /// The least degree with which so many cells meet the tolerance with fewer objects than the best so far, and the
    /// error that came nearest to it.
    /// </summary>
    private double LeastDegree(int cells, double tolerance, ref CompressedSet? best)
    {
        int top = LargestDegree(((best?.Count ?? objects) - 1) / cells);
        // Small classes are kept whole, so that the budget does not follow from the number of cells alone.
        while (top >= 0 && Budget(top) >= (best?.Count ?? objects)) top--;
        int fails = -1, holds = top + 1;
        double failed = double.NaN, held = double.NaN, nearest = double.PositiveInfinity;
        // Half as many cells need about one degree more; twice as many are tried with all they may have.
        int degree = best is null ? 2 : cells < FirstCells[0] ? best.Certificate.Degree + 1 : top;
        for (degree = Math.Min(degree, top); fails + 1 < holds; )
        {
            CompressedSet? trial = TryTrial(degree, Budget(degree));
            double error = ErrorOf(trial);
            nearest = Math.Min(nearest, error);
            if (error <= tolerance)
            {
                (holds, held) = (degree, error);
                if (best is null || trial!.Count < best.Count) best = trial;
            }
            else
            {
                if (fails >= 0) Learn(failed / error, degree - fails);
                (fails, failed) = (degree, error);
            }
            if (fails + 1 >= holds) break;
            if (fails >= 0 && !double.IsNaN(held)) Learn(failed / held, holds - fails);
            // From the nearer end; an error of zero foretells nothing.
            double guess = fails >= 0 ? fails + Math.Log10(failed / tolerance) / decades : holds - Math.Max(1, Math.Log10(tolerance / held) / decades);
            // A degree out of reach: more cells are needed, or so few cells are no better than what is known.
            if (double.IsNaN(held) && fails > 2 && guess > top + 1) break;
            // The first errors foretell little: do not leap to the most expensive cells at once.
            if (best is null) guess = Math.Min(guess, 2 * fails + 6);
            degree = double.IsFinite(guess) ? (int)Math.Clamp(Math.Ceiling(guess), fails + 1, holds - 1) : (fails + holds) / 2;
        }
        return nearest;

        int Budget(int degree) => BudgetOf(cells, (int)MomentSpace.CountOf(set.Dimension, degree));

        void Learn(double ratio, int degrees) => decades = Math.Max(0.05, Math.Log10(ratio) / degrees);
    }

    /// <summary>Between a degree that fails and the next that holds lie budgets that keep a part of the latter.</summary>
    private CompressedSet Trim(CompressedSet best, double tolerance)
    {
        int degree = best.Certificate.Degree - 1, cells = best.Certificate.Cells;
        if (degree < 0 || cells < 1) return best;
        int low = cells * (int)MomentSpace.CountOf(set.Dimension, degree);
        while (best.Count > low + 1 && best.Count > BudgetBracket.Precision * low)
        {
            int budget = (low + best.Count) / 2;
            CompressedSet? trial = TryTrial(degree, budget);
            if (ErrorOf(trial) <= tolerance && trial!.Count < best.Count) best = trial;
            else low = budget;
        }
        return best;
    }
}
