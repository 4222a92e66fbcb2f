using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>Labelled objects (x1, x2, y), named by what makes their labels or features difficult.</summary>
internal static class LabelledSets
{
    public static readonly string[] Names =
    [
        "noisy labels", "constant label", "label linear in x", "label quadratic in x", "label is a feature", "labels of +-1", "one label far off",
        "labels with Cauchy tails", "labels of scale 1e-9", "labels of scale 1e9", "labels 1e6 +- 1e-3", "features of scale 1e-9", "features of scale 1e9",
        "duplicated feature", "constant feature", "both features constant", "features on a lattice", "duplicated objects", "same x, different labels",
        "weights over 12 decades", "zero weights",
    ];

    public static WeightedPoints Make(string name, int d, int seed = 1)
    {
        var random = new SeededRandom(seed, 29);
        var rows = new double[3 * d];
        double[]? weights = null;
        for (int i = 0; i < d; i++)
        {
            double a = random.Uniform(-1, 1), b = random.Uniform(-1, 1), noise = random.NextNormal();
            double y = Math.Max(0, a - 0.3 * b) + noise;
            (a, b, y) = name switch
            {
                "noisy labels" or "weights over 12 decades" or "zero weights" => (a, b, y),
                "constant label" => (a, b, 0.7),
                "label linear in x" => (a, b, 2 * a - 0.5 * b + 1),
                "label quadratic in x" => (a, b, a * a - b),
                "label is a feature" => (a, b, b),
                "labels of +-1" => (a, b, y > 0 ? 1 : -1),
                "one label far off" => (a, b, i == d / 3 ? 1e6 : y),
                "labels with Cauchy tails" => (a, b, Math.Tan(1.57 * random.Uniform(-1, 1))),
                "labels of scale 1e-9" => (a, b, 1e-9 * y),
                "labels of scale 1e9" => (a, b, 1e9 * y),
                "labels 1e6 +- 1e-3" => (a, b, 1e6 + 1e-3 * y),
                "features of scale 1e-9" => (1e-9 * a, 1e-9 * b, y),
                "features of scale 1e9" => (1e9 * a, 1e9 * b, y),
                "duplicated feature" => (a, a, y),
                "constant feature" => (a, 3, y),
                "both features constant" => (1, 3, y),
                "features on a lattice" => (Math.Round(4 * a), Math.Round(4 * b), y),
                "duplicated objects" when i >= d / 2 => (rows[3 * (i - d / 2)], rows[3 * (i - d / 2) + 1], rows[3 * (i - d / 2) + 2]),
                "duplicated objects" => (a, b, y),
                "same x, different labels" when i >= 8 => (rows[3 * (i % 8)], rows[3 * (i % 8) + 1], y),
                "same x, different labels" => (a, b, y),
                _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such set."),
            };
            (rows[3 * i], rows[3 * i + 1], rows[3 * i + 2]) = (a, b, y);
        }
        if (name == "weights over 12 decades") weights = [.. Enumerable.Range(0, d).Select(_ => Math.Pow(10, random.Uniform(-6, 6)))];
        if (name == "zero weights") weights = [.. Enumerable.Range(0, d).Select(i => i % 3 == 0 ? 0.0 : 1 + i % 5)];
        return new WeightedPoints(rows, 3, weights);
    }
}
