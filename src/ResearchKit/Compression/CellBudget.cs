namespace ResearchKit;

/// <summary>
/// Chooses how many cells share a budget. Fewer cells are larger, but each can keep more moments beyond the kept ones; and a
/// box is cut well into 8 or 9 cells, badly into 7.
/// </summary>
/// <remarks>
/// The cut of the set's bounding box is played through for every admissible number of cells. A cell's expected squared
/// error is its mass squared times what it does not keep of the next two layers (for total degree: degrees k + 1 and
/// k + 2), each weighted as in <see cref="DefectMetric"/>. The number of extra moments stays a small part of the next
/// layer: were all of it kept, the cells would obey the law of degree k + 1 with a worse constant.
/// </remarks>
internal sealed class CellBudget
{

    /// <summary>
    /// Moments beyond N in a cell, per split coordinate and as a part of those of the next layer: a seventh of them in two
    /// dimensions, a quarter in four, where cells shrink slowly with their number and moments help more.
    /// </summary>
    private const double ExtraPart = 0.07;

    /// <summary>Weight of all moments of the second layer against those of the first in a cell as wide as the set.</summary>
    private const double FurtherPart = 0.25;

    /// <summary>Numbers of cells that are played through, at most.</summary>
    private const int Trials = 24;

    private readonly MomentSpace watched;
    private readonly int first;
    private readonly double[] weights;
    private readonly double[] unmatched;

    private CellBudget(MomentSpace watched, int first, int layer, LocalFrame box)
    {
        this.watched = watched;
        this.first = first;
        weights = new double[watched.Count - first];
        unmatched = new double[weights.Length];
        double next = 0, further = 0;
        for (int e = 0; e < weights.Length; e++)
        {
            weights[e] = DefectMetric.Entry(watched.Exponents(first + e), watched.Exponents(first + e), watched);
            // A coordinate that is constant in the whole set has no moments to lose.
            for (int j = 0; j < box.Dimension; j++)
                if (watched.IsUnsplit(j) && watched.Exponents(first + e)[j] > 0 && !(box.Upper[j] > box.Lower[j])) weights[e] = 0;
            (watched.LayerOf(first + e) == layer ? ref next : ref further) += weights[e];
        }
        for (int e = 0; e < weights.Length; e++)
            if (watched.LayerOf(first + e) != layer && further > 0) weights[e] *= FurtherPart * next / further;
    }

    /// <summary>The number of cells for a set.</summary>
    /// <param name="box">Frame of its bounding box.</param>
    /// <param name="space">The N moments of every cell.</param>
    /// <param name="budget">d', at least N.</param>
    public static int Cells(LocalFrame box, MomentSpace space, int budget)
    {
        int most = budget / space.Count;
        double next = space.CountOfLayer(space.Layer + 1);
        int least = Math.Max(1, (int)(budget / (space.Count + Math.Min(0.5, ExtraPart * space.SplitCount) * next)));
        // Two or three cells cut most boxes badly: let one less be an alternative.
        if (most is 2 or 3) least = Math.Min(least, most - 1);
        double[] sides = CellPartition.Sides(box, space.Metric);
        double widest = sides.Max();
        if (least >= most || !(widest > 0)) return most;
        if (CellPlan.WithNextLayers(space, space.Layer + 1) is not { } watched) return most;
        var trial = new CellBudget(watched, space.Count, space.Layer + 1, box);
        double[] relative = [.. sides.Select(s => s / widest)];
        int best = most, stride = (most - least + Trials - 1) / Trials;
        double bestError = double.PositiveInfinity;
        for (int cells = most; cells >= least; cells -= stride)
        {
            double error = trial.Error(relative, cells, 1.0, (double)budget / cells - space.Count);
            if (error < bestError) (best, bestError) = (cells, error);
        }
        return best;
    }

    /// <summary>Squared error of a box of uniform mass cut into cells; the sides are left as they were up to rounding.</summary>
    private double Error(Span<double> sides, int cells, double mass, double extra)
    {
        if (cells == 1) return mass * mass * Unmatched(sides, extra);
        int left = CellPartition.LeftLeaves(sides, cells);
        int widest = 0;
        for (int j = 1; j < sides.Length; j++) if (sides[j] > sides[widest]) widest = j;
        double share = (double)left / cells, whole = sides[widest];
        sides[widest] = whole * share;
        double first = Error(sides, left, mass * share, extra);
        if (2 * left == cells)
        {
            sides[widest] = whole;
            return first + first;
        }
        sides[widest] = whole * (1 - share);
        double second = Error(sides, cells - left, mass * (1 - share), extra);
        sides[widest] = whole;
        return first + second;
    }

    /// <summary>Weight of the moments that a cell does not keep when it keeps the heaviest (a broken one in part).</summary>
    private double Unmatched(ReadOnlySpan<double> sides, double extra)
    {
        bool few = weights.Length <= 48;
        for (int e = 0; e < weights.Length; e++)
        {
            double weight = weights[e];
            ReadOnlySpan<byte> exponents = watched.Exponents(first + e);
            for (int j = 0; j < exponents.Length; j++)
            {
                // What is not split is as wide in every cell.
                if (watched.IsUnsplit(j)) continue;
                double square = sides[j] * sides[j];
                for (int i = 0; i < exponents[j]; i++) weight *= square;
            }
            if (few) Insert(weight, e);
            else unmatched[e] = weight;
        }
        if (!few) Array.Sort(unmatched);
        double sum = 0, left = weights.Length - extra;
        for (int e = 0; e < left; e++) sum += unmatched[e] * Math.Min(1, left - e);
        return sum;
    }

    /// <summary>Keeps the first weights ascending: they are few, and every cell of every trial sorts them.</summary>
    private void Insert(double weight, int count)
    {
        int at = count;
        for (; at > 0 && unmatched[at - 1] > weight; at--) unmatched[at] = unmatched[at - 1];
        unmatched[at] = weight;
    }
}
