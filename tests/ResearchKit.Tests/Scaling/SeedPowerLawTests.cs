using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Scaling;

public class SeedPowerLawTests
{
    private static readonly double[] Sizes = [256, 512, 1024, 2048, 4096];

    private static double[][] Losses(int seeds, double rate, double scatter, int seed)
    {
        var random = new SeededRandom(seed);
        var all = new double[seeds][];
        for (int s = 0; s < seeds; s++)
        {
            double own = Math.Exp(0.5 * random.NextNormal());
            all[s] = new double[Sizes.Length];
            for (int i = 0; i < Sizes.Length; i++) all[s][i] = own * Math.Pow(Sizes[i], -rate) * Math.Exp(scatter * random.NextNormal());
        }
        return all;
    }

    [Fact]
    public void AFactorOfASeedDoesNotWidenTheInterval()
    {
        // Every seed is an exact law with a factor of its own: whole seeds have no scatter of the exponent.
        double[][] losses = Losses(10, 0.683, 0, 1);
        SeedPowerLaw law = SeedPowerLaw.Of(Sizes, losses);
        Assert.Equal(0.683, law.Rate, 1e-12);
        Assert.InRange(law.Interval.Width, 0, 1e-12);
        Assert.Equal(10, law.Seeds);
        for (int i = 0; i < Sizes.Length; i++) Assert.Equal(losses.Average(l => l[i]), law.Means[i], 1e-15);
        // Drawn one by one, the sizes would not belong together.
        Assert.True(PowerLawFit.BootstrapExponent(Sizes, [.. Sizes.Select((_, i) => losses.Select(l => l[i]).ToArray())], 1).Width > 0.05);
    }

    [Fact]
    public void TheIntervalCoversTheRate()
    {
        int covered = 0;
        for (int seed = 1; seed <= 60; seed++)
            if (SeedPowerLaw.Of(Sizes, Losses(12, 0.683, 0.3, seed), seed, 400).Interval.Contains(0.683)) covered++;
        // Percentile intervals of 12 seeds are somewhat short of 95 %.
        Assert.InRange(covered, 48, 60);
    }

    [Fact]
    public void LawsOfTheSameSeedsAreComparedSeedBySeed()
    {
        double[][] original = Losses(10, 0.5, 0.2, 3);
        double[] budgets = [.. Sizes.Select(x => 16 * Math.Sqrt(x))];
        ConfidenceInterval ratio = SeedPowerLaw.Of(budgets, original).RatioTo(SeedPowerLaw.Of(Sizes, original));
        // The same losses against 16 sqrt(x): exactly twice as steep in every resample.
        Assert.Equal(2, ratio.Low, 1e-9);
        Assert.Equal(2, ratio.High, 1e-9);
        Assert.Throws<ArgumentException>(() => SeedPowerLaw.Of(Sizes, original).RatioTo(SeedPowerLaw.Of(Sizes, original[..5])));
    }

    [Fact]
    public void BadInputIsNamed()
    {
        Assert.Contains("No seed", Assert.Throws<ArgumentException>(() => SeedPowerLaw.Of(Sizes, [])).Message);
        Assert.Contains("Seed 1 has 2 losses for 5 sizes", Assert.Throws<ArgumentException>(() => SeedPowerLaw.Of(Sizes, [[1, 1, 1, 1, 1], [1, 1]])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => SeedPowerLaw.Of(Sizes, Losses(2, 1, 0, 1), resamples: 10));
        Assert.Throws<ArgumentException>(() => SeedPowerLaw.Of(Sizes, [[1, 1, 1, 1, -1]]));
    }
}
