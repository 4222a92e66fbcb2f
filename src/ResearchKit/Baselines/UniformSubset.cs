using System.Diagnostics;
using ResearchKit.Tasks;

namespace ResearchKit.Baselines;

/// <summary>
/// The plainest baseline: a seeded uniform subset of d' objects, weights scaled so that the mass is kept (d/d' each for
/// unit weights). Its error falls as d'^(-1/2), whatever the smoothness.
/// </summary>
/// <remarks>
/// Weighted sets: objects with weight are drawn uniformly without replacement, whatever their weight, and keep their
/// weights times one common factor, original mass / drawn mass. No moment but the mass is kept: the certificate's moment
/// space only says which moments were compared.
/// </remarks>
public static class UniformSubset
{
    /// <summary>Draws the subset.</summary>
    /// <param name="set">d objects; those without weight are never drawn.</param>
    /// <param name="options">Budget and seed; degree or moment space serve the certificate alone. When the objects with
    /// weight fit the budget, they are returned with their weights unchanged.</param>
    /// <exception cref="ArgumentException">A moment space that whitens or separates.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A budget below 1.</exception>
    public static CompressedSet Compress(WeightedPoints set, CompressionOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        MomentSpace space = BaselineOptions.Require(set, options);
        int[] points = BaselineOptions.WithWeight(set);
        double[] weights = [.. points.Select(set.WeightOf)];
        int budget = options.RequireBudget();
        if (points.Length > budget)
        {
            var random = new SeededRandom(options.Seed);
            random.ShufflePrefix(points.AsSpan(), budget);
            points = points[..budget];
            Array.Sort(points);
            var drawn = new CompensatedSum();
            foreach (int i in points) drawn.Add(set.WeightOf(i));
            // Parts of the drawn weight first: the factor itself may be beyond all doubles.
            weights = [.. points.Select(i => set.WeightOf(i) / drawn.Total * set.Mass)];
            points = [.. points.Where((_, i) => weights[i] > 0)];
            weights = [.. weights.Where(w => w > 0)];
        }
        return SelectionCertificate.Certify("uniform subset", set, space, points, weights, options, default, start);
    }
}
