namespace ResearchKit;

/// <summary>
/// The defect summed over the cells of a neighbourhood: a cell chooses among its equally valid vertices one that cancels
/// part of what its neighbours left, since a smooth function weighs both alike.
/// </summary>
/// <param name="metric">Knows the shape of the current cell.</param>
internal sealed class NeighbourDefect(DefectMetric metric)
{
    /// <summary>How much of the neighbours' defect a cell sees; 0 would ignore it, 1 treat it as its own.</summary>
    private const double Share = 0.2;

    private readonly double[] sum = new double[metric.Count];

    /// <summary>Forgets the neighbours: the start of a new neighbourhood.</summary>
    public void Clear() => Array.Clear(sum);

    /// <summary>The defect that the current cell starts from, kept minus original, in moments of its own frame.</summary>
    public void Start(Span<double> cell)
    {
        for (int e = 0; e < sum.Length; e++)
        {
            double scale = metric.GlobalScale(e);
            cell[e] = scale > 0 ? Share * sum[e] / scale : 0;
        }
    }

    /// <summary>Adds what the current cell left, original minus kept, in moments of its own frame.</summary>
    public void Finish(ReadOnlySpan<double> cell)
    {
        for (int e = 0; e < sum.Length; e++)
        {
            double next = sum[e] - cell[e] * metric.GlobalScale(e);
            // Cells of wildly different size can leave the range of doubles: start afresh then.
            sum[e] = double.IsFinite(next) ? next : 0;
        }
    }
}
