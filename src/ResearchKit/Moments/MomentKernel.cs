using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>
/// Evaluates a product basis at many points and sums moments, a vector of points at a time. One instance belongs to one
/// worker; it holds the scratch of a block of points (a few kilobytes, kept in the first-level cache).
/// </summary>
internal sealed unsafe class MomentKernel : IDisposable
{
    /// <summary>Points per block; a multiple of a vector.</summary>
    public const int Block = 32;

    /// <summary>Partial sums per moment, on every vector path.</summary>
    private const int Lanes = 8;

    /// <summary>Points summed plainly before the partial sum goes into a compensated total.</summary>
    public const int Chunk = 1024;

    private readonly NativeBuffer buffer = new();
    private readonly VectorKernels kernels;
    private ProductBasis basis = null!;
    private double* table;
    private double* prefix;
    private double* lanes;

    /// <summary>A kernel on the process's vector path.</summary>
    public MomentKernel()
        : this(VectorPath.Current)
    {
    }

    /// <summary>A kernel on a path of its own.</summary>
    public MomentKernel(VectorKernels path) => kernels = path;

    /// <summary>Evaluates every basis polynomial at every point.</summary>
    /// <param name="target">The basis.</param>
    /// <param name="frame">Maps the points to [-1, 1]^m.</param>
    /// <param name="points">count x m row-major coordinates.</param>
    /// <param name="count">Number of points.</param>
    /// <param name="values">Moment-major result: value of polynomial e at point i is values[e * stride + i].</param>
    /// <param name="stride">Row length, at least <paramref name="count"/> rounded up to 8; the padding is filled too.</param>
    public void Evaluate(ProductBasis target, LocalFrame frame, double* points, int count, double* values, int stride)
    {
        Prepare(target);
        int padded = NativeBuffer.Padded(count);
        for (int start = 0; start < padded; start += Block)
        {
            int size = Math.Min(Block, padded - start);
            FillPrefixes(frame, points + (long)start * basis.Dimension, Math.Min(size, count - start), size, null, false);
            kernels.StoreGroups(basis, table, prefix, values + start, stride, size);
        }
    }

    /// <summary>
    /// Sums weight times basis over contiguous points, plainly (error about count ulp): for groups and for the chunks of
    /// a compensated sum.
    /// </summary>
    /// <param name="target">The basis.</param>
    /// <param name="frame">Maps the points to [-1, 1]^m.</param>
    /// <param name="points">count x m row-major coordinates.</param>
    /// <param name="weights">count weights, or null for 1.</param>
    /// <param name="count">Number of points.</param>
    /// <param name="sums">N sums, overwritten; element e is at sums[e * stride].</param>
    /// <param name="stride">Distance between two sums.</param>
    public void Sum(ProductBasis target, LocalFrame frame, double* points, double* weights, int count, double* sums, long stride)
    {
        Prepare(target);
        new Span<double>(lanes, basis.Count * Lanes).Clear();
        for (int start = 0; start < count; start += Block)
        {
            int size = Math.Min(Block, count - start);
            FillPrefixes(frame, points + (long)start * basis.Dimension, size, Block, weights == null ? null : weights + start, true);
            kernels.AccumulateGroups(basis, table, prefix, lanes);
        }
        for (int e = 0; e < basis.Count; e++)
            sums[e * stride] = kernels.SumLanes(lanes + e * Lanes);
    }

    /// <summary>Moments of contiguous points with compensated sums over chunks, in fixed order.</summary>
    public void SumCompensated(ProductBasis target, LocalFrame frame, double* points, double* weights, long count, MomentTotals totals)
    {
        double* sums = stackalloc double[target.Count <= 1024 ? target.Count : 0];
        using var large = target.Count <= 1024 ? null : new NativeBuffer();
        if (large is not null) sums = large.Ensure(target.Count);
        for (long start = 0; start < count; start += Chunk)
        {
            int size = (int)Math.Min(Chunk, count - start);
            Sum(target, frame, points + start * target.Dimension, weights == null ? null : weights + start, size, sums, 1);
            totals.Add(new ReadOnlySpan<double>(sums, target.Count));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();

    private void Prepare(ProductBasis target)
    {
        if (ReferenceEquals(basis, target)) return;
        basis = target;
        int prefixes = target.PrefixParents.Length;
        double* start = buffer.Ensure((long)(target.TableLength + prefixes) * Block + (long)target.Count * Lanes);
        table = start;
        prefix = table + (long)target.TableLength * Block;
        lanes = prefix + (long)prefixes * Block;
    }

    /// <summary>Coordinates, one-dimensional values and prefix products of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillPrefixes(LocalFrame frame, double* points, int count, int padded, double* weights, bool weighted)
    {
        int m = basis.Dimension;
        // All coordinates first: a wide load right after the narrow stores it covers would wait for them.
        for (int j = 0; j < m; j++)
        {
            double* t = table + (long)basis.TableOffsets[j] * Block + Block;
            if (basis.TableOffsets[j + 1] - basis.TableOffsets[j] == 1) continue;
            double* x = points + j;
            for (int i = 0; i < count; i++, x += m) t[i] = *x;
            for (int i = count; i < padded; i++) t[i] = frame.Center[j];
        }
        // The prefix of all zeros carries the weight, so that every product does.
        if (weights == null) new Span<double>(prefix, count).Fill(1.0);
        else new ReadOnlySpan<double>(weights, count).CopyTo(new Span<double>(prefix, count));
        if (count < padded) new Span<double>(prefix + count, padded - count).Fill(weighted ? 0.0 : 1.0);
        fixed (double* a = basis.RecurrenceA, b = basis.RecurrenceB)
        {
            for (int j = 0; j < m; j++)
            {
                double* one = table + (long)basis.TableOffsets[j] * Block;
                int top = basis.TableOffsets[j + 1] - basis.TableOffsets[j] - 1;
                if (top == 0) new Span<double>(one, padded).Fill(1.0);
                else kernels.Legendre(one, top, padded, frame.Center[j], frame.InverseHalfWidth[j], a, b);
            }
        }
        kernels.Prefixes(basis, table, prefix, padded);
    }
}
