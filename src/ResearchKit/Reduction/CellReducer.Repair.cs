namespace ResearchKit;

/// <content>The last step on a cell: exact weights, and what they leave.</content>
internal sealed unsafe partial class CellReducer
{
    /// <summary>Relative residuals below this are round-off of the sums themselves; solving again would not improve them.</summary>
    private const double Refined = 1e-15;

    /// <summary>Relative residuals above this are worth a second, more careful way.</summary>
    private const double Careful = 2e-15;

    /// <summary>Corrections by the least change: each brings the residual down to rounding of the one before.</summary>
    private const int LeastPasses = 3;

    private readonly NativeBuffer fine = new();
    private readonly LeastChange least = new();

    /// <summary>
    /// Replaces <see cref="Totals"/> by the compensated moments of a cell's original points. Where more than the first
    /// <paramref name="matched"/> moments are kept, the others stay those of the given points, which alone can match them.
    /// </summary>
    public void MeasureOriginal(double* points, double* given, int count, LocalFrame frame, int matched)
    {
        var original = new MomentTotals(extended.Count);
        kernel.SumCompensated(extended, frame, points, InUnits(given, count), count, original);
        for (int e = 0; e < extended.Count; e++)
            if (e < matched || kept == matched) Totals.Set(e, original);
    }

    /// <summary>
    /// Solves once more for the weights of the kept points against the moments of the original ones (iterative
    /// refinement: one factorisation, small corrections), and keeps the result where it is nonnegative and closer. Where
    /// the points hardly tell some moments apart, the least change of weights takes the place of that solution.
    /// </summary>
    /// <param name="points">The cell's coordinates, as given to <see cref="Reduce"/>.</param>
    /// <param name="frame">The cell's frame.</param>
    /// <param name="mass">The cell's mass.</param>
    /// <returns>The largest kept moment residual and the root mean square of the next degree's, both relative to the mass.</returns>
    private CellResidual Repair(double* points, LocalFrame frame, double mass)
    {
        mass *= unit;
        double* p = Gather(points);
        int n = Count, stride = NativeBuffer.Padded(n);
        double* a = matrix.Ensure((long)extended.Count * stride);
        kernel.Evaluate(extended, frame, p, n, a, stride);
        if (steep) CorrectPlaces(p, n, frame, a, stride);
        double[] residual = Residual(a, n, stride);
        // One point alone can have the mass, and nothing else.
        if (n == 1 && residual[0] != 0) CorrectMass(a, stride, ref residual);
        if (n > 1 && Largest(residual) > Refined * mass) Correct(a, n, stride, ref residual);
        if (n > 1 && Largest(residual) > Careful * mass) CorrectLeast(a, n, stride, mass, ref residual);
        var left = new CellResidual(Largest(residual) / mass, WatchesDefect ? RootMeanSquare(residual) / mass : double.NaN);
        if (unit == 1 && left.Holds) Neighbours.Finish(residual.AsSpan(basis.Count));
        LeaveUnits();
        return left;
    }

    /// <summary>The mass comes first: what the other moments of a single point then miss by is the rounding of their sums.</summary>
    private void CorrectMass(double* a, int stride, ref double[] residual)
    {
        double corrected = weights[0] + residual[0];
        if (!(corrected > 0)) return;
        weights[0] = corrected;
        residual = Residual(a, 1, stride);
    }

    /// <summary>Solves for the weights of pivots, as many as there are independent moments: nearly always all that is needed.</summary>
    private void Correct(double* a, int n, int stride, ref double[] residual)
    {
        var scratch = new double[n];
        var order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        // Combinations of watched moments take part only where some are kept.
        int used = kept > basis.Count ? extended.Count : kept;
        double* f = fine.Ensure((long)used * stride);
        Buffer.MemoryCopy(a, f, (long)used * stride * sizeof(double), (long)used * stride * sizeof(double));
        if (kept > basis.Count) metric.Transform(f + (long)basis.Count * stride, stride);
        fixed (int* o = order)
        fixed (double* w = scratch)
            factor.Factor(f, kept, kept, n, stride, o, w);
        for (int pass = 0; pass < 2; pass++)
            if (!TryCorrect(f, stride, order, residual, out double[] corrected) || !TryTake(corrected, a, n, stride, ref residual)) return;
    }

