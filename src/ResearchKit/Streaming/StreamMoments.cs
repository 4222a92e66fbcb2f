namespace ResearchKit;

/// <summary>
/// The moments of everything that a stream has brought, in the frame of its bounding box so far: products of Legendre
/// polynomials (each at most 1 in magnitude), summed in twice the precision. When the box grows, the sums move on to the
/// new frame (<see cref="FrameChange"/>).
/// </summary>
internal sealed class StreamMoments
{
    /// <summary>Points per task; fixed, so that the number of threads does not show.</summary>
    private const int Share = 1 << 14;

    private readonly ProductBasis basis;
    private readonly FrameChange change;
    private readonly double[] norms;
    private readonly DoubleDouble[] totals;

    /// <summary>No points yet.</summary>
    public StreamMoments(MomentSpace space)
    {
        Space = space;
        basis = ProductBasis.Of(space);
        change = new FrameChange(space);
        totals = new DoubleDouble[space.Count];
        norms = new double[space.Count];
        for (int e = 0; e < norms.Length; e++)
        {
            double square = 1;
            foreach (byte n in space.Exponents(e)) square *= 2 * n + 1;
            norms[e] = Math.Sqrt(square);
        }
    }

    private StreamMoments(StreamMoments other)
    {
        (Space, basis, change, norms, Frame) = (other.Space, other.basis, other.change, other.norms, other.Frame);
        totals = [.. other.totals];
    }

    /// <summary>The moments that are summed.</summary>
    public MomentSpace Space { get; }

    /// <summary>The frame of the bounding box; null before the first point.</summary>
    public LocalFrame? Frame { get; private set; }

    /// <summary>The sums in <see cref="Frame"/>.</summary>
    public ReadOnlySpan<DoubleDouble> Totals => totals;

    /// <summary>Total weight.</summary>
    public double Mass => totals[0].Rounded;

    /// <summary>What maps the orthonormal basis to the one here: phi_e = Norms_e P_e.</summary>
    public ReadOnlySpan<double> Norms => norms;

    /// <summary>A copy that goes its own way.</summary>
    public StreamMoments Copy() => new(this);

    /// <summary>Adds points.</summary>
    /// <param name="rows">count x m coordinates, row-major.</param>
    /// <param name="weights">count weights; empty for 1.</param>
    /// <param name="threads">Threads; the result has the same bits for any number.</param>
    public void Add(ReadOnlyMemory<double> rows, ReadOnlyMemory<double> weights, int threads)
    {
        int m = Space.Dimension;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        LocalFrame box = LocalFrame.Of(rows, m, parallel);
        if (Frame is { } before) box = Union(before, box);
        if (Frame is not null && !ReferenceEquals(box, Frame)) change.Apply(totals, Frame, box);
        Frame = box;
        Sum(box, rows, weights, threads, totals);
    }

    /// <summary>This minus the moments of some points, in this frame, as it would be for the orthonormal basis.</summary>
    public double[] Residual(ReadOnlyMemory<double> rows, ReadOnlyMemory<double> weights, int threads)
    {
        var have = new DoubleDouble[totals.Length];
        Sum(Frame!, rows, weights, threads, have);
        var residual = new double[have.Length];
        for (int e = 0; e < residual.Length; e++) residual[e] = (totals[e] - have[e]).Rounded * norms[e];
        return residual;
    }

    /// <summary>Largest residual in the basis of polynomials that are at most 1, relative to the mass.</summary>
    public double Largest(double[] residual)
    {
        double worst = 0;
        for (int e = 0; e < residual.Length; e++) worst = Math.Max(worst, Math.Abs(residual[e]) / norms[e]);
        return worst / Mass;
    }

    /// <summary>Writes frame and sums.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Frame is not null);
        if (Frame is null) return;
        foreach (double v in Frame.Lower) writer.Write(v);
        foreach (double v in Frame.Upper) writer.Write(v);
        foreach (DoubleDouble t in totals)
        {
            writer.Write(t.High);
            writer.Write(t.Low);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public void Read(BinaryReader reader)
    {
        if (!reader.ReadBoolean()) return;
        double[] lower = new double[Space.Dimension], upper = new double[Space.Dimension];
        for (int j = 0; j < lower.Length; j++) lower[j] = reader.ReadDouble();
        for (int j = 0; j < upper.Length; j++) upper[j] = reader.ReadDouble();
        Frame = new LocalFrame(lower, upper);
        for (int e = 0; e < totals.Length; e++) totals[e] = new DoubleDouble(reader.ReadDouble(), reader.ReadDouble());
    }

    private unsafe void Sum(LocalFrame frame, ReadOnlyMemory<double> rows, ReadOnlyMemory<double> weights, int threads, DoubleDouble[] target)
    {
        int m = Space.Dimension, count = rows.Length / m, shares = (count + Share - 1) / Share;
        var parts = new MomentTotals[shares];
        Parallelism.ForEach(shares, threads, s =>
        {
            int start = s * Share, size = Math.Min(Share, count - start);
            var part = new MomentTotals(basis.Count);
            using var kernel = new MomentKernel();
            fixed (double* p = rows.Span.Slice(start * m, size * m), w = weights.IsEmpty ? default : weights.Span.Slice(start, size))
                kernel.SumCompensated(basis, frame, p, w, size, part);
            parts[s] = part;
        });
        foreach (MomentTotals part in parts)
            for (int e = 0; e < target.Length; e++) target[e] += part[e] / norms[e];
    }

    private static LocalFrame Union(LocalFrame a, LocalFrame b)
    {
        bool inside = true;
        double[] lower = [.. a.Lower], upper = [.. a.Upper];
        for (int j = 0; j < lower.Length; j++)
        {
            inside &= b.Lower[j] >= lower[j] && b.Upper[j] <= upper[j];
            lower[j] = Math.Min(lower[j], b.Lower[j]);
            upper[j] = Math.Max(upper[j], b.Upper[j]);
        }
        return inside ? a : new LocalFrame(lower, upper);
    }
}
