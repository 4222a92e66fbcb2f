using MathNet.Numerics.Integration;
using MathNet.Numerics.LinearAlgebra;

namespace ResearchKit.Tasks;

/// <summary>
/// A smooth regression that is trained to its optimum: inputs uniform on [-1, 1]^m, labels of a teacher of two tanh neurons
/// with normal noise, a student of the same shape fitted by Levenberg and Marquardt's method. Its loss above the teacher's
/// falls like p sigma^2 / d with p parameters: a clean scaling law over as many decades as there are data.
/// </summary>
/// <remarks>
/// The loss reported is the excess over the noise, the mean of (f - teacher)^2 over the input distribution, by a product
/// Gauss rule: no sampling of test points, and no subtraction that would end at round-off. The fit starts near the teacher
/// (each parameter times 1 + 0.2 z): it is the estimation that is studied here, not the search for a minimum.
/// </remarks>
public sealed class SmoothRegressionTask
{
    /// <summary>Spread of the start about the teacher, relative to each parameter.</summary>
    public const double StartSpread = 0.2;

    private const int Neurons = 2, QuadratureNodes = 48, MostSteps = 200;
    private readonly double[] teacher;
    private readonly double[] nodes;
    private readonly double[] nodeWeights;

    private SmoothRegressionTask(int features, double noise)
    {
        (Features, Noise) = (features, noise);
        // Rows (w, b, v) of two neurons whose slopes lie apart, then the output bias.
        teacher = features == 1
            ? [2.5, 1.2, 1, 2.5, -1.2, -0.8, 0.2]
            : [1.8, 0.7, 0.8, 1, -0.6, 1.9, -0.8, 0.9, 0.2];
        var rule = new GaussLegendreRule(-1, 1, QuadratureNodes);
        int count = (int)Math.Pow(QuadratureNodes, features);
        nodes = new double[count * features];
        nodeWeights = new double[count];
        for (int q = 0; q < count; q++)
        {
            double weight = 1;
            for (int j = 0, rest = q; j < features; j++, rest /= QuadratureNodes)
            {
                nodes[q * features + j] = rule.GetAbscissa(rest % QuadratureNodes);
                weight *= rule.GetWeight(rest % QuadratureNodes) / 2;
            }
            nodeWeights[q] = weight;
        }
    }

    /// <summary>m, the coordinates of x; an object (x, y) has one more, which enters a squared loss as y p(x) alone.</summary>
    public int Features { get; }

    /// <summary>sigma, the standard deviation of the label noise.</summary>
    public double Noise { get; }

    /// <summary>p, the student's parameters.</summary>
    public int ParameterCount => teacher.Length;

    /// <summary>The teacher's parameters: two rows (w, b, v), then the output bias.</summary>
    public ReadOnlySpan<double> Teacher => teacher;

