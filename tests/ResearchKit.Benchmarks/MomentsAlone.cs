namespace ResearchKit.Benchmarks;

/// <summary>
/// One cell by evaluation, factorisation and elimination alone, for the moments and nothing else: what nonnegative least
/// squares do. The compressor also watches the defect of the next degrees and solves the weights once more.
/// </summary>
internal sealed unsafe class MomentsAlone(MomentSpace space, int count) : IDisposable
{
    private readonly ProductBasis basis = ProductBasis.Of(space);
    private readonly MomentKernel kernel = new();
    private readonly MomentFactor factor = new();
    private readonly Elimination elimination = new();
    private readonly NativeBuffer matrix = new();
    private readonly int stride = NativeBuffer.Padded(count);
    private readonly int[] order = new int[count];
    private readonly double[] weights = new double[count];

    /// <summary>The largest moment difference of the last cell, relative to its mass, in plain arithmetic.</summary>
    public double Residual { get; private set; }

    /// <summary>Triangular factorisation of N rows by s points, and the back-substitution.</summary>
    public static double Operations(double n, double s) => 2 * (n * n * s / 2 - n * n * n / 6) + n * n * (s - n);

    public void Reduce(double* points, LocalFrame frame)
    {
        double* a = matrix.Ensure((long)space.Count * stride);
        kernel.Evaluate(basis, frame, points, count, a, stride);
        for (int i = 0; i < count; i++) (order[i], weights[i]) = (i, 1.0);
        fixed (int* o = order)
        fixed (double* w = weights)
        {
            factor.Factor(a, space.Count, space.Count, count, stride, o, w);
            factor.SolveLagrange(a, count, stride);
            elimination.SetResiduals(0);
            Kept = elimination.Run(factor, a, space.Count, count, stride, o, w);
        }
    }

    /// <summary>Points that the last cell kept.</summary>
    public int Kept { get; private set; }

    /// <summary>Measures <see cref="Residual"/> for the last cell.</summary>
    public void Measure(double* points, LocalFrame frame)
    {
        double* a = matrix.Ensure((long)space.Count * stride);
        kernel.Evaluate(basis, frame, points, count, a, stride);
        for (int e = 0; e < space.Count; e++)
        {
            double left = 0;
            for (int i = 0; i < count; i++) left -= a[(long)e * stride + i];
            for (int i = 0; i < Kept; i++) left += weights[i] * a[(long)e * stride + order[i]];
            Residual = Math.Max(Residual, Math.Abs(left) / count);
        }
    }

    public void Dispose()
    {
        kernel.Dispose();
        elimination.Dispose();
        matrix.Dispose();
    }
}
