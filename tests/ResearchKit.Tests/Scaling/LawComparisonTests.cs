using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Scaling;

/// <summary>The law that made the points is preferred, by the criterion worked out by hand.</summary>
public class LawComparisonTests
{
    private static readonly double[] Sizes = [8, 12, 16, 20, 24, 28, 32, 36, 40, 44];

    private static double[] Scattered(Func<double, double> law, int seed)
    {
        var random = new SeededRandom(seed);
        return [.. Sizes.Select(x => law(x) * Math.Exp(0.2 * random.NextNormal()))];
    }

    [Fact]
    public void TheLawBehindThePointsIsPreferred()
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            LawComparison exponential = LawComparison.Of(Sizes, Scattered(x => Math.Exp(-0.35 * x), seed), 1);
            Assert.True(exponential.Preference > LawComparison.ClearPreference, $"seed {seed}: {exponential.Preference}");
            Assert.True(exponential.StretchedResidual < exponential.PowerResidual);
            LawComparison power = LawComparison.Of(Sizes, Scattered(x => Math.Pow(x, -8), seed), 1);
            Assert.True(power.Preference < -LawComparison.ClearPreference, $"seed {seed}: {power.Preference}");
        }
    }

    [Fact]
    public void TheCriterionIsThatOfTheResiduals()
    {
        double[] y = Scattered(x => Math.Exp(-2 * Math.Sqrt(x)), 7);
        LawComparison laws = LawComparison.Of(Sizes, y, 0.5);
        // n ln(S / n) + 2 k + 2 k (k + 1) / (n - k - 1) with n = 10 and k = 3: two parameters and the scatter.
        double Criterion(Func<double, double> law)
        {
            double squares = 0;
            for (int i = 0; i < 10; i++) squares += Math.Pow(Math.Log(y[i]) - Math.Log(law(Sizes[i])), 2);
            return 10 * Math.Log(squares / 10) + 6 + 24 / 6.0;
        }
        Assert.Equal(Criterion(laws.Power.Predict), laws.PowerAic, 1e-9);
        Assert.Equal(Criterion(laws.Stretched.Predict), laws.StretchedAic, 1e-9);
        Assert.Equal(laws.PowerAic - laws.StretchedAic, laws.Preference, 1e-12);
        Assert.Equal(0.5, laws.Stretched.Power);
    }

    [Fact]
    public void BothLawsSeeTheSamePoints()
    {
        double[] y = [.. Sizes.Select(x => Math.Exp(-x))];
        y[^1] = 0;
        LawComparison laws = LawComparison.Of(Sizes, y, 1, floor: 1e-18);
        Assert.Equal((9, 9), (laws.Power.Used, laws.Stretched.Used));
        Assert.Equal(1, laws.Power.Excluded);
        Assert.Throws<ArgumentException>(() => LawComparison.Of(Sizes, y, 1));
        Assert.Contains("at least 5", Assert.Throws<ArgumentException>(() => LawComparison.Of(Sizes.AsSpan(0, 4), [4, 3, 2, 1], 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => LawComparison.Of(Sizes, Scattered(x => x, 1), 0));
    }
}
