namespace ResearchKit;

/// <summary>
/// d' synthetic objects that stand for the d of a set: free nodes, which have moved and are in general none of the
/// original objects.
/// </summary>
/// <remarks>
/// Unlike a <see cref="CompressedSet"/> it selects nothing: names and labels cannot follow, except by averaging over
/// <see cref="MembersOf"/>. In <see cref="Certificate"/>, <see cref="Certificate.MaxRank"/> is the largest number of
/// nodes of a cell.
/// </remarks>
public sealed class SyntheticSet
{
    private readonly int[] cellOfNode;
    private readonly int[] members;
    private readonly int[] cellStarts;

    internal SyntheticSet(WeightedPoints points, int[] cellOfNode, int[] members, int[] cellStarts, Certificate certificate, double constantOffset)
    {
        Points = points;
        this.cellOfNode = cellOfNode;
        this.members = members;
        this.cellStarts = cellStarts;
        Certificate = certificate;
        ConstantOffset = constantOffset;
    }

    /// <summary>The nodes with their positive weights, which sum to the original mass.</summary>
    public WeightedPoints Points { get; }

    /// <summary>d', the number of nodes.</summary>
    public int Count => Points.Count;

    /// <summary>Number of cells; the nodes of a cell are neighbours in <see cref="Points"/>.</summary>
    public int Cells => cellStarts.Length - 1;

    /// <summary>What was kept, as measured.</summary>
    public Certificate Certificate { get; }

    /// <summary>
    /// What a mean squared loss of the nodes lacks, whatever the model: mean y^2 of the originals minus mean y^2 of the
    /// nodes, in squared units of the label. 0 where labels were not free.
    /// </summary>
    public double ConstantOffset { get; }

    /// <summary>The cell of a node, 0 to <see cref="Cells"/> - 1.</summary>
    /// <param name="node">0 to <see cref="Count"/> - 1.</param>
    public int CellOf(int node)
    {
        RequireIndex(node, Count, nameof(node), "node");
        return cellOfNode[node];
    }

    /// <summary>Original indices of the objects that a node stands for together with the other nodes of its cell.</summary>
    /// <param name="node">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<int> MembersOf(int node) => MembersOfCell(CellOf(node));

    /// <summary>Original indices of the objects of a cell, ascending (without those of weight zero).</summary>
    /// <param name="cell">0 to <see cref="Cells"/> - 1.</param>
    public ReadOnlySpan<int> MembersOfCell(int cell)
    {
        RequireIndex(cell, Cells, nameof(cell), "cell");
        return members.AsSpan(cellStarts[cell], cellStarts[cell + 1] - cellStarts[cell]);
    }

    private static void RequireIndex(int index, int count, string parameter, string what)
    {
        if (index < 0 || index >= count)
            throw new ArgumentOutOfRangeException(parameter, index, $"There is no {what} {index}; they are numbered 0 to {count - 1}.");
    }
}
