using ResearchKit.Tasks;

namespace ResearchKit.Tests.Tasks;

/// <summary>A smooth regression trained to its optimum, on all objects and on a number of them that grows like ln^m d.</summary>
public class PolylogScalingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void WithoutNoiseTheTeacherIsFound(int features)
    {
        SmoothRegressionTask task = SmoothRegressionTask.Of(features, noise: 0);
        double[] found = task.Fit(task.Draw(400, 3), task.Start(3));
        for (int i = 0; i < found.Length; i++) Assert.Equal(task.Teacher[i], found[i], 1e-9);
        Assert.InRange(task.ExcessLoss(found), 0, 1e-20);
        Assert.True(task.ExcessLoss(task.Start(3)) > 1e-3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TheExcessLossIsTheTheoryOfLeastSquares(int features)
    {
        // E (f - teacher)^2 = p sigma^2 / d to first order; over 40 seeds the mean scatters by sqrt(2 / (40 p)) < 10 %.
        SmoothRegressionTask task = SmoothRegressionTask.Of(features);
        double mean = Enumerable.Range(1, 40).Average(s => task.ExcessLoss(task.Fit(task.Draw(2000, s), task.Start(s))));
        Assert.InRange(mean / (task.ParameterCount * 0.01 / 2000), 0.7, 1.4);
    }

    [Fact]
    public void TheFitIsStationary()
    {
        SmoothRegressionTask task = SmoothRegressionTask.Of(1);
        WeightedPoints set = task.Draw(100, 6);
        double[] found = task.Fit(set, task.Start(6));
        double Loss(double[] p) => set.Sum(o => Math.Pow(task.Predict(p, o[..1]) - o[1], 2)) / set.Mass;
        for (int i = 0; i < found.Length; i++)
        {
            double[] up = [.. found], down = [.. found];
            (up[i], down[i]) = (up[i] + 1e-5, down[i] - 1e-5);
            Assert.InRange((Loss(up) - Loss(down)) / 2e-5, -1e-8, 1e-8);
            Assert.True(Loss(up) > Loss(found) && Loss(down) > Loss(found));
        }
    }

    [Theory]
    [InlineData(1, 3.0, 40_000)]
    [InlineData(2, 2.0, 5000)]
    public void PolylogObjectsTrainLikeAll(int features, double constant, int count)
    {
        for (int seed = 1; seed <= 2; seed++)
        {
            PolylogScalingPoint point = new PolylogScalingSetting { Features = features, Count = count, Constant = constant, Seed = seed }.Run();
            Assert.InRange(point.Compressed / point.Original, 0.9, 1.1);
            Assert.True(point.Random > 3 * point.Original, $"seed {seed}: {point}");
            Assert.InRange(point.Kept, 7, point.Budget);
            Assert.Equal((int)(constant * Math.Pow(Math.Log(count), features)), point.Budget);
        }
    }

    [Fact]
    public void MergingKeepsTheMomentsOfAllObjects()
    {
        // 40 000 objects are reduced in three chunks, whose nodes are reduced together.
        var setting = new PolylogScalingSetting { Count = 40_000 };
        WeightedPoints set = SmoothRegressionTask.Of(1).Draw(40_000, 1);
        SyntheticSet few = setting.Compressed(set);
        Assert.Equal(40_000, few.Points.Mass, 1e-6);
        for (int e = 0; e <= 20; e++)
        {
            int degree = e;
            Assert.Equal(set.Sum(o => Legendre(degree, o[0])) / set.Mass, few.Points.Sum(o => Legendre(degree, o[0])) / set.Mass, 1e-12);
            Assert.Equal(set.Sum(o => o[1] * Legendre(degree, o[0])) / set.Mass, few.Points.Sum(o => o[1] * Legendre(degree, o[0])) / set.Mass, 1e-12);
        }
    }

    [Fact]
    public void SizesAreTheLeastOfTheirBudget()
    {
        foreach ((int m, double c) in new[] { (1, 3.0), (2, 2.0) })
        {
            for (int budget = 12; budget < 40; budget += 3)
            {
                int count = PolylogScalingSetting.CountFor(m, c, budget);
                Assert.True(PolylogScalingSetting.BudgetOf(m, c, count) >= budget);
                Assert.True(PolylogScalingSetting.BudgetOf(m, c, count - 1) < budget);
            }
        }
        Assert.Throws<OverflowException>(() => PolylogScalingSetting.CountFor(1, 1, 100));
        Assert.Contains("7, the number of parameters", Assert.Throws<ArgumentOutOfRangeException>(() => new PolylogScalingSetting { Count = 30, Constant = 1 }.Run()).Message);
    }

    [Fact]
    public void BadInputIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SmoothRegressionTask.Of(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmoothRegressionTask.Of(1, double.NaN));
        SmoothRegressionTask task = SmoothRegressionTask.Of(1);
        Assert.Contains("Give at least 7", Assert.Throws<ArgumentException>(() => task.Fit(task.Draw(6, 1), task.Start(1))).Message);
        Assert.Throws<ArgumentException>(() => task.Fit(task.Draw(60, 1), [1, 2]));
        Assert.Throws<ArgumentException>(() => task.Fit(SmoothRegressionTask.Of(2).Draw(60, 1), task.Start(1)));
        Assert.Throws<ArgumentException>(() => task.ExcessLoss([1]));
    }

    private static double Legendre(int degree, double x)
    {
        double before = 1, now = x;
        if (degree == 0) return 1;
        for (int n = 1; n < degree; n++) (before, now) = (now, ((2 * n + 1) * x * now - n * before) / (n + 1));
        return now;
    }
}
