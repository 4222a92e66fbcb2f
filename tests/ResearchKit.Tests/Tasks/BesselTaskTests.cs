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
}