    /// <summary>
    /// The same by the least relative change, for points on which some moments are nearly dependent: a solution on pivots
    /// alone would then change weights by more than they are. Of several numbers of directions the one that leaves least.
    /// </summary>
    private void CorrectLeast(double* a, int n, int stride, double mass, ref double[] residual)
    {
        double[] scale = weights[..n];
        least.Factor(a, basis.Count, n, stride, scale, mass);
        for (int pass = 0; pass < LeastPasses; pass++)
        {
            double[] start = weights, wanted = residual;
            int tried = 0;
            for (double part = 1e-15; part < 0.1; part *= 100)
            {
                int directions = least.Directions(part);
                if (directions == tried) continue;
                tried = directions;
                double[] corrected = [.. start];
                if (least.TrySolve(wanted, mass, directions, scale, corrected.AsSpan(0, n))) TryTake(corrected, a, n, stride, ref residual);
            }
            if (weights == start || Largest(residual) <= Refined * mass) return;
        }
    }

    /// <summary>Takes over new weights where they leave less.</summary>
    private bool TryTake(double[] corrected, double* a, int n, int stride, ref double[] residual)
    {
        double[] before = weights;
        weights = corrected;
        double[] next = Residual(a, n, stride);
        if (Largest(next) < Largest(residual))
        {
            residual = next;
            return true;
        }
        weights = before;
        return false;
    }

    private bool TryCorrect(double* f, int stride, int[] order, double[] residual, out double[] corrected)
    {
        int rank = factor.Rank;
        var solution = new double[rank];
        double[] wanted = [.. residual];
        if (kept > basis.Count)
            fixed (double* watched = wanted) metric.Transform(watched + basis.Count, 1);
        factor.SolveWeights(f, stride, wanted, solution);
        corrected = [.. weights];
        for (int q = 0; q < rank; q++)
        {
            double w = corrected[order[q]] + solution[q];
            if (!(w > 0)) return false;
            corrected[order[q]] = w;
        }
        return true;
    }

    /// <summary>Totals minus what the kept points have, per moment, with compensated sums.</summary>
    private double[] Residual(double* a, int n, int stride)
    {
        var residual = new double[extended.Count];
        fixed (double* w = weights)
            for (int e = 0; e < residual.Length; e++)
                residual[e] = Difference(Totals[e], e, a + (long)e * stride, w, n);
        return residual;
    }

    private double Largest(double[] residual)
    {
        double worst = 0;
        for (int e = 0; e < basis.Count; e++) worst = Math.Max(worst, Math.Abs(residual[e]));
        return worst;
    }

    private double RootMeanSquare(double[] residual)
    {
        double sum = 0;
        for (int e = basis.Count; e < basis.Count + metric.Next; e++) sum += residual[e] * residual[e];
        return Math.Sqrt(sum / Math.Max(1, metric.Next));
    }
}

/// <summary>What a reduced cell leaves, relative to its mass.</summary>
/// <param name="Kept">Largest difference of a kept moment.</param>
/// <param name="Next">Root mean square difference of the moments of the first unmatched degree; NaN if not watched.</param>
internal readonly record struct CellResidual(double Kept, double Next)
{
    /// <summary>A reduction that misses its moments by more has failed; nothing is returned then. Good ones end near 1e-16.</summary>
    private const double Tolerated = 1e-11;

    /// <summary>Whether the reduction has kept its moments.</summary>
    public bool Holds => Kept <= Tolerated;

    /// <summary>Refuses a failed reduction.</summary>
    /// <param name="count">The cell's objects, for the message.</param>
    /// <exception cref="ArithmeticException">A kept moment differs by more than 1e-11 of the mass.</exception>
    public void Require(int count)
    {
        if (!Holds)
            throw new ArithmeticException($"A cell of {count} objects kept its moments only to {Kept:E1} of its mass (allowed {Tolerated:E0}): its coordinates or weights span more than double precision holds. Standardise the columns, drop extreme objects or weights, or lower the degree.");
    }
}
