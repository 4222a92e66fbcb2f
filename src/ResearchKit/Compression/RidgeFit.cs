namespace ResearchKit.Networks;

/// <summary>
/// Least squares with least change: min_D |F D - T|^2 + lambda sum_j cost_j |D_j|^2 for P samples, n features and any number
/// of outputs, by the normal equations in the scaled unknowns sqrt(cost) D.
/// </summary>
internal static unsafe class RidgeFit
{
    /// <summary>Solves.</summary>
    /// <param name="features">n rows of P values: feature j on every sample.</param>
    /// <param name="count">n.</param>
    /// <param name="cost">n positive costs of a change.</param>
    /// <param name="targets">o rows of P values: what is missing.</param>
    /// <param name="outputs">o.</param>
    /// <param name="ridge">lambda relative to the mean diagonal of the normal matrix.</param>
    /// <param name="parallel">Threads; the result has the same bits for any number.</param>
    /// <returns>o rows of n changes.</returns>
    public static double[] Solve(double[] features, int count, double[] cost, double[] targets, int outputs, double ridge, ParallelOptions parallel)
    {
        int samples = features.Length / count;
        double[] scale = [.. cost.Select(static c => 1 / Math.Sqrt(c))];
        var normal = new double[(long)count * count];
        var change = new double[outputs * count];
        fixed (double* f = features, t = targets, a = normal)
        {
            double* rows = f, wanted = t, matrix = a;
            Parallel.For(0, count, parallel, j =>
            {
                for (int i = 0; i <= j; i++)
                    matrix[(long)j * count + i] = scale[i] * scale[j] * DotProduct.Of(rows + (long)i * samples, rows + (long)j * samples, samples);
                for (int o = 0; o < outputs; o++)
                    change[o * count + j] = scale[j] * DotProduct.Of(wanted + (long)o * samples, rows + (long)j * samples, samples);
            });
            double trace = 0;
            for (int j = 0; j < count; j++) trace += matrix[(long)j * count + j];
            // All features vanish on the probes: there is nothing to fit by.
            if (trace == 0) return new double[outputs * count];
            if (!double.IsFinite(trace))
                throw new ArithmeticException($"The squares of the activations on the probes sum to {trace}: beyond double precision. Scale the network's input weights down, or leave the refit out.");
            for (int j = 0; j < count; j++) matrix[(long)j * count + j] += ridge * trace / count;
            Factor(matrix, count, ridge, parallel);
            Parallel.For(0, outputs, parallel, o => SolveOne(matrix, count, change.AsSpan(o * count, count)));
        }
        for (int i = 0; i < change.Length; i++) change[i] *= scale[i % count];
        return change;
    }

    /// <summary>Cholesky in place, lower triangle by rows: a block's columns serially, then what lies below in parallel.</summary>
    private static void Factor(double* a, int n, double ridge, ParallelOptions parallel)
    {
        const int Block = 32;
        for (int start = 0; start < n; start += Block)
        {
            int end = Math.Min(n, start + Block);
            for (int j = start; j < end; j++) Row(j, Math.Min(j + 1, end));
            Parallel.For(end, n, parallel, i => Row(i, end));

            void Row(int i, int to)
            {
                double* row = a + (long)i * n;
                for (int j = start; j < to; j++)
                {
                    double value = row[j] - DotProduct.Of(row, a + (long)j * n, j);
                    if (i == j && !(value > 0))
                        throw new ArithmeticException($"The fit is singular to double precision with Ridge = {ridge}; raise Ridge (1e-3 is usual, 1e-12 about the least), or give more probe inputs.");
                    row[j] = i == j ? Math.Sqrt(value) : value / a[(long)j * n + j];
                }
            }
        }
    }

    private static void SolveOne(double* a, int n, Span<double> x)
    {
        fixed (double* v = x)
        {
            for (int i = 0; i < n; i++)
                v[i] = (v[i] - DotProduct.Of(a + (long)i * n, v, i)) / a[(long)i * n + i];
            for (int i = n - 1; i >= 0; i--)
            {
                v[i] /= a[(long)i * n + i];
                BlockedUpdate.AddScaled(v, -v[i], a + (long)i * n, i);
            }
        }
    }
}
