using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ResearchKit;

/// <summary>
/// Measures the defect that a cell leaves in the first unmatched layer (of degree n, for total degree) and in the one after
/// it by what smooth functions see of it, and finds the combinations of moments that matter most.
/// </summary>
/// <remarks>
/// <para>
/// A smooth function without preferred directions has derivatives like those of g(u . x) with u standard normal. The
/// moments r_e of a defect then count by E (sum_e n!/e! u^e r_e)^2 = r' G r. G is far from diagonal: few combinations
/// (multiples of |x|^2 above all) carry most of it.
/// </para>
/// <para>
/// A pivoted Cholesky factorisation S G S = L L', S the cell's relative sides to the powers e, gives the combinations L' r
/// in order of importance: a cell keeps the first ones exactly, as far as its budget goes, and its descent works on the
/// sum of squares of the others. Degree n + 1 counts less by the cell's part of the whole set's extent, as in a Taylor
/// series whose radius of convergence is about that extent; in small cells it hardly counts at all.
/// </para>
/// <para>
/// All this is said of the coordinates that a partition splits. Others (a label) are as wide in a cell as in the set: their
/// powers have no part in the expansion, and count by their size in units of the set's extent.
/// </para>
/// </remarks>
internal sealed unsafe class DefectMetric
{
    /// <summary>Sides below this part of the widest count as this part: a flat cell still has all its moments.</summary>
    private const double FlatSide = 1e-3;

    /// <summary>Columns transformed at a time.</summary>
    private const int ColumnBlock = 64;

    private static readonly ConditionalWeakTable<MomentSpace, DefectBlocks> Cache = [];

    private readonly MomentSpace space;
    private readonly int first;
    private readonly int order;
    private readonly double extent;
    private readonly double[] unsplit;
    private readonly int[] above;
    private readonly bool[] isFurther;
    private readonly double furtherWeight;
    private readonly DefectBlocks isotropic;
    private readonly double[][] lower;
    private readonly double[] diagonal;
    private readonly int[] places;
    private readonly int[] moments;
    private readonly List<(int Row, double Factor)>[] columns;
    private readonly double[] powers;
    private readonly double[] scales;
    private readonly int[] swaps;
    private double unit;
    private double widest;

    /// <summary>The metric on the moments of a space from one on.</summary>
    /// <param name="space">Matched moments, then those of the unmatched layer, then (perhaps) those of the one after it.</param>
    /// <param name="first">The first moment to be measured.</param>
    /// <param name="layer">The unmatched layer.</param>
    /// <param name="box">The frame of the whole set.</param>
    public DefectMetric(MomentSpace space, int first, int layer, LocalFrame box)
    {
        this.space = space;
        this.first = first;
        extent = CellPartition.Sides(box, space.Metric).Max();
        unsplit = [.. Enumerable.Range(0, space.Dimension).Select(j => !space.IsUnsplit(j) ? 0 : 0.5 * box.Upper[j] - 0.5 * box.Lower[j])];
        Count = space.Count - first;
        Combinations = Count;
        isotropic = Cache.GetValue(space, s => new DefectBlocks(s, first));
        lower = [.. Enumerable.Range(0, isotropic.Count).Select(b => new double[isotropic.Values(b).Length])];
        diagonal = new double[Count];
        places = new int[Count];
        moments = new int[Count];
        columns = [.. Enumerable.Range(0, Count).Select(_ => new List<(int, double)>())];
        powers = new double[Count];
        scales = new double[Count];
        swaps = new int[Count];
        above = new int[Count];
        isFurther = new bool[Count];
        double next = 0, further = 0;
        for (int e = 0; e < Count; e++)
        {
            isFurther[e] = space.LayerOf(first + e) != layer;
            if (!isFurther[e]) Next++;
            (isFurther[e] ? ref further : ref next) += isotropic.Diagonal(e);
        }
        // The lowest degree sets the unit; every degree above it counts less in smaller cells.
        order = Count == 0 ? 0 : Enumerable.Range(first, Math.Max(1, Next)).Min(space.SplitDegreeOf);
        for (int e = 0; e < Count; e++) above[e] = Math.Max(0, space.SplitDegreeOf(first + e) - order);
        furtherWeight = further > 0 ? Math.Sqrt(next / further) : 0;
    }

