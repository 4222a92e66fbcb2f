namespace ResearchKit;

/// <summary>
/// The loops that carry nearly all arithmetic of moments and reductions, one object per vector path. The classes that
/// call them document what they compute: <see cref="MomentKernel"/>, <see cref="DotProduct"/>, <see cref="BlockedUpdate"/>,
/// <see cref="PivotSearch"/>, <see cref="RatioTest"/>, <see cref="ExchangeList"/>, <see cref="VertexTableau"/>.
/// </summary>
internal abstract unsafe class VectorKernels
{
    // Moments.
    public abstract void Legendre(double* one, int top, int padded, double center, double inverse, double* a, double* b);
    public abstract void Prefixes(ProductBasis basis, double* table, double* prefix, int padded);
    public abstract void StoreGroups(ProductBasis basis, double* table, double* prefix, double* values, int stride, int size);
    public abstract void AccumulateGroups(ProductBasis basis, double* table, double* prefix, double* lanes);
    public abstract double SumLanes(double* lanes);

    // Dot products.
    public abstract double Dot(double* x, double* y, int count);
    public abstract (double Square, double Cross) SquareAndCross(double* x, double* y, int count);

    /// <summary>The dot products of four rows with two: row q's with row b goes to dots[2 q + b].</summary>
    public abstract void Dots(double* a, int strideA, double* b, int strideB, int length, double* dots);
    public abstract double Difference(double start, double* x, double* y, int count);

    // Rows minus combinations of rows.
    public abstract void UpdateTwo(double* target0, double* target1, double* c0, double* c1, double* s0, double* s1, double* s2, double* s3, int length);
    public abstract void UpdateOne(double* target, double* c, double* s0, double* s1, double* s2, double* s3, int length);

    /// <summary>target[from .. from + length) -= sum_b c[b] sources[b][from .. from + length) for two targets, or for one if the second is null; length is a multiple of 8.</summary>
    public abstract void UpdateByEight(double* target0, double* target1, double* c0, double* c1, double** sources, int from, int length);
    public abstract void UpdateSingle(double* target, double c, double* source, int length);
    public abstract void AddScaled(double* target, double factor, double* source, int count);
    public abstract void Multiply(double* target, double* factor, int count);

    /// <summary>count vectors of a length that is a multiple of 8, one after another: each minus the column times its own entry at the slot times a factor.</summary>
    public abstract void Exchange(double* vectors, int count, int length, double* column, int slot, double factor);

    /// <summary>target += factor * source, and 0 where that is negative; length is a multiple of 8.</summary>
    public abstract void AddClamped(double* target, double factor, double* source, int length);
    public abstract void AddSquares(double* target, double* x, int count);
    public abstract void Scale(double* target, double factor, int count);
    public abstract void Swap(double* x, double* y, int count);

    /// <summary>Four vectors plus combinations of rank rows of a map; row q's four coefficients lie at coefficients + q * step.</summary>
    public abstract void MultiplyMap(double* map, int rank, int stride, int length, double* coefficients, int step, double* v0, double* v1, double* v2, double* v3);

    // Pivots and ratios.
    public abstract double MaxAbs(double* row, int from, int count);
    public abstract double MaxAbs(double* row, int from, int count, out int at);
    public abstract bool AllNonnegative(double* start, double step, double* direction, int length);
    public abstract void Limits(double* basic, double* v, int rank, double slack, double noise, out double down, out double up);
    public abstract int Leaving(double* basic, double* v, int rank, bool gives, double limit);

    // The tableau of a small cell.
    public abstract void SetScales(double* basic, double* scale, double* shift, int rank, double slack);
    public abstract void PassFeasible(in TableauPass pass, double* scale);
    public abstract void PassDescent(in TableauPass pass, double* scale, double* shift, double* defect, double* steps, double* penalty);
    public abstract int FirstLeast(double* values, int count);
}
