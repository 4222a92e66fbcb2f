using ResearchKit.Tasks;

namespace ResearchKit.Tests.FreeNodes;

/// <summary>Spread labels have all that free labels have, and the noise of the originals.</summary>
public class LabelSpreadTests
{
    private static readonly TeacherRegressionTask Task = TeacherRegressionTask.Generate(3000, 5);

    private static SyntheticSet Free(int nodes) => FreeLabels.Compress(Task.Train, 2, new FreeNodeOptions { Budget = nodes, Degree = 1 });

    private static double Mean(WeightedPoints set, Func<ReadOnlySpan<double>, double> g) => set.Sum(p => g(p)) / set.Mass;

    [Fact]
    public void MomentsStayAndTheMeanSquareOfLabelsComesBack()
    {
        SyntheticSet free = Free(LabelSpread.NodeBudget(400)), spread = LabelSpread.Restore(free, Task.Train, 2);
        Assert.InRange(spread.Count, free.Count + 1, 400);
        Assert.Equal(free.Count + free.Cells, spread.Count);
        Assert.Equal((free.Cells, 0.0), (spread.Cells, spread.ConstantOffset));
        Assert.Equal(Task.Train.Mass, spread.Points.Mass, 1e-9);
        Assert.Equal(spread.Count, spread.Certificate.Count);
        Assert.Equal("free nodes and labels, spread", spread.Certificate.Method);
        Func<double, double, double>[] polynomials = [(_, _) => 1, (a, _) => a, (_, b) => b, (a, _) => a * a, (a, b) => a * b, (_, b) => b * b];
        for (int p = 0; p < polynomials.Length; p++)
        {
            var g = polynomials[p];
            Assert.Equal(Mean(Task.Train, x => g(x[0], x[1])), Mean(spread.Points, x => g(x[0], x[1])), 1e-12);
            if (p < 3) Assert.Equal(Mean(Task.Train, x => x[2] * g(x[0], x[1])), Mean(spread.Points, x => x[2] * g(x[0], x[1])), 1e-11);
        }
        // The labels' noise has standard deviation 3: free labels have lost most of it, spread ones none.
        Assert.True(free.ConstantOffset > 4);
        Assert.Equal(Mean(Task.Train, x => x[2] * x[2]), Mean(spread.Points, x => x[2] * x[2]), 1e-11);
    }

    [Fact]
    public void TheMeanSquareIsKeptInEveryCell()
    {
        SyntheticSet spread = LabelSpread.Restore(Free(90), Task.Train, 2);
        for (int cell = 0; cell < spread.Cells; cell++)
        {
            double original = 0, kept = 0;
            foreach (int i in spread.MembersOfCell(cell)) original += Task.Train[i][2] * Task.Train[i][2];
            for (int j = 0; j < spread.Count; j++)
                if (spread.CellOf(j) == cell) kept += spread.Points.WeightOf(j) * spread.Points[j][2] * spread.Points[j][2];
            Assert.Equal(1, kept / original, 1e-11);
        }
    }

    [Fact]
    public void CleanLabelsOfAPlaneHaveNothingToRestore()
    {
        var random = new SeededRandom(2);
        var rows = new double[3 * 500];
        for (int i = 0; i < 500; i++)
        {
            (rows[3 * i], rows[3 * i + 1]) = (random.Uniform(-1, 1), random.Uniform(-1, 1));
            rows[3 * i + 2] = 1 + rows[3 * i] - 2 * rows[3 * i + 1];
        }
        var set = new WeightedPoints(rows, 3);
        SyntheticSet free = FreeLabels.Compress(set, 2, new FreeNodeOptions { Budget = 30, Degree = 1 });
        Assert.Equal(free.Count, LabelSpread.Restore(free, set, 2).Count);
    }

    [Fact]
    public void AnotherSetAndImpossibleBudgetsAreRefused()
    {
        SyntheticSet free = Free(90);
        Assert.Contains("3000 objects", Assert.Throws<ArgumentException>(() => LabelSpread.Restore(free, Task.Test(10), 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => LabelSpread.Restore(free, Task.Train, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => LabelSpread.NodeBudget(5));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(60)]
    [InlineData(362)]
    [InlineData(1000)]
    public void NodesAndPairsFillTheBudget(int budget)
    {
        int count = LabelSpread.Restore(Free(LabelSpread.NodeBudget(budget)), Task.Train, 2).Count;
        Assert.InRange(count, 0.9 * budget - 1, budget);
    }
}
