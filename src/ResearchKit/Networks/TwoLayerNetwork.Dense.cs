namespace ResearchKit.Networks;

/// <content>The plain passes, for any activation, inputs and outputs: neurons in blocks that stay in the first cache, sample by sample.</content>
public sealed unsafe partial class TwoLayerNetwork
{
    private const int BlockSize = 256, Chunk = 8192;

    private readonly NativeBuffer partial = new();

    private int DenseBlocks => (Width + BlockSize - 1) / BlockSize;

    /// <summary>Blocks add up their shares in rows of their own, which are then added in the blocks' order.</summary>
    private void DenseForward(double* p, double* inputs, int count, double* predictions, int threads)
    {
        int outputs = OutputSize, blocks = DenseBlocks;
        double* bias = p + (InputSize + 1L + outputs) * Width;
        int chunk = Math.Max(64, Chunk / outputs);
        for (int start = 0; start < count; start += chunk)
        {
            int samples = Math.Min(chunk, count - start);
            long values = (long)samples * outputs;
            double* rows = partial.Ensure(blocks * values), x = inputs + (long)start * InputSize, f = predictions + (long)start * outputs;
            Parallelism.ForEach(DenseBlocks, threads, block =>
            {
                if (rectified) ReluForward(p, block, x, samples, rows + block * values);
                else DenseForward(p, block, x, samples, rows + block * values);
            });
            for (long i = 0; i < values; i++)
            {
                double sum = bias[i % outputs];
                for (int block = 0; block < blocks; block++) sum += rows[block * values + i];
                f[i] = sum;
            }
        }
    }

    private void DenseForward(double* p, int block, double* inputs, int count, double* rows)
    {
        int from = block * BlockSize, size = Math.Min(BlockSize, Width - from), outputs = OutputSize;
        double* z = stackalloc double[BlockSize];
        using var scratch = new NativeBuffer();
        double* cv = Weighted(scratch, p, from, size);
        for (int i = 0; i < count; i++)
        {
            Preactivation(p, from, size, inputs + (long)i * InputSize, z);
            ActivationKernel.Apply(Activation, z, z, size);
            for (int o = 0; o < outputs; o++) rows[(long)i * outputs + o] = DotProduct.Of(cv + o * BlockSize, z, size);
        }
    }

    private void DenseBackward(double* p, double* inputs, int count, double* predictionGradient, double* gradient, int threads)
    {
        int outputs = OutputSize;
        double* bias = gradient + (InputSize + 1L + outputs) * Width;
        for (int o = 0; o < outputs; o++)
        {
            double sum = 0;
            for (int i = 0; i < count; i++) sum += predictionGradient[(long)i * outputs + o];
            bias[o] = sum;
        }
        Parallelism.ForEach(DenseBlocks, threads, block =>
        {
            if (rectified) ReluBackward(p, block, inputs, count, predictionGradient, gradient);
            else DenseBackward(p, block, inputs, count, predictionGradient, gradient);
        });
    }

    private void DenseBackward(double* p, int block, double* inputs, int count, double* predictionGradient, double* gradient)
    {
        int from = block * BlockSize, size = Math.Min(BlockSize, Width - from), outputs = OutputSize, n = InputSize;
        double* z = stackalloc double[4 * BlockSize];
        double* value = z + BlockSize, slope = value + BlockSize, share = slope + BlockSize;
        using var scratch = new NativeBuffer();
        double* cv = Weighted(scratch, p, from, size);
        // Rows of the gradient that belong to this block and to no other.
        for (int row = 0; row < n + 1 + outputs; row++) new Span<double>(gradient + (long)row * Width + from, size).Clear();
        for (int i = 0; i < count; i++)
        {
            double* x = inputs + (long)i * n, delta = predictionGradient + (long)i * outputs;
            Preactivation(p, from, size, x, z);
            ActivationKernel.ApplyWithDerivative(Activation, z, value, slope, size);
            new Span<double>(share, size).Clear();
            for (int o = 0; o < outputs; o++)
            {
                BlockedUpdate.AddScaled(gradient + (n + 1L + o) * Width + from, delta[o], value, size);
                BlockedUpdate.AddScaled(share, delta[o], cv + o * BlockSize, size);
            }
            BlockedUpdate.Multiply(share, slope, size);
            for (int k = 0; k < n; k++) BlockedUpdate.AddScaled(gradient + (long)k * Width + from, x[k], share, size);
            BlockedUpdate.AddScaled(gradient + (long)n * Width + from, 1, share, size);
        }
        fixed (double* c = weights)
            for (int o = 0; o < outputs; o++) BlockedUpdate.Multiply(gradient + (n + 1L + o) * Width + from, c + from, size);
    }

    /// <summary>The block's weights c_j v_oj, one row of <see cref="BlockSize"/> per output.</summary>
    private double* Weighted(NativeBuffer scratch, double* p, int from, int size)
    {
        double* cv = scratch.Ensure((long)OutputSize * BlockSize);
        fixed (double* c = weights)
        {
            for (int o = 0; o < OutputSize; o++)
            {
                new ReadOnlySpan<double>(p + (InputSize + 1L + o) * Width + from, size).CopyTo(new Span<double>(cv + o * BlockSize, size));
                BlockedUpdate.Multiply(cv + o * BlockSize, c + from, size);
            }
        }
        return cv;
    }

    private void Preactivation(double* p, int from, int size, double* x, double* z)
    {
        new ReadOnlySpan<double>(p + (long)InputSize * Width + from, size).CopyTo(new Span<double>(z, size));
        for (int k = 0; k < InputSize; k++) BlockedUpdate.AddScaled(z, x[k], p + (long)k * Width + from, size);
    }
}
