namespace ResearchKit.Networks;

/// <content>The forward and the backward pass: dense products with the elementwise work between them.</content>
public sealed unsafe partial class DeepNetwork
{
    /// <summary>Samples per pass; part of the results' last bits, so a constant.</summary>
    private const int Chunk = 1024;

    /// <summary>Samples or columns whose elementwise work is one turn of a parallel loop.</summary>
    private const int RowBlock = 32, ColumnBlock = 64;

    // For each hidden layer and sample: c h and c sigma'(z).
    private readonly NativeBuffer[] values, slopes;
    private readonly NativeBuffer firstErrors = new(), secondErrors = new();
    private readonly MatrixProduct product = new();

    /// <inheritdoc/>
    protected override void Forward(double* inputs, int count, double* predictions, bool keep, int threads)
    {
        fixed (double* p = Parameters)
        {
            for (int from = 0; from < count; from += Chunk)
            {
                int rows = Math.Min(Chunk, count - from);
                Hidden(p, inputs + (long)from * InputSize, rows, keep && count <= Chunk, threads);
                double* target = predictions + (long)from * OutputSize;
                Product(p, values[^1].Ensure(0), widths.Length, rows, target, threads);
                for (int i = 0; i < rows; i++) BlockedUpdate.AddScaled(target + (long)i * OutputSize, 1, p + biasBlocks[^1].Offset, OutputSize);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Backward(double* inputs, int count, double* predictionGradient, double* gradient, int threads)
    {
        fixed (double* p = Parameters)
        {
            for (int from = 0; from < count; from += Chunk)
            {
                int rows = Math.Min(Chunk, count - from);
                double* x = inputs + (long)from * InputSize, errors = predictionGradient + (long)from * OutputSize;
                if (count > Chunk) Hidden(p, x, rows, slope: true, threads);
                for (int l = widths.Length; l >= 0; l--)
                {
                    int width = l < widths.Length ? widths[l] : OutputSize, sources = Sources(l);
                    double* source = l == 0 ? x : values[l - 1].Ensure(0);
                    product.Multiply(new Operand(errors, width).Transposed, new Operand(source, sources), gradient + weightBlocks[l].Offset, sources, width, sources, rows, from > 0, threads);
                    ColumnSums(errors, rows, width, gradient + biasBlocks[l].Offset, from > 0, threads);
                    if (l == 0) break;
                    double* next = (l % 2 == 0 ? firstErrors : secondErrors).Ensure((long)rows * sources);
                    product.Multiply(new Operand(errors, width), new Operand(p + weightBlocks[l].Offset, sources), next, sources, rows, sources, width, add: false, threads);
                    Multiply(next, slopes[l - 1].Ensure(0), rows, sources, threads);
                    errors = next;
                }
            }
        }
    }

    /// <summary>The hidden layers of up to a chunk of samples; with their slopes if a backward pass wants them.</summary>
    private void Hidden(double* p, double* source, int rows, bool slope, int threads)
    {
        for (int l = 0; l < widths.Length; l++)
        {
            int width = widths[l];
            double* value = values[l].Ensure((long)rows * width), slopeValue = slope ? slopes[l].Ensure((long)rows * width) : null;
            double* bias = p + biasBlocks[l].Offset;
            Product(p, source, l, rows, value, threads);
            double[] c = weights[l];
            bool weighted = c.AsSpan().ContainsAnyExcept(1.0);
            Parallelism.ForEach((rows + RowBlock - 1) / RowBlock, threads, block =>
            {
                int end = Math.Min(rows, (block + 1) * RowBlock);
                fixed (double* factors = c)
                {
                    for (int i = block * RowBlock; i < end; i++)
                    {
                        double* z = value + (long)i * width, derivative = slopeValue + (slope ? (long)i * width : 0);
                        BlockedUpdate.AddScaled(z, 1, bias, width);
                        if (slope) ActivationKernel.ApplyWithDerivative(Activation, z, z, derivative, width);
                        else ActivationKernel.Apply(Activation, z, z, width);
                        if (!weighted) continue;
                        BlockedUpdate.Multiply(z, factors, width);
                        if (slope) BlockedUpdate.Multiply(derivative, factors, width);
                    }
                }
            });
            source = value;
        }
    }

    /// <summary>target = source W^T for the weights of layer l.</summary>
    private void Product(double* p, double* source, int layer, int rows, double* target, int threads)
    {
        int sources = Sources(layer), width = layer < widths.Length ? widths[layer] : OutputSize;
        product.Multiply(new Operand(source, sources), new Operand(p + weightBlocks[layer].Offset, sources).Transposed, target, width, rows, width, sources, add: false, threads);
    }

    private static void Multiply(double* target, double* factor, int rows, int width, int threads) =>
        Parallelism.ForEach((rows + RowBlock - 1) / RowBlock, threads, block =>
        {
            long from = (long)block * RowBlock * width;
            BlockedUpdate.Multiply(target + from, factor + from, Math.Min(RowBlock, rows - block * RowBlock) * width);
        });

    /// <summary>The sum over samples, which each column adds in their order.</summary>
    private static void ColumnSums(double* errors, int rows, int width, double* sums, bool add, int threads) =>
        Parallelism.ForEach((width + ColumnBlock - 1) / ColumnBlock, threads, block =>
        {
            int from = block * ColumnBlock, count = Math.Min(ColumnBlock, width - from);
            if (!add) new Span<double>(sums + from, count).Clear();
            for (int i = 0; i < rows; i++) BlockedUpdate.AddScaled(sums + from, 1, errors + (long)i * width + from, count);
        });
}
