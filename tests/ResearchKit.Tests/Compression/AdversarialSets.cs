using CsCheck;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>Sets that stand at the edge of what doubles hold, and what must be true of whatever comes out of them.</summary>
internal static class AdversarialSets
{
    private static readonly string[] Places = ["uniform", "one point", "a line", "one far outlier", "denormal", "huge", "mixed scales", "two far clusters", "half denormal"];

    private static readonly string[] Masses = ["ones", "1e-300 to 1e300", "some zero", "denormal", "one dominant"];

    /// <summary>Words that say what to do.</summary>
    private static readonly string[] Remedies = ["Raise the budget", "raise", "Standardise", "standardise", "Drop", "drop", "lower", "use ", "Use ", "Scale them"];

    /// <summary>What a set is made from, and what is asked of it.</summary>
    public sealed record Recipe(string Place, string Mass, int M, int K, int D, int Budget, int Seed);

    /// <summary>Recipes of up to 250 objects, which shrink.</summary>
    public static readonly Gen<Recipe> Recipes = Of(250);

    /// <summary>Recipes of up to so many objects.</summary>
    public static Gen<Recipe> Of(int objects) =>
        from place in Gen.Int[0, Places.Length - 1]
        from mass in Gen.Int[0, Masses.Length - 1]
        from m in Gen.Int[1, 5]
        from k in Gen.Int[0, 3]
        from d in Gen.Int[1, objects]
        from budget in Gen.Int[1, objects]
        from seed in Gen.Int[1, 1000]
        select new Recipe(Places[place], Masses[mass], m, k, d, budget, seed);

    public static WeightedPoints Make(Recipe r)
    {
        var random = new SeededRandom(r.Seed, 23);
        var x = new double[r.M * r.D];
        random.FillUniform(x, -1, 1);
        for (int i = 0; i < x.Length; i++)
        {
            int row = i / r.M, j = i % r.M;
            x[i] = r.Place switch
            {
                "one point" => 0.3 + j,
                "a line" => Math.ScaleB(x[row * r.M], j),
                "one far outlier" => row == r.D / 2 ? 1e12 : x[i],
                "denormal" => 1e-310 * x[i],
                "huge" => 1e308 * x[i],
                "mixed scales" => x[i] * Math.Pow(10, 100 * (j % 3 - 1)),
                "two far clusters" => 1e-5 * x[i] + (row % 2 == 0 ? 100 : -100),
                "half denormal" => j == 0 ? x[i] : 1e-312 * x[i],
                _ => x[i],
            };
        }
        var w = new double[r.D];
        random.FillUniform(w, -1, 1);
        for (int i = 0; i < r.D; i++)
            w[i] = r.Mass switch
            {
                "1e-300 to 1e300" => Math.Pow(10, 300 * w[i]),
                "some zero" => i % 3 == 1 ? 0 : 2 + w[i],
                "denormal" => 1e-310 * (2 + w[i]),
                "one dominant" => i == 0 ? 1 : 1e-18,
                _ => 1,
            };
        return new WeightedPoints(x, r.M, w);
    }

    /// <summary>All weights positive and finite, no more of them than the budget, the whole mass.</summary>
    public static void IsWhole(WeightedPoints set, ReadOnlySpan<double> weights, int budget, string context)
    {
        Assert.True(weights.Length >= 1 && weights.Length <= budget, $"{context}: {weights.Length} objects for {budget}");
        // In units of the largest weight, or where that has none, of the least double: nothing overflows, nothing vanishes.
        double unit = Enumerable.Range(0, set.Count).Max(set.WeightOf);
        Quad kept = 0, all = 0;
        foreach (double w in weights)
        {
            Assert.True(w > 0 && double.IsFinite(w), $"{context}: a weight of {w}");
            kept += w / unit;
        }
        for (int i = 0; i < set.Count; i++) all += set.WeightOf(i) / unit;
        // A weight below the normal range is a whole number of least doubles.
        double rounding = Check.Exact * (double)all + weights.Length * (double.Epsilon / unit);
        Assert.True(Math.Abs((double)(kept - all)) <= rounding, $"{context}: mass {(double)kept / (double)all} of the original");
    }

    /// <summary>Runs, and lets pass what is refused with a remedy.</summary>
    public static void OrARemedy(Recipe r, Action<WeightedPoints, string> run)
    {
        WeightedPoints set = Make(r);
        try
        {
            run(set, r.ToString());
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            Assert.True(Remedies.Any(e.Message.Contains), $"{r}: no remedy in '{e.Message}'");
        }
    }
}
