using System.Diagnostics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using ResearchKit.Baselines;

namespace ResearchKit.Networks;

/// <summary>
/// A selection that is spread evenly: one object for each of d' clusters, with the cluster's mass as its weight, changed as
/// little as the moments of a few coarse cells ask for.
/// </summary>
/// <remarks>
/// A vertex (T2) has as many objects as moments, wherever elimination leaves them: with gaps and clumps within a cell. What
/// long training makes of the objects is no polynomial of low degree in any cell that the budget can pay for, and is summed
/// best by objects that leave no gaps. With several times more objects than moments both can be had.
/// </remarks>
internal sealed unsafe class SpreadSelection
{
    /// <summary>No weight falls below this part of its cluster's mass.</summary>
    private const double LeastWeight = 0.1;

    /// <summary>How much an object's size, against its position, counts in the choice of a cluster's object.</summary>
    private const double SizeWeight = 3;

    private const string Method = "spread neurons";

    private readonly WeightedPoints objects, positions;
    private readonly double[] sizes;
    private readonly MomentSpace space;
    private readonly CompressionOptions options;

    /// <param name="objects">The objects, whose moments are kept.</param>
    /// <param name="positions">Where they lie for the clusters, with the masses that count there.</param>
    /// <param name="sizes">One length per object: a cluster's object has about the root mean square of its cluster.</param>
    /// <param name="space">The moments of every coarse cell.</param>
    /// <param name="options">Budget, seed and how to run.</param>
    public SpreadSelection(WeightedPoints objects, WeightedPoints positions, double[] sizes, MomentSpace space, CompressionOptions options)
    {
        (this.objects, this.positions, this.sizes, this.space, this.options) = (objects, positions, sizes, space, options);
    }

    /// <summary>Selects.</summary>
    /// <param name="perMoment">Objects per moment: as many coarse cells as leave each so many.</param>
    public CompressedSet Run(double perMoment)
    {
        long start = Stopwatch.GetTimestamp();
        int budget = options.RequireBudget();
        if (space.Count > budget) throw Compressor.Impossible(space, budget, space.Count);
        CentroidSet clusters = KMeansCentroids.Compress(positions, options);
        int[] nodes = Nearest(clusters);
        var masses = new CompensatedSum[nodes.Length];
        for (int i = 0; i < objects.Count; i++) masses[clusters.Assignment[i]].Add(objects.WeightOf(i));
        int cells = Math.Max(1, (int)(nodes.Length / (perMoment * space.Count)));
        CentroidSet coarse = KMeansCentroids.Compress(clusters.Points, options with { Budget = cells, Progress = null });
        var weights = new double[nodes.Length];
        for (int cell = 0; cell < coarse.Count; cell++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            int[] mine = [.. Enumerable.Range(0, nodes.Length).Where(k => coarse.Assignment[k] == cell)];
            int[] members = [.. Enumerable.Range(0, objects.Count).Where(i => coarse.Assignment[clusters.Assignment[i]] == cell)];
            if (!Weigh(members, nodes, mine, masses, weights)) return Vertices(budget);
        }
        Array.Sort(nodes, weights);
        return SelectionCertificate.Certify(Method, objects, space, nodes, weights, options, new(space.Count, 0, 8L * positions.Coordinates.Length), start);
    }

    /// <summary>Where the weights of a spread selection cannot be positive: a vertex.</summary>
    private CompressedSet Vertices(int budget) => Compressor.Compress(objects, options with { Budget = budget, MomentSpace = space, Degree = null });

    /// <summary>Each cluster's object nearest to its centre in position and size.</summary>
    private int[] Nearest(CentroidSet clusters)
    {
        int count = clusters.Count, m = positions.Dimension;
        double[] mass = new double[count], square = new double[count], spread = new double[count], best = new double[count], distance = new double[objects.Count];
        var nearest = new int[count];
        Array.Fill(best, double.PositiveInfinity);
        for (int i = 0; i < objects.Count; i++)
        {
            int k = clusters.Assignment[i];
            ReadOnlySpan<double> x = positions[i], centre = clusters.Points[k];
            for (int j = 0; j < m; j++) distance[i] += (x[j] - centre[j]) * (x[j] - centre[j]);
            mass[k] += objects.WeightOf(i);
            square[k] += objects.WeightOf(i) * sizes[i] * sizes[i];
            spread[k] += objects.WeightOf(i) * distance[i];
        }
        for (int i = 0; i < objects.Count; i++)
        {
            if (!(objects.WeightOf(i) > 0)) continue;
            int k = clusters.Assignment[i];
            double off = spread[k] > 0 ? distance[i] * mass[k] / spread[k] : 0;
            double size = square[k] > 0 ? sizes[i] / Math.Sqrt(square[k] / mass[k]) - 1 : 0;
            double value = off + SizeWeight * size * size;
            if (value < best[k]) (nearest[k], best[k]) = (i, value);
        }
        return nearest;
    }

