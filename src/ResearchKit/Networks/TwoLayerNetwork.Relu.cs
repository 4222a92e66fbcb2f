using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResearchKit.Networks;

/// <content>
/// The passes of one ReLU output for any number of inputs: four samples and eight neurons at a time in registers. A ReLU is
/// homogeneous, so the gradient of a neuron needs only the sums of delta and delta x over the samples that it is on for.
/// </content>
public sealed unsafe partial class TwoLayerNetwork
{
    private const int Lanes = 4, Tile = 4;

    private bool IsSingleRelu => Activation == Activation.Relu && OutputSize == 1;

    /// <summary>A block's rows w_1..w_n, b and c v, each filled up with zeros to <see cref="BlockSize"/>.</summary>
    private double* ReluRows(NativeBuffer scratch, double* p, int from, int size)
    {
        int rows = InputSize + 2;
        double* block = scratch.Ensure((long)(2 * InputSize + 3) * BlockSize);
        for (int row = 0; row < rows; row++)
        {
            var target = new Span<double>(block + (long)row * BlockSize, BlockSize);
            new ReadOnlySpan<double>(p + (long)row * Width + from, size).CopyTo(target);
            target[size..].Clear();
        }
        fixed (double* c = weights) BlockedUpdate.Multiply(block + (rows - 1L) * BlockSize, c + from, size);
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReluForward(double* p, int block, double* inputs, int count, double* sums)
    {
        int from = block * BlockSize, size = Math.Min(BlockSize, Width - from), n = InputSize;
        using var scratch = new NativeBuffer();
        double* rows = ReluRows(scratch, p, from, size), bias = rows + (long)n * BlockSize, v = bias + BlockSize;
        for (int start = 0; start < count; start += Tile)
        {
            // A tile beyond the end repeats the last sample.
            double* x0 = inputs + (long)start * n, x1 = inputs + (long)Math.Min(start + 1, count - 1) * n;
            double* x2 = inputs + (long)Math.Min(start + 2, count - 1) * n, x3 = inputs + (long)Math.Min(start + 3, count - 1) * n;
            Vector256<double> s0 = Vector256<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (int j = 0; j < size; j += 2 * Lanes)
            {
                Vector256<double> a0 = Vector256.Load(bias + j), a1 = a0, a2 = a0, a3 = a0, b0 = Vector256.Load(bias + j + Lanes), b1 = b0, b2 = b0, b3 = b0;
                for (int k = 0; k < n; k++)
                {
                    double* row = rows + (long)k * BlockSize + j;
                    Vector256<double> w = Vector256.Load(row), u = Vector256.Load(row + Lanes), t = Vector256.Create(x0[k]);
                    a0 = Vector256.FusedMultiplyAdd(w, t, a0);
                    b0 = Vector256.FusedMultiplyAdd(u, t, b0);
                    t = Vector256.Create(x1[k]);
                    a1 = Vector256.FusedMultiplyAdd(w, t, a1);
                    b1 = Vector256.FusedMultiplyAdd(u, t, b1);
                    t = Vector256.Create(x2[k]);
                    a2 = Vector256.FusedMultiplyAdd(w, t, a2);
                    b2 = Vector256.FusedMultiplyAdd(u, t, b2);
                    t = Vector256.Create(x3[k]);
                    a3 = Vector256.FusedMultiplyAdd(w, t, a3);
                    b3 = Vector256.FusedMultiplyAdd(u, t, b3);
                }
                Vector256<double> c = Vector256.Load(v + j), e = Vector256.Load(v + j + Lanes);
                s0 = Rectified(c, a0, Rectified(e, b0, s0));
                s1 = Rectified(c, a1, Rectified(e, b1, s1));
                s2 = Rectified(c, a2, Rectified(e, b2, s2));
                s3 = Rectified(c, a3, Rectified(e, b3, s3));
            }
            sums[start] = Vector256.Sum(s0);
            if (start + 1 < count) sums[start + 1] = Vector256.Sum(s1);
            if (start + 2 < count) sums[start + 2] = Vector256.Sum(s2);
            if (start + 3 < count) sums[start + 3] = Vector256.Sum(s3);
        }
    }

    /// <summary>sum + v max(0, z). Zero first: the maximum of the hardware returns its second argument when one is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Rectified(Vector256<double> v, Vector256<double> z, Vector256<double> sum)
        => Vector256.FusedMultiplyAdd(v, Vector256.MaxNative(Vector256<double>.Zero, z), sum);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReluBackward(double* p, int block, double* inputs, int count, double* predictionGradient, double* gradient)
    {
        int from = block * BlockSize, size = Math.Min(BlockSize, Width - from), n = InputSize;
        using NativeBuffer scratch = new(), tile = new();
        double* rows = ReluRows(scratch, p, from, size), bias = rows + (long)n * BlockSize, v = bias + BlockSize, sums = v + BlockSize;
        new Span<double>(sums, (n + 1) * BlockSize).Clear();
        // (delta x_1, ..., delta x_n, delta) of the tile's samples, which beyond the end count nothing.
        double* shares = tile.Ensure((long)Tile * (n + 1));
        for (int start = 0; start < count; start += Tile)
        {
            double* x0 = inputs + (long)start * n, x1 = inputs + (long)Math.Min(start + 1, count - 1) * n;
            double* x2 = inputs + (long)Math.Min(start + 2, count - 1) * n, x3 = inputs + (long)Math.Min(start + 3, count - 1) * n;
            for (int i = 0; i < Tile; i++)
            {
                double delta = start + i < count ? predictionGradient[start + i] : 0;
                double* x = inputs + (long)Math.Min(start + i, count - 1) * n;
                for (int k = 0; k < n; k++) shares[k * Tile + i] = delta * x[k];
                shares[n * Tile + i] = delta;
            }
            for (int j = 0; j < size; j += Lanes)
            {
                Vector256<double> a0 = Vector256.Load(bias + j), a1 = a0, a2 = a0, a3 = a0;
                for (int k = 0; k < n; k++)
                {
                    Vector256<double> w = Vector256.Load(rows + (long)k * BlockSize + j);
                    a0 = Vector256.FusedMultiplyAdd(w, Vector256.Create(x0[k]), a0);
                    a1 = Vector256.FusedMultiplyAdd(w, Vector256.Create(x1[k]), a1);
                    a2 = Vector256.FusedMultiplyAdd(w, Vector256.Create(x2[k]), a2);
                    a3 = Vector256.FusedMultiplyAdd(w, Vector256.Create(x3[k]), a3);
                }
                a0 = Vector256.GreaterThan(a0, Vector256<double>.Zero);
                a1 = Vector256.GreaterThan(a1, Vector256<double>.Zero);
                a2 = Vector256.GreaterThan(a2, Vector256<double>.Zero);
                a3 = Vector256.GreaterThan(a3, Vector256<double>.Zero);
                double* share = shares;
                for (int k = 0; k <= n; k++, share += Tile)
                {
                    double* sum = sums + (long)k * BlockSize + j;
                    Vector256<double> first = (Vector256.Create(share[0]) & a0) + (Vector256.Create(share[1]) & a1);
                    Vector256<double> second = (Vector256.Create(share[2]) & a2) + (Vector256.Create(share[3]) & a3);
                    (Vector256.Load(sum) + (first + second)).Store(sum);
                }
            }
        }
        for (int j = 0; j < size; j++)
        {
            // sum of delta max(0, w.x + b) = w . (sum of delta x) + b (sum of delta) over the samples it is on for.
            double along = bias[j] * sums[(long)n * BlockSize + j];
            for (int k = 0; k < n; k++) along += rows[(long)k * BlockSize + j] * sums[(long)k * BlockSize + j];
            for (int k = 0; k <= n; k++) gradient[(long)k * Width + from + j] = v[j] * sums[(long)k * BlockSize + j];
            gradient[(n + 1L) * Width + from + j] = weights[from + j] * along;
        }
    }
}
