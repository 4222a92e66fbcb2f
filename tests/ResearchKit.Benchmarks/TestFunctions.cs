using ResearchKit.Tasks;

namespace ResearchKit.Benchmarks;

/// <summary>Five kinds of functions that a user might average over a set of about the size of [-1, 1]^m; each draw is a mean of ten.</summary>
internal static class TestFunctions
{
    private const int Terms = 10;

    /// <summary>Names, in the order of the kinds.</summary>
    public static readonly string[] Names = ["sigmoid(w.x)", "tanh(w.x+b)", "cos(2w.x+b)", "1/(m+1+w.x)", "exp(-2|x-c|^2)"];

    /// <summary>One function; w and c uniform on [-1, 1]^m, b on [-1, 1].</summary>
    public static Func<ReadOnlySpan<double>, double> Draw(int kind, int dimension, int seed)
    {
        var random = new SeededRandom(seed, 1000 + kind);
        var w = new double[Terms * dimension];
        var b = new double[Terms];
        random.FillUniform(w, -1, 1);
        random.FillUniform(b, -1, 1);
        return x =>
        {
            double sum = 0;
            for (int t = 0; t < Terms; t++)
            {
                double dot = 0, square = 0;
                for (int j = 0; j < x.Length; j++)
                {
                    double v = w[t * x.Length + j];
                    dot += v * x[j];
                    square += (x[j] - v) * (x[j] - v);
                }
                sum += kind switch
                {
                    0 => 1 / (1 + Math.Exp(-dot)),
                    1 => Math.Tanh(dot + b[t]),
                    2 => Math.Cos(2 * dot + b[t]),
                    3 => 1 / (x.Length + 1 + dot),
                    _ => Math.Exp(-2 * square),
                };
            }
            return sum / Terms;
        };
    }

    /// <summary>A function's values at every object.</summary>
    public static double[] Values(WeightedPoints set, Func<ReadOnlySpan<double>, double> function)
    {
        var values = new double[set.Count];
        for (int i = 0; i < values.Length; i++) values[i] = function(set[i]);
        return values;
    }

    /// <summary>|f' - f| for the mean of a function with known values.</summary>
    public static double Error(WeightedPoints set, CompressedSet result, double[] values)
    {
        // Differences of weights, so that nothing large cancels.
        double sum = 0, rest = 0;
        int next = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double weight = -set.WeightOf(i);
            if (next < result.Count && result.Indices[next] == i) weight += result.Weights[next++];
            double term = weight * values[i] - rest, total = sum + term;
            rest = total - sum - term;
            sum = total;
        }
        return Math.Abs(sum) / set.Mass;
    }

    /// <summary>Objects uniform on [-1, 1]^m.</summary>
    public static WeightedPoints Box(int dimension, int count, int seed)
    {
        var random = new SeededRandom(seed);
        var x = new double[count * dimension];
        random.FillUniform(x, -1, 1);
        return new WeightedPoints(x, dimension);
    }

    /// <summary>Five normal clusters of standard deviations 0.05 to 0.25, centres uniform on [-0.7, 0.7]^m, cut off at +-1.2.</summary>
    public static WeightedPoints Clusters(int dimension, int count, int seed)
    {
        var random = new SeededRandom(seed);
        var centres = new double[5 * dimension];
        random.FillUniform(centres, -0.7, 0.7);
        var x = new double[count * dimension];
        for (int i = 0; i < count; i++)
        {
            int cluster = random.NextInt(5);
            for (int j = 0; j < dimension; j++)
                x[i * dimension + j] = Math.Clamp(centres[cluster * dimension + j] + 0.05 * (cluster + 1) * random.NextNormal(), -1.2, 1.2);
        }
        return new WeightedPoints(x, dimension);
    }
}
