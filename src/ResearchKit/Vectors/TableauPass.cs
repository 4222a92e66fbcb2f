namespace ResearchKit;

/// <summary>What a pass over a <see cref="VertexTableau"/> reads and writes, with the exchange that it applies.</summary>
internal unsafe struct TableauPass
{
    /// <summary>Points of a block: two vectors.</summary>
    public const int Block = 16;

    /// <summary>Points in blocks, and in a block the rows one after another: Lagrange values, then residuals.</summary>
    public double* Table;
    public int Blocks;
    public int Rank;
    public int Residuals;

    /// <summary>Row of the pivot that left; it is multiplied by <see cref="Inverse"/> and then added to the others.</summary>
    public int PivotRow;

    /// <summary>Reciprocal of the pivot.</summary>
    public double Inverse;

    /// <summary>Per row, the factor with which the pivot row is added.</summary>
    public double* Minus;

    /// <summary>Per point, its price.</summary>
    public double* Gains;
}
