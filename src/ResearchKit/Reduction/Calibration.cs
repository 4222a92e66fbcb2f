namespace ResearchKit;

/// <summary>
/// Calibrates a sample: weights near the given ones with which it has the moments of the whole, not about but exactly.
/// (Deville and Särndal, Calibration estimators in survey sampling, 1992, with their chi-square distance.)
/// </summary>
/// <remarks>
/// <para>
/// min sum_i (w_i - s_i)^2 / s_i subject to A w = b has w_i = s_i (1 + c' a_i), S c = b - A s with S = A diag(s) A'. Written
/// in the pivots' Lagrange values, A = [I Y] and S is well conditioned however hard the moments are to tell apart. Points
/// whose weight would be negative are left out and the rest is solved again, as in nonnegative least squares; the
/// weights of the pivots are then computed from the others' once more, so that moments hold to rounding.
/// </para>
/// <para>A sample of n = 6 r points has weights that vary by about sqrt(r / n): two or three solutions are enough.</para>
/// </remarks>
internal sealed unsafe class Calibration : IDisposable
{
    /// <summary>Solutions at most; a sample that needs more has not got the moments, or hardly.</summary>
    private const int MostRounds = 16;

    /// <summary>A weight this far below zero, in units of the mean weight, is rounding of 0; what that leaves of the moments is solved for at the end.</summary>
    private const double Nothing = 1e-9;

    private readonly NativeBuffer buffer = new();
    private double*[] values = [];
    private int rank;
    private int others;
    private int order;

    // S, its Cholesky factor, the solution (relative changes of the pivots), one point's Lagrange values, the others' relative changes.
    private double* gram;
    private double* lower;
    private double* step;
    private double* point;
    private double* change;

    /// <summary>Cancels between solutions.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Solves for nonnegative weights; false, and the weights spoiled, where none were found.</summary>
    /// <param name="factor">The factored sample after <see cref="MomentFactor.SolveLagrange"/>; column <paramref name="count"/> is the mean of the whole.</param>
    /// <param name="a">Its matrix.</param>
    /// <param name="count">n, the number of points.</param>
    /// <param name="stride">Row length in memory.</param>
    /// <param name="mass">Mass of the whole.</param>
    /// <param name="weights">n positive weights in pivot order.</param>
    public bool TrySolve(MomentFactor factor, double* a, int count, int stride, double mass, double* weights)
    {
        Load(factor, a, count, stride, weights);
        for (int round = 0; round < MostRounds; round++)
        {
            Cancellation.ThrowIfCancellationRequested();
            if (!TryStep(mass, weights)) return false;
            if (LeaveOut(weights)) continue;
            for (int j = 0; j < others; j++) weights[rank + j] *= 1 + change[j];
            for (int q = 0; q < rank; q++)
            {
                double w = Missing(q, mass, weights);
                if (!(w >= -Nothing * mass / count)) return false;
                weights[q] = Math.Max(0, w);
            }
            return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();

    private void Load(MomentFactor factor, double* a, int count, int stride, double* weights)
    {
        rank = factor.Rank;
        others = count - rank;
        order = GaussNormal.Padded(rank);
        int width = NativeBuffer.Padded(others);
        double* scaled = buffer.Ensure((long)order * width + 2L * order * order + 2L * order + width);
        gram = scaled + (long)order * width;
        lower = gram + (long)order * order;
        step = lower + (long)order * order;
        point = step + order;
        change = point + order;
        if (values.Length < rank) values = new double*[rank];
        // The Lagrange values times the roots of the weights: their Gram matrix is S without the pivots.
        for (int j = 0; j < width; j++) change[j] = j < others ? Math.Sqrt(weights[rank + j]) : 0;
        new Span<double>(scaled, order * width).Clear();
        for (int q = 0; q < rank; q++)
        {
            values[q] = factor.Row(a, stride, q) + rank;
            Buffer.MemoryCopy(values[q], scaled + (long)q * width, width * sizeof(double), others * sizeof(double));
            BlockedUpdate.Multiply(scaled + (long)q * width, change, others);
        }
        GaussNormal.Gram(scaled, order, width, gram);
        for (int q = 0; q < order; q++) gram[(long)q * order + q] += q < rank ? weights[q] : 1;
    }

    /// <summary>What the points beyond the pivots leave for pivot q.</summary>
    private double Missing(int q, double mass, double* weights) => mass * values[q][others] - DotProduct.Of(values[q], weights + rank, others);

    /// <summary>The relative changes of all weights; false where S is singular.</summary>
    private bool TryStep(double mass, double* weights)
    {
        for (int q = 0; q < order; q++) step[q] = q < rank ? Missing(q, mass, weights) - weights[q] : 0;
        Buffer.MemoryCopy(gram, lower, (long)order * order * sizeof(double), (long)order * order * sizeof(double));
        if (!GaussNormal.Cholesky(lower, order)) return false;
        GaussNormal.Solve(lower, order, step);
        new Span<double>(change, others).Clear();
        for (int q = 0; q < rank; q++) BlockedUpdate.AddScaled(change, step[q], values[q], others);
        return true;
    }

    /// <summary>Leaves out the points whose weight would be negative; false where there are none.</summary>
    private bool LeaveOut(double* weights)
    {
        bool any = false;
        for (int q = 0; q < rank; q++)
        {
            if (weights[q] == 0 || step[q] > -1) continue;
            gram[(long)q * order + q] -= weights[q];
            weights[q] = 0;
            any = true;
        }
        for (int j = 0; j < others; j++)
        {
            double w = weights[rank + j];
            if (w == 0 || change[j] > -1) continue;
            for (int q = 0; q < rank; q++) point[q] = values[q][j];
            for (int q = 0; q < rank; q++) BlockedUpdate.AddScaled(gram + (long)q * order, -w * point[q], point, q + 1);
            weights[rank + j] = 0;
            any = true;
        }
        return any;
    }
}
