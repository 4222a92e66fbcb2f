using System.Runtime.Intrinsics;

namespace ResearchKit;

/// <summary>
/// Moves nodes so that they represent weighted points in the energy distance: support points (Mak and Joseph, Annals of
/// Statistics 46, 2018), for weighted points, and for sums of anisotropic kernels.
/// </summary>
/// <remarks>
/// <para>
/// The energy distance 2 sum_ik c_i m_k |x_i - y_k| - sum_ij c_i c_j |x_i - x_j| - const of nodes (c, x) and points (m, y) bounds
/// the integration error of all functions of its kernel's space, which is a Sobolev space of half-integer smoothness: unlike
/// moments, it counts functions with kinks.
/// </para>
/// <para>
/// A step majorises the first sum by quadratics and the second one by its tangent, whose minimum is explicit: the energy never
/// rises. Every node is one independent sum in fixed order: the same bits for any number of threads.
/// </para>
/// </remarks>
internal sealed unsafe class SupportPoints
{
    /// <summary>Squared distances below this count as this: coordinates are of order one.</summary>
    private const double Coincident = 1e-10;

    private readonly int coordinates;
    private readonly Cloud points;
    private readonly EnergyTerm[] terms;

    /// <summary>Takes the points.</summary>
    /// <param name="rows">One array of coordinates per point, of order one.</param>
    /// <param name="masses">One nonnegative mass per point.</param>
    /// <param name="groups">For every point its group, 0 to <paramref name="groupCount"/> - 1.</param>
    /// <param name="groupCount">The number of groups.</param>
    /// <param name="terms">The summands of the energy.</param>
    public SupportPoints(IReadOnlyList<double[]> rows, double[] masses, int[] groups, int groupCount, EnergyTerm[] terms)
    {
        this.terms = terms;
        coordinates = terms[0].Scales.Length;
        points = new Cloud(rows, masses, groups, groupCount, coordinates);
    }

    /// <summary>Runs a number of steps.</summary>
    /// <param name="nodes">One array of coordinates per node; moved.</param>
    /// <param name="masses">One nonnegative mass per node; kept.</param>
    /// <param name="groups">For every node its group; kept.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="project">Puts a node back where it may stand; its first argument is the node's number.</param>
    /// <param name="options">Threads, progress, cancellation.</param>
    public void Move(double[][] nodes, double[] masses, int[] groups, int steps, Action<int, double[]> project, CompressionOptions options)
    {
        var cloud = new Cloud(nodes, masses, groups, points.Starts.Length - 1, coordinates);
        for (int step = 0; step < steps; step++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            options.Progress?.Report(new CompressionProgress("support points", (double)step / steps));
            Parallelism.ForEach(nodes.Length, options.MaxDegreeOfParallelism, i =>
            {
                MoveOne(cloud, nodes[i], groups[i]);
                project(i, nodes[i]);
            });
            cloud.Load(nodes);
        }
    }

    private void MoveOne(Cloud cloud, double[] node, int group)
    {
        Span<double> above = stackalloc double[coordinates], below = stackalloc double[coordinates];
        above.Clear();
        below.Clear();
        Vector256<double>* sums = stackalloc Vector256<double>[coordinates];
        foreach (EnergyTerm term in terms)
        {
            fixed (double* x = node, s = term.Scales)
            {
                for (int q = 0; q < coordinates; q++) sums[q] = Vector256<double>.Zero;
                double weight = Accumulate(points, x, s, term.WithinGroups ? group : -1, sums, false);
                Accumulate(cloud, x, s, term.WithinGroups ? group : -1, sums, true);
                for (int q = 0; q < coordinates; q++)
                {
                    above[q] += s[q] * s[q] * Vector256.Sum(sums[q]);
                    below[q] += s[q] * s[q] * weight;
                }
            }
        }
        for (int q = 0; q < coordinates; q++)
            if (below[q] > 0) node[q] = above[q] / below[q];
    }

    /// <summary>Adds m y / |S (x - y)| of points, or m (x - y) / |S (x - y)| of nodes, to the sums; returns sum m / |S (x - y)|.</summary>
    private double Accumulate(Cloud cloud, double* x, double* s, int group, Vector256<double>* sums, bool repels)
    {
        int n = coordinates, from = cloud.Starts[Math.Max(group, 0)], to = group < 0 ? cloud.Starts[^1] : cloud.Starts[group + 1];
        Vector256<double> total = Vector256<double>.Zero, tiny = Vector256.Create(Coincident);
        fixed (double* y = cloud.Coordinates, m = cloud.Masses)
        {
            for (int k = from; k < to; k += 4)
            {
                Vector256<double> square = tiny;
                for (int q = 0; q < n; q++)
                {
                    Vector256<double> gap = (Vector256.Create(x[q]) - Vector256.Load(y + (long)q * cloud.Padded + k)) * Vector256.Create(s[q]);
                    square += gap * gap;
                }
                Vector256<double> force = Vector256.Load(m + k) / Vector256.Sqrt(square);
                total += force;
                for (int q = 0; q < n; q++)
                {
                    Vector256<double> at = Vector256.Load(y + (long)q * cloud.Padded + k);
                    sums[q] += force * (repels ? Vector256.Create(x[q]) - at : at);
                }
            }
        }
        return Vector256.Sum(total);
    }

    /// <summary>Points sorted by group, one array per coordinate, each group padded by points without mass.</summary>
    private sealed class Cloud
    {
        private readonly int[] places;

        public Cloud(IReadOnlyList<double[]> rows, double[] masses, int[] groups, int groupCount, int coordinates)
        {
            Starts = new int[groupCount + 1];
            places = new int[rows.Count];
            for (int g = 0, next = 0; g < groupCount; g++)
            {
                Starts[g] = next;
                for (int i = 0; i < places.Length; i++)
                    if (groups[i] == g) places[i] = next++;
                next = (next + 3) / 4 * 4;
                Starts[g + 1] = next;
            }
            Padded = Starts[^1];
            Coordinates = new double[checked(coordinates * Padded)];
            Masses = new double[Padded];
            for (int i = 0; i < places.Length; i++) Masses[places[i]] = masses[i];
            Load(rows);
        }

        /// <summary>For every group where it starts, and the end of the last.</summary>
        public int[] Starts { get; }

        public int Padded { get; }

        public double[] Coordinates { get; }

        public double[] Masses { get; }

        public void Load(IReadOnlyList<double[]> rows)
        {
            for (int i = 0; i < places.Length; i++)
                for (int q = 0; q < rows[i].Length; q++) Coordinates[q * Padded + places[i]] = rows[i][q];
        }
    }
}
