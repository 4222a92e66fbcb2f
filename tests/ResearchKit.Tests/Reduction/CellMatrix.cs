namespace ResearchKit.Tests.Reduction;

/// <summary>The moment matrix of a set in its own frame, factored by the class under test, beside an untouched copy.</summary>
internal sealed unsafe class CellMatrix : IDisposable
{
    private readonly NativeBuffer buffer = new();

    public CellMatrix(WeightedPoints set, int k, int extraRows = 0)
    {
        Space = MomentSpace.TotalDegree(set.Dimension, k);
        Kept = Space.Count;
        MomentSpace all = extraRows == 0 ? Space : Space.WithDefect(k + 1)!;
        Rows = all.Count;
        Count = set.Count;
        Stride = NativeBuffer.Padded(Count);
        A = buffer.Ensure((long)Rows * Stride);
        using var kernel = new MomentKernel();
        fixed (double* p = set.Coordinates) kernel.Evaluate(ProductBasis.Of(all), LocalFrame.Of(set), p, Count, A, Stride);
        Original = new double[Rows, Count];
        for (int e = 0; e < Rows; e++)
            for (int i = 0; i < Count; i++) Original[e, i] = A[(long)e * Stride + i];
        Order = [.. Enumerable.Range(0, Count)];
        Weights = [.. Enumerable.Range(0, Count).Select(set.WeightOf)];
        fixed (int* o = Order)
        fixed (double* w = Weights)
            Factor.Factor(A, Rows, Kept, Count, Stride, o, w);
    }

    public MomentSpace Space { get; }
    public int Kept { get; }
    public int Rows { get; }
    public int Count { get; }
    public int Stride { get; }
    public double* A { get; }
    public double[,] Original { get; }
    public int[] Order { get; }
    public double[] Weights { get; }
    public MomentFactor Factor { get; } = new();

    /// <summary>Largest possible value of a polynomial of the basis.</summary>
    public double Size(int e)
    {
        double size = 1;
        foreach (byte n in Space.Exponents(e)) size *= Math.Sqrt(2 * n + 1);
        return size;
    }

    public void Dispose() => buffer.Dispose();
}
