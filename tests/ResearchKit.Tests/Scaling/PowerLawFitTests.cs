using ResearchKit.Scaling;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Scaling;

public class PowerLawFitTests
{
    private static readonly double[] Sizes = [1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000];

    [Theory]
    [InlineData(-2.5, 3e4)]
    [InlineData(0, 7)]
    [InlineData(1.271, 1e-9)]
    public void ExactLawIsRecovered(double exponent, double prefactor)
    {
        double[] y = [.. Sizes.Select(x => prefactor * Math.Pow(x, exponent))];
        PowerLawFit fit = PowerLawFit.Fit(Sizes, y);
        Assert.Equal(exponent, fit.Exponent, 1e-12);
        Assert.Equal(prefactor, fit.Prefactor, 1e-10 * prefactor);
        Assert.True(fit.ExponentStandardError < 1e-12);
        Assert.Equal(8, fit.Used);
        Assert.Equal(0, fit.Excluded);
        Assert.Equal(prefactor * Math.Pow(5000, exponent), fit.Predict(5000), 1e-10 * prefactor * Math.Pow(5000, exponent));
        if (exponent != 0) Assert.Equal(1, fit.RSquared, 1e-12);
    }

    [Fact]
    public void ThreePointsByHand()
    {
        // ln x = 0, 1, 2 and ln y = 0, 1, 1: slope 1/2, intercept 1/6, residuals (-1, 2, -1)/6, so the residual sum of
        // squares is 1/6, s^2 = 1/6, se(p) = sqrt(1/12), se(ln A) = sqrt(1/6 * (1/3 + 1/2)) = sqrt(5/36), R^2 = 1 - (1/6)/(2/3).
        PowerLawFit fit = PowerLawFit.Fit([1, Math.E, Math.E * Math.E], [1, Math.E, Math.E]);
        Assert.Equal(0.5, fit.Exponent, 1e-13);
        Assert.Equal(Math.Exp(1.0 / 6), fit.Prefactor, 1e-13);
        Assert.Equal(Math.Sqrt(1.0 / 12), fit.ExponentStandardError, 1e-13);
        Assert.Equal(Math.Sqrt(5.0 / 36), fit.LogPrefactorStandardError, 1e-13);
        Assert.Equal(0.75, fit.RSquared, 1e-13);
        // Student t with 1 degree of freedom: the 97.5 % point is tan(0.475 pi) = 12.7062.
        double t = Math.Tan(0.475 * Math.PI);
        Assert.Equal(0.5 - t * Math.Sqrt(1.0 / 12), fit.ExponentInterval.Low, 1e-6);
        Assert.Equal(0.5 + t * Math.Sqrt(1.0 / 12), fit.ExponentInterval.High, 1e-6);
        Assert.Equal(Math.Exp(1.0 / 6 + t * Math.Sqrt(5.0 / 36)), fit.PrefactorInterval.High, 1e-3);
    }

    [Fact]
    public void IntervalsCoverTheTruthAsOftenAsTheySay()
    {
        const int repetitions = 2000, seed = 17;
        var random = new SeededRandom(seed);
        int slope = 0, prefactor = 0;
        for (int r = 0; r < repetitions; r++)
        {
            var y = new double[Sizes.Length];
            for (int i = 0; i < y.Length; i++) y[i] = 5 * Math.Pow(Sizes[i], -1.5) * Math.Exp(0.3 * random.NextNormal());
            PowerLawFit fit = PowerLawFit.Fit(Sizes, y);
            if (fit.ExponentInterval.Contains(-1.5)) slope++;
            if (fit.PrefactorInterval.Contains(5)) prefactor++;
        }
        // 95 % within four binomial standard errors (0.5 % each).
        Assert.True(slope is >= 1861 and <= 1939, $"seed {seed}: {slope} of {repetitions}");
        Assert.True(prefactor is >= 1861 and <= 1939, $"seed {seed}: {prefactor} of {repetitions}");
    }

    [Fact]
    public void PointsBelowTheFloorAreLeftOutAndCounted()
    {
        double[] y = [.. Sizes.Select(x => Math.Max(2e-15, 1e2 * Math.Pow(x, -3.2)))];
        y[7] = 0;
        PowerLawFit fit = PowerLawFit.Fit(Sizes, y, floor: 1e-12);
        Assert.Equal(-3.2, fit.Exponent, 1e-10);
        Assert.Equal(Sizes.Count(x => 1e2 * Math.Pow(x, -3.2) >= 1e-12), fit.Used);
        Assert.Equal(8 - fit.Used, fit.Excluded);
        Assert.True(fit.Excluded >= 2);
        Assert.Equal(1e-12, fit.Floor);
    }

    [Fact]
    public void BootstrapIntervalHoldsTheTruthAndRepeats()
    {
        const int seed = 23;
        var random = new SeededRandom(seed);
        var trials = new double[Sizes.Length][];
        for (int i = 0; i < trials.Length; i++)
        {
            trials[i] = new double[20];
            for (int t = 0; t < 20; t++) trials[i][t] = 5 * Math.Pow(Sizes[i], -1.5) * Math.Exp(random.NextNormal());
        }
        ConfidenceInterval interval = PowerLawFit.BootstrapExponent(Sizes, trials, seed: 1);
        Assert.True(interval.Contains(-1.5), $"seed {seed}: {interval}");
        // The geometric means scatter by 1/sqrt(20) in the logarithm; Sxx of eight doublings is 42 ln(2)^2.
        double expected = 2 * 1.96 / Math.Sqrt(20) / Math.Sqrt(42 * Math.Log(2) * Math.Log(2));
        Assert.InRange(interval.Width, 0.6 * expected, 1.4 * expected);
        Assert.Equal(interval, PowerLawFit.BootstrapExponent(Sizes, trials, seed: 1));
        Assert.NotEqual(interval, PowerLawFit.BootstrapExponent(Sizes, trials, seed: 2));
        Assert.True(PowerLawFit.BootstrapExponent(Sizes, trials, seed: 1, confidence: 0.5).Width < interval.Width);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        Assert.Contains("at least 3", Assert.Throws<ArgumentException>(() => PowerLawFit.Fit([1, 2], [1, 2])).Message);
        Assert.Contains("2 of 3 points", Assert.Throws<ArgumentException>(() => PowerLawFit.Fit([1, 2, 3], [1, 2, 1e-16], floor: 1e-13)).Message);
        Assert.Contains("y[1] is 0", Assert.Throws<ArgumentException>(() => PowerLawFit.Fit([1, 2, 3], [1, 0, 1])).Message);
        Assert.Contains("y[0] is NaN", Assert.Throws<ArgumentException>(() => PowerLawFit.Fit([1, 2, 3], [double.NaN, 1, 1])).Message);
        Assert.Contains("x[2] is -3", Assert.Throws<ArgumentException>(() => PowerLawFit.Fit([1, 2, -3], [1, 1, 1])).Message);
        Assert.Throws<ArgumentException>(() => PowerLawFit.Fit([2, 2, 2], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => PowerLawFit.Fit([1, 2, 3], [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerLawFit.Fit([1, 2, 3], [1, 2, 3], confidence: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerLawFit.Fit([1, 2, 3], [1, 2, 3], floor: -1));
        Assert.Throws<ArgumentException>(() => PowerLawFit.BootstrapExponent([1, 2, 3], [[1], [2]], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerLawFit.BootstrapExponent([1, 2, 3], [[1], [2], [3]], 0, resamples: 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerLawFit.Fit([1, 2, 3], [1, 2, 3]).Predict(0));
    }
}
