using ResearchKit.Tasks;

namespace ResearchKit.Tests.Tasks;

public class LossLandscapeStudyTests
{
    private static readonly TeacherRegressionTask Task = TeacherRegressionTask.Generate(700, seed: 4, noise: 0.5, width: 7);

    [Theory]
    [InlineData(LandscapeRegion.Initial)]
    [InlineData(LandscapeRegion.TeacherLike)]
    [InlineData(LandscapeRegion.NearTeacher)]
    public void TheLossIsThatOfAPlainDoubleLoop(LandscapeRegion region)
    {
        LossLandscapeStudy study = LossLandscapeStudy.Draw(Task, region, 5, seed: 9);
        double[] weights = [.. Enumerable.Range(0, 700).Select(i => i % 5 * 0.25)];
        double[] losses = study.Losses(Task.Train.Coordinates, weights);
        Assert.Equal(5, losses.Length);
        for (int v = 0; v < 5; v++)
        {
            double sum = 0;
            for (int i = 0; i < 700; i++)
            {
                ReadOnlySpan<double> o = Task.Train[i], p = study.Parameters(v);
                double f = p[28];
                for (int h = 0; h < 7; h++) f += p[21 + h] * Math.Max(0, p[3 * h] * o[0] + p[3 * h + 1] * o[1] + p[3 * h + 2]);
                sum += weights[i] * (f - o[2]) * (f - o[2]);
            }
            Assert.Equal(sum / weights.Sum(), losses[v], 1e-12 * losses[v]);
        }
    }

    [Fact]
    public void AtTheTeacherNothingButTheNoiseIsLeft()
    {
        // Near the teacher the loss is about the noise's variance; far from it, more.
        TeacherRegressionTask clean = TeacherRegressionTask.Generate(3000, seed: 2, noise: 0);
        double near = LossLandscapeStudy.Draw(clean, LandscapeRegion.NearTeacher, 8, 1).Losses(clean.Train).Average();
        double far = LossLandscapeStudy.Draw(clean, LandscapeRegion.TeacherLike, 8, 1).Losses(clean.Train).Average();
        Assert.True(near < 0.2 * far, $"near {near}, far {far}");
    }

    [Fact]
    public void AVectorDependsOnItsNumberAloneAndRegionsDiffer()
    {
        LossLandscapeStudy few = LossLandscapeStudy.Draw(Task, LandscapeRegion.Initial, 2, 3), many = LossLandscapeStudy.Draw(Task, LandscapeRegion.Initial, 6, 3);
        for (int v = 0; v < 2; v++) Assert.Equal(few.Parameters(v).ToArray(), many.Parameters(v).ToArray());
        Assert.NotEqual(few.Parameters(0).ToArray(), few.Parameters(1).ToArray());
        Assert.All(many.Parameters(5)[..21].ToArray(), p => Assert.InRange(Math.Abs(p), 0, 1 / Math.Sqrt(2)));
        Assert.All(many.Parameters(5)[21..].ToArray(), p => Assert.InRange(Math.Abs(p), 0, 1 / Math.Sqrt(7)));
    }

    [Fact]
    public void UnitWeightsAndNoWeightsAreTheSame()
    {
        LossLandscapeStudy study = LossLandscapeStudy.Draw(Task, LandscapeRegion.TeacherLike, 3, 3);
        Assert.Equal(study.Losses(Task.Train), study.Losses(Task.Train.Coordinates, [.. Enumerable.Repeat(1.0, 700)]));
    }

    [Fact]
    public void BadInputIsNamed()
    {
        LossLandscapeStudy study = LossLandscapeStudy.Draw(Task, LandscapeRegion.Initial, 1, 1);
        Assert.Contains("4 values", Assert.Throws<ArgumentException>(() => study.Losses([1, 2, 3, 4], [])).Message);
        Assert.Contains("0 values", Assert.Throws<ArgumentException>(() => study.Losses([], [])).Message);
        Assert.Contains("2 weights", Assert.Throws<ArgumentException>(() => study.Losses([1, 2, 3], [1, 2])).Message);
        Assert.Contains("Value 1 of object 0 is NaN", Assert.Throws<ArgumentException>(() => study.Losses([1, double.NaN, 3], [])).Message);
        Assert.Contains("weight of object 0 is -1", Assert.Throws<ArgumentException>(() => study.Losses([1, 2, 3], [-1])).Message);
        Assert.Contains("sum to 0", Assert.Throws<ArgumentException>(() => study.Losses([1, 2, 3], [0])).Message);
        Assert.Contains("m = 2", Assert.Throws<ArgumentException>(() => study.Losses(new WeightedPoints([1, 2], 2))).Message);
        Assert.Contains("At least one", Assert.Throws<ArgumentOutOfRangeException>(() => LossLandscapeStudy.Draw(Task, LandscapeRegion.Initial, 0, 1)).Message);
        Assert.Contains("NearTeacher", Assert.Throws<ArgumentOutOfRangeException>(() => LossLandscapeStudy.Draw(Task, (LandscapeRegion)7, 1, 1)).Message);
    }
}
