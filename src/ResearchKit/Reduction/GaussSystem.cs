using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>
/// The moment equations of n free nodes: sum_j w_j phi_e(t_j) = mu_e for every polynomial of a product basis, with their
/// Jacobian in positions and weights.
/// </summary>
/// <remarks>
/// <para>
/// Steps are measured in the metric of mass transport with creation: moving the mass w by s costs w |s|^2, changing it by
/// u costs u^2 / w. In it a minimum-norm step is t_j -= grad psi(t_j), w_j *= exp(-psi(t_j)) with one polynomial psi, the
/// combination of the basis that solves the normal equations: light nodes move as freely as heavy ones.
/// </para>
/// <para>
/// A row of the Jacobian has 1 + m segments of n entries: sqrt(w) phi, then sqrt(w) d phi / d t_i. It is its parent's
/// row times one factor, for a vector of nodes at a time.
/// </para>
/// </remarks>
internal sealed unsafe partial class GaussSystem : IDisposable
{
    private readonly NativeBuffer buffer = new();
    private readonly NativeBuffer targetBuffer = new();
    private MomentSpace space = null!;
    private DefectMetric? metric;
    private double unit;
    private int count;
    private int rows;
    private int[] offsets = [];
    private double[] recurrenceA = [];
    private double[] recurrenceB = [];
    private double* table;
    private double* slopes;
    private double* values;
    private double* roots;

    /// <summary>m.</summary>
    public int Dimension { get; private set; }

    /// <summary>Number of equations: the first moments; beyond <see cref="First"/>, combinations of the others.</summary>
    public int Equations { get; private set; }

    /// <summary>The same in whole blocks.</summary>
    public int Order { get; private set; }

    /// <summary>n.</summary>
    public int Nodes { get; private set; }

    /// <summary>n in whole vectors: the distance between two coordinates of a node.</summary>
    public int Padded { get; private set; }

    /// <summary>Length of a row of the Jacobian.</summary>
    public int Stride { get; private set; }

    /// <summary>Order x Stride.</summary>
    public double* Jacobian { get; private set; }

    /// <summary>mu.</summary>
    public double* Target { get; private set; }

    /// <summary>Moments before this one are equations themselves.</summary>
    public int First { get; private set; }

    /// <summary>Takes up a space and the moments to be met (relative to the mass).</summary>
    /// <param name="momentSpace">The space.</param>
    /// <param name="moments">Its moments, or the first of them.</param>
    /// <param name="combinations">Replaces the moments from <paramref name="first"/> on by combinations, most important first; null where those are never equations.</param>
    /// <param name="first">The first moment that is combined.</param>
    public void SetTarget(MomentSpace momentSpace, ReadOnlySpan<double> moments, DefectMetric? combinations, int first)
    {
        metric = combinations;
        First = first;
        count = moments.Length;
        if (!ReferenceEquals(space, momentSpace))
        {
            space = momentSpace;
            Dimension = space.Dimension;
            ProductBasis basis = ProductBasis.Of(space);
            offsets = basis.TableOffsets;
            recurrenceA = basis.RecurrenceA;
            recurrenceB = basis.RecurrenceB;
        }
        Target = targetBuffer.Ensure(2L * count);
        moments.CopyTo(new Span<double>(Target, count));
        Nodes = 0;
        unit = metric is null ? 1 : 1 / Importance(Target + count);
    }

    /// <summary>The weight of the most important moment in the most important combination.</summary>
    private double Importance(double* scratch)
    {
        int all = metric!.Combinations;
        metric.Combinations = 1;
        double most = 0;
        for (int e = 0; e < metric.Count; e++)
        {
            new Span<double>(scratch, metric.Count).Clear();
            scratch[e] = 1;
            metric.Transform(scratch, 1);
            most = Math.Max(most, Math.Abs(scratch[0]));
        }
        metric.Combinations = all;
        return most;
    }

    /// <summary>Makes room for n nodes; positions are m rows of <see cref="Padded"/> entries.</summary>
    public void SetNodes(int nodes, int equations)
    {
        Nodes = nodes;
        Equations = equations;
        rows = equations <= First || metric is null ? equations : count;
        Order = GaussNormal.Padded(equations);
        Padded = NativeBuffer.Padded(nodes);
        Stride = (1 + Dimension) * Padded;
        long entries = offsets[Dimension] * (long)Padded;
        Room = Math.Max(Order, rows);
        table = buffer.Ensure(2 * entries + (long)Room * (Padded + Stride) + Padded);
        slopes = table + entries;
        values = slopes + entries;
        roots = values + (long)Room * Padded;
        Jacobian = roots + Padded;
    }

