using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>Seeded functions of one object, each a mean of five terms, and the error of a result on them.</summary>
internal static class ProbeFunctions
{
    public static readonly string[] Kinds = ["rational", "bump", "exponential", "tanh", "narrow bump"];

    public static Func<ReadOnlySpan<double>, double> Draw(string kind, int m, int seed)
    {
        var random = new SeededRandom(seed, 99);
        const int terms = 5;
        var w = new double[terms * m];
        random.FillUniform(w, -1, 1);
        return x =>
        {
            double sum = 0;
            for (int t = 0; t < terms; t++)
            {
                double dot = 0, square = 0;
                for (int j = 0; j < m; j++)
                {
                    dot += w[t * m + j] * x[j];
                    square += Math.Pow(x[j] - w[t * m + j], 2);
                }
                sum += kind switch
                {
                    "rational" => 1 / (m + 1 + dot),
                    "bump" => Math.Exp(-2 * square),
                    "exponential" => Math.Exp(dot),
                    "tanh" => Math.Tanh(dot),
                    // The same place for every seed, up to a little.
                    "narrow bump" => Math.Exp(-Distance(x, w, t) / (2 * 0.05 * 0.05)),
                    _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
                };
            }
            return sum / terms;
        };
    }

    public static Func<ReadOnlySpan<double>, double>[] Many(string kind, int m, int count, int firstSeed)
        => [.. Enumerable.Range(firstSeed, count).Select(s => Draw(kind, m, s))];

    /// <summary>|f' - f| in doubled precision, f = (1/mass) sum c g(w).</summary>
    public static double Error(WeightedPoints set, CompressedSet result, Func<ReadOnlySpan<double>, double> g)
    {
        Quad sum = 0;
        int next = 0;
        for (int i = 0; i < set.Count; i++)
        {
            Quad weight = -set.WeightOf(i);
            if (next < result.Count && result.Indices[next] == i) weight += result.Weights[next++];
            sum += weight * g(set[i]);
        }
        return Math.Abs((double)sum) / set.Mass;
    }

    private static double Distance(ReadOnlySpan<double> x, double[] w, int t)
    {
        double square = 0;
        for (int j = 0; j < x.Length; j++) square += Math.Pow(x[j] - 0.35 - 0.05 * w[t * x.Length + j], 2);
        return square;
    }
}
