using ResearchKit.Tasks;

namespace ResearchKit.Tests.Tasks;

public class WidthBudgetLawsTests
{
    private static readonly double[] Widths = [1e3, 1e3, 3162, 3162, 1e4, 1e4, 31623, 31623, 1e5, 1e5];

    private static double[] Noisy(Func<double, double> law, double noise, int seed)
    {
        var random = new SeededRandom(seed);
        return [.. Widths.Select(d => law(d) * Math.Exp(noise * random.NextNormal()))];
    }

    [Fact]
    public void ExactLawsAreRecovered()
    {
        WidthBudgetLaws power = WidthBudgetLaws.Fit(Widths, [.. Widths.Select(d => 3 * Math.Pow(d, 0.4))]);
        Assert.Equal((0.4, 3), (Math.Round(power.Power.Exponent, 12), Math.Round(power.Power.Prefactor, 10)));
        Assert.Equal(0, power.PowerResidual, 1e-13);
        Assert.True(power.PowerAic < power.PolylogAic - 10 && power.PolylogAic < power.ConstantAic - 10);
        WidthBudgetLaws polylog = WidthBudgetLaws.Fit(Widths, [.. Widths.Select(d => 2 * Math.Pow(Math.Log(d), 3))]);
        Assert.Equal((3, 2), (Math.Round(polylog.Polylog.Exponent, 12), Math.Round(polylog.Polylog.Prefactor, 10)));
        Assert.True(polylog.PolylogAic < polylog.PowerAic - 10);
        WidthBudgetLaws constant = WidthBudgetLaws.Fit(Widths, [.. Widths.Select(_ => 300.0)]);
        Assert.Equal(300, constant.Constant, 1e-9);
        Assert.True(constant.Power.ExponentInterval.Contains(0) && constant.Polylog.ExponentInterval.Contains(0));
    }

    [Fact]
    public void IntervalsCoverTheLawAsOftenAsTheySay()
    {
        int power = 0, polylog = 0, constant = 0;
        const int Trials = 200;
        for (int seed = 1; seed <= Trials; seed++)
        {
            if (WidthBudgetLaws.Fit(Widths, Noisy(d => 3 * Math.Pow(d, 0.2), 0.2, seed)).Power.ExponentInterval.Contains(0.2)) power++;
            if (WidthBudgetLaws.Fit(Widths, Noisy(d => 3 * Math.Pow(Math.Log(d), 2), 0.2, seed)).Polylog.ExponentInterval.Contains(2)) polylog++;
            if (WidthBudgetLaws.Fit(Widths, Noisy(_ => 300, 0.2, seed)).ConstantInterval.Contains(300)) constant++;
        }
        // 95% of 200 is 190 with a deviation of 3.1; seeds 1 to 200.
        foreach (int covered in new[] { power, polylog, constant }) Assert.InRange(covered, 178, 199);
    }

    [Fact]
    public void CriteriaAreAkaikesCorrectedForFewPoints()
    {
        // ln d' = 0, 0, 0, 0, 1 about their mean 0.2: squares 4 * 0.04 + 0.64 = 0.8; k = 2 with the scatter's width.
        WidthBudgetLaws laws = WidthBudgetLaws.Fit([10, 20, 30, 40, 50], [1, 1, 1, 1, Math.E]);
        Assert.Equal(5 * Math.Log(0.16) + 4 + 12 / 2.0, laws.ConstantAic, 1e-12);
        Assert.Equal(0.4, laws.ConstantResidual, 1e-12);
        // Student's t for 4 degrees of freedom is 2.776445; the deviation is sqrt(0.2), that of the mean 0.2.
        Assert.Equal(Math.Exp(0.2 - 2.776445 * 0.2), laws.ConstantInterval.Low, 1e-6);
        Assert.Equal(Math.Exp(0.2 + 2.776445 * 0.2), laws.ConstantInterval.High, 1e-6);
        Assert.Equal(5 * Math.Log(laws.PowerResidual * laws.PowerResidual) + 6 + 24, laws.PowerAic, 1e-12);
        Assert.Equal(5 * Math.Log(laws.PolylogResidual * laws.PolylogResidual) + 6 + 24, laws.PolylogAic, 1e-12);
    }

    [Fact]
    public void NoiseDoesNotMakeALawOfAConstant()
    {
        int preferred = 0;
        for (int seed = 1; seed <= 100; seed++)
        {
            WidthBudgetLaws laws = WidthBudgetLaws.Fit(Widths, Noisy(_ => 300, 0.2, seed));
            if (laws.ConstantAic < laws.PowerAic && laws.ConstantAic < laws.PolylogAic) preferred++;
        }
        Assert.InRange(preferred, 80, 100);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        void Fails(double[] widths, double[] budgets, params string[] words)
        {
            var e = Assert.ThrowsAny<ArgumentException>(() => WidthBudgetLaws.Fit(widths, budgets));
            foreach (string word in words) Assert.Contains(word, e.Message, StringComparison.Ordinal);
        }
        Fails([10, 20, 30, 40], [1, 2, 3, 4], "4 points", "at least 5");
        Fails([10, 20, 30, 40, 1], [1, 2, 3, 4, 5], "widths[4] is 1", "above 1");
        Fails([10, 20, 30, 40, double.NaN], [1, 2, 3, 4, 5], "widths[4] is NaN");
        Fails([10, 20, 30, 40, 50], [1, 2, double.NaN, 4, 5], "y[2] is NaN");
        Fails([10, 20, 30, 40, 50], [1, 2, 0, 4, 5], "y[2] is 0");
        Fails([10, 20, 30, 40, 50], [1, 2, 3], "5 values of x and 3");
        Fails([10, 10, 10, 10, 10], [1, 2, 3, 4, 5], "different x");
        Assert.Contains("confidence", Assert.ThrowsAny<ArgumentException>(() => WidthBudgetLaws.Fit([10, 20, 30, 40, 50], [1, 2, 3, 4, 5], 1)).Message, StringComparison.Ordinal);
    }
}
