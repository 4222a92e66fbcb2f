namespace ResearchKit;

/// <summary>The one kernel that carries nearly all arithmetic of a reduction: rows -= coefficients times rows, four at a time.</summary>
internal static unsafe class BlockedUpdate
{
    /// <summary>Rows combined per step.</summary>
    public const int Width = 4;

    /// <summary>
    /// target[0..length) -= sum_b c[b] * source_b[0..length), b &lt; 4, for two target rows at once; length is a multiple of 8.
    /// </summary>
    public static void Two(double* target0, double* target1, double* c0, double* c1, double* s0, double* s1, double* s2, double* s3, int length)
        => VectorPath.Current.UpdateTwo(target0, target1, c0, c1, s0, s1, s2, s3, length);

    /// <summary>As <see cref="Two"/> for a single target row.</summary>
    public static void One(double* target, double* c, double* s0, double* s1, double* s2, double* s3, int length)
        => VectorPath.Current.UpdateOne(target, c, s0, s1, s2, s3, length);

    /// <summary>target[0..length) -= c * source[0..length); length is a multiple of 8.</summary>
    public static void Single(double* target, double c, double* source, int length) => VectorPath.Current.UpdateSingle(target, c, source, length);

    /// <summary>target[0..count) += factor * source[0..count), of any length and alignment.</summary>
    public static void AddScaled(double* target, double factor, double* source, int count) => VectorPath.Current.AddScaled(target, factor, source, count);

    /// <summary>target[0..count) *= factor[0..count), of any length and alignment.</summary>
    public static void Multiply(double* target, double* factor, int count) => VectorPath.Current.Multiply(target, factor, count);
}