    /// <summary>Entries that a residual needs room for.</summary>
    public int Room { get; private set; }

    /// <summary>The residuals of nodes: what they have minus what is wanted.</summary>
    /// <param name="positions">m x Padded, entries beyond n finite.</param>
    /// <param name="weights">Padded, zero beyond n.</param>
    /// <param name="residual">Room for <see cref="Room"/> entries; zero beyond the equations.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Residual(double* positions, double* weights, double* residual)
    {
        FillTable(positions, false);
        int width = Vector<double>.Count, padded = Padded;
        ReadOnlySpan<int> parents = space.Parents, last = space.LastCoordinates;
        for (int i = 0; i < padded; i++) values[i] = weights[i];
        for (int e = 0; e < rows; e++)
        {
            double* row = values + (long)e * padded;
            Vector<double> sum = Vector<double>.Zero;
            if (e == 0)
            {
                for (int i = 0; i < padded; i += width) sum += Vector.Load(row + i);
            }
            else
            {
                double* parent = values + (long)parents[e] * padded, factor = Entry(e, last[e]);
                for (int i = 0; i < padded; i += width)
                {
                    Vector<double> v = Vector.Load(parent + i) * Vector.Load(factor + i);
                    v.Store(row + i);
                    sum += v;
                }
            }
            residual[e] = Vector.Sum(sum) - Target[e];
        }
        if (rows > Equations)
        {
            metric!.Transform(residual + First, 1);
            for (int e = First; e < Equations; e++) residual[e] *= unit;
        }
        for (int e = Equations; e < Order; e++) residual[e] = 0;
    }

    /// <summary>Fills the Jacobian at some nodes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FillJacobian(double* positions, double* weights)
    {
        FillTable(positions, true);
        int width = Vector<double>.Count, padded = Padded, m = Dimension;
        ReadOnlySpan<int> parents = space.Parents, last = space.LastCoordinates;
        new Span<double>(Jacobian, Stride).Clear();
        for (int i = 0; i < Nodes; i++) Jacobian[i] = roots[i] = Math.Sqrt(weights[i]);
        for (int e = 1; e < rows; e++)
        {
            double* row = Jacobian + (long)e * Stride, parent = Jacobian + (long)parents[e] * Stride;
            int j = last[e];
            double* factor = Entry(e, j), slope = factor + (slopes - table);
            for (int i = 0; i < padded; i += width) (Vector.Load(parent + i) * Vector.Load(factor + i)).Store(row + i);
            for (int c = 0; c < m; c++)
            {
                // The parent does not depend on the last coordinate: its own derivative along it is zero.
                double* source = c == j ? parent : parent + (1 + c) * padded, by = c == j ? slope : factor, target = row + (1 + c) * padded;
                for (int i = 0; i < padded; i += width) (Vector.Load(source + i) * Vector.Load(by + i)).Store(target + i);
            }
        }
        if (rows > Equations)
        {
            metric!.Transform(Jacobian + (long)First * Stride, Stride);
            for (long i = (long)First * Stride; i < (long)Equations * Stride; i++) Jacobian[i] *= unit;
        }
        new Span<double>(Jacobian + (long)Equations * Stride, (Order - Equations) * Stride).Clear();
    }

    /// <summary>sum_e y_e times row e of the Jacobian.</summary>
    public void Combine(double* y, double* combination)
    {
        new Span<double>(combination, Stride).Clear();
        for (int e = 0; e < Equations; e++) BlockedUpdate.AddScaled(combination, y[e], Jacobian + (long)e * Stride, Stride);
    }

    /// <summary>sqrt(w) of a node at the last Jacobian.</summary>
    public double Root(int node) => roots[node];

    /// <summary>w_j sum_e phi_e(t_j)^2 per node at the last Jacobian: how much the equations lean on a node.</summary>
    public void Significance(Span<double> significance)
    {
        significance[..Nodes].Clear();
        for (int e = 0; e < Equations; e++)
        {
            double* row = Jacobian + (long)e * Stride;
            for (int i = 0; i < Nodes; i++) significance[i] += row[i] * row[i];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        buffer.Dispose();
        targetBuffer.Dispose();
    }
}
