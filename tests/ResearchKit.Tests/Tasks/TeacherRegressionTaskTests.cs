using ResearchKit.Tasks;

namespace ResearchKit.Tests.Tasks;

public class TeacherRegressionTaskTests
{
    [Fact]
    public void TestLabelsAreTheCleanTeacher()
    {
        var task = TeacherRegressionTask.Generate(10, 5);
        WeightedPoints test = task.Test(200);
        for (int i = 0; i < test.Count; i++)
        {
            double expected = task.OutputBias;
            for (int h = 0; h < 50; h++)
            {
                double z = task.Hidden[3 * h] * test[i][0] + task.Hidden[3 * h + 1] * test[i][1] + task.Hidden[3 * h + 2];
                if (z > 0) expected += task.Output[h] * z;
            }
            Assert.Equal(expected, test[i][2], 1e-13);
            Assert.InRange(test[i][0], -1, 1);
            Assert.InRange(test[i][1], -1, 1);
        }
    }

    [Fact]
    public void TrainingNoiseHasStandardDeviationThree()
    {
        const int d = 20_000;
        var task = TeacherRegressionTask.Generate(d, 6);
        double[] noise = [.. Enumerable.Range(0, d).Select(i => task.Train[i][2] - task.Teacher(task.Train[i][0], task.Train[i][1]))];
        // Four standard errors: 3 / sqrt(d) and 3 / sqrt(2 d).
        Assert.Equal(0, noise.Average(), 4 * 3 / Math.Sqrt(d));
        Assert.Equal(3, Math.Sqrt(noise.Average(v => v * v)), 4 * 3 / Math.Sqrt(2.0 * d));
    }

    [Fact]
    public void TeacherDependsOnTheSeedAlone()
    {
        var small = TeacherRegressionTask.Generate(5, 9);
        var large = TeacherRegressionTask.Generate(50, 9, noise: 0);
        Assert.Equal(small.Teacher(0.3, -0.4), large.Teacher(0.3, -0.4));
        Assert.NotEqual(small.Teacher(0.3, -0.4), TeacherRegressionTask.Generate(5, 10).Teacher(0.3, -0.4));
        Assert.All(small.Hidden.ToArray(), v => Assert.InRange(v, -1, 1));
        // Without noise the training labels are clean, and the training inputs are not the test inputs.
        Assert.Equal(large.Teacher(large.Train[7][0], large.Train[7][1]), large.Train[7][2]);
        Assert.NotEqual(large.Train[0][0], large.Test(1)[0][0]);
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TeacherRegressionTask.Generate(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TeacherRegressionTask.Generate(1, 1, noise: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TeacherRegressionTask.Generate(1, 1, noise: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => TeacherRegressionTask.Generate(1, 1, width: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TeacherRegressionTask.Generate(1, 1).Test(0));
    }
}
