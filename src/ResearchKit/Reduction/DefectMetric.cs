using System.Runtime.CompilerServices;

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

    /// <summary>Combinations formed at a time.</summary>
    private const int Together = 4;

    private static readonly ConditionalWeakTable<MomentSpace, double[]> Cache = [];

    private readonly MomentSpace space;
    private readonly int first;
    private readonly int order;
    private readonly double extent;
    private readonly double[] unsplit;
    private readonly int[] above;
    private readonly bool[] isFurther;
    private readonly double furtherWeight;
    private readonly double[] isotropic;
    private readonly double[] lower;
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
        isotropic = Cache.GetValue(space, s => Isotropic(s, first));
        lower = new double[Count * Count];
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
            (isFurther[e] ? ref further : ref next) += isotropic[e * Count + e];
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
        for (int e = 0; e < Count; e++)
        {
            ReadOnlySpan<double> all = scales, from = isotropic.AsSpan(e * Count, all.Length);
            Span<double> row = lower.AsSpan(e * Count, all.Length);
            for (int f = 0; f < all.Length; f++) row[f] = all[e] * all[f] * from[f];
        }
        for (int i = 0; i < Combinations; i++) Eliminate(i);
        // Combinations formed together have nothing of the rows before their own.
        for (int e = 0; e < Combinations; e++)
            for (int f = e + 1; f < Combinations && f % Together != 0; f++) lower[e * Count + f] = 0;
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
            if (swaps[i] == i) continue;
            var x = new Span<double>(rows + (long)i * stride, width);
            var y = new Span<double>(rows + (long)swaps[i] * stride, width);
            for (int k = 0; k < width; k++) (x[k], y[k]) = (y[k], x[k]);
        }
        // A row takes from rows after it only, so it may be overwritten at once.
        int done = 0;
        if (width > 1)
            for (; done + Together <= Combinations; done += Together) Combine(rows, stride, width, done);
        for (int i = done; i < Combinations; i++)
        {
            double* target = rows + (long)i * stride;
            double diagonal = lower[i * Count + i];
            for (int k = 0; k < width; k++) target[k] *= diagonal;
            for (int e = i + 1; e < Count; e++)
            {
                double f = lower[e * Count + i];
                if (width > 1) BlockedUpdate.Single(target, -f, rows + (long)e * stride, width);
                else *target += f * rows[(long)e * stride];
            }
        }
    }

    /// <summary>Combinations first .. first + 3 of a block of columns: every row is read once for all four.</summary>
    private void Combine(double* rows, int stride, int width, int first)
    {
        double* sums = stackalloc double[Together * ColumnBlock], target = rows + (long)first * stride;
        new Span<double>(sums, Together * ColumnBlock).Clear();
        fixed (double* l = lower)
            VectorPath.Current.MultiplyMap(target, Count - first, stride, width, l + (long)first * Count + first, Count,
                sums, sums + ColumnBlock, sums + 2 * ColumnBlock, sums + 3 * ColumnBlock);
        for (int i = 0; i < Together; i++)
            new Span<double>(sums + i * ColumnBlock, width).CopyTo(new Span<double>(target + (long)i * stride, width));
    }

    /// <summary>G for a cube, in the orthonormal Legendre basis (<see cref="MomentSpace.DefectWeight"/>).</summary>
    private static double[] Isotropic(MomentSpace space, int first)
    {
        int n = space.Count - first;
        var g = new double[n * n];
        double[] weights = [.. Enumerable.Range(first, n).Select(e => MomentSpace.DefectWeight(space.Exponents(e), space))];
        // Nearly all pairs differ in the parity of some power: they are passed over before anything is multiplied.
        ulong[] odd = [.. Enumerable.Range(first, n).Select(e => OddPowers(space.Exponents(e)))];
        for (int e = 0; e < n; e++)
            for (int f = 0; f <= e; f++)
                if (odd[e] == odd[f])
                    g[e * n + f] = g[f * n + e] = weights[e] * weights[f] * Expectation(space.Exponents(first + e), space.Exponents(first + f), space);
        return g;
    }

    /// <summary>A bit for every coordinate of odd power, the 65th on the first again: equal masks are necessary for an expectation that is not 0.</summary>
    private static ulong OddPowers(ReadOnlySpan<byte> exponents)
    {
        ulong odd = 0;
        for (int j = 0; j < exponents.Length; j++) odd ^= (exponents[j] & 1UL) << (j & 63);
        return odd;
    }

    /// <summary>An entry of G for a cube; different powers of what is not split belong to functions that know nothing of each other.</summary>
    internal static double Entry(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, MomentSpace space) =>
        MomentSpace.DefectWeight(a, space) * MomentSpace.DefectWeight(b, space) * Expectation(a, b, space);

    /// <summary>E u^(a + b) over what is split, u standard normal; 0 where what is not split differs.</summary>
    private static double Expectation(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, MomentSpace space)
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
        int n = Count, best = i;
        // Equal importance is decided by the order, not by rounding.
        for (int e = i + 1; e < n; e++)
            if (lower[e * n + e] > lower[best * n + best] * (1 + 1e-9)) best = e;
        swaps[i] = best;
        if (best != i)
        {
            Span<double> x = lower.AsSpan(i * n, n), y = lower.AsSpan(best * n, n);
            for (int k = 0; k < x.Length; k++) (x[k], y[k]) = (y[k], x[k]);
            for (int k = i; k < n; k++) (lower[k * n + i], lower[k * n + best]) = (lower[k * n + best], lower[k * n + i]);
        }
        // What is left of the diagonal after cancellation is rounding: no combination then, the moment itself.
        double floor = 1e-14 * lower[0] * lower[0], pivot = lower[i * n + i];
        bool known = i == 0 || pivot > floor;
        double root = Math.Sqrt(known ? pivot : floor);
        lower[i * n + i] = root;
        Span<double> column = n <= 1024 ? stackalloc double[n] : new double[n];
        for (int e = i + 1; e < n; e++)
        {
            ref double entry = ref lower[e * n + i];
            entry = known ? entry / root : 0;
            column[e] = entry;
        }
        if (!known) return;
        fixed (double* l = lower, c = column)
            for (int e = i + 1; e < n; e++)
                if (c[e] != 0) BlockedUpdate.AddScaled(l + e * n + i + 1, -c[e], c + i + 1, n - i - 1);
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
