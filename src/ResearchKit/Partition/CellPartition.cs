namespace ResearchKit;

/// <summary>Cuts a set into a given number of cells by proportional splits of the widest side (a k-d tree with L leaves).</summary>
internal static class CellPartition
{
    /// <summary>Below this many rows a subtree is not worth a task of its own.</summary>
    private const int ParallelRows = 8192;

    /// <summary>Reorders the table into <paramref name="cells"/> cells.</summary>
    /// <param name="table">The objects.</param>
    /// <param name="space">The moments that every cell keeps.</param>
    /// <param name="cells">Number of cells.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    /// <param name="kept">Moments kept by a cell, where they are more than the space has.</param>
    /// <param name="range">The part of the table to cut, with its frame; all of it when null.</param>
    public static Cell[] Build(PointTable table, MomentSpace space, int cells, ParallelOptions parallel, int kept = 0, Cell? range = null)
    {
        PartitionMetric metric = space.Metric;
        kept = Math.Max(kept, space.Count);
        var result = new Cell[cells];
        // Splits look at the token themselves: Parallel.Invoke fails by a race of its own when it is cancelled as it starts.
        var side = new ParallelOptions { MaxDegreeOfParallelism = parallel.MaxDegreeOfParallelism };
        Cell whole = range ?? new Cell(0, table.Count, table.Frame(0, table.Count));
        Split(whole.Start, whole.Count, 0, cells, whole.Frame);
        return result;

        void Split(int start, int count, int first, int leaves, LocalFrame frame)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            if (leaves == 1)
            {
                result[first] = new Cell(start, count, frame);
                return;
            }
            int left = LeftLeaves(Sides(frame, metric), leaves);
            int nth = (int)((long)count * left / leaves);
            table.SelectNth(start, count, start + nth, WidestSide(frame, metric));
            LocalFrame low = table.Frame(start, nth), high = table.Frame(start + nth, count - nth);
            left = Share(table, space, kept, start, count, nth, left, leaves, low, high);
            if (count > ParallelRows && parallel.MaxDegreeOfParallelism != 1)
                Parallel.Invoke(side, () => Split(start, nth, first, left, low), () => Split(start + nth, count - nth, first + left, leaves - left, high));
            else
            {
                Split(start, nth, first, left, low);
                Split(start + nth, count - nth, first + left, leaves - left, high);
            }
        }
    }

    /// <summary>
    /// Leaves for the lower side once its box is known. Error is spread evenly when cells get dense as
    /// density^(m / (m + k + 1)) (Zador's exponent), so a side of half the mass but little room needs fewer than half.
    /// </summary>
    private static int Share(PointTable table, MomentSpace space, int kept, int start, int count, int nth, int left, int leaves, LocalFrame low, LocalFrame high)
    {
        double beta = Zador(space);
        double logRatio = beta * Math.Log(table.Mass(start, nth) / table.Mass(start + nth, count - nth))
            + (1 - beta) * (LogVolume(low, space.Metric) - LogVolume(high, space.Metric));
        double share = 1 / (1 + Math.Exp(-logRatio));
        double even = (double)left / leaves;
        // Boxes of a uniform set fluctuate a little: keep the even division then, its cells are the more regular.
        if (!(Math.Abs(share - even) > 0.1 * Math.Min(even, 1 - even))) return left;
        // A cell must hold more objects than moments, or its share of the budget is wasted.
        int most = Math.Min(leaves - 1, nth / kept);
        int least = Math.Max(1, leaves - (count - nth) / kept);
        return least > most ? left : Math.Clamp((int)Math.Round(share * leaves), least, most);
    }

    /// <summary>Logarithm of the part of a budget that a box should have against others, by the same rule.</summary>
    internal static double LogShare(MomentSpace space, double mass, LocalFrame box)
        => Zador(space) * Math.Log(mass) + (1 - Zador(space)) * LogVolume(box, space.Metric);

    private static double Zador(MomentSpace space) => (double)space.SplitCount / (space.SplitCount + space.Order);

    private static double LogVolume(LocalFrame frame, PartitionMetric metric)
    {
        double widest = 0;
        for (int j = 0; j < frame.Dimension; j++) widest = Math.Max(widest, Side(frame, metric, j));
        double sum = 0;
        for (int j = 0; j < frame.Dimension; j++)
            if (metric.Scales[j] > 0) sum += Math.Log(Math.Max(Side(frame, metric, j), 1e-2 * widest) + 1e-300);
        return sum;
    }

    /// <summary>All half sides of a box in the metric.</summary>
    internal static double[] Sides(LocalFrame frame, PartitionMetric metric)
    {
        var sides = new double[frame.Dimension];
        for (int j = 0; j < sides.Length; j++) sides[j] = Side(frame, metric, j);
        return sides;
    }

    /// <summary>Half a side in the metric: the side of a box of finite numbers may overflow.</summary>
    internal static double Side(LocalFrame frame, PartitionMetric metric, int j)
        => metric.Scales[j] * (0.5 * frame.Upper[j] - 0.5 * frame.Lower[j]);

    /// <summary>
    /// Leaves on the lower side of the next cut: the widest side is cut where a whole number of near-cubic cells fits, not
    /// in the middle. A box twice as long as wide has an error 2^(k+1) times a cube's, so shape is worth more than halving.
    /// </summary>
    /// <param name="box">Half sides in the metric.</param>
    /// <param name="leaves">Leaves of the box.</param>
    internal static int LeftLeaves(ReadOnlySpan<double> box, int leaves)
    {
        // The ideal side a solves prod_j max(side_j / a, 1) = leaves over the sides longer than a.
        Span<double> sides = stackalloc double[box.Length];
        int used = 0;
        foreach (double s in box)
            if (s > 0) sides[used++] = s;
        if (used == 0) return leaves / 2;
        sides = sides[..used];
        sides.Sort();
        double widest = sides[^1];
        int layers = 2;
        for (int first = 0; first < used; first++)
        {
            double logVolume = 0;
            for (int j = first; j < used; j++) logVolume += Math.Log(sides[j]);
            double a = Math.Exp((logVolume - Math.Log(leaves)) / (used - first));
            if (sides[first] < a && first < used - 1) continue;
            layers = (int)Math.Clamp(Math.Round(widest / a), 2, leaves);
            break;
        }
        int left = (int)Math.Round((double)leaves * (layers / 2) / layers);
        return Math.Clamp(left, 1, leaves - 1);
    }

    internal static int WidestSide(LocalFrame frame, PartitionMetric metric)
    {
        int widest = 0;
        double side = -1;
        for (int j = 0; j < frame.Dimension; j++)
        {
            double s = Side(frame, metric, j);
            if (s > side) { side = s; widest = j; }
        }
        return widest;
    }
}
