using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Datasets;

/// <summary>
/// The least-squares function h(x) = a + b . x + sum_j beta_j max(0, w_j . (x - x_j)) of labels, with random directions w_j
/// and random rows x_j: linear in what is fitted, so one Gram matrix and a Cholesky factorisation give it.
/// </summary>
/// <remarks>
/// The ridge (all but a is shrunk) is the one of <see cref="Ridges"/> that predicts every fifth row best from the others;
/// then all rows are fitted with it.
/// </remarks>
internal sealed unsafe class RandomFeatureFit
{
    /// <summary>Candidates for the ridge, relative to the mean square of a feature.</summary>
    private static readonly double[] Ridges = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2];

    private const int Chunk = 1024, HeldOut = 5;

    private readonly int n, count, order;
    private readonly double[] directions, offsets, coefficients;

    private RandomFeatureFit(int n, int count, double[] directions, double[] offsets)
    {
        (this.n, this.count, this.directions, this.offsets) = (n, count, directions, offsets);
        order = GaussNormal.Padded(1 + n + count);
        coefficients = new double[order];
    }

    /// <summary>The ridge that was taken, relative to the mean square of a feature.</summary>
    public double Ridge { get; private set; }

    /// <summary>Fits labels.</summary>
    /// <param name="data">Rows of comparable scale in every feature, one label each.</param>
    /// <param name="features">M, the random features.</param>
    /// <param name="scale">Length of a typical direction.</param>
    /// <param name="seed">Seed of directions and rows.</param>
    /// <param name="threads">Threads at most, or -1.</param>
    /// <param name="cancellation">Looked at between chunks of rows.</param>
    public static RandomFeatureFit Fit(Samples data, int features, double scale, int seed, int threads, CancellationToken cancellation)
    {
        int n = data.InputSize;
        var random = new SeededRandom(seed);
        double[] directions = new double[checked(features * n)], offsets = new double[features];
        for (int j = 0; j < features; j++)
        {
            Span<double> w = directions.AsSpan(j * n, n);
            random.FillNormal(w);
            ReadOnlySpan<double> row = data.Inputs.Slice(n * random.NextInt(data.Count), n);
            for (int a = 0; a < n; a++)
            {
                w[a] *= scale / Math.Sqrt(n);
                offsets[j] -= w[a] * row[a];
            }
        }
        var fit = new RandomFeatureFit(n, features, directions, offsets);
        fit.Solve(data, threads, cancellation);
        return fit;
    }

    /// <summary>The function's value on rows.</summary>
    public double[] Predict(ReadOnlySpan<double> rows, int threads, CancellationToken cancellation)
    {
        int total = rows.Length / n;
        var values = new double[total];
        using var product = new MatrixProduct();
        var features = new double[Math.Min(Chunk, total) * order];
        fixed (double* x = rows, f = features, beta = coefficients)
        {
            for (int start = 0; start < total; start += Chunk)
            {
                cancellation.ThrowIfCancellationRequested();
                int rowsHere = Math.Min(Chunk, total - start);
                Features(x + (long)start * n, rowsHere, f, product, threads);
                for (int i = 0; i < rowsHere; i++) values[start + i] = DotProduct.Of(f + (long)i * order, beta, order);
            }
        }
        return values;
    }

    /// <summary>The weighted mean of grad h grad h', n x n: how much the function varies along each direction.</summary>
    public double[] GradientOuterProduct(Samples data, int threads, CancellationToken cancellation)
    {
        using var product = new MatrixProduct();
        double[] gates = new double[Math.Min(Chunk, data.Count) * order], slopes = new double[count * n], gradients = new double[Math.Min(Chunk, data.Count) * n];
        var sums = new CompensatedSum[n * n];
        double mass = FeatureStatistics.Mass(data);
        for (int j = 0; j < count; j++)
            for (int a = 0; a < n; a++) slopes[j * n + a] = coefficients[1 + n + j] * directions[j * n + a];
        fixed (double* x = data.Inputs, f = gates, s = slopes, g = gradients)
        {
            for (int start = 0; start < data.Count; start += Chunk)
            {
                cancellation.ThrowIfCancellationRequested();
                int rows = Math.Min(Chunk, data.Count - start);
                Features(x + (long)start * n, rows, f, product, threads);
                for (long i = 0; i < (long)rows * order; i++) f[i] = f[i] > 0 ? 1 : 0;
                product.Multiply(new Operand(f + 1 + n, order), new Operand(s, n), g, n, rows, n, count, add: false, threads);
                for (int i = 0; i < rows; i++)
                {
                    double share = data.WeightOf(start + i) / mass;
                    for (int a = 0; a < n; a++) g[i * n + a] += coefficients[1 + a];
                    for (int a = 0; a < n; a++)
                        for (int b = 0; b <= a; b++) sums[a * n + b].Add(share * g[i * n + a] * g[i * n + b]);
                }
            }
        }
        var matrix = new double[n * n];
        for (int a = 0; a < n; a++)
            for (int b = 0; b <= a; b++) matrix[a * n + b] = matrix[b * n + a] = sums[a * n + b].Total;
        return matrix;
    }

    /// <summary>1, x, and the random features of rows, each row padded with zeros to <see cref="order"/>.</summary>
    private void Features(double* rows, int rowCount, double* features, MatrixProduct product, int threads)
    {
        fixed (double* w = directions)
            product.Multiply(new Operand(rows, n), new Operand(w, n).Transposed, features + 1 + n, order, rowCount, count, n, add: false, threads);
        for (int i = 0; i < rowCount; i++)
        {
            double* row = features + (long)i * order;
            row[0] = 1;
            for (int a = 0; a < n; a++) row[1 + a] = rows[(long)i * n + a];
            for (int j = 0; j < count; j++) row[1 + n + j] = Math.Max(0, row[1 + n + j] + offsets[j]);
            for (int j = 1 + n + count; j < order; j++) row[j] = 0;
        }
    }

    private void Solve(Samples data, int threads, CancellationToken cancellation)
    {
        // Too few rows to hold any out are fitted with the largest ridge.
        bool choose = data.Count >= 2 * HeldOut;
        var fitted = Normal.Of(this, data, i => !choose || i % HeldOut != HeldOut - 1, threads, cancellation);
        if (choose)
        {
            var held = Normal.Of(this, data, i => i % HeldOut == HeldOut - 1, threads, cancellation);
            double least = double.PositiveInfinity;
            foreach (double ridge in Ridges)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!fitted.TrySolve(ridge, n + 1 + count, coefficients)) continue;
                double error = held.Error(coefficients);
                if (error < least) (least, Ridge) = (error, ridge);
            }
            fitted.Add(held);
        }
        if (Ridge == 0) Ridge = Ridges[^1];
        if (!fitted.TrySolve(Ridge, n + 1 + count, coefficients))
            throw new ArithmeticException($"The least-squares fit of the labels in {count} random features is singular to double precision: the features span too many orders of magnitude. Standardise them first.");
    }

    /// <summary>The normal equations of some rows.</summary>
    private sealed class Normal(int order)
    {
        private readonly double[] gram = new double[(long)order * order], right = new double[order];
        private double squares;

        public static Normal Of(RandomFeatureFit fit, Samples data, Func<int, bool> wanted, int threads, CancellationToken cancellation)
        {
            int n = fit.n, order = fit.order;
            var normal = new Normal(order);
            double mass = FeatureStatistics.Mass(data);
            using var product = new MatrixProduct();
            double[] rows = new double[Chunk * n], labels = new double[Chunk], roots = new double[Chunk], features = new double[Chunk * order];
            var squares = new CompensatedSum();
            int i = 0;
            fixed (double* x = rows, y = labels, f = features, g = normal.gram, r = normal.right)
            {
                while (i < data.Count)
                {
                    cancellation.ThrowIfCancellationRequested();
                    int count = 0;
                    for (; i < data.Count && count < Chunk; i++)
                    {
                        double weight = data.WeightOf(i) / mass;
                        if (!wanted(i) || weight == 0) continue;
                        data.Inputs.Slice(i * n, n).CopyTo(rows.AsSpan(count * n));
                        roots[count] = Math.Sqrt(weight);
                        labels[count] = roots[count] * data.Targets[i];
                        squares.Add(labels[count] * labels[count]);
                        count++;
                    }
                    if (count == 0) break;
                    fit.Features(x, count, f, product, threads);
                    for (int row = 0; row < count; row++)
                        for (int j = 0; j < order; j++) f[(long)row * order + j] *= roots[row];
                    var transposed = new Operand(f, order).Transposed;
                    product.Multiply(transposed, new Operand(f, order), g, order, order, order, count, add: true, threads);
                    product.Multiply(transposed, new Operand(y, 1), r, 1, order, 1, count, add: true, threads);
                }
            }
            normal.squares = squares.Total;
            return normal;
        }

        public void Add(Normal other)
        {
            for (long i = 0; i < gram.LongLength; i++) gram[i] += other.gram[i];
            for (int i = 0; i < order; i++) right[i] += other.right[i];
        }

        public bool TrySolve(double ridge, int used, double[] solution)
        {
            double[] factor = [.. gram];
            double trace = 0;
            for (int j = 1; j < used; j++) trace += gram[(long)j * order + j];
            // All features vanish: the mean alone is left to fit, and any ridge keeps the factorisation regular.
            double added = trace > 0 ? ridge * trace / (used - 1) : 1;
            for (int j = 1; j < used; j++) factor[(long)j * order + j] += added;
            for (int j = used; j < order; j++) factor[(long)j * order + j] = 1;
            right.CopyTo(solution, 0);
            fixed (double* g = factor, x = solution)
            {
                if (!GaussNormal.Cholesky(g, order)) return false;
                GaussNormal.Solve(g, order, x);
            }
            return NonFinite.IndexOf(solution) < 0;
        }

        /// <summary>The (weighted) sum of squared errors.</summary>
        public double Error(double[] solution)
        {
            double error = squares;
            fixed (double* g = gram, b = solution)
                for (int j = 0; j < order; j++) error += solution[j] * (DotProduct.Of(g + (long)j * order, b, order) - 2 * right[j]);
            return error;
        }
    }
}
