using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResearchKit.Networks;

/// <content>The passes: rows are predictions, one per sample or per sample and position; columns are heads.</content>
public sealed unsafe partial class AttentionLayer
{
    /// <summary>Heads of one turn of a parallel loop.</summary>
    private const int HeadBlock = 256;

    // Per head kappa and c omega, padded; per row and head the tokens' mean and its derivative by kappa.
    private readonly NativeBuffer heads = new(), means = new(), slopes = new();

    /// <summary>
    /// Means and slopes that are stored from the forward for the backward pass at most; beyond, they are computed again part
    /// by part. Neither number changes a bit of the results; tests set them.
    /// </summary>
    internal long StoredValues { get; set; } = 1L << 25;

    /// <summary>Values of one part.</summary>
    internal int PartValues { get; set; } = 1 << 21;

    private int Stride => NativeBuffer.Padded(Heads);

    private int RowsPerPart => Math.Max(1, PartValues / Stride);

    /// <inheritdoc/>
    protected override void Forward(double* inputs, int count, double* predictions, bool keep, int threads)
    {
        Summarise();
        long rows = (long)count * OutputSize;
        if (keep && rows * Stride <= StoredValues) Means(inputs, 0, (int)rows, predictions, slope: true, threads);
        else
        {
            for (long from = 0; from < rows; from += RowsPerPart)
                Means(inputs, from, (int)Math.Min(RowsPerPart, rows - from), predictions + from, slope: false, threads);
        }
    }

    /// <inheritdoc/>
    protected override void Backward(double* inputs, int count, double* predictionGradient, double* gradient, int threads)
    {
        long rows = (long)count * OutputSize;
        int length = Heads * HeadSize;
        // Sums over rows stand where the gradients of the first query and output coordinate will; both start at 0.
        new Span<double>(gradient, 4 * length).Clear();
        bool stored = rows * Stride <= StoredValues;
        for (long from = 0; from < rows; from += stored ? rows : RowsPerPart)
        {
            int part = (int)(stored ? rows : Math.Min(RowsPerPart, rows - from));
            if (!stored) Means(inputs, from, part, null, slope: true, threads);
            double* mean = means.Ensure(0), slope = slopes.Ensure(0), errors = predictionGradient + from;
            ForEachHeadBlock(threads, (first, size) =>
            {
                for (int r = 0; r < part; r++)
                {
                    BlockedUpdate.AddScaled(gradient + first, errors[r], slope + (long)r * Stride + first, size);
                    BlockedUpdate.AddScaled(gradient + 3 * length + first, errors[r], mean + (long)r * Stride + first, size);
                }
            });
        }
        fixed (double* p = Parameters)
        {
            double* query = p, key = p + length, value = key + length, output = value + length, weighted = heads.Ensure(0) + Stride;
            double root = 1 / Math.Sqrt(HeadSize);
            for (int i = 0; i < Heads; i++)
            {
                double byKappa = weighted[i] * gradient[i] * root, byOmega = weights[i] * gradient[3 * length + i];
                for (int r = 0, at = i; r < HeadSize; r++, at += Heads)
                {
                    gradient[at] = byKappa * key[at];
                    gradient[length + at] = byKappa * query[at];
                    gradient[2 * length + at] = byOmega * output[at];
                    gradient[3 * length + at] = byOmega * value[at];
                }
            }
        }
    }

    /// <summary>kappa and c omega of each head.</summary>
    private void Summarise()
    {
        double* kappa = heads.Ensure(2L * Stride), weighted = kappa + Stride;
        new Span<double>(kappa, 2 * Stride).Clear();
        int length = Heads * HeadSize;
        double root = 1 / Math.Sqrt(HeadSize);
        fixed (double* p = Parameters)
        {
            for (int i = 0; i < Heads; i++)
            {
                double score = 0, output = 0;
                for (int r = 0, at = i; r < HeadSize; r++, at += Heads)
                {
                    score += p[at] * p[length + at];
                    output += p[2 * length + at] * p[3 * length + at];
                }
                // Infinity times a token 0 would be no number, where a large score is simply the hard maximum.
                kappa[i] = Math.Clamp(score * root, double.MinValue, double.MaxValue);
                weighted[i] = weights[i] * output;
            }
        }
    }

    /// <summary>Means (and their slopes) of some rows, and their predictions unless there is no place for them.</summary>
    private void Means(double* inputs, long from, int rows, double* predictions, bool slope, int threads)
    {
        int stride = Stride, tokens = InputSize, perSample = OutputSize;
        double* kappa = heads.Ensure(0), weighted = kappa + stride;
        double* mean = means.Ensure((long)rows * stride), derivative = slope ? slopes.Ensure((long)rows * stride) : null;
        Parallelism.ForEach(rows, threads, r =>
        {
            long row = from + r;
            double* x = inputs + row / perSample * tokens, target = mean + (long)r * stride;
            int length = EveryPosition ? (int)(row % perSample) + 1 : tokens;
            Row(x, length, kappa, stride, target, slope ? derivative + (long)r * stride : null);
            if (predictions is not null) predictions[r] = DotProduct.Of(weighted, target, stride);
        });
    }

    /// <summary>For every head the mean of the tokens up to a position, and its derivative by kappa, four heads at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(double* x, int length, double* kappa, int stride, double* mean, double* slope)
    {
        double least = x[0], greatest = x[0];
        for (int s = 1; s < length; s++) (least, greatest) = (Math.Min(least, x[s]), Math.Max(greatest, x[s]));
        Vector256<double> last = Vector256.Create(x[length - 1]), low = Vector256.Create(least), high = Vector256.Create(greatest);
        for (int i = 0; i < stride; i += 4)
        {
            Vector256<double> a = Vector256.Load(kappa + i) * last;
            a = Vector256.MinNative(Vector256.Create(double.MaxValue), Vector256.MaxNative(Vector256.Create(double.MinValue), a));
            // The token with the largest score; all others are counted from it.
            Vector256<double> top = Vector256.ConditionalSelect(Vector256.LessThan(a, Vector256<double>.Zero), low, high);
            Vector256<double> mass = Vector256<double>.Zero, first = mass, second = mass;
            if (slope is null)
            {
                for (int s = 0; s < length; s++)
                {
                    Vector256<double> d = Vector256.Create(x[s]) - top, e = VectorFunctions.Exp(a * d);
                    mass += e;
                    first = VectorFunctions.Fma(e, d, first);
                }
            }
            else
            {
                for (int s = 0; s < length; s++)
                {
                    Vector256<double> d = Vector256.Create(x[s]) - top, e = VectorFunctions.Exp(a * d);
                    mass += e;
                    first = VectorFunctions.Fma(e, d, first);
                    second = VectorFunctions.Fma(e * d, d, second);
                }
                Vector256<double> inverse = Vector256<double>.One / mass;
                (last * VectorFunctions.Fma(-first * inverse, first * inverse, second * inverse)).Store(slope + i);
            }
            (top + first / mass).Store(mean + i);
        }
    }

    private void ForEachHeadBlock(int threads, Action<int, int> body) =>
        Parallelism.ForEach((Heads + HeadBlock - 1) / HeadBlock, threads, block => body(block * HeadBlock, Math.Min(HeadBlock, Heads - block * HeadBlock)));
}
