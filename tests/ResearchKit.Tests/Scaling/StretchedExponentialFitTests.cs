using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Scaling;

public class StretchedExponentialFitTests
{
    private static readonly double[] Sizes = [3, 6, 10, 21, 45, 91, 190, 400];

    [Theory]
    [InlineData(1, 0.05, 3)]
    [InlineData(0.5, 1.4, 2e-3)]
    [InlineData(1.0 / 3, 2.5, 1e9)]
    public void ExactLawIsRecovered(double power, double rate, double prefactor)
    {
        double[] y = [.. Sizes.Select(x => prefactor * Math.Exp(-rate * Math.Pow(x, power)))];
        StretchedExponentialFit fit = StretchedExponentialFit.Fit(Sizes, y, power);
        Assert.Equal(rate, fit.Rate, 1e-12 * rate);
        Assert.Equal(prefactor, fit.Prefactor, 1e-10 * prefactor);
        Assert.True(fit.RateStandardError < 1e-12);
        Assert.Equal(1, fit.RSquared, 1e-12);
        Assert.Equal((8, 0), (fit.Used, fit.Excluded));
        Assert.Equal(Math.Log10(y[0] / y[7]), fit.Decades, 1e-10);
        Assert.Equal(prefactor * Math.Exp(-rate * Math.Pow(50, power)), fit.Predict(50), 1e-10 * y[0]);
        Assert.Null(fit.PowerInterval);

        StretchedExponentialFit free = StretchedExponentialFit.FitWithPower(Sizes, y);
        Assert.Equal(power, free.Power, 1e-6);
        Assert.Equal(rate, free.Rate, 1e-4 * rate);
        Assert.True(free.PowerInterval!.Value.Contains(power) && free.PowerInterval.Value.Width < 1e-4, $"{free.PowerInterval}");
    }

    [Fact]
    public void ThreePointsByHand()
    {
        // sqrt(x) = 1, 2, 3 and ln y = 0, -1, -1: slope -1/2, intercept 1/3, residuals (1, -2, 1)/6, so the residual sum of
        // squares is 1/6, s^2 = 1/6, se(c) = sqrt(1/12), R^2 = 1 - (1/6)/(2/3).
        StretchedExponentialFit fit = StretchedExponentialFit.Fit([1, 4, 9], [1, 1 / Math.E, 1 / Math.E], 0.5);
        Assert.Equal(0.5, fit.Rate, 1e-14);
        Assert.Equal(Math.Exp(1.0 / 3), fit.Prefactor, 1e-14);
        Assert.Equal(Math.Sqrt(1.0 / 12), fit.RateStandardError, 1e-14);
        Assert.Equal(0.75, fit.RSquared, 1e-14);
        Assert.Equal(1 / Math.Log(10), fit.Decades, 1e-14);
        // Student t with 1 degree of freedom: the 97.5 % point is tan(0.475 pi) = 12.7062; se(ln A) = sqrt(1/6 (1/3 + 4/2)).
        double t = Math.Tan(0.475 * Math.PI);
        Assert.Equal(0.5 - t * Math.Sqrt(1.0 / 12), fit.RateInterval.Low, 1e-6);
        Assert.Equal(0.5 + t * Math.Sqrt(1.0 / 12), fit.RateInterval.High, 1e-6);
        Assert.Equal(Math.Exp(1.0 / 3 - t * Math.Sqrt(7.0 / 18)), fit.PrefactorInterval.Low, 1e-6);
    }

    [Fact]
    public void IntervalsCoverTheTruthAsOftenAsTheySay()
    {
        const int repetitions = 400, seed = 31;
        var random = new SeededRandom(seed);
        int rate = 0, power = 0;
        for (int r = 0; r < repetitions; r++)
        {
            double[] y = [.. Sizes.Select(x => 5 * Math.Exp(-1.2 * Math.Sqrt(x) + 0.4 * random.NextNormal()))];
            if (StretchedExponentialFit.Fit(Sizes, y, 0.5).RateInterval.Contains(1.2)) rate++;
            if (StretchedExponentialFit.FitWithPower(Sizes, y).PowerInterval!.Value.Contains(0.5)) power++;
        }
        // 95 % within four binomial standard errors (1.1 % each); the profile interval is exact to first order only.
        Assert.True(rate is >= 363 and <= 397, $"seed {seed}: {rate} of {repetitions}");
        Assert.True(power is >= 355 and <= 399, $"seed {seed}: {power} of {repetitions}");
    }

    [Fact]
    public void ATruePowerLawHasASmallPower()
    {
        // x^-2 = exp(-2 ln x), and ln x is the limit of (x^p - 1)/p.
        double[] y = [.. Sizes.Select(x => Math.Pow(x, -2))];
        StretchedExponentialFit fit = StretchedExponentialFit.FitWithPower(Sizes, y);
        Assert.Equal(0.02, fit.Power, 1e-6);
        Assert.Equal(0.02, fit.PowerInterval!.Value.Low, 1e-6);
        Assert.True(StretchedExponentialFit.Fit(Sizes, y, 1).RSquared < 0.8);
    }

    [Fact]
    public void PointsBelowTheFloorAreLeftOutAndCounted()
    {
        double[] y = [.. Sizes.Select(x => Math.Max(2e-16, Math.Exp(-2 * Math.Sqrt(x))))];
        y[7] = 0;
        StretchedExponentialFit fit = StretchedExponentialFit.Fit(Sizes, y, 0.5, floor: 1e-11);
        Assert.Equal(2, fit.Rate, 1e-10);
        Assert.Equal((6, 2, 1e-11), (fit.Used, fit.Excluded, fit.Floor));
        Assert.Equal(2, StretchedExponentialFit.FitWithPower(Sizes, y, floor: 1e-11).Excluded);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        double[] x = [1, 2, 3, 4], y = [1, 0.5, 0.2, 0.1];
        Assert.Contains("1/m", Assert.Throws<ArgumentOutOfRangeException>(() => StretchedExponentialFit.Fit(x, y, 0)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => StretchedExponentialFit.Fit(x, y, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => StretchedExponentialFit.Fit(x, y, 0.5, confidence: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => StretchedExponentialFit.Fit(x, y, 0.5, floor: double.NaN));
        Assert.Contains("y[2] is 0", Assert.Throws<ArgumentException>(() => StretchedExponentialFit.Fit(x, [1, 1, 0, 1], 0.5)).Message);
        Assert.Contains("x[1] is NaN", Assert.Throws<ArgumentException>(() => StretchedExponentialFit.Fit([1, double.NaN, 3, 4], y, 0.5)).Message);
        Assert.Contains("at least 3", Assert.Throws<ArgumentException>(() => StretchedExponentialFit.Fit([1, 2], [1, 2], 0.5)).Message);
        Assert.Contains("at least 4", Assert.Throws<ArgumentException>(() => StretchedExponentialFit.FitWithPower([1, 2, 3], [1, 2, 3])).Message);
        Assert.Contains("2 different x", Assert.Throws<ArgumentException>(() => StretchedExponentialFit.FitWithPower([1, 1, 2, 2], y)).Message);
        Assert.Throws<ArgumentException>(() => StretchedExponentialFit.Fit(x, [1, 2], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => StretchedExponentialFit.Fit(x, y, 0.5).Predict(-1));
    }
}
