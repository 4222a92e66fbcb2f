using System.Numerics;

namespace ResearchKit.Tasks;

/// <summary>Where the parameter vectors of a <see cref="LossLandscapeStudy"/> lie.</summary>
public enum LandscapeRegion
{
    /// <summary>A student's start: every weight and bias uniform on (-1, 1) / sqrt(fan_in), PyTorch's default.</summary>
    Initial,

    /// <summary>Drawn as the teacher is: every parameter uniform on (-1, 1).</summary>
    TeacherLike,

    /// <summary>The teacher, each of its parameters times 1 + 0.1 z with z standard normal: where training ends.</summary>
    NearTeacher,
}

/// <summary>
/// The squared loss of a 2-H-1 ReLU network on weighted objects (x1, x2, y), at parameter vectors drawn once from a seed:
/// what a compressed training set must reproduce for its learning curve to be that of the original (Fig. 3).
/// </summary>
/// <remarks>
/// A network's loss is sum_i c_i (f(x_i) - y_i)^2 / sum_i c_i. Sums are compensated and every set goes through the same
/// vector code; the result has the same bits for any number of threads.
/// </remarks>
public sealed class LossLandscapeStudy
{
    /// <summary>Spread of the parameters near the teacher, relative to each.</summary>
    public const double RelativeSpread = 0.1;

    private const int Columns = 3, Block = 256;
    private readonly double[][] parameters;

    private LossLandscapeStudy(double[][] parameters, int width, LandscapeRegion region)
    {
        this.parameters = parameters;
        Width = width;
        Region = region;
    }

    /// <summary>The number of parameter vectors.</summary>
    public int Count => parameters.Length;

    /// <summary>H, the hidden neurons of every network.</summary>
    public int Width { get; }

    /// <summary>Where the parameter vectors were drawn.</summary>
    public LandscapeRegion Region { get; }

    /// <summary>Parameter vector <paramref name="index"/>: H rows (w1, w2, b), then H output weights, then the output bias.</summary>
    public ReadOnlySpan<double> Parameters(int index) => parameters[index];

    /// <summary>Draws parameter vectors; vector i depends on the seed, the region and i alone, not on how many there are.</summary>
    /// <param name="task">Gives the teacher and its width H.</param>
    /// <param name="region">Where they lie.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Seed, apart from that of the task.</param>
    public static LossLandscapeStudy Draw(TeacherRegressionTask task, LandscapeRegion region, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!Enum.IsDefined(region))
            throw new ArgumentOutOfRangeException(nameof(region), region, $"{(int)region} is no region; use {string.Join(", ", Enum.GetNames<LandscapeRegion>())}.");
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "At least one parameter vector is needed; 20 give a fair mean.");
        int width = task.Output.Length;
        double[] teacher = [.. task.Hidden, .. task.Output, task.OutputBias];
        var vectors = new double[count][];
        for (int i = 0; i < count; i++)
        {
            var random = new SeededRandom(seed, 1000L * ((int)region + 1) + i);
            var p = new double[teacher.Length];
            switch (region)
            {
                case LandscapeRegion.Initial:
                    double hidden = 1 / Math.Sqrt(2), output = 1 / Math.Sqrt(width);
                    random.FillUniform(p.AsSpan(0, 3 * width), -hidden, hidden);
                    random.FillUniform(p.AsSpan(3 * width), -output, output);
                    break;
                case LandscapeRegion.TeacherLike:
                    random.FillUniform(p, -1, 1);
                    break;
                default:
                    for (int j = 0; j < p.Length; j++) p[j] = teacher[j] * (1 + RelativeSpread * random.NextNormal());
                    break;
            }
            vectors[i] = p;
        }
        return new LossLandscapeStudy(vectors, width, region);
    }

    /// <summary>The weighted mean squared loss at every parameter vector.</summary>
    /// <param name="rows">Row-major objects (x1, x2, y); they need not come from the task (nodes and labels may be free).</param>
    /// <param name="weights">One weight per object; empty for 1 each. They are normalised by their sum.</param>
    /// <returns>One loss per parameter vector.</returns>
    /// <exception cref="ArgumentException">No rows, no whole number of them, or not one weight for each; NaN, infinity or a negative weight; no mass.</exception>
    public double[] Losses(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights)
    {
        if (rows.IsEmpty || rows.Length % Columns != 0)
            throw new ArgumentException($"{rows.Length} values are not a positive whole number of rows (x1, x2, y); pass 3 values per object.", nameof(rows));
        int count = rows.Length / Columns;
        if (!weights.IsEmpty && weights.Length != count)
            throw new ArgumentException($"{weights.Length} weights were given for {count} objects; pass one per object, or none for 1 each.", nameof(weights));
        int bad = NonFinite.IndexOf(rows);
        if (bad >= 0)
            throw new ArgumentException($"Value {bad % Columns} of object {bad / Columns} is {rows[bad]}; every value must be finite.", nameof(rows));
        for (int i = 0; i < weights.Length; i++)
            if (!(weights[i] >= 0) || double.IsInfinity(weights[i]))
                throw new ArgumentException($"The weight of object {i} is {weights[i]}; weights must be finite and nonnegative.", nameof(weights));
        int padded = (count + Block - 1) / Block * Block;
        double[] x1 = new double[padded], x2 = new double[padded], y = new double[padded], c = new double[padded];
        for (int i = 0; i < count; i++)
        {
            // What pads the last block has no weight.
            (x1[i], x2[i], y[i]) = (rows[3 * i], rows[3 * i + 1], rows[3 * i + 2]);
            c[i] = weights.IsEmpty ? 1 : weights[i];
        }
        double mass = CompensatedSum.Of(c);
        if (!(mass > 0) || double.IsInfinity(mass))
            throw new ArgumentException($"The weights sum to {mass}; their sum must be positive and finite.", nameof(weights));
        var losses = new double[Count];
        Parallel.For(0, Count, v => losses[v] = WeightedSquares(parameters[v], x1, x2, y, c) / mass);
        return losses;
    }

    /// <summary>The losses of a point set of the task's objects.</summary>
    /// <param name="set">Objects (x1, x2, y).</param>
    public double[] Losses(WeightedPoints set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.Dimension != Columns)
            throw new ArgumentException($"The set has m = {set.Dimension} coordinates; the objects here are (x1, x2, y), m = 3.", nameof(set));
        return Losses(set.Coordinates, set.Weights);
    }

    private double WeightedSquares(double[] p, double[] x1, double[] x2, double[] y, double[] c)
    {
        var sum = new CompensatedSum();
        int step = Vector<double>.Count;
        Span<double> prediction = stackalloc double[Block];
        for (int start = 0; start < c.Length; start += Block)
        {
            prediction.Fill(p[^1]);
            for (int h = 0; h < Width; h++)
            {
                Vector<double> w1 = new(p[3 * h]), w2 = new(p[3 * h + 1]), b = new(p[3 * h + 2]), v = new(p[3 * Width + h]);
                for (int i = 0; i < Block; i += step)
                {
                    Vector<double> z = b + w1 * new Vector<double>(x1, start + i) + w2 * new Vector<double>(x2, start + i);
                    (new Vector<double>(prediction[i..]) + v * Vector.Max(z, Vector<double>.Zero)).CopyTo(prediction[i..]);
                }
            }
            for (int i = 0; i < Block; i++)
            {
                double residual = prediction[i] - y[start + i];
                sum.Add(c[start + i] * (residual * residual));
            }
        }
        return sum.Total;
    }
}