    /// <summary>Number of moments measured.</summary>
    public int Count { get; }

    /// <summary>How many of them are of the unmatched layer.</summary>
    public int Next { get; }

    /// <summary>How many combinations are formed, at most <see cref="Count"/>; the others are left alone and unordered.</summary>
    public int Combinations { get; set; }

    /// <summary>The current cell's moment e times this is comparable between cells.</summary>
    public double GlobalScale(int e) => unit * powers[e] * Power(widest, above[e]);

    /// <summary>Takes up a cell's shape.</summary>
    public void SetCell(LocalFrame frame)
    {
        MeasureSides(frame);
        double part = extent > 0 ? Math.Min(1, widest / extent) : 1;
        for (int e = 0; e < Count; e++)
            scales[e] = powers[e] * ((isFurther[e] ? furtherWeight : 1) * Power(part, above[e]));
        for (int b = 0; b < isotropic.Count; b++)
        {
            ReadOnlySpan<int> members = isotropic.Members(b);
            ReadOnlySpan<double> from = isotropic.Values(b);
            for (int i = 0, at = 0; i < members.Length; i++)
                for (int k = 0; k < members.Length; k++, at++) lower[b][at] = scales[members[i]] * scales[members[k]] * from[at];
            for (int i = 0; i < members.Length; i++) diagonal[members[i]] = lower[b][i * (members.Length + 1)];
        }
        for (int e = 0; e < Count; e++) places[e] = moments[e] = e;
        for (int i = 0; i < Combinations; i++) Eliminate(i);
        for (int i = 0; i < Combinations; i++)
        {
            Span<(int Row, double Factor)> column = CollectionsMarshal.AsSpan(columns[i]);
            foreach (ref (int Row, double Factor) entry in column) entry.Row = places[entry.Row];
            column.Sort(static (x, y) => x.Row.CompareTo(y.Row));
        }
    }

    /// <summary>Replaces the first rows by the combinations L' r, most important first.</summary>
    /// <param name="rows">One row per measured moment.</param>
    /// <param name="stride">Row length, a multiple of 8; or 1 for a single vector.</param>
    public void Transform(double* rows, int stride)
    {
        // Columns are independent: take as many at a time as fit the cache.
        for (int from = 0; from < stride; from += ColumnBlock) Transform(rows + from, stride, Math.Min(ColumnBlock, stride - from));
    }

    private void Transform(double* rows, int stride, int width)
    {
        for (int i = 0; i < Combinations; i++)
        {
            if (swaps[i] != i) VectorPath.Current.Swap(rows + (long)i * stride, rows + (long)swaps[i] * stride, width);
        }
        // A row takes from rows after it only, so it may be overwritten at once.
        for (int i = 0; i < Combinations; i++)
        {
            double* target = rows + (long)i * stride;
            VectorPath.Current.Scale(target, diagonal[i], width);
            AddColumn(CollectionsMarshal.AsSpan(columns[i]), target, rows, stride, width);
        }
    }

    private static void AddColumn(ReadOnlySpan<(int Row, double Factor)> column, double* target, double* rows, int stride, int width)
    {
        double* c = stackalloc double[BlockedUpdate.Width];
        int at = 0;
        if (width > 1)
        {
            for (; at + BlockedUpdate.Width <= column.Length; at += BlockedUpdate.Width)
            {
                for (int b = 0; b < BlockedUpdate.Width; b++) c[b] = -column[at + b].Factor;
                BlockedUpdate.One(target, c, Row(column[at]), Row(column[at + 1]), Row(column[at + 2]), Row(column[at + 3]), width);
            }
        }
        for (; at < column.Length; at++)
        {
            if (width > 1) BlockedUpdate.Single(target, -column[at].Factor, Row(column[at]), width);
            else *target += column[at].Factor * *Row(column[at]);
        }

        double* Row((int Row, double Factor) entry) => rows + (long)entry.Row * stride;
    }

