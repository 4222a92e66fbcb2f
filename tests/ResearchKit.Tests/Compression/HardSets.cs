using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>Point sets named by what makes them difficult.</summary>
internal static class HardSets
{
    public static readonly string[] Names =
    [
        "generic", "off-centre cluster 5 +- 0.01", "scale 1e-9", "scale 1e9", "mixed scales 1e-9 1 1e9", "far offset 1e6 +- 1e-3",
        "one far outlier", "two far clusters", "duplicated", "weights over 12 decades", "one dominant weight", "zero weights",
        "constant column", "near-constant column", "all equal", "collinear", "planar", "sphere", "moment curve", "lattice", "Hilbert nodes",
        "Chebyshev ends", "near-duplicates 1e-14", "geometric spacing", "Gaussian tails", "Cauchy tails", "integers", "fewer distinct than moments",
    ];

    /// <summary>The sets whose moment matrix has a rank below N whatever the number of points (m at least 2).</summary>
    public static readonly string[] Deficient = ["all equal", "collinear", "sphere", "moment curve", "constant column", "planar", "fewer distinct than moments"];

    public static WeightedPoints Make(string name, int m, int d, int seed = 1)
    {
        var random = new SeededRandom(seed, 17);
        var x = new double[m * d];
        random.FillUniform(x, -1, 1);
        double[]? w = null;
        switch (name)
        {
            case "generic": break;
            case "off-centre cluster 5 +- 0.01": Each(x, m, (v, _, _) => 5 + 0.01 * v); break;
            case "scale 1e-9": Each(x, m, (v, _, _) => 1e-9 * v); break;
            case "scale 1e9": Each(x, m, (v, _, _) => 1e9 * v); break;
            case "mixed scales 1e-9 1 1e9": Each(x, m, (v, _, j) => v * Math.Pow(10, 9 * (j % 3 - 1))); break;
            case "far offset 1e6 +- 1e-3": Each(x, m, (v, _, _) => 1e6 + 1e-3 * v); break;
            case "one far outlier": Each(x, m, (v, i, _) => i == d / 3 ? 1e6 : v); break;
            case "two far clusters": Each(x, m, (v, i, _) => i % 2 == 0 ? 1e-3 * v - 100 : 1e-3 * v + 100); break;
            case "duplicated": Each(x, m, (_, i, j) => x[i % Math.Max(1, d / 2) * m + j]); break;
            case "weights over 12 decades":
                w = new double[d];
                random.FillUniform(w, -6, 6);
                for (int i = 0; i < d; i++) w[i] = Math.Pow(10, w[i]);
                break;
            case "one dominant weight":
                w = new double[d];
                Array.Fill(w, 1e-12);
                w[d / 2] = 1;
                break;
            case "zero weights":
                w = new double[d];
                for (int i = 0; i < d; i++) w[i] = i % 3 == 0 ? 0 : 1 + i % 5;
                break;
            case "constant column": Each(x, m, (v, _, j) => j == m - 1 ? 0.7 : v); break;
            case "near-constant column": Each(x, m, (v, i, j) => j == m - 1 ? 1 + 2.3e-16 * Math.Round(8 * v) : v); break;
            case "all equal": Each(x, m, (_, _, j) => 0.3 + j); break;
            case "collinear": Each(x, m, (_, i, j) => (j + 1) * x[i * m] + j); break;
            case "planar": Each(x, m, (v, i, j) => j == m - 1 && m > 2 ? 0.5 * x[i * m] - 2 * x[i * m + 1] + 1 : v); break;
            case "sphere":
                for (int i = 0; i < d; i++)
                {
                    double norm = 0;
                    for (int j = 0; j < m; j++) { x[i * m + j] = random.NextNormal(); norm += x[i * m + j] * x[i * m + j]; }
                    for (int j = 0; j < m; j++) x[i * m + j] /= Math.Sqrt(norm);
                }
                break;
            case "moment curve": Each(x, m, (_, i, j) => Math.Pow(2.0 * i / (d - 1) - 1, j + 1)); break;
            case "lattice":
                int side = Math.Max(2, (int)Math.Round(Math.Pow(d, 1.0 / m)));
                Each(x, m, (_, i, j) => i / (int)Math.Pow(side, j) % side);
                break;
            case "Hilbert nodes": Each(x, m, (_, i, j) => 1.0 / (1 + i + j * 0.37)); break;
            case "Chebyshev ends": Each(x, m, (v, _, _) => Math.Sin(Math.PI / 2 * Math.Sin(Math.PI / 2 * v))); break;
            case "near-duplicates 1e-14": Each(x, m, (v, i, j) => i % 2 == 0 ? v : x[(i - 1) * m + j] * (1 + 1e-14)); break;
            case "geometric spacing": Each(x, m, (v, _, _) => Math.Sign(v) * Math.Exp(-12 * Math.Abs(v))); break;
            case "Gaussian tails": Each(x, m, (_, _, _) => random.NextNormal()); break;
            case "Cauchy tails": Each(x, m, (v, _, _) => Math.Tan(1.5607 * v)); break;
            case "integers": Each(x, m, (v, _, _) => Math.Round(4 * v)); break;
            case "fewer distinct than moments": Each(x, m, (_, i, j) => x[i % 3 * m + j]); break;
            default: throw new ArgumentOutOfRangeException(nameof(name), name, "no such set");
        }
        return new WeightedPoints(x, m, w);
    }

    /// <summary>Uniform on a box, for tests that only need some points.</summary>
    public static WeightedPoints Cube(int m, int d, int seed = 1) => Make("generic", m, d, seed);

    private static void Each(double[] x, int m, Func<double, int, int, double> map)
    {
        for (int i = 0; i < x.Length; i++) x[i] = map(x[i], i / m, i % m);
    }
}
