namespace ResearchKit;

/// <summary>
/// The defect of the first unmatched degree summed over the cells of a neighbourhood: a cell chooses among its equally
/// valid vertices one that cancels part of what its neighbours left, since a smooth function weighs both alike.
/// </summary>
/// <remarks>A cell that keeps some moments of the watched degree lacks their rows, which come first; the rest line up from the end.</remarks>
/// <param name="count">Number of watched moments.</param>
/// <param name="share">How much of the neighbours' defect a cell sees; 0 ignores it, 1 treats it as its own.</param>
internal sealed class NeighbourDefect(int count, double share)
{
    private readonly double[] sum = new double[count];

    /// <summary>Forgets the neighbours: the start of a new neighbourhood.</summary>
    public void Clear() => Array.Clear(sum);

    /// <summary>The defect a cell starts from, in its own units.</summary>
    public void Start(Span<double> cell, double unit)
    {
        int matched = sum.Length - cell.Length;
        for (int e = 0; e < cell.Length; e++) cell[e] = share * sum[matched + e] / unit;
    }

    /// <summary>Adds what the cell left.</summary>
    public void Finish(ReadOnlySpan<double> cell, double unit)
    {
        int matched = sum.Length - cell.Length;
        for (int e = 0; e < cell.Length; e++)
        {
            double next = cell[e] * unit + (1 - share) * sum[matched + e];
            // Cells of wildly different size can leave the range of doubles: start afresh then.
            sum[matched + e] = double.IsFinite(next) ? next : 0;
        }
    }
}
