using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Tasks;

public class InContextRegressionTaskTests
{
    [Fact]
    public void FunctionIsContinuousWithTheGivenSlopes()
    {
        // 1, then up by 2/4, down by 4/4, up by 8/4, down by 16/4.
        double[] slopes = [2, -4, 8, -16];
        double[] knots = [1, 1.5, 0.5, 2.5, -1.5];
        for (int k = 0; k <= 4; k++) Assert.Equal(knots[k], InContextRegressionTask.Function(1, slopes, k / 4.0), 1e-15);
        Assert.Equal(1.5, InContextRegressionTask.Function(1, slopes, Math.BitDecrement(0.25)), 1e-14);
        Assert.Equal(1.5 - 4 * 0.0625, InContextRegressionTask.Function(1, slopes, 0.3125), 1e-15);
        Assert.Equal(-1.5 + 16 * 0.125, InContextRegressionTask.Function(1, slopes, 0.875), 1e-15);
    }

    [Fact]
    public void ValuesHaveTheVariancesOfTheDefinition()
    {
        // Var f(x) over x: 1/4 + the mean over segments s and places t in one of (s + t^2) / 16^2 = 1/4 + (7.5 + 1/3) / 256.
        const double function = 0.25 + (7.5 + 1.0 / 3) / 256;
        const int count = 40_000;
        var task = InContextRegressionTask.Generate(count, 5);
        // Mixtures of normals of nearly one variance: four standard errors of a variance are 4 sqrt(2 / count) of it.
        double error = 4 * Math.Sqrt(2.0 / count);
        AssertVariance(function + 0.09, Column(task.Train, 1));
        AssertVariance(function + 0.09, Column(task.Train, 15));
        AssertVariance(function + 0.09, task.Train.Targets.ToArray());
        AssertVariance(function, task.Test(count).Targets.ToArray());
        AssertVariance(function, InContextRegressionTask.Generate(count, 5, targetNoise: 0).Train.Targets.ToArray());
        for (int x = 0; x <= 16; x += 2)
        {
            double[] places = Column(task.Train, x);
            Assert.All(places, p => Assert.InRange(p, 0, 1));
            Assert.Equal(0.5, places.Average(), 4 / Math.Sqrt(12.0 * count));
        }

        void AssertVariance(double expected, double[] values)
        {
            Assert.Equal(0, values.Average(), 4 * Math.Sqrt(expected / count));
            Assert.Equal(expected, values.Average(v => v * v), error * expected);
        }
    }

    [Fact]
    public void ContextAndTargetBelongToOneFunction()
    {
        // Without noise two places within h differ by at most h times the steepest slope: 5 is passed once in a million.
        var task = InContextRegressionTask.Generate(5000, 6, noise: 0);
        int near = 0;
        for (int i = 0; i < task.Train.Count; i++)
        {
            ReadOnlySpan<double> tokens = task.Train.Inputs.Slice(17 * i, 17);
            for (int pair = 0; pair < 8; pair++)
            {
                double distance = Math.Abs(tokens[2 * pair] - tokens[16]);
                if (distance > 0.01) continue;
                near++;
                Assert.InRange(Math.Abs(tokens[2 * pair + 1] - task.Train.Targets[i]), 0, 5 * distance);
            }
        }
        Assert.InRange(near, 500, 1100);
    }

    [Fact]
    public void SeedsAndSetsDiffer()
    {
        InContextRegressionTask one = InContextRegressionTask.Generate(3, 1), same = InContextRegressionTask.Generate(7, 1), other = InContextRegressionTask.Generate(3, 2);
        Assert.Equal(one.Train.Inputs.ToArray(), same.Train.Inputs[..51].ToArray());
        Assert.NotEqual(one.Train.Inputs.ToArray(), other.Train.Inputs.ToArray());
        Assert.NotEqual(one.Train.Inputs.ToArray(), one.Test(3).Inputs.ToArray());
        Assert.Equal((17, 1, 0.3, 0.3), (one.Train.InputSize, one.Train.TargetSize, one.Noise, one.TargetNoise));
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        Assert.Throws<ArgumentOutOfRangeException>("count", () => InContextRegressionTask.Generate(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("noise", () => InContextRegressionTask.Generate(1, 1, noise: -1));
        Assert.Throws<ArgumentOutOfRangeException>("targetNoise", () => InContextRegressionTask.Generate(1, 1, targetNoise: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => InContextRegressionTask.Generate(1, 1).Test(0));
        Assert.Throws<ArgumentOutOfRangeException>("x", () => InContextRegressionTask.Function(0, [1], 1.1));
        Assert.Throws<ArgumentException>("slopes", () => InContextRegressionTask.Function(0, [], 0.5));
    }

    private static double[] Column(Samples samples, int column)
        => [.. Enumerable.Range(0, samples.Count).Select(i => samples.Inputs[i * samples.InputSize + column])];
}
