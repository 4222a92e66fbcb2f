namespace ResearchKit;

/// <summary>
/// Moves weights by the little that global moments have drifted: the least relative change with
/// sum_j w_j dw_j phi(x_j) = residual, dw_j = phi(x_j) . lambda, by the N x N matrix of second moments.
/// </summary>
/// <remarks>
/// The moments of each cell change by the same little, far below round-off of a cell, since a drift of thousands of merges
/// is some 1e-15 of the mass.
/// </remarks>
internal static unsafe class MomentRepair
{
    /// <summary>Beyond these the matrices would cost more than the drift is worth.</summary>
    private const int MostMoments = 1024;
    private const long MostValues = 1 << 26;

    /// <summary>Directions in which the points hardly extend (constant columns, algebraic sets) are left as they are.</summary>
    private const double Ridge = 1e-10;

    /// <summary>Repairs in place where that brings the moments closer.</summary>
    /// <param name="target">The exact moments.</param>
    /// <param name="rows">d' x m coordinates.</param>
    /// <param name="weights">d' weights; they stay positive.</param>
    /// <param name="threads">Threads for the sums.</param>
    /// <returns>The largest residual before and after, relative to the mass.</returns>
    public static (double Before, double After) Apply(StreamMoments target, double[] rows, double[] weights, int threads)
    {
        double[] residual = target.Residual(rows, weights, threads);
        double before = target.Largest(residual), after = before;
        int n = target.Space.Count, count = weights.Length;
        if (n > MostMoments || (long)n * count > MostValues || before == 0) return (before, after);
        int order = GaussNormal.Padded(n), stride = NativeBuffer.Padded(count);
        using NativeBuffer values = new(), roots = new(), gram = new(), solution = new();
        double* a = values.Ensure((long)n * stride), f = roots.Ensure((long)order * stride), g = gram.Ensure((long)order * order), x = solution.Ensure(order);
        using (var kernel = new MomentKernel())
            fixed (double* p = rows) kernel.Evaluate(ProductBasis.Of(target.Space), target.Frame!, p, count, a, stride);
        Factor(a, f, g, weights, n, order, stride);
        if (!GaussNormal.Cholesky(g, order)) return (before, after);
        for (int pass = 0; pass < 2; pass++)
        {
            for (int e = 0; e < order; e++) x[e] = e < n ? residual[e] : 0;
            GaussNormal.Solve(g, order, x);
            double[] changed = new double[count];
            for (int j = 0; j < count; j++)
            {
                double part = 0;
                for (int e = 0; e < n; e++) part += x[e] * a[(long)e * stride + j];
                changed[j] = weights[j] + weights[j] * part;
                if (!(changed[j] > 0)) return (before, after);
            }
            double[] left = target.Residual(rows, changed, threads);
            double worst = target.Largest(left);
            if (!(worst < after)) break;
            changed.CopyTo(weights, 0);
            (residual, after) = (left, worst);
        }
        return (before, after);
    }

    /// <summary>The second moments G = sum_j w_j phi phi', with a little on the diagonal.</summary>
    private static void Factor(double* a, double* f, double* g, double[] weights, int n, int order, int stride)
    {
        new Span<double>(f, checked(order * stride)).Clear();
        for (int e = 0; e < n; e++)
            for (int j = 0; j < weights.Length; j++) f[(long)e * stride + j] = Math.Sqrt(weights[j]) * a[(long)e * stride + j];
        GaussNormal.Gram(f, order, stride, g);
        double trace = 0;
        for (int e = 0; e < n; e++) trace += g[(long)e * order + e];
        for (int e = 0; e < order; e++) g[(long)e * order + e] = e < n ? g[(long)e * order + e] + Ridge * trace / n : 1;
    }
}
