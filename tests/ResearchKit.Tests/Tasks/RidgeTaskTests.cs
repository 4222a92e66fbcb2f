using ResearchKit.Tasks;

namespace ResearchKit.Tests.Tasks;

public class RidgeTaskTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 255)]
    [InlineData(3, 256)]
    [InlineData(5, 1001)]
    public void SigmoidIsItsFormula(int m, int d)
    {
        var task = RidgeSigmoidTask.Generate(m, d, 11);
        Assert.Equal(Direct(task, z => 1 / (1 + Math.Exp(-z))), task.Evaluate(task.Points), 2e-15);
    }

    [Theory]
    [InlineData(1, 300)]
    [InlineData(2, 77)]
    public void RationalIsItsFormula(int m, int d)
    {
        var task = RationalTask.Generate(m, d, 11);
        Assert.Equal(m + 0.05, task.Offset);
        double expected = Direct(task, z => 1 / (task.Offset + z));
        Assert.Equal(expected, task.Evaluate(task.Points), 1e-14 * expected);
    }

    [Fact]
    public void ObjectsAndDirectionsFillTheCube()
    {
        var task = RidgeSigmoidTask.Generate(3, 4000, 2);
        Assert.Equal(10, task.DirectionCount);
        Assert.Equal(30, task.Directions.Length);
        double[] x = task.Points.Coordinates.ToArray();
        Assert.All(x, v => Assert.InRange(v, -1, 1));
        Assert.Equal(0, x.Average(), 0.03);
        Assert.Equal(1.0 / 3, x.Average(v => v * v), 0.02);
    }

    [Fact]
    public void ErrorIsTheDifferenceAndVanishesForTheSameSetReordered()
    {
        var task = RidgeSigmoidTask.Generate(2, 3000, 4);
        double[] reversed = [.. Enumerable.Range(0, 3000).Reverse().SelectMany(i => task.Points[i].ToArray())];
        Assert.True(Math.Abs(task.Error(task.Points, new WeightedPoints(reversed, 2))) < 1e-17);

        // Half of the objects, twice the weight.
        double[] half = task.Points.Coordinates[..3000].ToArray();
        var compressed = new WeightedPoints(half, 2, [.. Enumerable.Repeat(2.0, 1500)]);
        double error = task.Error(task.Points, compressed);
        Assert.Equal(task.Evaluate(compressed) - task.Evaluate(task.Points), error, 1e-15);
        Assert.True(Math.Abs(error) > 1e-6, $"{error}");
    }

    [Fact]
    public void ErrorSeesAChangeOfOneUnitInTheLastPlace()
    {
        var task = RidgeSigmoidTask.Generate(2, 100, 4);
        double[] weights = [.. Enumerable.Repeat(1.0, 100)];
        weights[50] = Math.BitIncrement(1.0);
        double error = task.Error(task.Points, new WeightedPoints(task.Points.Coordinates.ToArray(), 2, weights));
        // 2^-52 times the mean sigmoid of one object (in (0, 1)), over d = 100.
        Assert.InRange(error, 1e-20, 2.3e-18);
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RidgeSigmoidTask.Generate(0, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RidgeSigmoidTask.Generate(1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RidgeSigmoidTask.Generate(1, 1, 0, directions: 0));
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => RationalTask.Generate(2, 10, 0, offset: 2));
        Assert.Contains("above m = 2", e.Message);
        var task = RidgeSigmoidTask.Generate(2, 10, 0);
        Assert.Throws<ArgumentException>(() => task.Evaluate(new WeightedPoints([1, 2, 3], 3)));
    }

    private static double Direct(RidgeTask task, Func<double, double> phi)
    {
        int m = task.Points.Dimension;
        double total = 0;
        for (int a = 0; a < task.DirectionCount; a++)
        {
            for (int i = 0; i < task.Points.Count; i++)
            {
                double z = 0;
                for (int j = 0; j < m; j++) z += task.Points[i][j] * task.Directions[a * m + j];
                total += phi(z);
            }
        }
        return total / (task.DirectionCount * (double)task.Points.Count);
    }
}
