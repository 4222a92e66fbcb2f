using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResearchKit.Networks;

/// <summary>A matrix in memory: entry (i, j) stands at Data[i * RowStride + j * ColumnStride].</summary>
internal readonly unsafe struct Operand(double* data, long rowStride, long columnStride = 1)
{
    public readonly double* Data = data;

    public readonly long RowStride = rowStride, ColumnStride = columnStride;

    public Operand Transposed => new(Data, ColumnStride, RowStride);

    public double* At(long row, long column) => Data + row * RowStride + column * ColumnStride;
}

/// <summary>
/// C = A B or C += A B for dense matrices, in the scheme of Goto and van de Geijn (ACM TOMS 34, 2008): both factors are
/// copied into panels in the order in which a kernel, whose block of C stays in registers, reads them.
/// </summary>
/// <remarks>
/// The products of an entry of C are added in the same order for any number of threads; tiles of C are shared out among
/// them. One instance serves one caller at a time.
/// </remarks>
internal sealed unsafe class MatrixProduct : IDisposable
{
    // Rows and columns of the kernel's block: 12 vectors of sums leave room for the factors in 16 registers.
    private const int BlockRows = 6, BlockColumns = 8;

    // A panel pair of this depth fits the first cache, a tile's rows of A the second.
    private const int Depth = 256, TileRows = 16 * BlockRows, TileColumns = 32 * BlockColumns;

    // Below this many products threads cost more than they give.
    private const long SerialWork = 1 << 17;

    private readonly NativeBuffer left = new(), right = new();

    /// <summary>C = A B, or C += A B.</summary>
    /// <param name="a">m x k.</param>
    /// <param name="b">k x n.</param>
    /// <param name="c">m x n, row-major.</param>
    /// <param name="stride">From one row of C to the next.</param>
    /// <param name="m">Rows of A and C, at least 1.</param>
    /// <param name="n">Columns of B and C, at least 1.</param>
    /// <param name="k">Columns of A and rows of B, at least 1.</param>
    /// <param name="add">Whether C keeps what it holds and the product is added.</param>
    /// <param name="threads">Threads at most, or -1.</param>
    public void Multiply(Operand a, Operand b, double* c, long stride, int m, int n, int k, bool add, int threads)
    {
        if ((long)m * n * k < SerialWork) threads = 1;
        int rowPanels = (m + BlockRows - 1) / BlockRows, columnPanels = (n + BlockColumns - 1) / BlockColumns;
        int depth = Math.Min(k, Depth);
        double* packedA = left.Ensure((long)rowPanels * BlockRows * depth), packedB = right.Ensure((long)columnPanels * BlockColumns * depth);
        int tileRows = (m + TileRows - 1) / TileRows, tileColumns = (n + TileColumns - 1) / TileColumns;
        for (int from = 0; from < k; from += Depth)
        {
            int count = Math.Min(Depth, k - from), start = from;
            bool keep = add || from > 0;
            Parallelism.ForEach(rowPanels + columnPanels, threads, p =>
            {
                if (p < rowPanels) Pack(a.At((long)p * BlockRows, start), a.RowStride, a.ColumnStride, Math.Min(BlockRows, m - p * BlockRows), BlockRows, count, packedA + (long)p * BlockRows * count);
                else
                {
                    p -= rowPanels;
                    Pack(b.At(start, (long)p * BlockColumns), b.ColumnStride, b.RowStride, Math.Min(BlockColumns, n - p * BlockColumns), BlockColumns, count, packedB + (long)p * BlockColumns * count);
                }
            });
            Parallelism.ForEach(tileRows * tileColumns, threads, tile => Tile(packedA, packedB, c, stride, tile / tileColumns * TileRows, tile % tileColumns * TileColumns, m, n, count, keep));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        left.Dispose();
        right.Dispose();
    }

    /// <summary>Copies a panel: for each step of the depth its <paramref name="width"/> entries in a row, padded with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(double* source, long across, long along, int used, int width, int depth, double* target)
    {
        if (used < width) new Span<double>(target, depth * width).Clear();
        if (across == 1)
        {
            for (int k = 0; k < depth; k++)
                for (int i = 0; i < used; i++) target[k * width + i] = source[k * along + i];
            return;
        }
        for (int i = 0; i < used; i++)
        {
            double* line = source + i * across;
            for (int k = 0; k < depth; k++) target[k * width + i] = line[k * along];
        }
    }

    private static void Tile(double* packedA, double* packedB, double* c, long stride, int row, int column, int m, int n, int depth, bool keep)
    {
        double* edge = stackalloc double[BlockRows * BlockColumns];
        int rowEnd = Math.Min(m, row + TileRows), columnEnd = Math.Min(n, column + TileColumns);
        for (int j = column; j < columnEnd; j += BlockColumns)
        {
            double* b = packedB + (long)j * depth;
            int columns = Math.Min(BlockColumns, n - j);
            for (int i = row; i < rowEnd; i += BlockRows)
            {
                double* a = packedA + (long)i * depth, target = c + i * stride + j;
                int rows = Math.Min(BlockRows, m - i);
                if (rows == BlockRows && columns == BlockColumns)
                {
                    Kernel(a, b, target, stride, depth, keep);
                    continue;
                }
                // A block that hangs over the edge passes through a whole one, by the same arithmetic.
                if (keep) Copy(target, stride, edge, BlockColumns, rows, columns);
                Kernel(a, b, edge, BlockColumns, depth, keep);
                Copy(edge, BlockColumns, target, stride, rows, columns);
            }
        }
    }

    private static void Copy(double* from, long fromStride, double* to, long toStride, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) to[i * toStride + j] = from[i * fromStride + j];
    }

