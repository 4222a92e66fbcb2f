using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Tasks;

public class BesselTaskTests
{
    /// <summary>Bessel's integral, J6(x) = (1/pi) int_0^pi cos(6 t - x sin t) dt: the trapezoid rule converges exponentially.</summary>
    private static double J6(double x)
    {
        const int n = 200;
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double t = 2 * Math.PI * i / n;
            sum += Math.Cos(6 * t - x * Math.Sin(t));
        }
        return sum / n;
    }

    [Fact]
    public void TargetIsBesselsIntegralTimesTheSixfoldAngle()
    {
        var random = new SeededRandom(3);
        for (int i = 0; i < 500; i++)
        {
            double x = random.Uniform(-1, 1), y = random.Uniform(-1, 1), r2 = x * x + y * y;
            // r^6 cos(6 theta) is the real part of (x + iy)^6.
            double expected = J6(20 * Math.Sqrt(r2)) * (Math.Pow(x, 6) - 15 * Math.Pow(x, 4) * y * y + 15 * x * x * Math.Pow(y, 4) - Math.Pow(y, 6)) / (r2 * r2 * r2);
            Assert.Equal(expected, BesselTask.Target(x, y), 2e-14);
        }
    }

    [Fact]
    public void TargetIsSmoothAtTheOriginAndTurnsByAThird()
    {
        Assert.Equal(0, BesselTask.Target(0, 0));
        // J6(z) = (z/2)^6 / 6! (1 - (z/2)^2 / 7 + ...) at z = 20 r = 0.02.
        Assert.Equal(1e-12 / 720 * (1 - 1e-4 / 7), BesselTask.Target(1e-3, 0), 1e-24);
        double x = 0.3, y = 0.55, c = 0.5, s = Math.Sqrt(0.75);
        Assert.Equal(BesselTask.Target(x, y), BesselTask.Target(c * x - s * y, s * x + c * y), 1e-14);
        Assert.Equal(-BesselTask.Target(x, y), BesselTask.Target(s * x - c * y, c * x + s * y), 1e-14);
    }

    [Fact]
    public void TrainingNoiseHasItsStandardDeviationAndTestLabelsAreClean()
    {
        const int d = 20_000;
        var task = BesselTask.Generate(d, 6);
        double[] noise = [.. Enumerable.Range(0, d).Select(i => Residual(task.Train, i))];
        // Four standard errors: 0.2 / sqrt(d) and 0.2 / sqrt(2 d).
        Assert.Equal(0, noise.Average(), 4 * 0.2 / Math.Sqrt(d));
        Assert.Equal(0.2, Math.Sqrt(noise.Average(v => v * v)), 4 * 0.2 / Math.Sqrt(2.0 * d));
        Samples test = task.Test(100);
        for (int i = 0; i < 100; i++) Assert.Equal(0, Residual(test, i));
        Assert.All(task.Train.Inputs.ToArray(), x => Assert.InRange(x, -1, 1));

        static double Residual(Samples s, int i) => s.Targets[i] - BesselTask.Target(s.Inputs[2 * i], s.Inputs[2 * i + 1]);
    }

    [Fact]
    public void SeedsAndSetsDiffer()
    {
        BesselTask one = BesselTask.Generate(4, 1), clean = BesselTask.Generate(4, 1, noise: 0);
        Assert.NotEqual(one.Train.Inputs.ToArray(), BesselTask.Generate(4, 2).Train.Inputs.ToArray());
        Assert.NotEqual(one.Train.Inputs.ToArray(), one.Test(4).Inputs.ToArray());
        for (int i = 0; i < 4; i++) Assert.Equal(BesselTask.Target(clean.Train.Inputs[2 * i], clean.Train.Inputs[2 * i + 1]), clean.Train.Targets[i]);
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        Assert.Throws<ArgumentOutOfRangeException>("count", () => BesselTask.Generate(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("noise", () => BesselTask.Generate(1, 1, noise: -1));
        Assert.Throws<ArgumentOutOfRangeException>("noise", () => BesselTask.Generate(1, 1, noise: double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => BesselTask.Generate(1, 1).Test(0));
    }
}