    /// <summary>An entry of G for a cube; different powers of what is not split belong to functions that know nothing of each other.</summary>
    internal static double Entry(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, MomentSpace space) =>
        MomentSpace.DefectWeight(a, space) * MomentSpace.DefectWeight(b, space) * Expectation(a, b, space);

    /// <summary>E u^(a + b) over what is split, u standard normal; 0 where what is not split differs.</summary>
    internal static double Expectation(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, MomentSpace space)
    {
        double value = 1;
        for (int j = 0; j < a.Length; j++)
        {
            if (space.IsUnsplit(j))
            {
                if (a[j] != b[j]) return 0;
                continue;
            }
            int power = a[j] + b[j];
            if (power % 2 == 1) return 0;
            // E u^power = (power - 1)!! for a standard normal u.
            for (int i = power - 1; i > 1; i -= 2) value *= i;
        }
        return value;
    }

    /// <summary>One step of the factorisation: swaps the most important remaining moment to place i, forms column i of L.</summary>
    private void Eliminate(int i)
    {
        int best = i;
        double top;
        fixed (double* d = diagonal) top = PivotSearch.MaxAbs(d, i, Count);
        // Equal importance is decided by the order, not by rounding.
        while (diagonal[best] * (1 + 1e-9) < top && best < Count - 1) best++;
        swaps[i] = best;
        (diagonal[i], diagonal[best]) = (diagonal[best], diagonal[i]);
        (moments[i], moments[best]) = (moments[best], moments[i]);
        (places[moments[i]], places[moments[best]]) = (i, best);
        List<(int, double)> column = columns[i];
        column.Clear();
        // What is left of the diagonal after cancellation is rounding: no combination then, the moment itself.
        double floor = 1e-14 * diagonal[0] * diagonal[0], pivot = diagonal[i];
        bool known = i == 0 || pivot > floor;
        double root = diagonal[i] = Math.Sqrt(known ? pivot : floor);
        if (!known) return;
        int block = isotropic.BlockOf[moments[i]], row = isotropic.IndexOf[moments[i]];
        ReadOnlySpan<int> members = isotropic.Members(block);
        double[] l = lower[block];
        for (int q = 0; q < members.Length; q++)
        {
            double entry = l[q * members.Length + row] / root;
            if (places[members[q]] > i && entry != 0) column.Add((members[q], entry));
        }
        foreach ((int e, double x) in column)
        {
            int start = isotropic.IndexOf[e] * members.Length;
            foreach ((int f, double y) in column)
            {
                ref double entry = ref l[start + isotropic.IndexOf[f]];
                entry = Math.FusedMultiplyAdd(-x, y, entry);
            }
            diagonal[places[e]] = l[start + isotropic.IndexOf[e]];
        }
    }

    /// <summary>Nearly always of exponent 0 or 1.</summary>
    private static double Power(double x, int n)
    {
        double power = 1;
        for (; n > 0; n--) power *= x;
        return power;
    }

    private void MeasureSides(LocalFrame frame)
    {
        int m = space.Dimension;
        Span<double> half = m <= 64 ? stackalloc double[m] : new double[m];
        widest = 0;
        for (int j = 0; j < m; j++)
        {
            half[j] = space.Metric.Scales[j] * (0.5 * frame.Upper[j] - 0.5 * frame.Lower[j]);
            widest = Math.Max(widest, half[j]);
        }
        // A cell without extent in the metric is measured in its own coordinates.
        for (int j = 0; j < m; j++)
        {
            if (!space.IsUnsplit(j)) half[j] = widest > 0 ? Math.Max(half[j] / widest, FlatSide) : 1;
            // A coordinate that is constant in the whole set has no moments to lose.
            else half[j] = unsplit[j] > 0 ? Math.Max((0.5 * frame.Upper[j] - 0.5 * frame.Lower[j]) / unsplit[j], FlatSide) : 0;
        }
        for (int e = 0; e < Count; e++)
        {
            powers[e] = 1;
            ReadOnlySpan<byte> exponents = space.Exponents(first + e);
            for (int j = 0; j < m; j++)
                for (int i = 0; i < exponents[j]; i++) powers[e] *= half[j];
        }
        unit = Math.Pow(widest, order);
        if (!double.IsNormal(unit)) unit = 1;
    }
}