    /// <summary>A block of 6 x 8 sums over the depth of two panels, added to C or stored there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Kernel(double* a, double* b, double* c, long stride, int depth, bool keep)
    {
        Vector256<double> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        Vector256<double> s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        for (int k = 0; k < depth; k++)
        {
            Vector256<double> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 4), x = Vector256.Create(a[0]);
            s00 = Vector256.MultiplyAddEstimate(x, b0, s00); s01 = Vector256.MultiplyAddEstimate(x, b1, s01);
            x = Vector256.Create(a[1]);
            s10 = Vector256.MultiplyAddEstimate(x, b0, s10); s11 = Vector256.MultiplyAddEstimate(x, b1, s11);
            x = Vector256.Create(a[2]);
            s20 = Vector256.MultiplyAddEstimate(x, b0, s20); s21 = Vector256.MultiplyAddEstimate(x, b1, s21);
            x = Vector256.Create(a[3]);
            s30 = Vector256.MultiplyAddEstimate(x, b0, s30); s31 = Vector256.MultiplyAddEstimate(x, b1, s31);
            x = Vector256.Create(a[4]);
            s40 = Vector256.MultiplyAddEstimate(x, b0, s40); s41 = Vector256.MultiplyAddEstimate(x, b1, s41);
            x = Vector256.Create(a[5]);
            s50 = Vector256.MultiplyAddEstimate(x, b0, s50); s51 = Vector256.MultiplyAddEstimate(x, b1, s51);
            a += BlockRows;
            b += BlockColumns;
        }
        Put(c, s00, s01, keep);
        Put(c + stride, s10, s11, keep);
        Put(c + 2 * stride, s20, s21, keep);
        Put(c + 3 * stride, s30, s31, keep);
        Put(c + 4 * stride, s40, s41, keep);
        Put(c + 5 * stride, s50, s51, keep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(double* target, Vector256<double> left, Vector256<double> right, bool keep)
    {
        if (keep)
        {
            left += Vector256.Load(target);
            right += Vector256.Load(target + 4);
        }
        left.Store(target);
        right.Store(target + 4);
    }
}
