namespace ResearchKit;

/// <summary>Dot products of rows.</summary>
internal static unsafe class DotProduct
{
    /// <summary>Sum of x_i y_i, in vector lanes (error about count / 16 ulp).</summary>
    public static double Of(double* x, double* y, int count) => VectorPath.Current.Dot(x, y, count);

    /// <summary>Sum of x_i x_i and of x_i y_i; count is a multiple of 8.</summary>
    public static (double Square, double Cross) SquareAndCross(double* x, double* y, int count) => VectorPath.Current.SquareAndCross(x, y, count);

    /// <summary>start minus the sum of x_i y_i as if in twice the precision (Ogita, Rump and Oishi's Dot2).</summary>
    public static double Difference(double start, double* x, double* y, int count) => VectorPath.Current.Difference(start, x, y, count);
}