    /// <summary>Weights of a coarse cell's objects: of those with its moments the ones of least sum (c - mass)^2 / mass.</summary>
    /// <returns>False where a weight would have to fall below its least value.</returns>
    private bool Weigh(int[] members, int[] nodes, int[] mine, CompensatedSum[] masses, double[] weights)
    {
        int m = objects.Dimension, n = mine.Length, moments = space.Count;
        ProductBasis basis = ProductBasis.Of(space);
        WeightedPoints all = Rows(members);
        LocalFrame frame = LocalFrame.Of(all);
        var totals = new MomentTotals(moments);
        var values = new double[moments * NativeBuffer.Padded(n)];
        int stride = NativeBuffer.Padded(n);
        using (var kernel = new MomentKernel())
        {
            fixed (double* p = all.CoordinateArray, c = all.WeightArray, v = values)
            {
                kernel.SumCompensated(basis, frame, p, c, all.Count, totals);
                WeightedPoints few = Rows([.. mine.Select(k => nodes[k])]);
                fixed (double* q = few.CoordinateArray) kernel.Evaluate(basis, frame, q, n, v, stride);
            }
        }
        double[] mass = [.. mine.Select(k => masses[k].Total)], current = [.. mass];
        var free = new bool[n];
        Array.Fill(free, true);
        for (bool bound = true; bound;)
        {
            if (free.Count(f => f) < moments || !Project(values, stride, totals, mass, free, current)) return false;
            bound = false;
            for (int j = 0; j < n; j++)
            {
                if (!free[j] || current[j] >= LeastWeight * mass[j]) continue;
                (current[j], free[j], bound) = (LeastWeight * mass[j], false, true);
            }
        }
        for (int j = 0; j < n; j++) weights[mine[j]] = current[j];
        return true;
    }

    /// <summary>Moves the free weights onto the moments by the least change, weighed by their masses.</summary>
    private bool Project(double[] values, int stride, MomentTotals totals, double[] mass, bool[] free, double[] current)
    {
        int n = mass.Length, moments = space.Count;
        double scale = mass.Sum();
        double[] roots = [.. mass.Select((c, j) => free[j] ? Math.Sqrt(c) : 0)];
        Matrix<double> matrix = Matrix<double>.Build.Dense(moments, n, (e, j) => values[e * stride + j] * roots[j]);
        Svd<double> factors = matrix.Svd();
        for (int pass = 0; pass < 4; pass++)
        {
            double[] miss = Miss();
            if (miss.Max(Math.Abs) <= 1e-15 * scale) return true;
            Vector<double> parts = factors.U.TransposeThisAndMultiply(Vector<double>.Build.DenseOfArray(miss)), kept = Vector<double>.Build.Dense(n);
            for (int s = 0; s < factors.S.Count; s++)
                if (factors.S[s] > 1e-11 * factors.S[0]) kept[s] = parts[s] / factors.S[s];
            Vector<double> change = factors.VT.TransposeThisAndMultiply(kept);
            for (int j = 0; j < n; j++) current[j] += roots[j] * change[j];
        }
        return Miss().Max(Math.Abs) <= 1e-13 * scale;

        double[] Miss()
        {
            var miss = new double[moments];
            for (int e = 0; e < moments; e++)
            {
                var sum = new CompensatedSum();
                sum.Add(totals[e]);
                for (int j = 0; j < n; j++) sum.Add(-values[e * stride + j] * current[j]);
                miss[e] = sum.Total;
            }
            return miss;
        }
    }

    private WeightedPoints Rows(int[] indices)
    {
        int m = objects.Dimension;
        var rows = new double[indices.Length * m];
        for (int i = 0; i < indices.Length; i++) objects[indices[i]].CopyTo(rows.AsSpan(i * m));
        return new WeightedPoints(rows, m, [.. indices.Select(objects.WeightOf)]);
    }
}