    /// <summary>Makes the task; the teacher is the same for every seed.</summary>
    /// <param name="features">m, 1 or 2.</param>
    /// <param name="noise">sigma, nonnegative and finite; the teacher's values are of order 1.</param>
    public static SmoothRegressionTask Of(int features, double noise = 0.1)
    {
        if (features is not (1 or 2))
            throw new ArgumentOutOfRangeException(nameof(features), features, "There are teachers of 1 and of 2 coordinates.");
        if (!(noise >= 0) || double.IsInfinity(noise))
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "The noise's standard deviation must be finite and nonnegative; 0 gives clean labels.");
        return new SmoothRegressionTask(features, noise);
    }

    /// <summary>Draws training objects (x, y).</summary>
    /// <param name="count">d, at least 1.</param>
    /// <param name="seed">Seed of the data.</param>
    public WeightedPoints Draw(int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var random = new SeededRandom(seed, 1);
        int m = Features;
        var rows = new double[checked(count * (m + 1))];
        for (int i = 0; i < count; i++)
        {
            Span<double> row = rows.AsSpan(i * (m + 1), m + 1);
            for (int j = 0; j < m; j++) row[j] = random.Uniform(-1, 1);
            row[m] = Predict(teacher, row[..m]) + Noise * random.NextNormal();
        }
        return new WeightedPoints(rows, m + 1);
    }

    /// <summary>A student's start near the teacher.</summary>
    /// <param name="seed">Seed of the start.</param>
    public double[] Start(int seed)
    {
        var random = new SeededRandom(seed, 2);
        return [.. teacher.Select(p => p * (1 + StartSpread * random.NextNormal()))];
    }

    /// <summary>Minimises the weighted mean squared loss from a start, until steps are below 10^-10 of the parameters.</summary>
    /// <param name="set">Objects (x, y), weights for how many each stands for; as many as parameters, or more.</param>
    /// <param name="start">p parameters; not changed.</param>
    /// <param name="cancellation">Cancels between two steps.</param>
    /// <returns>The parameters found.</returns>
    /// <exception cref="ArgumentException">Another number of coordinates or parameters, or fewer objects than parameters.</exception>
    public double[] Fit(WeightedPoints set, ReadOnlySpan<double> start, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        int p = ParameterCount;
        if (set.Dimension != Features + 1)
            throw new ArgumentException($"The objects have {set.Dimension} coordinates; here they are (x, y) of {Features + 1}.", nameof(set));
        if (start.Length != p) throw new ArgumentException($"The start has {start.Length} parameters; the student has {p}.", nameof(start));
        if (set.Count < p)
            throw new ArgumentException($"{set.Count} objects cannot determine {p} parameters; the fit would be that of its start. Give at least {p}.", nameof(set));
        double[] at = start.ToArray(), normal = new double[p * p], slope = new double[p];
        double loss = Accumulate(set, at, normal, slope), damping = 1e-3;
        for (int step = 0; step < MostSteps && damping < 1e12; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            Matrix<double> damped = Matrix<double>.Build.Dense(p, p, (i, j) => normal[i * p + j] * (i == j ? 1 + damping : 1));
            double[] move = damped.Solve(Vector<double>.Build.DenseOfArray(slope)).ToArray();
            double[] next = [.. at.Zip(move, (a, b) => a - b)], nextNormal = new double[p * p], nextSlope = new double[p];
            double nextLoss = Accumulate(set, next, nextNormal, nextSlope);
            // At the minimum losses differ by rounding alone, and the step still improves the parameters.
            if (!(nextLoss <= loss * (1 + 1e-13)))
            {
                damping *= 10;
                continue;
            }
            double moved = Math.Sqrt(move.Sum(v => v * v) / next.Sum(v => v * v));
            (at, normal, slope, loss, damping) = (next, nextNormal, nextSlope, nextLoss, damping < 1e-9 ? 0 : damping / 30);
            if (moved < 1e-10) break;
            if (damping == 0) damping = 1e-12;
        }
        return at;
    }

    /// <summary>The loss above the noise: the mean of (f - teacher)^2 over the input distribution.</summary>
    /// <param name="parameters">p parameters.</param>
    public double ExcessLoss(ReadOnlySpan<double> parameters)
    {
        if (parameters.Length != ParameterCount)
            throw new ArgumentException($"{parameters.Length} parameters were given; the student has {ParameterCount}.", nameof(parameters));
        var sum = new CompensatedSum();
        for (int q = 0; q < nodeWeights.Length; q++)
        {
            ReadOnlySpan<double> x = nodes.AsSpan(q * Features, Features);
            double apart = Predict(parameters, x) - Predict(teacher, x);
            sum.Add(nodeWeights[q] * apart * apart);
        }
        return sum.Total;
    }

    /// <summary>f at an input.</summary>
    /// <param name="parameters">p parameters.</param>
    /// <param name="x">m coordinates.</param>
    public double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> x)
    {
        double f = parameters[^1];
        for (int h = 0; h < Neurons; h++)
        {
            ReadOnlySpan<double> neuron = parameters.Slice(h * (Features + 2), Features + 2);
            double z = neuron[Features];
            for (int j = 0; j < Features; j++) z += neuron[j] * x[j];
            f += neuron[Features + 1] * Math.Tanh(z);
        }
        return f;
    }

    /// <summary>Loss, and the normal equations of the residuals' linearisation, as weighted means.</summary>
    private double Accumulate(WeightedPoints set, double[] parameters, double[] normal, double[] slope)
    {
        int m = Features, p = ParameterCount;
        Span<double> gradient = stackalloc double[p], blockNormal = stackalloc double[p * p], blockSlope = stackalloc double[p];
        ReadOnlySpan<double> rows = set.Coordinates, weights = set.Weights;
        var loss = new CompensatedSum();
        // Block by block, so that rounding does not grow with the number of objects.
        const int block = 4096;
        for (int from = 0; from < set.Count; from += block)
        {
            blockNormal.Clear();
            blockSlope.Clear();
            double blockLoss = 0;
            for (int i = from; i < Math.Min(set.Count, from + block); i++)
            {
                ReadOnlySpan<double> row = rows.Slice(i * (m + 1), m + 1);
                double c = weights.IsEmpty ? 1 : weights[i], f = parameters[p - 1];
                for (int h = 0; h < Neurons; h++)
                {
                    int at = h * (m + 2);
                    double z = parameters[at + m], v = parameters[at + m + 1];
                    for (int j = 0; j < m; j++) z += parameters[at + j] * row[j];
                    double t = Math.Tanh(z), inner = v * (1 - t * t);
                    for (int j = 0; j < m; j++) gradient[at + j] = inner * row[j];
                    gradient[at + m] = inner;
                    gradient[at + m + 1] = t;
                    f += v * t;
                }
                gradient[p - 1] = 1;
                double residual = f - row[m];
                blockLoss += c * residual * residual;
                for (int a = 0; a < p; a++)
                {
                    double scaled = c * gradient[a];
                    blockSlope[a] += scaled * residual;
                    for (int b = 0; b <= a; b++) blockNormal[a * p + b] += scaled * gradient[b];
                }
            }
            loss.Add(blockLoss);
            for (int a = 0; a < p; a++) slope[a] += blockSlope[a] / set.Mass;
            for (int a = 0; a < p * p; a++) normal[a] += blockNormal[a] / set.Mass;
        }
        for (int a = 0; a < p; a++)
            for (int b = 0; b < a; b++) normal[b * p + a] = normal[a * p + b];
        return loss.Total / set.Mass;
    }
}
